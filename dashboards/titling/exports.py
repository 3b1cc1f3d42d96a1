"""Titles as files: the list as it can be taken in again, the board, what is to be looked at in a year."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from dashboards.basis import Basis, frame_of
from dashboards.exports import ROWS_AT_A_TIME, Asked, Export, exported, numbered
from dashboards.list_exports import filtered, number_column
from dashboards.titling.board import COLUMNS, TitleBoard
from dashboards.titling.cases import CaseFilter
from dashboards.titling.yearly import Yearly
from evaluations.models import TitleCase
from evaluations.resources import TitleCaseResource
from sheets.writing import Column

READ, READ_CHECKS = "evaluations.view_titlecase", "evaluations.view_casecheck"


@exported
def case_export(asked: Asked) -> Export:
    """Describe the list of titles, laid out as the form by which it comes in again."""
    asked.require(READ)
    narrowed = filtered(asked, CaseFilter)
    form = TitleCaseResource(user=asked.user)
    is_past = not narrowed.frame.is_today
    columns = [
        number_column(),
        *([Column("state_then", _("State on that day"), 16)] if is_past else []),
        *form.layout,
    ]
    return Export(
        title=_("List of titles"),
        columns=columns,
        rows=numbered(_case_lines(narrowed, form)),
        count=narrowed.rows().count(),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )


def _case_lines(narrowed: CaseFilter, form: TitleCaseResource) -> Iterator[dict]:
    """Yield the rows as the form knows them, with the state of the day beside that of today."""
    states = narrowed.rows().values_list("state_then", flat=True).iterator(chunk_size=ROWS_AT_A_TIME)
    for row, state in zip(form.exported(narrowed.rows()), states, strict=True):
        yield row | {"state_then": str(TitleCase.State(state).label)}


@exported
def board_export(asked: Asked) -> Export:
    asked.require(READ)
    narrowed = filtered(asked, CaseFilter)
    board = TitleBoard(narrowed)
    columns = [
        number_column(),
        Column("place", _("Commune"), 28),
        *(Column(slug, str(label), 12, "int") for slug, label in COLUMNS.items()),
    ]
    rows = [{"place": row.label} | {slug: row.counts[slug] for slug in COLUMNS} for row in board.rows]
    return Export(
        title=_("Titles by commune"),
        columns=columns,
        rows=numbered(rows),
        count=len(rows),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )


@exported
def check_export(asked: Asked) -> Export:
    asked.require(READ_CHECKS)
    try:
        yearly = Yearly(asked.user, asked.GET)
    except ValidationError as error:
        raise Http404 from error
    columns = [
        number_column(),
        Column("commune", _("Commune"), 24),
        Column("cell", _("Party cell"), 28),
        Column("title", _("Title"), 24),
        Column("recognised", _("Recognised on"), 12, "date"),
        Column("found", _("What was found"), 50),
        Column("outcome", _("Look of the year"), 16),
        Column("remark", _("Remark"), 30),
    ]
    return Export(
        title=_("Titles to be looked at again in %(year)d") % {"year": yearly.year},
        columns=columns,
        rows=numbered(map(_check_line, yearly.with_cases(yearly.rows))),
        count=len(yearly.rows),
        basis=Basis(frame_of(asked)),
        filters=yearly.in_words(),
    )


def _check_line(row) -> dict:
    case, check = row.case, row.check
    return {
        "commune": str(case.cell.commune),
        "cell": str(case.cell),
        "title": str(case.title),
        "recognised": case.recognised_on,
        "found": " ".join(row.found),
        "outcome": check.get_outcome_display() if check else "",
        "remark": check.remark if check else "",
    }
