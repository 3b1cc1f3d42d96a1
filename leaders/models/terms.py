"""A term of office in writing: two years, the first before the second."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

_YEAR = "(19|20)[0-9][0-9]"
_TERM = f"{_YEAR}-{_YEAR}"
# The first year stands before "-": as text the term comes before its last year just where the years are in order.
IS_TERM = Q(term__regex=f"^{_TERM}$") & Q(term__lt=Substr("term", 6, 4))


def last_year_of(term: str) -> int:
    """Return the last year of a label: 2025 of "2022-2025"."""
    return int(term[-4:])


def validate_term(term: str) -> None:
    if not re.fullmatch(_TERM, term):
        raise ValidationError(_("A term is two years of four digits, for example 2020-2022."))
    if term[:4] >= term[5:]:
        raise ValidationError(
            _("“%(value)s” does not end after it begins. Enter the first year first, for example 2025-2027."),
            params={"value": term},
        )
