"""A paragraph for the text of a report, made from the figures of the year and of the year before."""

from collections import Counter

from dashboards.papers.asking import Asked
from dashboards.papers.commune_figures import level_words
from dashboards.papers.province_figures import communes_of
from evaluations.models import CellRating, Level
from evaluations.reading import FULL_NAMES
from sheets.numbers import format_count, format_percent
from sheets.text import lower_first


def paragraph(asked: Asked) -> str:
    """Return the result of the year in sentences; empty where nothing was decided yet."""
    levels, rows = _levels(asked)
    rated = sum(levels[level] for level in Level)
    if not rated:
        return ""
    where = lower_first(str(asked.unit)) if asked.is_commune else f"toàn {lower_first(str(asked.unit))}"
    whole = sum(rows.values())
    said = (
        f"Kết quả đánh giá, xếp loại chi bộ năm {asked.year} của {where}: có {format_count(rated)}/"
        f"{format_count(whole)} chi bộ được đánh giá, xếp loại, trong đó: {_in_full(levels, rated)}."
    )
    rest = whole - rated
    if rest:
        said += f" Chưa xếp loại hoặc không thuộc diện xếp loại: {format_count(rest)} chi bộ."
    before = _before(asked)
    if sum(before.values()):
        said += f" So với năm {asked.year - 1} ({level_words(before)}): {_compared(levels, before)}."
    return said if asked.is_commune else f"{said} {communes_of(asked).words}."


def _levels(asked: Asked) -> tuple[Counter, Counter]:
    rows = Counter(asked.ratings(CellRating).order_by().values_list("decided_level", flat=True))
    return Counter({level: rows[level] for level in Level}), rows


def _before(asked: Asked) -> Counter:
    """Return the levels of the year before of the cells that are on this year's list."""
    cells = asked.ratings(CellRating).values("cell")
    rows = (
        CellRating.objects.visible_of_seen(asked.user)
        .latest_editions()
        .filter(cycle__year=asked.year - 1, cell__in=cells)
    )
    return Counter(rows.exclude(decided_level="").order_by().values_list("decided_level", flat=True))


def _in_full(levels: Counter, rated: int) -> str:
    return "; ".join(
        f"{lower_first(FULL_NAMES[level])} {format_count(levels[level])} chi bộ ({format_percent(levels[level], rated)})"
        for level in Level
    )


def _compared(levels: Counter, before: Counter) -> str:
    parts = []
    for level in Level:
        change = levels[level] - before[level]
        if change:
            word = "tăng" if change > 0 else "giảm"
            parts.append(f"{level.short} {word} {format_count(abs(change))}")
    return ", ".join(parts) or "không thay đổi"
