"""Congresses of cells and elections of hamlet heads: planned, held, with those who stood."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of, contest_of, term_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from leaders.models import Contest
from leaders.resources import ContestResource


def _is_told_by_its_code(row: Row) -> bool:
    return (row["cell_code"] is None) != (row["hamlet_code"] is None)


def _lines(row: Row) -> list[dict]:
    values = dict(row.values)
    if row["kind"] is None and _is_told_by_its_code(row):
        # A cell holds congresses, a hamlet elections.
        values["kind"] = Contest.Kind.CONGRESS if row["cell_code"] else Contest.Kind.HEAD_ELECTION
    return [values]


CONTESTS = ImportForm(
    key="contests",
    label=gettext_lazy("Congresses and elections"),
    columns=tuple(ContestResource.columns),
    parts=(Part(ContestResource, _lines),),
    permission="leaders.add_contest",
    asks=(
        Ask("kind", contest_of, concerns=lambda row: not _is_told_by_its_code(row)),
        Ask("commune", commune_of, unless=("commune_code", "cell_code", "hamlet_code")),
        Ask("term", term_of),
    ),
    needs=(
        ("cell", "cell_code", "hamlet", "hamlet_code"),
        ("planned_on", "held_on", "outcome", "entitled", "full_name"),
    ),
    passed_over=("Ghi chú",),
    titles=("đại hội chi bộ", "bầu trưởng ấp", "bầu trưởng thôn", "bầu cử", "kết quả bầu"),
)
