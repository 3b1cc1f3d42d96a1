"""The monitor of one person in two seats: month by month, what changed, and where it will break."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.dated import ONE_DAY
from cells.models import Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context, frame_of, frame_query
from dashboards.citing.asked import quote_url, report_url
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.lists import Part
from dashboards.figures.sections import HAMLETS
from dashboards.list_exports import number_column
from dashboards.overview import rows_url
from dashboards.staffing.breaking import Break, breaks
from dashboards.staffing.changes import FROM_YEAR, GAINED, LOST, MONTH, WHICH
from dashboards.staffing.charting import month_chart
from dashboards.staffing.confirming import confirmed_within
from dashboards.staffing.loading import load_monitor, planned_contests
from dashboards.staffing.monitor import Change, Month
from dashboards.staffing.scopes import frame_for, to_own_unit
from dashboards.staffing.telling import (
    break_columns,
    break_records,
    cause_words,
    change_columns,
    change_records,
    changes_words,
    holder_columns,
    holder_records,
    late_months,
)
from dashboards.staffing.views import ROWS_ON_A_PAGE, reads_seats
from dashboards.wording import words_of
from leaders.models import Person, WayIn
from sheets.numbers import format_count, format_percent, share
from sheets.writing import Column

YEARS_BACK, MOST_YEARS = 2, 15


class MonitorPage:
    """What the pages of the monitor share: the unit, the years, and what was computed for them."""

    def __init__(self, asked, pk: int):
        self.frame = frame_for(asked, pk)
        self.years = list(range(self.frame.day.year, self.frame.day.year - MOST_YEARS, -1))
        self.since = date(self._year_asked(asked.GET.get(FROM_YEAR, "")), 1, 1)

    def _year_asked(self, text: str) -> int:
        usual = self.frame.day.year - YEARS_BACK
        return next((year for year in self.years if str(year) == text), usual)

    @cached_property
    def monitor(self):
        # What ended on the day before the first one may go on from then; what ended earlier is not asked about.
        return load_monitor(self.frame, self.since - 2 * ONE_DAY)

    @cached_property
    def months(self) -> list[Month]:
        return self.monitor.months(self.since, self.frame.day)

    @cached_property
    def words(self):
        return words_of(
            self.frame.within(UnitPeriod.objects.on(self.frame.day).hamlets(), HAMLETS.places(self.frame))
        )

    @cached_property
    def breaks(self) -> tuple[list[Break], int]:
        """Where it will break, and of how many hamlets the term of one seat is not recorded."""
        return breaks(self.monitor.on(self.frame.day), *planned_contests(self.monitor, self.frame))

    def url(self, name: str, **more) -> str:
        query = {FROM_YEAR: self.since.year} if self.since.year != self.frame.day.year - YEARS_BACK else {}
        return reverse(f"seats:{name}", args=[self.frame.unit.pk]) + frame_query(self.frame, **query, **more)

    def export_url(self, name: str) -> str:
        _page, mark, query = self.url("monitor_unit").partition("?")
        return reverse(f"exporting:{name}", args=[self.frame.unit.pk]) + mark + query

    def months_asked(self, asked) -> list[Month]:
        """Return the one month that the address asks for, or all."""
        month = asked.GET.get(MONTH, "")
        return [one for one in self.months if month in ("", f"{one.first:%Y-%m}")]

    def stretch(self, asked) -> tuple[date, date]:
        """Return the first and the last day of these months."""
        months = self.months_asked(asked)
        return (months[0].first, months[-1].last) if months else (self.since, self.frame.day)

    def changes(self, asked) -> tuple[list[Change], str]:
        """Return the changes that the address asks for, and how they are called."""
        month, which = asked.GET.get(MONTH, ""), asked.GET.get(WHICH, "")
        found = [
            change
            for one in self.months_asked(asked)
            for change in one.changes
            if which not in (GAINED, LOST) or change.is_gain == (which == GAINED)
        ]
        said = {GAINED: _("one more counted"), LOST: _("one fewer counted")}.get(
            which, _("more and fewer counted")
        )
        named = next((one.first for one in self.months if month == f"{one.first:%Y-%m}"), None)
        if named:
            said = _("%(what)s in %(month)s") % {"what": said, "month": f"{named:%m/%Y}"}
        return found, capfirst(said)

    @property
    def people(self) -> dict:
        """How many people hold both seats, in how many hamlets, in how many tenures."""
        pairs = self.monitor.on(self.frame.day)
        tenures = {held.key for pair in pairs for held in (pair.seat, pair.secretary)}
        people = {pair.person for pair in pairs}
        return {
            "hamlets": len({pair.hamlet for pair in pairs}),
            "people": len(people),
            "tenures": len(tenures),
            "saved": len(tenures) - len(people),
        }

    def tile(self, code: str, count: int, hamlets: int, note: str) -> dict:
        """Return a rate of the day as _tile.html shows it, with its lists and with what is done with a figure."""
        definition = DEFINITIONS[code]
        return {
            "label": self.words.phrase(definition.label),
            "value": format_percent(count, hamlets),
            "day": self.frame.day,
            "url": rows_url(self.frame, code, Part.COUNTED),
            "numerator": count,
            "denominator": hamlets,
            "numerator_url": rows_url(self.frame, code, Part.COUNTED),
            "denominator_url": rows_url(self.frame, code, Part.ALL),
            "note": note,
            "definition": self.words.phrase(definition.explanation),
            "report_url": report_url(self.frame, code),
            "quote_key": code,
        }

    @property
    def interim(self) -> list:
        """The pairs of the day whose head is an interim one: one for each hamlet, however many cells cover it."""
        pairs = [pair for pair in self.monitor.on(self.frame.day) if pair.seat.way_in == WayIn.INTERIM]
        return list({pair.hamlet: pair for pair in reversed(pairs)}.values())[::-1]

    def month_rows(self) -> list[dict]:
        """Return the table of months, newest first, each number with its list, late entries said."""
        late = late_months(self.months)
        return [self._month_row(month, late.get(month.first)) for month in reversed(self.months)]

    def _month_row(self, month: Month, entered: date | None) -> dict:
        key = f"{month.first:%Y-%m}"
        then = replace(self.frame, day=month.last)
        interim = reverse("seats:monitor_interim", args=[self.frame.unit.pk]) + frame_query(then)
        return {
            "month": month,
            "entered": entered,
            "percent": format_percent(month.merged, month.hamlets),
            "front_percent": format_percent(month.front, month.hamlets),
            "hamlets_url": rows_url(then, "merged_role", Part.ALL),
            "merged_url": rows_url(then, "merged_role", Part.COUNTED) if month.merged else "",
            "interim_url": interim if month.interim else "",
            "front_url": rows_url(then, "front_merged", Part.COUNTED) if month.front else "",
            "gained_url": self.url("monitor_changes", thang=key, chieu=GAINED) if month.gained else "",
            "lost_url": self.url("monitor_changes", thang=key, chieu=LOST) if month.lost else "",
            "causes": [
                f"{sign}{format_count(count)} {cause_words(cause, self.words, is_gain=gains)}"
                for gains, sign in ((True, "+"), (False, "−"))
                for cause, count in month.causes(gains=gains).most_common()
            ],
        }


@require_safe
@reads_seats
def monitor(request):
    """Lead to the reader's own unit; whoever sees the country chooses a province."""
    if not scope_of(request.user).everywhere:
        return to_own_unit(request, "seats:monitor_unit")
    provinces = Unit.objects.visible_to(request.user).standing().filter(level="province")
    context = {
        "provinces": provinces.order_by("sort_key", "pk"),
        **basis_context(request, Basis(frame_of(request))),
    }
    return render(request, "seats/monitor_provinces.html", context)


