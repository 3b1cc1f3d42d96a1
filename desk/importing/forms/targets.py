"""Targets of resolutions: what a province or commune is to reach in a term, and the parts of its communes."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.columns import count_column
from dashboards.targets.exports import COUNTED
from dashboards.targets.resource import TargetResource
from desk.importing.guesses import term_of
from desk.importing.papers import Ask, ImportForm, Part, Row


def _is_new(row: Row) -> bool:
    """Whether the row was not taken out of here: our own lists say which edition they show."""
    return row["edition"] is None


# Offices write the path into a column for each year; our own lists write it into one.
_YEARS = {f"planned_{year}": year for year in range(2015, 2046)}
_YEAR_COLUMNS = tuple(
    count_column(
        key,
        format_lazy("{} {}", gettext_lazy("Path to the end of"), str(year)),
        synonyms=(f"Năm {year}", f"Đến năm {year}", f"Hết năm {year}", f"Lộ trình / Năm {year}"),
    )
    for key, year in _YEARS.items()
)


def _lines(row: Row) -> list[dict]:
    values = {key: value for key, value in row.values.items() if key not in _YEARS}
    steps = {year: row[key] for key, year in _YEARS.items() if row[key] is not None}
    if steps:
        values["path"] = (values.get("path") or {}) | steps
    return [values]


TARGETS = ImportForm(
    key="targets",
    label=gettext_lazy("Targets of resolutions"),
    columns=(*TargetResource.columns, *_YEAR_COLUMNS),
    parts=(Part(TargetResource, _lines),),
    permission="evaluations.add_target",
    may_propose=False,
    asks=(
        Ask("what"),
        Ask("term", term_of),
        Ask("unit", unless=("unit_code",)),
        Ask(
            "part_of",
            concerns=_is_new,
            is_optional=True,
            help_text=gettext_lazy(
                "The unit above, where the file breaks its target down. Leave it empty for targets of the units' own."
            ),
        ),
        Ask("decision_number", concerns=_is_new),
        Ask("decision_day", concerns=_is_new),
        Ask("decision_body", concerns=_is_new),
    ),
    needs=(("goal",), ("unit", "unit_code", "what")),
    passed_over=tuple(header for _key, header, *_layout in COUNTED),
    titles=("chỉ tiêu nghị quyết", "phân bổ chỉ tiêu", "giao chỉ tiêu", "biểu chỉ tiêu"),
    commune_key="unit",
)
