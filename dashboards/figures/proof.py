"""What a list shows of its rows because the figure counts just that: who follows a unit, who confirmed and when."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.figures.frames import Frame
from dashboards.figures.sections import (
    COMMUNES,
    HAMLETS,
    Section,
    confirmed_until,
    officers_of_communes,
    officers_of_hamlets,
)
from leaders.models import Assignment
from sheets.writing import Column

OFFICERS, CONFIRMED = "officers", "confirmed"


def columns_that_prove(section: Section, flag: str) -> list[Column]:
    """Return the columns that show whether this flag of a row is set; most flags are seen in what is always shown."""
    if flag == "has_officer":
        return [Column(OFFICERS, _("Follow-up officers – since"), 40)]
    if section is COMMUNES and flag == "confirmed":
        return [Column(CONFIRMED, _("Confirmed at – by whom"), 40)]
    return []


def proofs(section: Section, flag: str, rows: list, frame: Frame) -> dict[str, dict[int, str]]:
    """Return the values of these columns, each by unit, in one query however many rows there are."""
    if not columns_that_prove(section, flag):
        return {}
    units = [row.unit_id for row in rows]
    if flag == "has_officer":
        return {OFFICERS: _officers(_following(section, frame).filter(unit__in=units))}
    return {CONFIRMED: _latest_words(confirmed_until(frame.day).filter(commune__in=units))}


def officers_named(section: Section, flag: str, units: QuerySet, frame: Frame) -> QuerySet:
    """Return the keys of the people whom these columns name, of units found by a query."""
    if flag != "has_officer":
        return Assignment.objects.none().values("person")
    return _following(section, frame).filter(unit__in=units).values("person")


def _following(section: Section, frame: Frame) -> QuerySet:
    return (officers_of_hamlets if section is HAMLETS else officers_of_communes)(frame.day)


def _officers(running: QuerySet) -> dict[int, str]:
    """Return all who follow each unit, those who have done so longest first."""
    told: dict[int, list[str]] = {}
    for one in running.select_related("person").order_by("starts_on", "pk"):
        since = f"{one.starts_on:%d/%m/%Y}" if one.starts_on else ""
        told.setdefault(one.unit_id, []).append(_joined(one.who, since))
    return {unit: "; ".join(officers) for unit, officers in told.items()}


def _latest_words(given: QuerySet) -> dict[int, str]:
    """Return the last word of each commune, also one so old that it counts no more."""
    return {
        one.commune_id: _joined(
            f"{timezone.localtime(one.confirmed_at):%H:%M %d/%m/%Y}", str(one.confirmed_by or "")
        )
        for one in given.select_related("confirmed_by").order_by("confirmed_at")
    }


def _joined(*parts: str) -> str:
    return " – ".join(filter(None, parts))