@require_safe
@reads_seats
def monitor_unit(request, pk):
    page = MonitorPage(request, pk)
    found, unknown = page.breaks
    last = page.months[-1] if page.months else None
    context = {
        **_surroundings(request, page),
        "since": page.since.year,
        "years": page.years,
        "last": last,
        "tiles": _tiles(page, last) if last else [],
        "interim_url": page.url("monitor_interim"),
        "quote_url": quote_url(page.frame) if request.user.has_perm("dashboards.add_quote") else "",
        "months_export_url": page.export_url("monitor_months"),
        "chart": month_chart(page.months, page.words),
        "rows": page.month_rows(),
        "people": page.people,
        "breaks": break_records(found[:5], page.words, page.frame.day),
        "break_columns": break_columns(page.words),
        "break_count": len(found),
        "unknown_terms": unknown,
        "breaks_url": page.url("monitor_breaks"),
        "changes_url": page.url("monitor_changes"),
        "confirmed": confirmed_within(page.frame),
    }
    return render(request, "seats/monitor.html", context)


def _tiles(page: MonitorPage, last: Month) -> list[dict]:
    of_front = _("A model of its own, counted apart.")
    return [
        page.tile("merged_role", last.merged, last.hamlets, ""),
        page.tile("front_merged", last.front, last.hamlets, of_front),
    ]


