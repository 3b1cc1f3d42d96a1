"""What counts towards a target: any figure of the software, or the cells that hold a title.

The count stands against goal and base as they were resolved; beside the base is what is counted on the day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboards.figures.board import Board
from dashboards.figures.definitions import (
    DEFINITIONS,
    TARGET_EXPLANATIONS,
    TARGET_LABELS,
    Kind,
)
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Frame
from dashboards.figures.sections import HAMLETS
from dashboards.wording import HamletWords
from evaluations.models import Target

# The figure of a target that counts the cells with its title; every other code names a definition.
TITLE = "title_of_goal"
# Sums that begin anew each year (attendance of meetings) come to no number that a term could ask for.
MEASURES = (TITLE, *(code for code, one in DEFINITIONS.items() if not one.of_adds_up))


@dataclass(frozen=True)
class Counted:
    """What is counted on a day towards a target, and of how many."""

    done: int = 0
    # None: nothing it is counted of, as with an amount.
    whole: int | None = None
    # False: nobody has entered it, or the figure is not known here. That is not zero.
    is_known: bool = True


def measure_label(code: str, title: object, words: HamletWords) -> str:
    """Return what a target counts, in words: the title, or the figure in the words of the unit."""
    if title:
        return _('Cells with the title "%(title)s"') % {"title": title}
    return words.phrase(DEFINITIONS[code].label) if code in DEFINITIONS else code


def label_of(target: Target, words: HamletWords) -> str:
    return measure_label(target.figure, target.title, words)


def explanation_of(target: Target, words: HamletWords) -> str:
    """Return which rows the figure of a target counts; a title says that itself."""
    return words.phrase(DEFINITIONS[target.figure].explanation) if target.figure in DEFINITIONS else ""


def has_base(code: str) -> bool:
    """Whether the figure counts some of many, so that a target of it may name how many there are."""
    return code == TITLE or (code in DEFINITIONS and DEFINITIONS[code].kind == Kind.SHARE)


def counts_hamlets(target: Target) -> bool:
    """Whether the target is about hamlets; every other one is about cells or what these have."""
    return target.figure in DEFINITIONS and DEFINITIONS[target.figure].section is HAMLETS


# A share of the cells of hamlets: of these a resolution about titles counts.
_HAMLET_CELLS = "vacant_secretaries"


def counted(board: Board, target: Target) -> Counted:
    """Return what is counted towards a target in the unit of the board."""
    below = counted_below(board, target).values()
    if not _is_known(target):
        return Counted(is_known=False)
    whole = sum(one.whole or 0 for one in below) if has_base(target.figure) else None
    return as_known(target, Counted(sum(one.done for one in below), whole, _known_of(target, below)))


def as_known(target: Target, found: Counted) -> Counted:
    """Return what is counted, not known where none of none is found of what should be fewer: that is no success."""
    return replace(found, is_known=False) if target.falls and not found.whole else found


def nothing_counted(target: Target) -> Counted:
    """Return what is counted in a unit in which nothing stands."""
    adds_up = target.figure in DEFINITIONS and DEFINITIONS[target.figure].adds_up
    is_known = _is_known(target) and not adds_up
    return as_known(target, Counted(0, 0 if has_base(target.figure) else None, is_known))


def _known_of(target: Target, below) -> bool:
    adds_up = target.figure in DEFINITIONS and DEFINITIONS[target.figure].adds_up
    return any(one.is_known for one in below) if adds_up else True


def counted_below(board: Board, target: Target) -> dict[int | None, Counted]:
    """Return the same for each unit below, from the queries the board makes anyhow."""
    if target.figure == TITLE:
        return _titles_below(board, target.title_id)
    if target.figure not in DEFINITIONS:
        return {}
    definition = DEFINITIONS[target.figure]
    return {
        place: as_known(
            target,
            Counted(
                counts.get(definition.code) or 0,
                counts.get(f"{definition.code}_of", 0) if definition.kind == Kind.SHARE else None,
                not definition.adds_up or bool(counts.get(f"{definition.code}_known")),
            ),
        )
        for place, counts in board.groups(definition).items()
    }


def _is_known(target: Target) -> bool:
    return target.figure == TITLE or target.figure in DEFINITIONS


def counted_figures(targets: Iterable[Target]) -> set[str]:
    """Return the figures that a board has to count for these targets."""
    return {_HAMLET_CELLS if target.figure == TITLE else target.figure for target in targets}


def _titles_below(board: Board, title: int | None) -> dict[int | None, Counted]:
    """A resolution counts hamlet cells; another cell that holds the title counts towards it all the same."""
    holders = board.title_holders(title)
    places = {*board.cells, *holders}
    return {
        place: Counted(holders[place].held, _hamlet_cells(board.cells, place) + holders[place].beside)
        if place in holders
        else Counted(0, _hamlet_cells(board.cells, place))
        for place in places
    }


def _hamlet_cells(cells: Mapping, place: int | None) -> int:
    return cells[place][f"{_HAMLET_CELLS}_of"] if place in cells else 0


def targets_of(frame: Frame) -> list[Target]:
    """Return the unit's own targets in force on the day."""
    if frame.unit is None:
        return []
    rows = Target.objects.in_force_on(frame.day).filter(unit=frame.unit)
    return rows.with_life().for_list().order_by("pk").with_steps()


def figures_of_targets(board: Board) -> list[Figure]:
    """Return what each target of the unit reached: of its goal, of its base, and what it asks for."""
    return [figure for target in targets_of(board.frame) for figure in figures_of(board, target)]


def figures_of(board: Board, target: Target) -> list[Figure]:
    # A title says itself; the words of the hamlets are asked for only where a figure speaks of them.
    name = str(target.title) if target.title else label_of(target, board.words)
    return as_figures(target, counted(board, target), board.frame, name)


def as_figures(target: Target, found: Counted, frame: Frame, name: str) -> list[Figure]:
    """Return what is counted as figures: of the goal, and of the base where one is resolved."""
    of_goal, of_base = _codes_of(target)
    # Of what should be fewer nothing is done "of the goal": it is so many, and may be at most so many.
    numbers = {of_goal: (found.done, None if target.falls else target.goal)}
    if target.base:
        numbers[of_base] = (found.done, target.base)
        numbers["target_share"] = (target.goal, target.base)
    return [
        Figure(
            code=code,
            kind=_kind_of(code),
            label=f"{_said(code, target)} – {name}",
            explanation=TARGET_EXPLANATIONS[code],
            numerator=numerator,
            denominator=denominator,
            frame=frame,
            target=target,
            is_known=found.is_known,
        )
        for code, (numerator, denominator) in numbers.items()
    ]


def _codes_of(target: Target) -> tuple[str, str]:
    if target.figure == TITLE:
        return "title_of_goal", "title_of_base"
    return (
        ("target_at_most", "target_at_most_of_base") if target.falls else ("target_of_goal", "target_of_base")
    )


def _kind_of(code: str) -> Kind:
    return {"target_share": Kind.SHARE, "target_at_most": Kind.AMOUNT}.get(code, Kind.PROGRESS)


def _said(code: str, target: Target) -> str:
    label = str(TARGET_LABELS[code])
    return f"{label} ({target.goal_words})" if code == "target_at_most" else label
