"""Hamlets and their cells, with the counts that offices keep in the same list; and the counts alone."""

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn
from accounts.resources import REVISION
from cells.kinds import KINDS_OF_LEVEL, Level, head_title
from cells.names import written_out
from cells.resources import HamletResource, HouseholdCountResource, MemberCountResource
from desk.importing.guesses import commune_of, day_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from desk.reorganisation.wording import kind_and_name


def _keys(resource) -> tuple[str, ...]:
    return tuple(column.key for column in resource.columns)


PLACES = _keys(HamletResource)
HOUSEHOLDS = tuple(column.key for column in HouseholdCountResource.columns if column.kind == "count")
MEMBERS = tuple(column.key for column in MemberCountResource.columns if column.kind == "count")
COUNTS = (*HOUSEHOLDS, *MEMBERS)
_OF_COUNTS = {
    c.key: c for resource in (HouseholdCountResource, MemberCountResource) for c in resource.columns
}
_SHARED = ("day", *COUNTS)


def _counts(*keys: str) -> tuple[SheetColumn, ...]:
    return tuple(_OF_COUNTS[key] for key in keys)


# What our own lists show beside, for reading only; the head's title follows the kinds of the reader's hamlets.
_THEN = (
    "Xã, phường tại thời điểm đó",
    "Thôn, tổ dân phố tại thời điểm đó",
    "Chi bộ tại thời điểm đó",
)
_SEATS = (
    "Bí thư chi bộ",
    "Trưởng thôn, tổ dân phố",
    *(head_title(kind) for kind in KINDS_OF_LEVEL[Level.HAMLET]),
    "Lâm thời",
    "Trưởng Ban công tác Mặt trận",
    "Giữ chức từ ngày",
    "Cán bộ theo dõi – từ ngày",
)


def _is_counted(row: Row) -> bool:
    return any(row[key] is not None for key in COUNTS)


# --- hamlets and cells ----------------------------------------------------------------


def _place(row: Row) -> list[dict]:
    values = row.only(*PLACES, REVISION.key, "day", "now_in")
    if "name" in values and "kind" not in values and "code" not in values:
        kind, name = kind_and_name(values["name"])
        values |= {"kind": kind, "name": name} if kind else {}
    if "cell" in values:
        values["cell"] = written_out(values["cell"])
    return [values]


def _households(row: Row) -> list[dict]:
    counts = row.only(*HOUSEHOLDS)
    if not counts:
        return []
    hamlet = {"hamlet_code": row["code"], "hamlet": row["name"]}
    return [counts | row.only("day", "commune_code", "commune") | {k: v for k, v in hamlet.items() if v}]


def _members(row: Row) -> list[dict]:
    counts = row.only(*MEMBERS)
    return [counts | row.only("day", "commune_code", "commune", "cell_code", "cell")] if counts else []


_AT = {"hamlet": "name", "hamlet_code": "code"}

HAMLETS = ImportForm(
    key="hamlets",
    label=gettext_lazy("Hamlets with their cells"),
    columns=(
        *HamletResource.columns,
        SheetColumn(
            "now_in",
            gettext_lazy("Today in commune"),
            kind="text",
            synonyms=("Nay thuộc xã", "Xã hiện nay", "Nay là xã"),
            width=24,
        ),
        *_counts(*_SHARED),
    ),
    parts=(
        Part(HamletResource, _place),
        Part(HouseholdCountResource, _households, at=_AT),
        Part(MemberCountResource, _members),
    ),
    permission="cells.add_unit",
    asks=(
        Ask("commune", commune_of, unless=("commune_code", "code")),
        Ask(
            "day",
            day_of,
            concerns=_is_counted,
            help_text=gettext_lazy("The day of the list: its places and numbers are those of that day."),
        ),
    ),
    needs=(("name", "code"),),
    passed_over=("Ghi chú", *_SEATS, *_THEN, "Số hộ đã ghi nhận"),
    titles=(
        "danh sách chi bộ",
        "danh sách ấp",
        "danh sách thôn",
        "danh sách khu phố",
        "danh sách khóm",
        "danh sách tổ dân phố",
    ),
)


# --- counts alone ---------------------------------------------------------------------


def _member_lines(row: Row) -> list[dict]:
    counts = row.only(*MEMBERS)
    place = row.only("day", "commune_code", "commune", "cell_code", "cell", REVISION.key)
    if "cell" not in place and "cell_code" not in place:
        # A list by hamlets means their cells.
        place |= {"cell": row["hamlet"]} if row["hamlet"] else {}
    return [counts | place] if counts else []


def _household_lines(row: Row) -> list[dict]:
    counts = row.only(*HOUSEHOLDS)
    place = row.only("day", "commune_code", "commune", "hamlet_code", "hamlet", REVISION.key)
    return [counts | place] if counts else []


COUNT_FORM = ImportForm(
    key="counts",
    label=gettext_lazy("Members of cells, households of hamlets"),
    columns=(
        *_counts("day", "commune_code", "commune", "hamlet_code", "hamlet", "cell_code", "cell"),
        *_counts(*COUNTS),
    ),
    parts=(Part(HouseholdCountResource, _household_lines), Part(MemberCountResource, _member_lines)),
    permission="cells.add_membercount",
    own_lists=(MemberCountResource,),
    asks=(
        Ask("commune", commune_of, unless=("commune_code", "cell_code", "hamlet_code")),
        Ask("day", day_of, concerns=_is_counted),
    ),
    needs=(("hamlet", "hamlet_code", "cell", "cell_code"), COUNTS),
    passed_over=(
        "Ghi chú",
        *_SEATS,
        *_THEN,
        "Loại hình chi bộ",
        "Phụ trách địa bàn",
        "Ngày cuối cùng",
        "Danh hiệu",
    ),
    titles=("số lượng đảng viên", "thống kê đảng viên", "số hộ", "tình hình đảng viên", "hộ nghèo"),
)
