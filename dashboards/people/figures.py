"""The words of the record on paper. What the reader may not see is said to be so, and stands in no field."""

from datetime import date

from django.conf import settings
from django.template.defaultfilters import date as date_text

from cells.kinds import Level
from dashboards.letterhead import head_of, office_of
from dashboards.papers.asking import undated
from dashboards.people.record import PersonRecord
from dashboards.rows import PersonRow
from evaluations.models import LeaderRating
from leaders.models import HAMLET_OFFICES, PARTY_OFFICES, MembershipStatus, Person, Tenure
from sheets.text import lower_first

MASKED = "không hiển thị theo phân quyền"
MASKED_IN_LIST = (
    "Một số ngày sinh, điện thoại, thông tin đảng viên không hiển thị theo phân quyền của người in."
)
_NOT_KNOWN = "……"
_MEMBER = {MembershipStatus.YES: "có", MembershipStatus.NO: "không", MembershipStatus.UNKNOWN: "chưa rõ"}


def record_figures(record: PersonRecord) -> dict:
    """Return the fields of the record of one person."""
    return {
        **paper_head(record.user, record.day),
        "ho_ten": str(record.person),
        "ly_lich": _facts(record),
        "chuc_vu": [_tenure(seat) for seat in reversed(record.tenures)],
        "xep_loai": [_rating(one) for one in record.ratings if one.decided_level or one.not_subject_reason],
        "danh_hieu": [
            {
                "tu_ngay": _day(one.starts_on),
                "den_ngay": _day(one.ends_on) or "nay",
                "danh_hieu": str(one.case.title),
                "chi_bo": str(one.case.cell),
            }
            for one in record.led_titles
        ],
        "boi_duong": [
            {
                "thoi_gian": "–".join(filter(None, (_day(one.course.starts_on), _day(one.course.ends_on)))),
                "lop": one.course.name,
                "ket_qua": one.result or ("hoàn thành" if one.completed else ""),
            }
            for one in record.participations
        ],
        "khen_thuong": [
            {
                "nam": str(one.year),
                "hinh_thuc": str(one.get_form_display()),
                "thanh_tich": one.merit,
                "quyet_dinh": str(one.decision),
            }
            for one in record.commendations
        ],
        "ghi_chu": [],
    }


def people_figures(rows: list[PersonRow], *, user, day: date, of: str) -> dict:
    """Return the fields of a list of people; ``of`` says whose list it is."""
    return {
        **paper_head(user, day),
        "doi_tuong": of,
        "cac_dong": [{"tt": number, **_line(row)} for number, row in enumerate(rows, 1)],
        "ghi_chu": [] if all(row.shows_private for row in rows) else [MASKED_IN_LIST],
    }


def paper_head(user, day: date) -> dict:
    """Return who writes, where, and who signs: the office of the reader."""
    unit = office_of(user)
    head = head_of(unit)
    is_province = unit is not None and unit.level == Level.PROVINCE
    return {
        "co_quan_tren": head.above,
        "co_quan": head.office,
        "dia_danh_ngay": undated(head.place, day).removeprefix(", "),
        "ngay_so_lieu": _day(day),
        "ky_tren": "K/T TRƯỞNG BAN" if is_province else "TRƯỞNG BAN",
        "ky_duoi": "PHÓ TRƯỞNG BAN" if is_province else "",
        "du_thao": "",
        "bieu_so": "",
    }


