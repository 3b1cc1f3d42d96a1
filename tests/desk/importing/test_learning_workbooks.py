"""Courses with who took part, and commendations, by workbook."""

from datetime import date

import pytest
from django.urls import reverse

from cells.models import LineKind
from leaders.learning.actions import add_participants, commend
from leaders.models import Commendation, Course, Participation
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.desk.reorganisation.acting import carry_out, event_of, line

COMMENDED = [
    *("Họ và tên", "Năm", "Hình thức khen thưởng", "Thành tích"),
    *("Số quyết định", "Ngày quyết định", "Cơ quan ban hành"),
]


@pytest.fixture
def people(commune):
    names = ("Nguyễn Văn Đức", "Lê Thị Hạnh")
    return [factories.person(keeper=commune, full_name=name) for name in names]


def came_back(client, user, name: str, *args) -> dict:
    """Return what the import desk says of an export that nobody has touched."""
    client.force_login(user)
    export = client.get(reverse(f"exporting:{name}", args=args))
    return check(hand_in(user, b"".join(export.streaming_content)), user)


def test_a_list_of_an_office_records_its_course_once(officer, province, commune, people):
    data = workbook(
        ["DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG"],
        ["TT", "Họ và tên", "Xã", "Hoàn thành khóa học", "Chứng chỉ"],
        [1, "Nguyễn Văn Đức", "Xã Phú Túc", "x", "Giỏi"],
        [2, "Lê Thị Hạnh", "Xã Phú Túc", "không", None],
    )
    batch = hand_in(officer, data, kind="participations")
    answer(batch, asked={"course": "Bồi dưỡng bí thư chi bộ", "starts_on": "05/05/2025", "held_for": "86"})
    assert told(check(batch, officer)) == {}

    write(batch, officer)

    course = Course.objects.get()
    assert (course.unit, course.name, course.starts_on) == (
        province,
        "Bồi dưỡng bí thư chi bộ",
        date(2025, 5, 5),
    )
    assert dict(course.participations.values_list("person__full_name", "completed")) == {
        "Nguyễn Văn Đức": True,
        "Lê Thị Hạnh": False,
    }


def test_participants_taken_out_come_in_without_a_difference(client, officer, commune, people):
    course = Course.objects.create(
        unit=commune, name="Lớp xã", starts_on=date(2025, 5, 5), organiser="Trung tâm chính trị"
    )
    add_participants(course, people, completed=True)
    client.force_login(officer)
    export = client.get(reverse("exporting:participants", args=[course.pk]))

    batch = hand_in(officer, b"".join(export.streaming_content))
    result = check(batch, officer)

    assert batch.kind == "participations"
    assert told(result) == {}
    assert {row["outcome"] for row in result["rows"]} == {"skip"}


def test_a_clerk_takes_in_no_course_of_the_province(clerk, province, people):
    data = workbook(
        ["Đơn vị mở lớp", "Lớp bồi dưỡng", "Ngày khai giảng", "Họ và tên", "Hoàn thành khóa học"],
        [str(province), "Lớp tỉnh", "05/05/2025", "Nguyễn Văn Đức", "x"],
    )

    assert told(check(hand_in(clerk, data, kind="participations"), clerk))


@pytest.fixture
def seated_here(commune, neighbour):
    """Somebody whose record the neighbour keeps holds a seat in the commune."""
    person = factories.person(keeper=neighbour, full_name="Trần Thị Bảy")
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune)), person=person)
    return person


def test_what_others_keep_of_a_course_is_repeated_by_a_file(client, clerk, province, people, seated_here):
    course = Course.objects.create(unit=province, name="Lớp tỉnh", starts_on=date(2025, 5, 5))
    add_participants(course, [*people, seated_here], completed=True)

    result = came_back(client, clerk, "participants", course.pk)

    assert told(result) == {}
    assert [row["outcome"] for row in result["rows"]] == ["skip"] * 3


