"""The figures of a unit and of every unit below as the rows of a workbook: each as it is counted, and of how many."""

from django.utils.translation import gettext as _

from dashboards.figures.figure import Figure
from dashboards.figures.merged_years import MergedYear
from dashboards.list_exports import number_column
from dashboards.overview_page import OverviewPage
from sheets.numbers import share
from sheets.writing import Column

_UNIT = "unit"


def columns_of(page: OverviewPage) -> list[Column]:
    """Return for each figure how many, of a share also of how many and the percentage; then the last years."""
    columns = [number_column(), Column(_UNIT, _("Unit"), 30)]
    for code, figure in page.board.figures.items():
        columns.append(Column(code, _named(figure), 16, "int"))
        if figure.denominator is not None:
            columns.append(Column(f"{code}_of", _("%(figure)s – of") % {"figure": _named(figure)}, 16, "int"))
            columns.append(
                Column(f"{code}_share", _("%(figure)s – %%") % {"figure": _named(figure)}, 12, "percent")
            )
    for year in page.years.whole:
        label = _("One person in both seats on %(day)s – %%") % {"day": f"{year.until:%d/%m/%Y}"}
        columns.append(Column(_year_key(year), label, 14, "percent"))
    return columns


def rows_of(page: OverviewPage) -> list[dict]:
    """Return a row per unit below in the order of the page, and the whole at the end."""
    board, codes = page.board, list(page.board.figures)
    of_children = board.child_figures([code for code in codes if code != "excellent_streak"])
    blank = {column.key: None for column in columns_of(page)}
    rows = [
        _row(blank, child.full_name, of_children.get(child.unit_id, {}), page.years.of(child.unit_id))
        for child in page.children
    ]
    if outside := of_children.get(None):
        rows.append(_row(blank, _("Cannot be placed"), outside, []))
    rows.append(_row(blank, _("Total"), board.figures, page.years.whole))
    return [row | {"number": number} for number, row in enumerate(rows, 1)]


def explanations(page: OverviewPage) -> list[str]:
    """Return how each figure is counted."""
    return [f"{_named(figure)}: {figure.explanation}" for figure in page.board.figures.values()]


def _named(figure: Figure) -> str:
    return f"{figure.label} {figure.year}" if figure.year else str(figure.label)


def _year_key(year: MergedYear) -> str:
    return f"merged_on_{year.until.isoformat()}"


def _row(blank: dict, name: str, figures: dict[str, Figure], years: list[MergedYear]) -> dict:
    row = blank | {_UNIT: name}
    for code, figure in figures.items():
        if not figure.is_known:
            continue
        row[code] = figure.numerator
        if figure.denominator is not None:
            row |= {
                f"{code}_of": figure.denominator,
                f"{code}_share": share(figure.numerator, figure.denominator),
            }
    # A unit may have begun later than the whole: its years are those of the whole all the same.
    known = {_year_key(year): share(year.merged, year.hamlets) for year in years}
    return row | {key: value for key, value in known.items() if key in blank}