def _facts(record: PersonRecord) -> list[str]:
    """Return the lines of the record, numbered."""
    row, person = record.row, record.person
    private = _private(row)
    running = [seat for seat in record.seats if seat.known_days[0] <= record.day]
    seats = [_where(seat) for seat in sorted(running, key=lambda seat: (seat.office, seat.pk))]
    facts = [
        ("Họ và tên", str(person)),
        *([("Từ trần ngày", _day(record.died_on))] if record.died_on else []),
        ("Giới tính", person.get_gender_display()),
        ("Ngày, tháng, năm sinh", private["ngay_sinh"]),
        *([("Dân tộc", private["dan_toc"])] if settings.KEEP_ETHNICITY else []),
        ("Chức vụ hiện nay", "; ".join(seats) or "không giữ chức vụ"),
        ("Là đảng viên", _MEMBER[person.membership]),
        ("Ngày vào Đảng", private["ngay_vao_dang"]),
        ("Ngày chính thức", private["ngay_chinh_thuc"]),
        *([("Ngày ra khỏi Đảng", private["ngay_ra_dang"])] if private["ngay_ra_dang"] else []),
        ("Trình độ văn hóa", private["van_hoa"]),
        ("Trình độ chuyên môn", private["chuyen_mon"]),
        ("Trình độ lý luận chính trị", private["ly_luan"]),
        ("Điện thoại", private["dien_thoai"]),
        ("Đơn vị quản lý hồ sơ", str(person.keeper)),
    ]
    hidden = "" if row.shows_private else MASKED
    said = (
        (label, value or (hidden if label in _PRIVATE_LABELS else "") or _NOT_KNOWN) for label, value in facts
    )
    return [f"{number}. {label}: {value}" for number, (label, value) in enumerate(said, 1)]


_PRIVATE_LABELS = frozenset(
    {
        "Ngày, tháng, năm sinh",
        "Dân tộc",
        "Ngày vào Đảng",
        "Ngày chính thức",
        "Trình độ văn hóa",
        "Trình độ chuyên môn",
        "Trình độ lý luận chính trị",
        "Điện thoại",
    }
)


def _private(row: PersonRow) -> dict:
    """Return what only the keeper and the province read, empty for others."""
    person = row.person if row.shows_private else Person()
    return {
        "ngay_sinh": str(person.born or ""),
        "dan_toc": person.ethnicity,
        "ngay_vao_dang": str(person.admitted or ""),
        "ngay_chinh_thuc": str(person.official or ""),
        "ngay_ra_dang": str(person.left or ""),
        "van_hoa": person.education,
        "chuyen_mon": person.profession,
        "ly_luan": str(person.get_theory_level_display()),
        "dien_thoai": person.phone,
    }


def _line(row: PersonRow) -> dict:
    return {
        "ho_ten": str(row.person),
        "gioi_tinh": str(row.person.get_gender_display()).capitalize(),
        **_private(row),
        "chuc_vu_dang": _seats(row, PARTY_OFFICES),
        "chuc_vu_thon": _seats(row, HAMLET_OFFICES),
        "ghi_chu_dong": str(row.person.keeper),
    }


def _seats(row: PersonRow, offices) -> str:
    return "; ".join(
        f"{seat.seat_name} (lâm thời)" if seat.is_interim else seat.seat_name
        for seat in row.seats
        if seat.office in offices
    )


def _where(seat: Tenure) -> str:
    """Return a seat by its name, outside the reader's scope with the commune: hamlets bear the same names."""
    commune = seat.body.commune
    return (
        seat.seat_name if seat.in_scope or not commune else f"{seat.seat_name} ({lower_first(str(commune))})"
    )


def _tenure(seat: Tenure) -> dict:
    first = _day(seat.starts_on) or (f"có mặt {_day(seat.seen_on)}" if seat.seen_on else _NOT_KNOWN)
    ways = (seat.get_way_in_display(), seat.get_way_out_display())
    return {
        "tu_ngay": first,
        "den_ngay": _day(seat.ends_on) or "nay",
        "chuc_vu": _where(seat),
        "nhiem_ky": seat.term,
        "hinh_thuc": "; ".join(filter(None, map(str, ways))),
        "quyet_dinh": str(seat.decision or ""),
    }


def _rating(one: LeaderRating) -> dict:
    return {
        "nam": str(one.year),
        "dien": str(one.get_basis_display()),
        "muc": str(
            one.get_decided_level_display() or f"không xếp loại: {one.get_not_subject_reason_display()}"
        ),
        "quyet_dinh": str(one.decision or ""),
    }


def _day(day: date | None) -> str:
    return date_text(day, "d/m/Y") if day else ""
