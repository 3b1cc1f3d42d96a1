"""The board, the cells of a year and the meetings of a month as files; the last one is a form of the import desk."""

from collections.abc import Iterator

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.resources import REVISION, mark_of_nothing
from cells.kinds import Level
from cells.meetings.grid import load
from cells.meetings.views import asked_month
from cells.models import Meeting, Unit
from cells.resources import MeetingResource
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from dashboards.meetings.views import READ, SHOWN, narrowed_cells
from dashboards.meetings.views import Asked as AskedYear
from dashboards.meetings.year import Tally
from sheets.writing import Column


def _sum_columns() -> list[Column]:
    return [
        Column("held", _("Regular meetings held"), 10, "int"),
        Column("expected", _("Expected to come"), 10, "int"),
        Column("present", _("Present there"), 10, "int"),
        Column("rate", _("Attendance"), 10),
        Column("not_held", _("Months without a meeting"), 12, "int"),
        Column("nothing", _("Months not entered"), 12, "int"),
        Column("others", _("Thematic and extraordinary meetings"), 12, "int"),
        *(Column(f"grade_{grade}", str(grade.label), 10, "int") for grade in Meeting.Grade),
    ]


def _sums(one: Tally) -> dict:
    return {
        **{name: getattr(one, name) for name in ("held", "expected", "present", "rate")},
        **{name: getattr(one, name) for name in ("not_held", "nothing", "others")},
        **{f"grade_{grade}": one.grades[grade] for grade in Meeting.Grade},
    }


@exported
def board_export(asked: Asked) -> Export:
    """Describe the board of a province."""
    asked.require(READ)
    of = AskedYear.of(asked)
    if of.unit is None or of.unit.level != Level.PROVINCE:
        raise Http404
    year = of.meetings(asked.user)
    columns = [
        number_column(),
        Column("commune", _("Commune"), 28),
        Column("cells", _("Party cells"), 8, "int"),
        *_sum_columns(),
        Column("under", _("Cells under the attendance asked for"), 12, "int"),
    ]
    rows = (
        {"commune": str(one.commune), "cells": one.cells, "under": one.under, **_sums(one)}
        for one in year.communes
    )
    return Export(
        title=_("Cell meetings of %(year)s by commune") % {"year": of.year},
        columns=columns,
        rows=numbered(rows),
        count=len(year.communes),
        basis=of.basis(asked.user),
        filters=str(of.unit),
    )


@exported
def cells_export(asked: Asked) -> Export:
    """Describe the list of cells of a year."""
    asked.require(READ)
    of, year, slug, found = narrowed_cells(asked)
    columns = [
        number_column(),
        Column("commune", _("Commune"), 26),
        Column("cell", _("Party cell"), 30),
        *_sum_columns(),
    ]
    rows = (
        {"commune": str(one.cell.commune), "cell": str(one.cell), **_sums(one)}
        for some in in_batches(found)
        for one in year.named(some)
    )
    return Export(
        title=_("Cell meetings of %(year)s by cell") % {"year": of.year},
        columns=columns,
        rows=numbered(rows),
        count=len(found),
        basis=of.basis(asked.user),
        filters="; ".join([str(of.unit), *([str(SHOWN[slug][0])] if slug else [])]),
    )


@exported
def month_export(asked: Asked, pk: int, year: int, month: int) -> Export:
    """Describe the month of a commune as its workbook: what is recorded, and a row for each cell without."""
    asked.require(READ)
    commune = get_object_or_404(Unit.objects.visible_to(asked.user).communes(), pk=pk)
    of_month = asked_month(year, month)
    resource = MeetingResource(user=asked.user)
    grid = load(commune, of_month, asked.user)
    return Export(
        title=_("Cell meetings %(month)s") % {"month": f"{of_month:%m/%Y}"},
        columns=[number_column(), *resource.layout],
        rows=numbered(_month_rows(resource, grid)),
        count=len(grid.all_rows),
        basis=Basis(Frame(commune, timezone.localdate(), asked.user)),
        filters=str(commune),
    )


def _month_rows(resource: MeetingResource, grid) -> Iterator[dict]:
    recorded = {}
    keys = [row.meeting.pk for row in grid.all_rows if row.meeting]
    meetings = Meeting.objects.filter(pk__in=keys).order_by("pk")
    for pk, shown in zip(sorted(keys), resource.exported(meetings), strict=True):
        recorded[pk] = shown
    for row in grid.all_rows:
        if row.meeting:
            yield recorded[row.meeting.pk]
            continue
        yield resource.blank(row.cell, grid.month, row.preset) | {REVISION.key: mark_of_nothing(Meeting)}
