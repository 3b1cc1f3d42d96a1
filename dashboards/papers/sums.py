"""The checks of summary forms: what does not add up is told on the paper, never printed silently."""

from collections.abc import Iterable, Mapping, Sequence

from dashboards.papers.gathering import FIELD_OF_LEVEL
from evaluations.models import Level
from sheets.numbers import format_count

LEVEL_FIELDS = tuple(FIELD_OF_LEVEL.values())
_COLUMNS = {
    "tong_so": "Tổng số chi bộ",
    "duoc_danh_gia": "Được đánh giá",
    **{field: Level(level).short for level, field in FIELD_OF_LEVEL.items()},
    "chua_danh_gia": "Chưa đánh giá",
}


def totals(rows: Iterable[Mapping], fields: Sequence[str]) -> dict[str, int | None]:
    """Return the sum of each field; not known where no row knows it."""
    rows = list(rows)
    sums = {}
    for field in fields:
        known = [row[field] for row in rows if row.get(field) is not None]
        sums[field] = sum(known) if known else None
    return sums


def sum_of_levels(row: Mapping, *, rated: str = "duoc_xep_loai") -> list[str]:
    """Check that those rated are the sum of the four levels."""
    if row.get(rated) is None:
        return []
    levels = [row.get(field) or 0 for field in LEVEL_FIELDS]
    if sum(levels) == row[rated]:
        return []
    parts = " + ".join(format_count(one) for one in levels)
    return [
        f"số được xếp loại {format_count(row[rated])} khác với {parts} = {format_count(sum(levels))}. Kiểm tra lại."
    ]


def sum_of_whole(row: Mapping, *, whole: str, rated: str, not_rated: str) -> list[str]:
    """Check that the whole is those rated and those not rated."""
    parts = [row.get(name) for name in (whole, rated, not_rated)]
    if None in parts or parts[0] == parts[1] + parts[2]:
        return []
    said = [format_count(one) for one in parts]
    return [
        f"tổng số {said[0]} khác với {said[1]} + {said[2]} = {format_count(parts[1] + parts[2])}. Kiểm tra lại."
    ]


def summary_faults(rows: Iterable[Mapping], total: Mapping) -> list[str]:
    """Return what of a summary by unit does not add up: each line, and the columns."""
    rows = list(rows)
    faults = []
    for row in [*rows, total]:
        of_row = [
            *sum_of_levels(row, rated="duoc_danh_gia"),
            *sum_of_whole(row, whole="tong_so", rated="duoc_danh_gia", not_rated="chua_danh_gia"),
        ]
        faults += [f"{row['don_vi']}: {fault}" for fault in of_row]
    for field, name in _COLUMNS.items():
        added = sum(row[field] or 0 for row in rows)
        if added != (total[field] or 0):
            faults.append(
                f"Cột {name}: cộng các dòng {format_count(added)}, dòng tổng {format_count(total[field] or 0)}."
                " Kiểm tra lại."
            )
    return faults
