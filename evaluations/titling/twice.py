"""A cell holds a title once on a day; won again after a revocation, it begins on that day or later."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from evaluations.models import TitleCase


def held_twice(cases: Iterable[TitleCase]) -> dict[int, str]:
    """Return of these cases, as they are recorded, those held on a day of another one, each with its sentence."""
    keys = {case.pk for case in cases}
    of_these = TitleCase.objects.filter(pk__in=keys)
    rows = TitleCase.objects.filter(cell__in=of_these.values("cell"), title__in=of_these.values("title"))
    found = {}
    for one, other in _overlapping(rows):
        words = {"title": other, "first": f"{other.recognised_on:%d/%m/%Y}"}
        sentence = _("%(title)s is held from %(first)s on by another record. Check the day.") % words
        found |= {case.pk: sentence for case in (one, other) if case.pk in keys}
    return found


def refuse_held_twice(cases: Iterable[TitleCase]) -> None:
    if found := held_twice(cases):
        raise ValidationError(list(dict.fromkeys(found.values())))


def problems() -> Iterator[str]:
    """Find titles that a cell holds twice on one day."""
    for _one, other in _overlapping(TitleCase.objects.all()):
        yield _("A title is held twice on one day: %s") % other


def _overlapping(rows) -> Iterator[tuple[TitleCase, TitleCase]]:
    """Yield each two of one cell and title of which the later begins before the earlier is revoked."""
    held = rows.filter(recognised_on__isnull=False).select_related("cell", "title")
    held = held.order_by("cell", "title", "recognised_on", "pk")
    for _key, some in groupby(held.iterator(chunk_size=2000), key=lambda case: (case.cell_id, case.title_id)):
        for one, other in pairwise(some):
            if one.revoked_on is None or other.recognised_on < one.revoked_on:
                yield one, other
