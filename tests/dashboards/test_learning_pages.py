"""Pages of training and commendations: courses and who took part, who never had one, what was given for what."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaders.learning.actions import add_participants, commend
from leaders.learning.pasting import MOST_LINES, chosen, find_pasted
from leaders.models import Commendation, Course, Office, Participation
from tests import factories


@pytest.fixture
def secretary(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="Quới Hòa"))
    person = factories.person(
        keeper=commune, full_name="Nguyễn Văn Đức", born_on=date(1970, 1, 1), born_on_precision="year"
    )
    factories.tenure(cell=cell, person=person)
    return person


@pytest.fixture
def course(province):
    return Course.objects.create(unit=province, name="Bồi dưỡng bí thư chi bộ", starts_on=date(2025, 5, 5))


def commended(person=None, cell=None, **fields) -> Commendation:
    fields = {
        "year": 2025,
        "form": "paper",
        "merit": "Thành tích",
        "decision": factories.decision(),
        **fields,
    }
    (made,) = commend([Commendation(person=person, cell=cell, **fields)])
    return made


# --- courses -----------------------------------------------------------------------------


def test_a_clerk_records_a_course_of_the_commune(client, clerk, commune):
    client.force_login(clerk)
    fields = {
        "unit": commune.pk,
        "name": "Nghiệp vụ công tác đảng",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-04",
        "organiser": "",
        "place": "",
        "note": "",
        "seen": "",
    }

    response = client.post(reverse("learning:course_new"), fields)

    one = Course.objects.get()
    assert response.url == reverse("learning:course", args=[one.pk])
    assert one.history.get().change_set.by == clerk


def test_a_clerk_opens_no_course_for_the_province(client, clerk, province):
    client.force_login(clerk)

    fields = {"unit": province.pk, "name": "X", "starts_on": "2026-03-02", "seen": ""}
    page = client.post(reverse("learning:course_new"), fields)

    assert page.status_code == 200
    assert not Course.objects.exists()


def test_a_course_ends_after_it_began(client, officer, course):
    client.force_login(officer)

    page = client.post(
        reverse("learning:course_edit", args=[course.pk]),
        {
            "name": course.name,
            "starts_on": "2025-05-05",
            "ends_on": "2025-05-01",
            "seen": str(course.history.get().history_id),
        },
    )

    assert "Ngày cuối trước ngày đầu" in page.content.decode()


def test_a_commune_sees_the_course_of_its_province_with_its_own_people_only(
    client, clerk, officer, course, secretary, neighbour
):
    other = factories.person(keeper=neighbour, full_name="Lê Thị Hạnh")
    add_participants(course, [secretary, other])
    client.force_login(clerk)

    page = client.get(reverse("learning:course", args=[course.pk])).content.decode()

    assert "Nguyễn Văn Đức" in page
    assert "Lê Thị Hạnh" not in page
    assert client.get(reverse("learning:courses")).context["page"].object_list[0].people == 1
    assert client.get(reverse("learning:tick", args=[course.pk])).status_code == 403


def test_participants_are_ticked_among_secretaries_and_heads(client, officer, course, secretary):
    client.force_login(officer)
    address = reverse("learning:tick", args=[course.pk])
    assert "Nguyễn Văn Đức" in client.get(address).content.decode()

    client.post(address, {"chon": [secretary.pk]})

    assert course.participations.get().person == secretary
    assert "Nguyễn Văn Đức" not in client.get(address).content.decode().partition("<main")[2]


def test_nobody_ticks_people_of_others(client, clerk, commune, neighbour):
    own = Course.objects.create(unit=commune, name="Lớp xã", starts_on=date(2025, 5, 5))
    foreign = factories.person(keeper=neighbour)
    client.force_login(clerk)

    client.post(reverse("learning:tick", args=[own.pk]), {"chon": [foreign.pk]})

    assert not Participation.objects.exists()


def test_results_are_entered_and_guarded(client, officer, course, secretary):
    (part,) = add_participants(course, [secretary])
    client.force_login(officer)
    address = reverse("learning:results", args=[course.pk])
    seen = client.get(address).context["seen"]

    client.post(address, {"seen": seen, f"p{part.pk}-completed": "1", f"p{part.pk}-result": "Giỏi"})
    part.refresh_from_db()
    assert (part.completed, part.result) == (True, "Giỏi")

    late = client.post(address, {"seen": seen, f"p{part.pk}-completed": "0", f"p{part.pk}-result": ""})
    part.refresh_from_db()
    assert part.completed
    assert (
        "sau khi trang được mở" in late.content.decode()
        or "đã thay đổi" in late.content.decode()
        or late.context["faults"]
    )

    now = client.get(address).context["seen"]
    client.post(address, {"seen": now, f"p{part.pk}-out": "1"})
    assert not Participation.objects.exists()


# --- a pasted list ------------------------------------------------------------------------


def test_a_pasted_list_finds_asks_and_leaves_out(client, officer, commune, course, secretary):
    twins = [
        factories.person(
            keeper=commune, full_name="Trần Thị Mai", born_on=date(year, 1, 1), born_on_precision="year"
        )
        for year in (1970, 1980)
    ]
    client.force_login(officer)
    address = reverse("learning:paste", args=[course.pk])
    names = "1. NGUYỄN VĂN ĐỨC\nTrần Thị Mai\nTrần Thị Mai\t1980\nPhạm Văn Không Có"

    page = client.post(address, {"names": names})
    assert page.context["counts"] == {"found": 2, "asked": 1, "unknown": 1}
    undecided = client.post(address, {"names": names, "confirmed": "1"})
    assert undecided.status_code == 200
    assert not Participation.objects.exists()
    client.post(address, {"names": names, "confirmed": "1", "dong-2": twins[0].pk})

    assert set(course.participations.values_list("person", flat=True)) == {
        secretary.pk,
        *(one.pk for one in twins),
    }


def test_a_name_with_another_year_of_birth_is_asked_about(client, officer, course, secretary):
    client.force_login(officer)

    page = client.post(reverse("learning:paste", args=[course.pk]), {"names": "Nguyễn Văn Đức 1971"})

    (line,) = page.context["found"]
    assert [key for key, _label in line.candidates] == [secretary.pk]
    assert "cùng tên, khác năm sinh" in page.content.decode()


def test_nobody_is_chosen_who_does_not_bear_the_name(client, officer, commune, course, secretary):
    for year in (1970, 1980):
        factories.person(
            keeper=commune, full_name="Trần Thị Mai", born_on=date(year, 1, 1), born_on_precision="year"
        )
    client.force_login(officer)

    client.post(
        reverse("learning:paste", args=[course.pk]),
        {"names": "Trần Thị Mai", "confirmed": "1", "dong-1": secretary.pk},
    )

    assert not Participation.objects.exists()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.text(max_size=30)
        | st.sampled_from(["Nguyễn Văn Đức", "nguyen van duc", "NGUYỄN VĂN ĐỨC, 1970", "N1"]),
        max_size=8,
    )
)
def test_every_pasted_line_is_found_asked_about_or_left_out(officer, secretary, lines):
    text = "\n".join(lines)

    found = find_pasted(text, officer)

    assert len(found) == sum(bool(one.text) for one in found)
    assert all((one.person is not None) + bool(one.candidates) + one.is_unknown == 1 for one in found)
    people, undecided = chosen(found, {})
    assert set(people) <= {secretary}
    assert not undecided


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Văn Đức", "nguyen van duc", "12) Nguyễn  Văn Đức", "Nguyễn Văn Đức;1970", "Nguyễn Văn Đức 1970"],
)
def test_a_name_is_found_however_it_is_typed(officer, secretary, text):
    (one,) = find_pasted(text, officer)

    assert one.person == secretary


def test_a_list_too_long_is_refused(client, officer, course):
    client.force_login(officer)

    page = client.post(reverse("learning:paste", args=[course.pk]), {"names": "A\n" * (MOST_LINES + 1)})

    assert "1001 dòng" in page.content.decode()


def test_finding_needs_the_same_queries_for_any_number_of_lines(
    officer, commune, django_assert_max_num_queries
):
    people = [factories.person(keeper=commune) for _ in range(30)]
    with django_assert_max_num_queries(3):
        found = find_pasted("\n".join(person.full_name for person in people), officer)

    assert all(one.person for one in found)


# --- who never had one --------------------------------------------------------------------


def test_only_a_completed_course_counts(client, officer, course, secretary, commune):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=factories.hamlet(parent=commune)).person
    former = factories.tenure(
        cell=factories.cell(of=factories.hamlet(parent=commune)),
        ends_on=date(2024, 1, 1),
        way_out="term_ended",
    )
    (part, _of_head) = add_participants(course, [secretary, head])
    client.force_login(officer)

    def listed(**query):
        return set(client.get(reverse("learning:never"), query).context["page"].object_list)

    assert listed() == {secretary, head}
    part.completed = True
    part.save()
    assert listed() == {head}
    assert listed(chuc_vu="bi-thu") == set()
    assert listed(tu_nam=2026) == {secretary, head}
    assert former.person not in listed()


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize("name", ["never", "courses", "commendations"])
def test_the_lists_need_the_same_queries_for_any_number(
    client, officer, commune, province, count, name, django_assert_max_num_queries
):
    for _ in range(count // 8):
        factories.commune(parent=province)
    for number, cell in enumerate(factories.many_cells(commune, count)):
        commended(cell=cell)
        Course.objects.create(unit=province, name=f"Lớp {number}", starts_on=date(2025, 5, 5))
    client.force_login(officer)

    with django_assert_max_num_queries(12):
        client.get(reverse(f"learning:{name}"))


# --- commendations ------------------------------------------------------------------------


def fields_of(**changed) -> dict:
    return {
        "form": "paper",
        "year": 2025,
        "merit": "Hoàn thành xuất sắc nhiệm vụ",
        "streak_years": "",
        "number": "12-QĐ/ĐU",
        "day": "2026-01-05",
        "body": "Đảng ủy xã Phú Túc",
        "signer": "",
        "seen": "",
        **changed,
    }


def test_a_commendation_is_recorded_with_its_decision(client, clerk, commune, secretary):
    client.force_login(clerk)

    client.post(f"{reverse('learning:commendation_new')}?nguoi={secretary.pk}", fields_of())

    one = Commendation.objects.get()
    assert (one.person, one.decision.number, one.decision.unit) == (secretary, "12-QĐ/ĐU", commune)
    assert (
        "Hoàn thành xuất sắc nhiệm vụ"
        in client.get(reverse("learning:commendation", args=[one.pk])).content.decode()
    )


def test_nobody_is_commended_twice_by_one_decision(client, clerk, secretary):
    client.force_login(clerk)
    address = f"{reverse('learning:commendation_new')}?nguoi={secretary.pk}"
    client.post(address, fields_of())

    page = client.post(address, fields_of(merit="Lần nữa"))

    assert "Đã được khen theo quyết định này" in page.content.decode()
    assert Commendation.objects.count() == 1


def test_a_neighbour_commends_nobody_here(client, neighbour, secretary):
    client.force_login(factories.user(role="commune_staff", keeps=[neighbour]))

    assert (
        client.post(f"{reverse('learning:commendation_new')}?nguoi={secretary.pk}", fields_of()).status_code
        == 404
    )


def test_a_commendation_is_changed_and_taken_away(client, officer, secretary):
    one = commended(secretary, decision=factories.decision(unit=secretary.keeper))
    client.force_login(officer)
    seen = str(one.history.get().history_id)

    client.post(reverse("learning:commendation_edit", args=[one.pk]), fields_of(year=2024, seen=seen))
    one.refresh_from_db()
    assert one.year == 2024
    client.post(reverse("learning:commendation_remove", args=[one.pk]))
    assert not Commendation.objects.exists()


def test_commendations_are_narrowed(client, officer, commune, secretary):
    commended(secretary, year=2024)
    commended(cell=factories.cell(of=factories.hamlet(parent=commune)), streak_years=3)
    client.force_login(officer)

    def count(**query):
        return client.get(reverse("learning:commendations"), query).context["page"].paginator.count

    assert count() == 2
    assert count(loai="ca-nhan") == count(nam=2024) == count(q="duc") == 1
    assert count(nhieu_nam="co") == count(loai="chi-bo") == 1
    assert count(don_vi=commune.pk) == 2
    assert client.get(reverse("learning:commendations"), {"loai": "x"}).status_code == 404


def test_a_course_is_not_given_the_name_and_day_of_another_one(client, officer, course, province):
    other = Course.objects.create(unit=province, name="Bồi dưỡng cấp ủy", starts_on=course.starts_on)
    client.force_login(officer)
    page = reverse("learning:course_edit", args=[other.pk])
    seen = client.get(page).context["form"].guard.mark

    answer = client.post(page, {"seen": seen, "name": course.name, "starts_on": "2025-05-05"})

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["Lớp bồi dưỡng này đã được ghi."]
