"""Congresses of cells and elections of hamlet heads: planned, held, with those who stood."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of, contest_of, term_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from leaders.models import Contest
from leaders.resources import ContestResource


def _is_told_by_its_code(row: Row) -> bool:
    return (row["cell_code"] is None) != (row["hamlet_code"] is None)


def _comes_into_office(row: Row) -> bool:
    """Whether the row tells of somebody elected, and not what became of that, as our own lists do."""
    return bool(row["elected"]) and row["seats"] is None


def _is_elected_by_a_congress(row: Row) -> bool:
    by_code = _is_told_by_its_code(row) and row["cell_code"] is not None
    return _comes_into_office(row) and (by_code or row["kind"] == Contest.Kind.CONGRESS)


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
        Ask(
            "office",
            concerns=_is_elected_by_a_congress,
            help_text=gettext_lazy(
                "Of a congress, where the file does not say it: what those marked were elected to."
            ),
        ),
        Ask("decision_number", concerns=_comes_into_office, is_optional=True),
        Ask("decision_day", concerns=_comes_into_office, is_optional=True),
        Ask("decision_body", concerns=_comes_into_office, is_optional=True),
        # The last one: what it fills in ends the questions above.
        Ask(
            "seats",
            concerns=_comes_into_office,
            help_text=gettext_lazy(
                "Coming into office: in their seats from the day of the congress or election; those before them,"
                " deputies and committee members too, leave the day before. Recorded only: for past terms whose"
                " seats are entered already."
            ),
        ),
    ),
    needs=(
        ("cell", "cell_code", "hamlet", "hamlet_code"),
        ("planned_on", "held_on", "outcome", "entitled", "full_name"),
    ),
    passed_over=("Ghi chú",),
    titles=("đại hội chi bộ", "bầu trưởng ấp", "bầu trưởng thôn", "bầu cử", "kết quả bầu"),
)
