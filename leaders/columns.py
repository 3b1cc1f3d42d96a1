"""The columns of the list of people with their tenures."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import (
    SheetColumn,
    choice_column,
    code_column,
    day_column,
    labels_of,
    partial_date_column,
    yes_column,
)
from cells.columns import CELL_HEADS, COMMUNE_HEADS, HAMLET_HEADS, decision_columns
from cells.kinds import KINDS_OF_LEVEL, Level, deputy_head_title, head_title
from leaders.models import Gender, MembershipStatus, Office, TheoryLevel, WayIn, WayOut
from leaders.models.terms import validate_term


def _titles(title_of) -> tuple[str, ...]:
    return tuple(title_of(kind) for kind in KINDS_OF_LEVEL[Level.HAMLET])


# As offices write them; the head's title follows the kind of the hamlet.
OTHER_TITLES = {
    Office.SECRETARY: ("BTCB", "Bí thư", "BT", "BT chi bộ", "Bí thư CB"),
    Office.DEPUTY_SECRETARY: ("PBTCB", "Phó bí thư", "PBT", "PBT chi bộ", "Phó bí thư CB"),
    Office.COMMITTEE_MEMBER: ("Chi ủy viên", "CUV"),
    Office.HAMLET_HEAD: (*_titles(head_title), "Tổ trưởng TDP", "Trưởng KP", "Tổ trưởng"),
    Office.DEPUTY_HEAD: (
        *_titles(deputy_head_title),
        "Tổ phó TDP",
        "Phó trưởng KP",
        "Phó ấp",
        "Phó thôn",
        "Tổ phó",
    ),
    Office.FRONT_HEAD: ("Trưởng Ban CTMT", "Trưởng ban công tác Mặt trận", "TBCTMT", "Trưởng Ban CTMT ấp"),
}
OTHER_WORDS = {
    Gender.MALE: ("M",),
    MembershipStatus.YES: ("x", "có"),
    MembershipStatus.NO: ("không",),
}


def _choice(key: str, header: str, choices, others=None, **options) -> SheetColumn:
    return choice_column(
        key,
        header,
        labels_of(choices, others or {}),
        show=lambda value: str(choices(value).label) if value else "",
        **options,
    )


def _numbered(prefix: str) -> Callable[[object], int]:
    """Return a reader of our own record numbers, such as N12."""

    def read(value) -> int:
        found = re.fullmatch(rf"{prefix}?([0-9]{{1,15}})", str(value).strip().upper())
        if not found:
            raise ValidationError(
                _("“%(value)s” is no record number. Leave it as it was exported, or empty.")
                % {"value": value}
            )
        return int(found[1])

    return read


PERSON_NUMBER = re.compile(r"N([0-9]{1,15})", re.IGNORECASE)


class NameColumn(SheetColumn):
    """The name of a person; the number of a record may stand in its place where a name is borne by several."""

    def read(self, value):
        if isinstance(value, str) and PERSON_NUMBER.fullmatch(value.strip()):
            return value.strip().upper()
        return super().read(value)


def number_column() -> SheetColumn:
    return SheetColumn(
        "person", gettext_lazy("Person no."), then=_numbered("N"), show=lambda key: f"N{key}", width=10
    )


def name_column(**options) -> SheetColumn:
    return NameColumn(
        "full_name",
        gettext_lazy("Full name"),
        kind="person",
        synonyms=("Họ tên", "Họ & tên", "Họ và tên đảng viên", "Tên"),
        width=26,
        **options,
    )


def born_column() -> SheetColumn:
    return partial_date_column(
        "born",
        gettext_lazy("Birth date"),
        names=("born_on",),
        synonyms=("Năm sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Sinh ngày"),
    )


def person_columns() -> list[SheetColumn]:
    """Return the columns by which a row names a person whose record is there."""
    return [number_column(), name_column(), born_column()]


def office_column() -> SheetColumn:
    return _choice("office", gettext_lazy("Office"), Office, OTHER_TITLES, synonyms=("Chức danh",), width=22)


def _term(years: tuple[int, int]) -> str:
    term = f"{years[0]}-{years[1]}"
    validate_term(term)
    return term


def term_column() -> SheetColumn:
    return SheetColumn("term", gettext_lazy("Term"), kind="years", then=_term, synonyms=("NK",), width=12)


PERSON_COLUMNS = [
    number_column(),
    name_column(required=True),
    _choice("gender", gettext_lazy("Gender"), Gender, OTHER_WORDS, synonyms=("Nam/Nữ", "Nam, nữ"), width=8),
    born_column(),
    SheetColumn(
        "education",
        gettext_lazy("General education"),
        kind="text",
        synonyms=("Trình độ / Văn hóa", "Trình độ / Học vấn", "Trình độ văn hóa", "Văn hóa", "Học vấn"),
    ),
    SheetColumn(
        "profession",
        gettext_lazy("Professional education"),
        kind="text",
        synonyms=(
            "Trình độ / Chuyên môn",
            "Trình độ / Chuyên môn nghiệp vụ",
            "Trình độ chuyên môn",
            "Chuyên môn",
        ),
    ),
    _choice(
        "theory_level",
        gettext_lazy("Political theory"),
        TheoryLevel,
        synonyms=("Trình độ / LLCT", "Trình độ / Lý luận chính trị", "LLCT", "Trình độ lý luận chính trị"),
    ),
    _choice("membership", gettext_lazy("Party member"), MembershipStatus, OTHER_WORDS),
    partial_date_column(
        "admitted",
        gettext_lazy("Admitted to the Party"),
        names=("admitted_on",),
        synonyms=("Ngày vào Đảng", "Ngày kết nạp", "Vào Đảng", "Ngày kết nạp Đảng", "Ngày vào Đảng / Dự bị"),
    ),
    partial_date_column(
        "official",
        gettext_lazy("Official member since"),
        names=("official_on",),
        synonyms=("Ngày chính thức", "Chính thức", "Ngày vào Đảng / Chính thức", "Ngày vào Đảng chính thức"),
    ),
    SheetColumn(
        "phone", gettext_lazy("Telephone"), kind="phone", synonyms=("Số điện thoại", "SĐT", "ĐT", "Di động")
    ),
    code_column("keeper_code", gettext_lazy("Commune code"), width=10, synonyms=("Mã ĐVHC", "Mã đơn vị")),
    SheetColumn("keeper", gettext_lazy("Commune"), kind="text", synonyms=COMMUNE_HEADS, width=24),
]
TENURE_COLUMNS = [
    SheetColumn(
        "tenure", gettext_lazy("Tenure no."), then=_numbered("K"), show=lambda key: f"K{key}", width=10
    ),
    office_column(),
    code_column("cell_code", gettext_lazy("Cell code")),
    SheetColumn("cell", gettext_lazy("Party cell"), kind="text", synonyms=CELL_HEADS, width=28),
    code_column("hamlet_code", gettext_lazy("Hamlet code")),
    SheetColumn("hamlet", gettext_lazy("Hamlet"), kind="text", synonyms=HAMLET_HEADS, width=24),
    day_column("starts_on", gettext_lazy("In office from")),
    day_column("seen_on", gettext_lazy("Seen in office on")),
    day_column("ends_on", gettext_lazy("In office until")),
    yes_column("is_extended", gettext_lazy("Term extended")),
    _choice("way_in", gettext_lazy("Way in"), WayIn),
    _choice("way_out", gettext_lazy("Way out"), WayOut),
    SheetColumn("term", gettext_lazy("Term"), synonyms=("NK",), width=12),
    *decision_columns(),
]
