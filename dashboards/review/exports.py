"""The board and the results of a year as they are taken out: what the page shows, row by row."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from dashboards.review.access import READ, year_of
from dashboards.review.board import BoardRow
from dashboards.review.results import PeopleResults, Results
from dashboards.review.views.board import narrowed_board
from evaluations.models import Level
from leaders.models import Person
from sheets.writing import Column


def _basis(asked: Asked, cycle) -> Basis:
    return Basis(Frame(cycle.province, timezone.localdate(), asked.user))


@exported
def board_export(asked: Asked, year: int) -> Export:
    """Describe the board of a year. No form is about it, so it is for reading alone."""
    asked.require(READ)
    cycle, _all = year_of(asked, year)
    board, slug, words, rows = narrowed_board(asked, cycle)
    filters = [str(board.shown[slug][0])] if slug else []
    filters += [f"{_('Words of the name')}: {words}"] if words else []
    columns = [
        Column("commune", _("Commune"), 26),
        Column("state", _("State"), 26),
        Column("flag", _("Deadline"), 16),
        Column("due", _("To be sent by"), 12, "date"),
        *(
            [Column("who", _("Who keeps the data"), 24), Column("phone", _("Telephone"), 14)]
            if board.user.sees_private_data
            else []
        ),
        Column("cells", _("Cells on the list"), 10, "int"),
        Column("confirmed", _("List confirmed"), 12, "date"),
        *([] if board.is_preparing else _result_columns(year)),
    ]
    return Export(
        title=_("Progress of the review of %(year)s") % {"year": year},
        columns=[number_column(), *columns],
        rows=numbered(_board_line(row) for row in rows),
        count=len(rows),
        basis=_basis(asked, cycle),
        filters="; ".join(filters),
    )


def _result_columns(year: int) -> list[Column]:
    return [
        Column("subject", _("To be rated"), 10, "int"),
        Column("entered", _("Entered"), 10, "int"),
        Column("sent", _("Sent on"), 12, "date"),
        Column("received", _("Received on"), 12, "date"),
        *(Column(level.value, level.short, 10, "int") for level in Level),
        *(Column(f"before_{level.value}", f"{level.short} {year - 1}", 10, "int") for level in Level),
        Column("most", _("Most excellent ones"), 10, "int"),
        Column("over", _("Over the share by"), 10, "int"),
        Column("reason", _("Reason for more than the share"), 40),
    ]


def _board_line(row: BoardRow) -> dict:
    file, first = row.file, next(iter(row.contacts), None)
    line = {
        "commune": str(file.commune),
        "state": row.words,
        "flag": row.flag,
        "due": file.due_on,
        "who": str(first or ""),
        "phone": first.phone if first else "",
        "cells": row.progress.cells,
        "confirmed": file.list_confirmed_at and timezone.localdate(file.list_confirmed_at),
        "subject": row.progress.subject,
        "entered": row.progress.entered,
        "sent": file.sent_at and timezone.localdate(file.sent_at),
        "received": file.received_at and timezone.localdate(file.received_at),
    }
    line |= {f"before_{level}": before for level, _now, before in row.level_counts}
    is_told = row.shows_levels
    line |= {level: now if is_told else None for level, now, _before in row.level_counts}
    return line | {
        "most": row.share.most if is_told else None,
        "over": row.share.over if is_told else None,
        "reason": file.share_reason if is_told else "",
    }


@exported
def results_export(asked: Asked, year: int) -> Export:
    """Describe the list of cells with their levels."""
    return _results(asked, year, Results, _("Levels of cells in %(year)s"), _("Party cell"))


@exported
def people_export(asked: Asked, year: int) -> Export:
    """Describe the list of people with their levels."""
    return _results(asked, year, PeopleResults, _("Levels of people in %(year)s"), _("Full name"))


def _results(asked: Asked, year: int, kind: type[Results], title: str, subject: str) -> Export:
    asked.require(READ)
    cycle, _all = year_of(asked, year, also_communes=True)
    found = kind(asked, cycle)
    rows = found.rows()
    columns = [
        Column("commune", _("Commune"), 24),
        Column("subject", subject, 28),
        *(
            [Column("cell", _("Party cell"), 28)]
            if kind is PeopleResults
            else [Column("before", _("Level of the year before"), 12)]
        ),
        Column("own", _("Own level"), 12),
        Column("proposed", _("Proposed level"), 12),
        Column("decided", _("Decided level"), 12),
        Column("points", _("Points"), 8),
        Column("not_subject", _("Not subject to rating"), 20),
        Column("reason", _("Reason"), 30),
        Column("note", _("Note"), 30),
        Column("decision", _("Decision"), 22),
        *([Column("remarks", _("Why it is listed"), 40)] if found.shown else []),
    ]
    return Export(
        title=title % {"year": year},
        columns=[number_column(), *columns],
        rows=numbered(_result_lines(found, rows)),
        count=rows.count(),
        basis=_basis(asked, cycle),
        filters=found.filter.in_words(),
        people=_people_in(rows) if kind is PeopleResults else None,
    )


def _people_in(rows):
    return Person.objects.filter(pk__in=rows.order_by().values("person"))


def _result_lines(found: Results, rows) -> Iterator[dict]:
    for some in in_batches(rows.iterator(chunk_size=500)):
        for line in found.lines(some):
            rating = line.rating
            yield {
                "commune": str(rating.commune),
                "subject": str(getattr(rating, "person", None) or rating.cell),
                "cell": str(rating.cell or ""),
                "before": _short(line.last_year),
                "own": _short(rating.self_level),
                "proposed": _short(rating.proposed_level),
                "decided": _short(rating.decided_level),
                "points": line.points,
                "not_subject": rating.get_not_subject_reason_display(),
                "reason": rating.reason,
                "note": rating.note,
                "decision": str(rating.decision or ""),
                "remarks": "; ".join(line.remarks),
            }


def _short(level: str) -> str:
    return Level(level).short if level else ""
