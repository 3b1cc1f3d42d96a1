"""The board of a term as a file to read, and its contests as a file to fill in and hand in again."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.basis import Basis
from dashboards.contests.access import READ, area_of
from dashboards.contests.board import BoardRow, TermBoard
from dashboards.contests.lists import PairList
from dashboards.contests.states import PAIRS, STATES, kind_labels
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from dashboards.wording import words_for
from leaders.models import Contest
from leaders.resources import ContestResource
from sheets.writing import Column

Kind = Contest.Kind


def _basis(asked: Asked, area) -> Basis:
    return Basis(Frame(area, timezone.localdate(), asked.user))


@exported
def board_export(asked: Asked, term: str) -> Export:
    """Describe the board. No form is about it, so it is for reading alone."""
    asked.require(READ)
    area = area_of(asked)
    board = TermBoard(term, asked.user, area, timezone.localdate())
    labels = kind_labels(asked.user)
    columns = [
        Column("unit", _("Commune"), 28),
        *(
            Column(f"{kind}_{slug}", f"{labels[kind]}: {label}", 12, "int")
            for kind in (Kind.HEAD_ELECTION, Kind.CONGRESS)
            for slug, label in (("called", _("called")), *STATES.items())
        ),
        Column("pairs", _("Pairs"), 10, "int"),
        *(Column(slug, label, 12, "int") for slug, label in PAIRS.items()),
    ]
    return Export(
        title=_("Cell congresses, election of the %(head)s, term %(term)s")
        % {"head": words_for(asked.user).head, "term": term},
        columns=[number_column(), *columns],
        rows=numbered(map(_board_line, board.rows)),
        count=len(board.rows),
        basis=_basis(asked, area),
    )


def _board_line(row: BoardRow) -> dict:
    line = {"unit": str(row.unit or _("not in one unit of today")), "pairs": row.pairs}
    for side in row.sides:
        line[f"{side.kind}_called"] = side.called
        line |= {f"{side.kind}_{slug}": count for slug, _label, count in side.states}
    return line | {slug: count for slug, _label, count in row.pair_states}


@exported
def contests_export(asked: Asked, term: str) -> Export:
    """Describe all contests of the term as the form of the import desk knows them."""
    asked.require(READ)
    area = area_of(asked)
    board = TermBoard(term, asked.user, area, timezone.localdate())
    resource = ContestResource(user=asked.user)
    rows = Contest.objects.visible_to(asked.user).filter(term=term)
    if area is not None:
        rows = _in_area(rows, board)
    rows = rows.order_by(
        "-kind",
        "hamlet__commune__sort_key",
        "cell__commune__sort_key",
        "hamlet__sort_key",
        "cell__sort_key",
        "pk",
    )
    return Export(
        title=_("Results of the cell congresses and the election of the %(head)s, term %(term)s")
        % {"head": words_for(asked.user).head, "term": term},
        columns=[number_column(), *resource.layout],
        rows=numbered(resource.exported(rows)),
        count=rows.count(),
        basis=_basis(asked, area),
        people=resource.people(rows),
    )


def _in_area(rows, board: TermBoard):
    elections = board.within(rows, "hamlet__commune", "hamlet__province")
    return elections | board.within(rows, "cell__commune", "cell__province")


@exported
def pairs_export(asked: Asked, term: str) -> Export:
    """Describe the hamlets with both contests beside each other."""
    asked.require(READ)
    area = area_of(asked)
    found = PairList(asked, term, area)
    rows = found.rows()
    return Export(
        title=_("Elections and congresses beside each other, term %(term)s") % {"term": term},
        columns=[
            number_column(),
            Column("commune", _("Commune"), 26),
            Column("hamlet", _("Hamlet"), 26),
            Column("elected_on", _("Elected on"), 12, "date"),
            Column("head", _("Elected head"), 28),
            Column("cell", _("Party cell"), 30),
            Column("held_on", _("Congress on"), 12, "date"),
            Column("secretary", _("Elected secretary"), 28),
            Column("same", _("One person"), 14),
        ],
        rows=numbered(_pair_lines(found, rows)),
        count=rows.count(),
        basis=_basis(asked, area),
        filters=str(PAIRS[found.state]) if found.state else "",
        people=found.elected(rows),
    )


def _pair_lines(found: PairList, rows) -> Iterator[dict]:
    for some in in_batches(rows.iterator(chunk_size=500)):
        for hamlet in found.loaded(some):
            elections = [one for one in hamlet.elections if one.outcome == Contest.Outcome.HELD]
            congresses = [one for one in hamlet.congresses if one.outcome == Contest.Outcome.HELD]
            yield {
                "commune": str(hamlet.commune or ""),
                "hamlet": str(hamlet),
                "elected_on": elections[-1].held_on if elections else None,
                "head": _names(elections),
                "cell": "; ".join(str(one.cell) for one in congresses),
                "held_on": congresses[-1].held_on if congresses else None,
                "secretary": _names(congresses),
                "same": _("one person")
                if hamlet.is_one_person
                else _("two people")
                if hamlet.is_two_people
                else "",
            }


def _names(contests) -> str:
    return "; ".join(str(person) for one in contests for person in one.winners)
