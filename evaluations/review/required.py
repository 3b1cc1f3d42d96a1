"""What must be there before a file takes a step: everything that is missing, told at once."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Submission
from evaluations.models.ratings import NotSubject
from evaluations.naming import named


def ratings_of(file: Submission, model):
    """Return the rows of the list that belong to this file, the editions in force, with what they are about."""
    rows = model.objects.filter(cycle=file.cycle_id, commune=file.commune_id, superseded_on__isnull=True)
    return rows.select_related("cell") if model is CellRating else rows.select_related("person", "cell")


def members_of(file: Submission):
    """Return the members' levels of the cells on this file's list."""
    cells = CellRating.objects.filter(cycle=file.cycle_id, commune=file.commune_id).values("cell")
    return MemberLevels.objects.filter(cycle=file.cycle_id, cell__in=cells)


def subject(rows):
    """Leave out whoever is not subject to rating."""
    return rows.filter(not_subject_reason="")


def missing_for_putting(file: Submission) -> list[str]:
    """Return what the standing committee could not do without."""
    cells, people = ratings_of(file, CellRating), ratings_of(file, LeaderRating)
    return [
        *_without_level(cells, people, "proposed_level"),
        *_without_reason(cells, people),
    ]


def missing_for_sending(file: Submission) -> list[str]:
    """Return what the province could not receive the file without."""
    cells, people = ratings_of(file, CellRating), ratings_of(file, LeaderRating)
    return [*_without_level(cells, people, "decided_level"), *_without_reason(cells, people)]


def advised(file: Submission) -> list[str]:
    """Return what the papers ask for as well; a step may be taken without it."""
    cells = subject(ratings_of(file, CellRating)).exclude(cell__in=members_of(file).values("cell"))
    return _listed(
        cells,
        lambda count: ngettext(
            "The members' levels of %(count)d cell are not entered: %(names)s.",
            "The members' levels of %(count)d cells are not entered: %(names)s.",
            count,
        ),
    )


def _without_level(cells, people, name: str) -> list[str]:
    missing = Q(**{name: ""})
    return [
        *_listed(
            subject(cells).filter(missing),
            lambda count: ngettext(
                "The level of %(count)d cell is not entered: %(names)s. Enter it, then press the button again.",
                "The levels of %(count)d cells are not entered: %(names)s. Enter them, then press the button again.",
                count,
            ),
        ),
        *_listed(
            subject(people).filter(missing),
            lambda count: ngettext(
                "The level of %(count)d person is not entered: %(names)s. Enter it, then press the button again.",
                "The levels of %(count)d people are not entered: %(names)s."
                " Enter them, then press the button again.",
                count,
            ),
        ),
    ]


def _without_reason(cells, people) -> list[str]:
    lowest = Q(proposed_level=Level.NOT_COMPLETED) | Q(decided_level=Level.NOT_COMPLETED)
    no_reason = Q(reason="")
    unexplained = Q(not_subject_reason=NotSubject.OTHER, note="", reason="")
    found = []
    for rows in (cells, people):
        found += _listed(
            rows.filter(lowest & no_reason), lambda _count: _("The level KHTNV needs a reason: %(names)s.")
        )
        found += _listed(
            rows.filter(unexplained),
            lambda _count: _(
                "Say why these are not subject to rating, in the reason or the note: %(names)s."
            ),
        )
    return found


def _listed(rows: Iterable, sentence) -> list[str]:
    names = [str(getattr(row, "person", None) or row.cell) for row in rows]
    if not names:
        return []
    return [sentence(len(names)) % {"count": len(names), "names": named(names)}]
