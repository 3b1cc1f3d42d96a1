"""Columns that many lists share: where a row is about, and what offices write over such columns."""

from itertools import permutations

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, code_column, day_column
from cells.kinds import KINDS_OF_LEVEL, Kind, Level


def _words_over(level: Level, *others: str) -> tuple[str, ...]:
    """Return what stands over a column of places: the word of each kind, any two of them, others; with "Tên" too."""
    words = [Kind(kind).label for kind in KINDS_OF_LEVEL[level]]
    heads = [*words, *(", ".join(pair) for pair in permutations(words, 2)), *others]
    return tuple(f"{head[:1].upper()}{head[1:]}" for head in (*heads, *(f"tên {head}" for head in heads)))


COMMUNE_HEADS = (
    *_words_over(Level.COMMUNE, "xã, phường, thị trấn", "xã, phường, đặc khu"),
    "Đơn vị cấp xã",
    "Đảng bộ xã",
    "Đảng ủy xã",
)
HAMLET_HEADS = (
    *_words_over(
        Level.HAMLET,
        "TDP",
        "ấp, khóm, khu phố",
        "thôn, bản, tổ dân phố",
        "ấp, khóm, thôn, tổ dân phố",
        "thôn, ấp, khóm, tổ dân phố",
    ),
    "Địa bàn",
)
CELL_HEADS = (
    "Tên chi bộ",
    "CB",
    "Chi bộ trực thuộc",
    "Tên CB",
    "Tên chi bộ trực thuộc",
    *(f"Chi bộ {Kind(kind).label}" for kind in KINDS_OF_LEVEL[Level.HAMLET]),
)


def commune_columns() -> list[SheetColumn]:
    return [
        code_column(
            "commune_code",
            gettext_lazy("Commune code"),
            digits=5,
            width=10,
            synonyms=("Mã ĐVHC", "Mã đơn vị"),
        ),
        SheetColumn("commune", gettext_lazy("Commune"), kind="text", synonyms=COMMUNE_HEADS, width=24),
    ]


DECISION_KEYS = ("decision_number", "decision_day", "decision_body")


def decision_columns() -> list[SheetColumn]:
    return [
        SheetColumn(
            "decision_number",
            gettext_lazy("Decision number"),
            synonyms=("Quyết định số", "Số quyết định", "Số QĐ", "QĐ số", "Quyết định / Số"),
            width=16,
        ),
        day_column(
            "decision_day",
            gettext_lazy("Decision day"),
            synonyms=("Ngày quyết định", "Ngày QĐ", "Ngày ký", "Quyết định / Ngày"),
        ),
        SheetColumn(
            "decision_body",
            gettext_lazy("Issuing body"),
            synonyms=("Cơ quan ban hành", "Nơi ban hành", "Cơ quan ra quyết định", "Quyết định / Cơ quan"),
            width=26,
        ),
    ]


def decision_row(decision) -> dict:
    """Return what a list says of a decision."""
    return {
        "decision_number": decision and decision.number,
        "decision_day": decision and decision.date,
        "decision_body": decision and decision.issuing_body,
    }
