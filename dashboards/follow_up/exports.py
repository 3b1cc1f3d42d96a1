"""The lists of follow-up as they are taken out: what the page shows, row by row."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.names import call_as_on
from dashboards.follow_up.figures import FollowUpBoard, name_officers, narrowed_officers
from dashboards.follow_up.lists import OfficerFilter, PlaceFilter, VisitFilter
from dashboards.follow_up.places import frame_for
from dashboards.list_exports import number_column
from dashboards.wording import words_for
from leaders.models import Assignment, Person
from sheets.writing import Column

READ = ["leaders.view_assignment", "leaders.view_visit"]


def _require(asked: Asked) -> None:
    for permission in READ:
        asked.require(permission)


@exported
def officers_export(asked: Asked) -> Export:
    """Describe the list of officers with what each follows."""
    _require(asked)
    narrowed = OfficerFilter(asked, frame_for(asked)).checked()
    rows = narrowed_officers(
        FollowUpBoard(narrowed.frame, narrowed.cleaned_data["so_ngay"], by_name=True),
        narrowed.cleaned_data["loc"],
    )
    name_officers(rows)
    columns = [
        Column("who", _("Officer"), 30),
        Column("organisation", _("Organisation"), 30),
        Column("hamlets", words_for(asked.user).hamlet.capitalize(), 10, "int"),
        Column("communes", _("Communes"), 10, "int"),
        Column("last", _("Last visit"), 14, "date"),
    ]
    lines = (
        {
            "who": row.name if row.person else "",
            "organisation": row.organisation,
            "hamlets": row.hamlets,
            "communes": row.communes,
            "last": row.last_visit,
        }
        for row in rows
    )
    return Export(
        title=f"{_('Follow-up officers')} – {narrowed.frame.unit}",
        columns=[number_column(), *columns],
        rows=numbered(lines),
        count=len(rows),
        basis=Basis(narrowed.frame),
        filters=narrowed.in_words(),
        people=Person.objects.filter(pk__in=[row.person for row in rows if row.person]),
    )


@exported
def places_export(asked: Asked) -> Export:
    """Describe the list of hamlets with those who follow them."""
    _require(asked)
    narrowed = PlaceFilter(asked, frame_for(asked)).checked()
    rows = narrowed.rows()
    words = words_for(asked.user)
    columns = [
        Column("commune", _("Commune"), 26),
        Column("hamlet", words.hamlet.capitalize(), 28),
        Column("who", _("Followed by"), 40),
        Column("since", _("Follows from"), 14, "date"),
    ]
    return Export(
        title=f"{_('Who follows the %(hamlets)s') % {'hamlets': words.hamlet}} – {narrowed.frame.unit}",
        columns=[number_column(), *columns],
        rows=numbered(_place_lines(narrowed, rows)),
        count=rows.count(),
        basis=Basis(narrowed.frame),
        filters=narrowed.in_words(),
        people=_followers_of(narrowed, rows),
    )


def _followers_of(narrowed: PlaceFilter, rows):
    """Return the people who follow the hamlets of the list on its day."""
    following = Assignment.objects.on(narrowed.frame.day).filter(unit__in=rows.order_by().values("unit"))
    return Person.objects.filter(pk__in=following.values("person"))


def _place_lines(narrowed: PlaceFilter, rows) -> Iterator[dict]:
    for some in in_batches(rows.iterator(chunk_size=500)):
        communes = [period.commune for period in some]
        call_as_on(narrowed.frame.day, units=communes)
        for period in some:
            followers = period.unit.followers
            yield {
                "commune": str(period.commune or ""),
                "hamlet": period.full_name,
                "who": "; ".join(one.who for one in followers),
                "since": min((one.starts_on for one in followers if one.starts_on), default=None),
            }


@exported
def visits_export(asked: Asked) -> Export:
    """Describe the log of visits and inspections."""
    _require(asked)
    narrowed = VisitFilter(asked, frame_for(asked)).checked()
    rows = narrowed.rows()
    columns = [
        Column("day", _("Day"), 12, "date"),
        Column("kind", _("Kind"), 14),
        Column("commune", _("Commune"), 24),
        Column("unit", _("Place"), 26),
        Column("who", _("Officer, team"), 28),
        Column("attended", _("Attended, by the officer"), 10),
        Column("minutes", _("Attended, by the minutes"), 10),
        Column("remark", _("What was seen"), 50),
        Column("conclusion", _("Conclusion"), 50),
        Column("promise", _("Promised, to be mended"), 40),
        Column("due", _("Due"), 12, "date"),
        Column("kept", _("Done on"), 12, "date"),
        Column("reported", _("Recorded on"), 12, "date"),
        Column("by", _("Recorded by"), 24),
    ]
    return Export(
        title=f"{_('Log of visits and inspections')} – {narrowed.frame.unit}",
        columns=[number_column(), *columns],
        rows=numbered(_visit_lines(rows)),
        count=rows.count(),
        basis=Basis(narrowed.frame),
        filters=narrowed.in_words(),
        people=Person.objects.filter(pk__in=rows.order_by().values("assignment__person")),
    )


def _visit_lines(rows) -> Iterator[dict]:
    for visit in rows.iterator(chunk_size=500):
        unit = visit.unit
        yield {
            "day": visit.day,
            "kind": visit.get_kind_display(),
            "commune": str(unit.commune or unit.parent or ""),
            "unit": str(unit),
            "who": visit.who,
            "attended": _said(visit.attended),
            "minutes": _said(visit.minutes_attended),
            "remark": visit.remark,
            "conclusion": visit.conclusion,
            "promise": f"{visit.promise} ({_('no day was named')})"
            if visit.promise_undated
            else visit.promise,
            "due": visit.promise_due,
            "kept": visit.promise_kept_on,
            "reported": timezone.localdate(visit.reported_at),
            "by": str(visit.recorded_by or ""),
        }


def _said(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")
