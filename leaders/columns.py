"""The columns of the list of people with their tenures."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, day_column, one_of, partial_date_column, read_yes, show_yes
from cells.kinds import KINDS_OF_LEVEL, Level, deputy_head_title, head_title
from leaders.models import Gender, MembershipStatus, Office, TheoryLevel, WayIn, WayOut
from sheets.text import fold

_KNOWN = gettext_lazy("“%(value)s” is not on the list. Choose one of: %(known)s.")


def _labels(choices) -> Callable[[], dict]:
    """Return a table of the folded labels, made when it is asked: labels follow the language."""
    return lambda: {fold(str(choice.label)): choice for choice in choices}


def _offices() -> dict[str, Office]:
    titles = {}
    for kind in KINDS_OF_LEVEL[Level.HAMLET]:
        titles[fold(head_title(kind))] = Office.HAMLET_HEAD
        titles[fold(deputy_head_title(kind))] = Office.DEPUTY_HEAD
    short = {
        "btcb": Office.SECRETARY,
        "bi thu": Office.SECRETARY,
        "pbtcb": Office.DEPUTY_SECRETARY,
        "pho bi thu": Office.DEPUTY_SECRETARY,
        "chi uy vien": Office.COMMITTEE_MEMBER,
    }
    return titles | short | _labels(Office)()


def _choice(key: str, header: str, choices, words=None, **options) -> SheetColumn:
    return SheetColumn(
        key,
        header,
        read=one_of(words or _labels(choices), _KNOWN),
        show=lambda value: str(choices(value).label) if value else "",
        **options,
    )


def _numbered(prefix: str) -> Callable[[object], int]:
    """Return a reader of our own record numbers, such as N12."""

    def read(value) -> int:
        found = re.fullmatch(rf"{prefix}?([0-9]{{1,15}})", str(value).strip().upper())
        if not found:
            raise ValidationError(
                _("“%(value)s” is no record number. Leave it as it was exported, or empty.")
                % {"value": value}
            )
        return int(found[1])

    return read


PERSON_COLUMNS = [
    SheetColumn(
        "person", gettext_lazy("Person no."), read=_numbered("N"), show=lambda key: f"N{key}", width=10
    ),
    SheetColumn("full_name", gettext_lazy("Full name"), width=26, required=True),
    _choice("gender", gettext_lazy("Gender"), Gender, width=8),
    partial_date_column("born", gettext_lazy("Birth date"), names=("born_on",)),
    SheetColumn("education", gettext_lazy("General education")),
    SheetColumn("profession", gettext_lazy("Professional education")),
    _choice("theory_level", gettext_lazy("Political theory"), TheoryLevel),
    _choice("membership", gettext_lazy("Party member"), MembershipStatus),
    partial_date_column("admitted", gettext_lazy("Admitted to the Party"), names=("admitted_on",)),
    partial_date_column("official", gettext_lazy("Official member since"), names=("official_on",)),
    SheetColumn("phone", gettext_lazy("Telephone")),
    SheetColumn("keeper_code", gettext_lazy("Commune code"), width=10),
    SheetColumn("keeper", gettext_lazy("Commune"), width=24),
]
TENURE_COLUMNS = [
    SheetColumn(
        "tenure", gettext_lazy("Tenure no."), read=_numbered("K"), show=lambda key: f"K{key}", width=10
    ),
    _choice("office", gettext_lazy("Office"), Office, _offices, width=22),
    SheetColumn("cell_code", gettext_lazy("Cell code"), width=12),
    SheetColumn("cell", gettext_lazy("Party cell"), width=28),
    SheetColumn("hamlet_code", gettext_lazy("Hamlet code"), width=12),
    SheetColumn("hamlet", gettext_lazy("Hamlet"), width=24),
    day_column("starts_on", gettext_lazy("In office from")),
    day_column("seen_on", gettext_lazy("Seen in office on")),
    day_column("ends_on", gettext_lazy("In office until")),
    SheetColumn("is_extended", gettext_lazy("Term extended"), read=read_yes, show=show_yes, width=10),
    _choice("way_in", gettext_lazy("Way in"), WayIn),
    _choice("way_out", gettext_lazy("Way out"), WayOut),
    SheetColumn("term", gettext_lazy("Term"), width=12),
    SheetColumn("decision_number", gettext_lazy("Decision number"), width=16),
    day_column("decision_day", gettext_lazy("Decision day")),
    SheetColumn("decision_body", gettext_lazy("Issuing body"), width=24),
]