def test_a_file_asks_nothing_new_of_a_course_or_a_person_that_others_keep(
    clerk, province, commune, people, seated_here
):
    theirs = Course.objects.create(unit=province, name="Lớp tỉnh", starts_on=date(2025, 5, 5))
    own = Course.objects.create(unit=commune, name="Lớp xã", starts_on=date(2025, 6, 5))
    add_participants(theirs, people[:1], completed=True)
    add_participants(own, [seated_here], completed=True)
    data = workbook(
        ["Đơn vị mở lớp", "Lớp bồi dưỡng", "Ngày khai giảng", "Họ và tên", "Hoàn thành khóa học"],
        [str(province), "Lớp tỉnh", "05/05/2025", f"N{people[0].pk}", "không"],
        [str(province), "Lớp tỉnh", "05/05/2025", f"N{people[1].pk}", "x"],
        [str(commune), "Lớp xã", "05/06/2025", f"N{seated_here.pk}", "không"],
    )

    faults = told(check(hand_in(clerk, data, kind="participations"), clerk))

    assert ["Lớp này do cơ quan khác quản lý" in faults[row][0] for row in (2, 3)] == [True, True]
    assert "phạm vi" in faults[4][0]
    assert dict(Participation.objects.values_list("person", "completed")) == {
        people[0].pk: True,
        seated_here.pk: True,
    }


def test_the_course_of_a_former_commune_is_kept_by_its_heir(
    client, officer, clerk, province, commune, neighbour
):
    person = factories.person(keeper=neighbour, full_name="Nguyễn Văn Đức")
    course = Course.objects.create(unit=neighbour, name="Lớp xã", starts_on=date(2025, 5, 5))
    add_participants(course, [person], completed=True)
    event = event_of(province, title="Sáp nhập xã")
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune)
    carry_out(event)

    for user in (officer, clerk):
        result = came_back(client, user, "participants", course.pk)
        assert told(result) == {}
        assert {row["outcome"] for row in result["rows"]} == {"skip"}
    client.force_login(clerk)
    assert client.get(reverse("learning:course_edit", args=[course.pk])).status_code == 200
    data = workbook(
        ["Đơn vị mở lớp", "Lớp bồi dưỡng", "Ngày khai giảng", "Họ và tên", "Hoàn thành khóa học"],
        [str(neighbour), "Lớp xã", "05/05/2025", f"N{person.pk}", "không"],
    )
    batch = hand_in(clerk, data, kind="participations")
    assert told(check(batch, clerk)) == {}
    write(batch, clerk)
    assert Participation.objects.get().completed is False
    assert Course.objects.get() == course


@pytest.fixture
def course_of_a_namesake(province, commune, people):
    """Another commune of the same name held a course."""
    namesake = factories.commune(parent=province, name=commune.name)
    return Course.objects.create(unit=namesake, name="Lớp xã", starts_on=date(2025, 5, 5))


def test_of_two_communes_of_one_name_it_is_asked_whose_course_it_is(
    officer, commune, people, course_of_a_namesake
):
    def file(held_for):
        return workbook(
            ["Đơn vị mở lớp", "Lớp bồi dưỡng", "Ngày khai giảng", "Họ và tên"],
            [held_for, "Lớp xã", "05/05/2025", f"N{people[0].pk}"],
        )

    asked = str(told(check(hand_in(officer, file(str(commune)), kind="participations"), officer)))
    assert all(unit.code in asked for unit in (commune, course_of_a_namesake.unit))

    for unit in (course_of_a_namesake.unit, commune):
        batch = hand_in(officer, file(unit.code), kind="participations")
        assert told(check(batch, officer)) == {}
        write(batch, officer)
        assert Participation.objects.latest("pk").course.unit == unit


def test_participants_of_a_course_of_two_communes_of_one_name_come_in_without_a_difference(
    client, officer, people, course_of_a_namesake
):
    add_participants(course_of_a_namesake, people, completed=True)

    result = came_back(client, officer, "participants", course_of_a_namesake.pk)

    assert told(result) == {}
    assert [row["outcome"] for row in result["rows"]] == ["skip"] * 2


def test_who_bears_a_name_of_several_is_asked(officer, commune, people):
    factories.person(keeper=commune, full_name="Nguyễn Văn Đức")
    data = workbook(
        ["Lớp bồi dưỡng", "Ngày khai giảng", "Xã", "Họ và tên", "Hoàn thành khóa học"],
        ["Lớp tỉnh", "05/05/2025", "Xã Phú Túc", "Nguyễn Văn Đức", "x"],
    )
    batch = hand_in(officer, data, kind="participations")
    answer(batch, asked={"held_for": "86"})

    faults = told(check(batch, officer))

    assert "Có nhiều đồng chí" in faults[2][0] or "N" in faults[2][0]
    assert not Participation.objects.exists()


