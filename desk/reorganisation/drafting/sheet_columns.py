"""The columns of a list of mergers: an old hamlet in each row, or all old hamlets of a new one in one cell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, labels_of, whole_day
from cells.columns import commune_columns, decision_columns
from cells.kinds import KINDS_OF_LEVEL, Kind, Level, full_name
from cells.names import SHORT_WORDS, is_spelled_alike, words_of
from desk.reorganisation.drafting.rules import day_of_our_time
from sheets.cleaning import clean
from sheets.dates import PartialDate
from sheets.headwords import without_marks
from sheets.text import fold, nfc, says_nothing
from sheets.writing import Column

_OLD_HEADS = (
    "Ấp, khóm cũ",
    "Ấp cũ",
    "Khóm cũ",
    "Thôn cũ",
    "Tổ dân phố cũ",
    "Khu phố cũ",
    "Thôn, tổ dân phố cũ",
    "Ấp, khóm sáp nhập",
    "Ấp, khóm, tổ dân phố sáp nhập",
    "Thôn, tổ dân phố sáp nhập",
    "Các ấp, khóm sáp nhập",
    "Các thôn, tổ dân phố sáp nhập",
    "Tên cũ",
    "Trước sắp xếp",
    "Trước khi sắp xếp",
    "Thôn, tổ dân phố trước sắp xếp",
    *(
        f"{above} / {below}"
        for above in ("Trước sắp xếp", "Trước khi sắp xếp", "Trước sáp nhập", "Hiện trạng")
        for below in ("Tên", "Tên ấp", "Tên ấp, khóm", "Ấp, khóm", "Tên thôn, tổ dân phố", "Thôn, tổ dân phố")
    ),
)
_NEW_HEADS = (
    "Ấp, khóm mới",
    "Ấp mới",
    "Khóm mới",
    "Thôn mới",
    "Tổ dân phố mới",
    "Khu phố mới",
    "Thôn, tổ dân phố mới",
    "Tên ấp mới",
    "Tên ấp, khóm mới",
    "Tên thôn mới",
    "Tên thôn, tổ dân phố mới",
    "Sau sắp xếp",
    "Sau khi sắp xếp",
    "Thôn, tổ dân phố sau sắp xếp",
    *(
        f"{above} / {below}"
        for above in ("Sau sắp xếp", "Sau khi sắp xếp", "Sau sáp nhập", "Phương án sắp xếp")
        for below in (
            "Tên",
            "Tên mới",
            "Tên ấp",
            "Tên ấp, khóm",
            "Ấp, khóm",
            "Tên thôn, tổ dân phố",
            "Thôn, tổ dân phố",
        )
    ),
)
# What else papers write over the columns that many lists share.
_MORE_HEADS = {
    "commune": ("Xã cũ", "Xã, phường cũ"),
    "decision_number": (
        "Số văn bản",
        "Số nghị quyết",
        "Nghị quyết số",
        "Số nghị quyết, quyết định",
        "Văn bản / Số",
        "Nghị quyết / Số",
    ),
    "decision_day": (
        "Ngày ban hành",
        "Ngày nghị quyết",
        "Ngày văn bản",
        "Văn bản / Ngày",
        "Văn bản / Ngày ký",
        "Nghị quyết / Ngày",
    ),
    "decision_body": ("Cơ quan", "Văn bản / Cơ quan ban hành", "Nghị quyết / Cơ quan ban hành"),
}
_SHORT_KINDS = {kind: SHORT_WORDS[fold(Kind(kind).label)] for kind in KINDS_OF_LEVEL[Level.HAMLET]}
_SEPARATORS = re.compile(r"[,;\n\r+]|(?<=\s)và(?=\s)|(?<=\s)&(?=\s)", re.IGNORECASE)


@dataclass(frozen=True)
class NamesColumn(SheetColumn):
    """A column whose cells hold several names: lines stay apart, for they part names."""

    def read(self, value):
        if not isinstance(value, str):
            return super().read(value)
        lines = [line for line in value.splitlines() if not says_nothing(line)]
        return "\n".join(clean(line, self.field) for line in lines) or None


def _our_day(value: PartialDate) -> date:
    return day_of_our_time(whole_day(value))


def _with_more_heads(columns: Iterable[SheetColumn]) -> list[SheetColumn]:
    return [
        replace(column, synonyms=(*column.synonyms, *_MORE_HEADS.get(column.key, ()))) for column in columns
    ]


COLUMNS = [
    *_with_more_heads(commune_columns()),
    NamesColumn("old", gettext_lazy("Old hamlets"), kind="text", synonyms=_OLD_HEADS, width=36),
    SheetColumn("new", gettext_lazy("New name"), kind="text", synonyms=_NEW_HEADS, width=26),
    choice_column(
        "kind",
        gettext_lazy("Kind"),
        labels_of([Kind(kind) for kind in KINDS_OF_LEVEL[Level.HAMLET]], _SHORT_KINDS),
        sentences={
            "not_a_choice": gettext_lazy("“%(value)s” is no kind of hamlet. Choose one of: %(choices)s.")
        },
        show=lambda kind: Kind(kind).label,
        synonyms=("Loại hình", "Loại đơn vị"),
        width=14,
    ),
    SheetColumn(
        "on",
        gettext_lazy("Effective day"),
        kind="date",
        then=_our_day,
        synonyms=(
            "Có hiệu lực từ",
            "Hiệu lực từ",
            "Hiệu lực từ ngày",
            "Ngày có hiệu lực",
            "Từ ngày",
            "Ngày thực hiện",
            "Ngày sáp nhập",
        ),
        width=16,
        shown_as="date",
    ),
    *_with_more_heads(decision_columns()),
]


def template_columns() -> list[Column]:
    """Return the columns of the form to fill in; a file made from it is always understood."""
    return [
        Column("number_of_row", "TT", 6),
        *(column.layout for column in COLUMNS if column.key != "commune_code"),
    ]


def parts_of(text: str) -> list[str]:
    """Part "Ấp 1, 2 và 3" into the names it lists."""
    return [part for part in map(nfc, _SEPARATORS.split(text)) if part]


def is_called(unit, kind: str, name: str) -> bool:
    """Say whether the unit is called so: the same words, marks forgotten or not, and the same kind."""
    mine, new = words_of(str(unit)), words_of(full_name(kind, name))
    return without_marks(mine) == without_marks(new) and is_spelled_alike(mine, new)
