"""Columns that many lists share: where a row is about, and what offices write over such columns."""

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, code_column, day_column

COMMUNE_HEADS = (
    "Xã",
    "Phường",
    "Xã, phường",
    "Xã, thị trấn",
    "Xã, phường, thị trấn",
    "Xã, phường, đặc khu",
    "Tên xã",
    "Tên xã, phường",
    "Đơn vị cấp xã",
    "Đảng bộ xã",
    "Đảng ủy xã",
)
HAMLET_HEADS = (
    "Ấp",
    "Khóm",
    "Thôn",
    "Khu phố",
    "TDP",
    "Ấp, khóm",
    "Ấp, khu phố",
    "Thôn, tổ dân phố",
    "Thôn, bản",
    "Thôn, khu phố",
    "Ấp, khóm, khu phố",
    "Ấp, khóm, thôn, tổ dân phố",
    "Thôn, ấp, khóm, tổ dân phố",
    "Tên ấp",
    "Tên khóm",
    "Tên thôn",
    "Tên ấp, khóm",
    "Tên thôn, tổ dân phố",
    "Địa bàn",
)
CELL_HEADS = ("Tên chi bộ", "CB", "Chi bộ ấp", "Chi bộ trực thuộc", "Tên CB", "Tên chi bộ trực thuộc")


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