def test_commendations_of_an_office_are_taken_in(officer, province, commune, people):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="1"))
    data = workbook(
        ["DANH SÁCH KHEN THƯỞNG NĂM 2025"],
        [
            "TT",
            "Xã",
            "Họ và tên",
            "Chi bộ",
            "Hình thức khen thưởng",
            "Thành tích",
            "Số quyết định",
            "Ngày quyết định",
            "Cơ quan ban hành",
        ],
        [
            1,
            "Xã Phú Túc",
            "Nguyễn Văn Đức",
            None,
            "Giấy khen",
            "Xuất sắc",
            "9-QĐ/TU",
            "05/01/2026",
            "Tỉnh ủy",
        ],
        [2, "Xã Phú Túc", None, "Chi bộ ấp 1", "Bằng khen", "Xuất sắc", "9-QĐ/TU", "05/01/2026", "Tỉnh ủy"],
        [3, "Xã Phú Túc", "Lê Thị Hạnh", None, "Huy hiệu", "Xuất sắc", "9-QĐ/TU", "05/01/2026", "Tỉnh ủy"],
    )
    batch = hand_in(officer, data, kind="commendations")
    answer(batch, asked={"year": "2025"})
    assert told(check(batch, officer)) == {}

    write(batch, officer)

    assert set(Commendation.objects.values_list("person", "cell", "form")) == {
        (people[0].pk, None, "paper"),
        (None, cell.pk, "diploma"),
        (people[1].pk, None, "badge"),
    }
    assert {one.decision.unit for one in Commendation.objects.all()} == {province}


def test_what_is_recorded_is_changed_by_its_row_alone(officer, commune, people):
    decision = factories.decision(
        number="9-QĐ/TU", date=date(2026, 1, 5), issuing_body="Tỉnh ủy", unit=commune.province
    )
    commend([Commendation(person=people[0], year=2025, form="paper", merit="Cũ", decision=decision)])
    data = workbook(
        ["Xã", *COMMENDED],
        ["Xã Phú Túc", "Nguyễn Văn Đức", 2025, "Giấy khen", "Mới", "9-QĐ/TU", "05/01/2026", "Tỉnh ủy"],
    )
    batch = hand_in(officer, data, kind="commendations")
    assert told(check(batch, officer)) == {}

    write(batch, officer)

    assert Commendation.objects.get().merit == "Mới"


def test_commendations_of_people_kept_elsewhere_come_back_without_a_difference(
    client, clerk, neighbour, seated_here
):
    paper = factories.decision(
        number="9-QĐ/ĐU", date=date(2026, 1, 5), issuing_body="Đảng ủy xã", unit=neighbour
    )
    commend([Commendation(person=seated_here, year=2025, form="paper", merit="Xuất sắc", decision=paper)])

    result = came_back(client, clerk, "commendations")

    assert told(result) == {}
    assert [row["outcome"] for row in result["rows"]] == ["skip"]


def test_nobody_is_commended_by_a_file_of_those_who_do_not_keep_the_record(clerk, seated_here):
    data = workbook(
        COMMENDED,
        [
            f"N{seated_here.pk}",
            2025,
            "Giấy khen",
            "Xuất sắc",
            "9-QĐ/ĐU",
            "05/01/2026",
            "Đảng ủy xã Phú Túc",
        ],
    )

    faults = told(check(hand_in(clerk, data, kind="commendations"), clerk))

    assert any("phạm vi" in said for said in faults[2])


@pytest.mark.parametrize("by_province", [True, False])
@pytest.mark.parametrize(("merit", "is_refused"), [("Cũ", False), ("Mới", True)])
def test_what_others_gave_is_repeated_by_a_file_and_not_changed(
    clerk, province, people, merit, is_refused, by_province
):
    """The clerk sees no paper of the province; it is found by its words all the same, and not made anew."""
    paper = factories.decision(
        number="9-QĐ/TW",
        date=date(2026, 1, 5),
        issuing_body="Ban Bí thư",
        unit=province if by_province else None,
    )
    commend([Commendation(person=people[0], year=2025, form="paper", merit="Cũ", decision=paper)])
    data = workbook(
        ["Xã", *COMMENDED],
        ["Xã Phú Túc", "Nguyễn Văn Đức", 2025, "Giấy khen", merit, "9-QĐ/TW", "05/01/2026", "Ban Bí thư"],
    )

    result = check(hand_in(clerk, data, kind="commendations"), clerk)

    assert ("file không sửa được" in str(told(result))) is is_refused
    assert is_refused or {row["outcome"] for row in result["rows"]} == {"skip"}
    assert Commendation.objects.get().merit == "Cũ"
