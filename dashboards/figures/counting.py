"""Adding up what the queries of a board return: by unit below, and for the whole."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from dashboards.figures.definitions import Definition, Kind
from sheets.numbers import format_count

Counts = dict[str, int]


def whole_of(counts: Counts, code: str) -> int:
    """Return of how many rows a figure is counted."""
    return counts.get(f"{code}_of") or counts.get(code, 0)


def sum_of(groups: dict[int | None, Counts]) -> Counts:
    """Return the counts of the unit as a whole: the sum over the units below."""
    total: Counts = defaultdict(int)
    for counts in groups.values():
        for key, value in counts.items():
            if isinstance(value, int):
                total[key] += value
    return total


def add_group(counts: Counts, row: dict, figures: list[Definition], keys: tuple[str, ...]) -> None:
    """Add a group of like rows to the counts of its unit; the values of keys are counted each."""
    rows = row["row_count"]
    for figure in figures:
        if figure.adds_up:
            counts[figure.code] += row["added_up"] or 0
            counts[f"{figure.code}_known"] += rows if row["counted_on"] else 0
        elif not figure.flag or row[figure.flag]:
            counts[figure.code] += rows
        if figure.kind == Kind.SHARE and (not figure.of_flag or row[figure.of_flag]):
            counts[f"{figure.code}_of"] += rows
    for key in keys:
        counts[f"{key}_{row[key]}"] += rows
    if row.get("merged") and row.get("interim_head"):
        counts["merged_interim"] += rows
    if "counted_on" in row:
        counts["uncounted"] += 0 if row["counted_on"] else rows
        for name, choose in (("oldest", min), ("newest", max)):
            days = [day for day in (counts.get(name), row["counted_on"]) if day]
            counts[name] = choose(days, default=None)


def age_of_counts(groups: dict) -> tuple[str, ...]:
    """Say how old the counts in a sum are, and how many rows have none."""
    oldest = min((g["oldest"] for g in groups.values() if g["oldest"]), default=None)
    newest = max((g["newest"] for g in groups.values() if g["newest"]), default=None)
    remarks = []
    if oldest:
        days = {"oldest": _day(oldest), "newest": _day(newest)}
        remarks.append(
            (_("counts of %(newest)s") if oldest == newest else _("counts from %(oldest)s to %(newest)s"))
            % days
        )
    without = sum(g["uncounted"] for g in groups.values())
    if without:
        remarks.append(_("%(count)s without a count") % {"count": format_count(without)})
    return tuple(remarks)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
