"""People with their tenures: the list that offices call trích ngang, one row for one person with one or two seats."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import choice_column, labels_of, partial_date_column
from accounts.resources import REVISION
from accounts.sheet_lines import Fault
from desk.importing.guesses import commune_of, day_of, term_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from leaders.columns import OTHER_TITLES
from leaders.models import HAMLET_OFFICES, PARTY_OFFICES, Gender, MembershipStatus
from leaders.resources import PersonResource

_BY_KEY = {column.key: column for column in PersonResource.columns}
_PERSON = (
    "person",
    "full_name",
    "gender",
    "born",
    "education",
    "profession",
    "theory_level",
    "membership",
    "admitted",
    "official",
    "phone",
    "keeper_code",
    "keeper",
)
_ROW = (*_PERSON, REVISION.key)
_TENURE = (
    "tenure",
    "office",
    "cell_code",
    "cell",
    "hamlet_code",
    "hamlet",
    "starts_on",
    "seen_on",
    "ends_on",
    "is_extended",
    "way_in",
    "way_out",
    "term",
    "decision_number",
    "decision_day",
    "decision_body",
)
_BORN_HEADS = (
    "Ngày, tháng, năm sinh",
    "Ngày tháng năm sinh",
    "Ngày sinh",
    "Năm sinh",
    "Ngày, tháng, năm, sinh",
)


def _seat_column(key: str, heading: str, offices, *synonyms: str):
    return choice_column(
        key,
        heading,
        labels_of(offices, OTHER_TITLES),
        synonyms=synonyms,
        show=lambda value: value,
    )


# Seats of a row in two columns, and birth dates in one for men and one for women: habits of the paper alone.
_PAPER_ONLY = (
    _seat_column(
        "party_office", "Chức vụ Đảng", PARTY_OFFICES, "Chức vụ trong Đảng", "Chức vụ / Đảng", "CV Đảng"
    ),
    _seat_column(
        "hamlet_office",
        "Chức vụ chính quyền",
        HAMLET_OFFICES,
        "Chức vụ / Chính quyền",
        "CV chính quyền",
        "Chức danh ở ấp",
    ),
    partial_date_column(
        "born_male", f"{_BORN_HEADS[0]} / Nam", synonyms=tuple(f"{h} / Nam" for h in _BORN_HEADS[1:])
    ),
    partial_date_column(
        "born_female", f"{_BORN_HEADS[0]} / Nữ", synonyms=tuple(f"{h} / Nữ" for h in _BORN_HEADS[1:])
    ),
)


def _seats(row: Row) -> list:
    seats = [row[key] for key in ("office", "party_office", "hamlet_office") if row[key] is not None]
    return list(dict.fromkeys(seats))


def _holds_a_seat(row: Row) -> bool:
    return bool(_seats(row)) and row["tenure"] is None


def _lines(row: Row) -> list[dict]:
    """Return a line for each seat of the person, or one for a person without any."""
    person = row.only(*_ROW) | _told_by_columns(row)
    seats = _seats(row)
    if not seats:
        return [person | row.only(*_TENURE)]
    return [person | _tenure(row, office) for office in seats]


def _refuse_two_birth_dates(row: Row) -> None:
    if row["born_male"] is not None and row["born_female"] is not None:
        row.faults["born_female"] = Fault(
            _("A birth date stands both in the column of men and in that of women. Leave one of the two.")
        )


def _told_by_columns(row: Row) -> dict:
    """Return what the column says in which a birth date stands, and what an office in the Party says."""
    told = {}
    for key, gender in (("born_male", Gender.MALE), ("born_female", Gender.FEMALE)):
        if row[key] is not None:
            told |= {"born": row[key], "gender": gender}
    if row["party_office"] is not None and row["membership"] is None:
        told["membership"] = MembershipStatus.YES
    return told


def _tenure(row: Row, office) -> dict:
    said = row.only(*_TENURE) | {"office": office}
    if office not in PARTY_OFFICES:
        return {key: value for key, value in said.items() if key not in ("cell", "cell_code")}
    # A paper that names the hamlet alone means its cell.
    cell = said.get("cell") or (None if said.get("cell_code") else said.get("hamlet"))
    party = {key: value for key, value in said.items() if key not in ("hamlet", "hamlet_code")}
    return party | ({"cell": cell} if cell else {})


PEOPLE = ImportForm(
    key="people",
    label=gettext_lazy("People with their tenures"),
    columns=(
        *(replace(_BY_KEY[key]) for key in (*_PERSON, *_TENURE)),
        *_PAPER_ONLY,
    ),
    parts=(
        Part(PersonResource, _lines, at={"office": "party_office", "born": "born_male", "cell": "hamlet"}),
    ),
    permission="leaders.add_person",
    asks=(
        Ask("keeper", commune_of, unless=("keeper_code", "person")),
        Ask(
            "starts_on",
            unless=("seen_on",),
            concerns=_holds_a_seat,
            is_optional=True,
            help_text=gettext_lazy(
                "The day since which all of them hold their seats. Leave it empty if it is not known."
            ),
        ),
        Ask(
            "seen_on",
            day_of,
            unless=("starts_on",),
            concerns=_holds_a_seat,
            help_text=gettext_lazy(
                "Without a first day: the day on which the list says they held their seats."
            ),
        ),
        Ask("term", term_of, concerns=_holds_a_seat, is_optional=True),
    ),
    needs=(("full_name", "person"),),
    passed_over=("Ghi chú", "Chức vụ tại thời điểm đó", "Tính cho xã, phường", "Các năm", "Quyết định"),
    commune_key="keeper",
    look_over=_refuse_two_birth_dates,
    titles=("trích ngang", "danh sách bí thư", "danh sách trưởng ấp", "danh sách cán bộ"),
)
