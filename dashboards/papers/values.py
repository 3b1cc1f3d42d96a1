"""Figures as they are written: 1.542, 90,8%, 05/01/2026. What is not known stays empty."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from jinja2 import Environment

from dashboards.papers.language import PlainEnvironment
from dashboards.papers.layout import Column, Table
from sheets.markup import without_hidden
from sheets.numbers import format_count, format_percent, share
from sheets.text import nfc

KEY = "khoa"


def percent_of(row: Mapping, column: Column) -> tuple[int, int] | None:
    """Return the two counts of a percentage, or None where one of them is not known."""
    part, whole = (row.get(name) for name in column.of)
    return None if part is None or whole is None else (part, whole)


def shown(value) -> str:
    """Return a figure as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, int):
        return format_count(value)
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",")
    return nfc(without_hidden(str(value)))


def shown_in(row: Mapping, column: Column) -> str:
    """Return what stands in a column of a row."""
    if column.kind == "percent":
        counts = percent_of(row, column)
        return "" if counts is None else format_percent(*counts)
    return shown(row.get(column.field))


def share_in(row: Mapping, column: Column) -> Decimal | None:
    """Return a percentage as a fraction, for workbooks."""
    counts = percent_of(row, column)
    return None if counts is None else share(*counts)


def shown_row(row: Mapping, tables: Sequence[Table]) -> dict[str, str]:
    """Return every field of a row as text, percentages included."""
    texts = {name: shown(value) for name, value in row.items() if name != KEY}
    for table in tables:
        for column in table.columns:
            texts[column.field] = shown_in(row, column)
    return texts


def shown_figures(figures: Mapping, tables: Sequence[Table]) -> dict:
    """Return the figures of a paper as texts, as templates use them."""
    of_rows: dict[str, list[Table]] = {}
    for table in tables:
        of_rows.setdefault(table.rows, []).append(table)
        if table.total:
            of_rows.setdefault(table.total, []).append(table)
    found = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found[name] = shown_row(value, of_rows.get(name, ()))
        elif isinstance(value, list):
            rows = of_rows.get(name, ())
            found[name] = [shown_row(v, rows) if isinstance(v, Mapping) else shown(v) for v in value]
        elif isinstance(value, bool):
            found[name] = value
        else:
            found[name] = shown(value)
    return found


@lru_cache(maxsize=1)
def sandbox() -> Environment:
    """Return the environment that templates run in."""
    return PlainEnvironment(autoescape=True)


@lru_cache(maxsize=1)
def _plain() -> Environment:
    return PlainEnvironment(autoescape=False)


@lru_cache(maxsize=500)
def _line(text: str):
    return _plain().from_string(text)


def filled(text: str, figures: Mapping) -> str:
    """Return a line of a layout with its fields filled in."""
    return _line(text).render(figures).strip() if "{" in text else text