@require_safe
@reads_seats
def changes(request, pk):
    page = MonitorPage(request, pk)
    found, said = page.changes(request)
    return _rows(
        request,
        page,
        found,
        title=_("One person in two seats: %(what)s") % {"what": said[:1].lower() + said[1:]},
        columns=change_columns(page.words),
        records=lambda some: change_records(some, page.words),
        text=changes_words(found, page.words, *page.stretch(request)),
    )


@require_safe
@reads_seats
def interim(request, pk):
    page = MonitorPage(request, pk)
    return _rows(
        request,
        page,
        page.interim,
        title=_interim_title(page),
        columns=holder_columns(page.words),
        records=holder_records,
        text=_("One person is secretary and interim %(head)s on that day.") % {"head": page.words.head},
    )


def _interim_title(page: MonitorPage) -> str:
    return _("One person in two seats: interim %(head)s") % {"head": page.words.head}


@require_safe
@reads_seats
def breaking(request, pk):
    page = MonitorPage(request, pk)
    found, unknown = page.breaks
    return _rows(
        request,
        page,
        found,
        title=_("Where one term ends before the other"),
        columns=break_columns(page.words),
        records=lambda some: break_records(some, page.words, page.frame.day),
        text=_break_text(unknown),
    )


def _break_text(unknown: int) -> str:
    text = _(
        "The end of a term is the last day recorded, else the congress or election planned, else the end of the last"
        " year of the term. Ends within a month of each other are one round and not listed."
    )
    if unknown:
        more = _("Of %(count)s more the term of one seat is not recorded.") % {"count": format_count(unknown)}
        text = f"{text} {more}"
    return text


def _rows(request, page: MonitorPage, found: Sequence, *, title: str, columns, records, text: str):
    match = request.resolver_match
    lines = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_surroundings(request, page),
        "title": title,
        "text": text,
        "columns": columns,
        "page": lines,
        "records": records(list(lines.object_list)),
        "export_url": reverse(f"exporting:{match.url_name}", kwargs=match.kwargs),
    }
    return render(request, "seats/monitor_rows.html", context)


def _surroundings(request, page: MonitorPage) -> dict:
    return {
        "heading": page.frame.unit_name,
        "frame": page.frame,
        "hamlet_words": page.words,
        "monitor_url": page.url("monitor_unit"),
        **basis_context(request, Basis(page.frame)),
    }


@exported
def changes_export(asked: Asked, pk: int) -> Export:
    """Describe the changes as a file. No form is about them, so it is for reading alone."""
    page = _page_of_export(asked, pk)
    found, said = page.changes(asked)
    rows = (record for some in in_batches(found) for record in change_records(some, page.words))
    return Export(
        title=_("One person in two seats: %(what)s") % {"what": f"{said} – {page.frame.unit_name}"},
        columns=[number_column(), *change_columns(page.words)],
        rows=numbered(rows),
        count=len(found),
        basis=Basis(page.frame),
        people=Person.objects.filter(pk__in={pair.person for change in found for pair in change.pairs}),
    )


@exported
def interim_export(asked: Asked, pk: int) -> Export:
    """Describe who is secretary and interim head as a file. No form is about them, so it is for reading alone."""
    page = _page_of_export(asked, pk)
    rows = (record for some in in_batches(page.interim) for record in holder_records(some))
    return Export(
        title=f"{_interim_title(page)} – {page.frame.unit_name}",
        columns=[number_column(), *holder_columns(page.words)],
        rows=numbered(rows),
        count=len(page.interim),
        basis=Basis(page.frame),
        people=Person.objects.filter(pk__in={pair.person for pair in page.interim}),
    )


@exported
def months_export(asked: Asked, pk: int) -> Export:
    """Describe the table of months as a file. It is counted, so it is for reading alone."""
    page = _page_of_export(asked, pk)
    return Export(
        title=_("One person in two seats, month by month – %(unit)s") % {"unit": page.frame.unit_name},
        columns=[number_column(), *_month_columns(page)],
        rows=numbered(_month_record(row) for row in page.month_rows()),
        count=len(page.months),
        basis=Basis(page.frame),
    )


def _month_columns(page: MonitorPage) -> list[Column]:
    return [
        Column("month", _("Month"), 10),
        Column("day", _("Counted on"), 14, "date"),
        Column("hamlets", page.words.hamlet.capitalize(), 12, "int"),
        Column("merged", _("Both seats"), 12, "int"),
        Column("rate", _("Rate"), 10, "percent"),
        Column("interim", _("Of which interim"), 14, "int"),
        Column("front", _("Front model"), 14, "int"),
        Column("front_rate", _("Rate of the Front model"), 14, "percent"),
        Column("gained", _("Gained"), 8, "int"),
        Column("lost", _("Lost"), 8, "int"),
        Column("causes", _("Cause"), 60),
        Column("note", _("Remark"), 28),
    ]


def _month_record(row: dict) -> dict:
    month = row["month"]
    return {
        "month": f"{month.first:%m/%Y}",
        "day": month.last,
        **{
            name: getattr(month, name) for name in ("hamlets", "merged", "interim", "front", "gained", "lost")
        },
        "rate": share(month.merged, month.hamlets),
        "front_rate": share(month.front, month.hamlets),
        "causes": "; ".join(row["causes"]),
        "note": _("entered later, on %(day)s") % {"day": f"{row['entered']:%d/%m/%Y}"}
        if row["entered"]
        else "",
    }


@exported
def breaks_export(asked: Asked, pk: int) -> Export:
    """Describe where it will break as a file. No form is about it, so it is for reading alone."""
    page = _page_of_export(asked, pk)
    found, unknown = page.breaks
    rows = (
        record for some in in_batches(found) for record in break_records(some, page.words, page.frame.day)
    )
    return Export(
        title=f"{_('Where one term ends before the other')} – {page.frame.unit_name}",
        columns=[number_column(), *break_columns(page.words)],
        rows=numbered(rows),
        count=len(found),
        basis=Basis(page.frame),
        filters=_break_text(unknown),
        people=Person.objects.filter(pk__in={one.pair.person for one in found}),
    )


def _page_of_export(asked: Asked, pk: int) -> MonitorPage:
    for permission in ("leaders.view_tenure", "cells.view_unit"):
        asked.require(permission)
    return MonitorPage(asked, pk)
