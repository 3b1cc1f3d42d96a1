"""Opening, printing and taking out people is noted, and read by those who keep the records."""

from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from evaluations.models import Level
from leaders.actions import record_candidacies, record_contests
from leaders.models import Access, Candidacy, Commendation, Contest, Course, Participation
from leaders.resources.of_people import OfPeopleResource
from tests import factories

LOG = reverse("records:accesses")


@pytest.fixture
def person(commune):
    one = factories.person(keeper=commune, full_name="Lê Thị Hoa", phone="0912 345 678")
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune)), person=one)
    return one


def lines(client, user, **chosen) -> list[tuple]:
    client.force_login(user)
    rows = client.get(LOG, chosen).context["page"].object_list
    return [(row.access.by_name, row.access.kind, row.whose, row.access.count) for row in rows]


def look(client, user, url: str, **words):
    client.force_login(user)
    answer = client.get(url, words)
    assert answer.status_code == 200
    if answer.streaming:
        b"".join(answer.streaming_content)


def test_opening_is_noted_by_the_day_and_asking_for_the_head_alone_is_not(client, reader, person):
    client.force_login(reader)
    client.head(person.get_absolute_url())
    assert not Access.objects.exists()

    for _time in range(2):
        client.get(person.get_absolute_url())

    one = Access.objects.get()
    assert (one.person, one.by, one.kind, one.count) == (person, reader, "opened", 2)


def test_who_may_not_open_it_leaves_no_trace(client, outsider, person):
    client.force_login(outsider)

    assert client.get(person.get_absolute_url()).status_code == 404
    assert not Access.objects.exists()


@pytest.mark.parametrize("kind", ["", "docx/", "pdf/"])
def test_printing_is_noted(client, reader, person, kind):
    look(client, reader, reverse("records:paper", args=[person.pk]) + kind)

    assert Access.objects.get().kind == "printed"


def test_the_commune_reads_who_looked(client, reader, clerk, person):
    look(client, reader, person.get_absolute_url())

    assert lines(client, clerk) == [(str(reader), "opened", "Lê Thị Hoa", 1)]


def test_own_officers_are_left_out_unless_asked_for(client, clerk, officer, person):
    for user in (clerk, officer):
        look(client, user, person.get_absolute_url())

    assert [line[0] for line in lines(client, clerk)] == [str(officer)]
    assert {line[0] for line in lines(client, clerk, ai="tat-ca")} == {str(clerk), str(officer)}


@pytest.mark.parametrize("url", ["exporting:person_list", "records:list"])
def test_a_list_is_noted_for_each_commune_with_its_number(client, officer, clerk, person, neighbour, url):
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)))
    look(client, officer, reverse(url))

    ((by, kind, what, count),) = lines(client, clerk)
    assert (by, kind, count) == (str(officer), "exported", 1)
    assert "Danh sách" in what
    assert Access.objects.count() == 2


def test_a_list_of_levels_is_a_list_of_people(client, officer, clerk, person, province):
    cycle = factories.cycle(province=province, year=2024)
    cell = person.tenures.get().cell
    factories.leader_rating(of=person, cycle=cycle, cell=cell, level=Level.GOOD)
    look(client, officer, reverse("exporting:review_people", args=[2024]))
    look(client, officer, reverse("paper_files:file", args=[cell.commune_id, 2024, "ca-nhan", "pdf"]))

    assert [line[1:] for line in lines(client, clerk)] == [
        ("exported", f"Danh sách cá nhân được xếp loại – {cell.commune} – 2024", 1),
        ("exported", "Kết quả xếp loại cá nhân năm 2024", 1),
    ]


def test_lists_of_seats_and_of_elections_are_lists_of_people(client, officer, clerk, person, commune):
    cell = person.tenures.get().cell
    (hamlet,) = (area.hamlet for area in cell.areas.all())
    held = {"term": "2025-2027", "outcome": "held", "held_on": date(2025, 3, 15)}
    (election,) = record_contests([Contest(kind="head_election", hamlet=hamlet, **held)])
    record_candidacies([Candidacy(contest=election, person=person)])
    factories.tenure(office="hamlet_head", hamlet=hamlet, person=person)
    look(client, officer, reverse("exporting:seat_list", args=[commune.province_id, "nhieu-chuc"]))
    look(client, officer, reverse("exporting:elections_contests", args=["2025-2027"]))
    look(client, officer, reverse("exporting:seat_list", args=[commune.province_id, "khuyet-truong"]))

    assert [(kind, count) for _by, kind, _what, count in lines(client, clerk)] == [("exported", 1)] * 2


def test_a_list_without_anybody_of_the_commune_is_not_its_business(client, officer, clerk, person):
    look(client, officer, reverse("exporting:person_list"), q="khong ai")

    assert lines(client, clerk) == []


def test_other_communes_are_not_told(client, officer, person, neighbour):
    look(client, officer, person.get_absolute_url())
    foreign = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])

    assert lines(client, foreign) == []


def test_the_log_is_narrowed(client, officer, reader, clerk, person, commune):
    other = factories.person(keeper=commune, full_name="Trần Văn Tám")
    for user, one in ((officer, person), (reader, person), (officer, other)):
        look(client, user, one.get_absolute_url())
    look(client, officer, reverse("records:paper", args=[person.pk]))
    old = Access.objects.filter(by=reader)
    old.update(day=timezone.localdate() - timedelta(days=90))

    assert len(lines(client, clerk)) == 3
    assert len(lines(client, clerk, tu="2020-01-01")) == 4
    assert len(lines(client, clerk, den=str(timezone.localdate() - timedelta(days=80)))) == 1
    assert [line[2] for line in lines(client, clerk, q="tam")] == ["Trần Văn Tám"]
    assert [line[1] for line in lines(client, clerk, viec="printed")] == ["printed"]
    client.force_login(clerk)
    assert client.get(LOG, {"viec": "lạ"}).status_code == 404
    assert client.get(LOG, {"tu": "hôm qua"}).status_code == 404


def test_the_name_is_told_when_the_record_has_gone(client, officer, reader, clerk, person, commune):
    look(client, reader, person.get_absolute_url())
    person.tenures.all().delete()
    person.delete()

    assert lines(client, clerk) == [(str(reader), "opened", "Lê Thị Hoa", 1)]


def test_the_file_has_the_same_lines(client, reader, clerk, person):
    look(client, reader, person.get_absolute_url())
    client.force_login(clerk)

    answer = client.get(reverse("records:accesses_export"))

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {str(reader), "Lê Thị Hoa", "mở xem"} <= cells


def test_who_only_reads_figures_does_not_read_the_log(client, reader):
    client.force_login(reader)

    assert client.get(LOG).status_code == 403


@pytest.mark.parametrize("looks", [1, 9])
def test_the_log_needs_the_same_queries_for_any_number(
    client, officer, clerk, commune, django_assert_max_num_queries, looks
):
    for _number in range(looks):
        look(client, officer, factories.person(keeper=commune).get_absolute_url())
    client.force_login(clerk)

    with django_assert_max_num_queries(10):
        assert len(client.get(LOG).context["page"].object_list) == looks


ADMIN_LISTS = (
    *("leaders_person", "leaders_participation", "leaders_commendation", "leaders_assignment"),
    *("leaders_contest", "evaluations_leaderrating"),
)


@pytest.fixture
def in_every_list(person, province):
    """A person of whom each list of the administration has a row."""
    cell = person.tenures.get().cell
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư", starts_on=date(2024, 5, 6))
    Participation.objects.create(course=course, person=person)
    paper = factories.decision()
    Commendation.objects.create(person=person, year=2024, form="paper", decision=paper, merit="Tốt")
    factories.assignment(of=cell.areas.get().hamlet, person=person)
    held = {"term": "2025-2027", "outcome": "held", "held_on": date(2025, 3, 15)}
    (election,) = record_contests([Contest(kind="head_election", hamlet=cell.areas.get().hamlet, **held)])
    record_candidacies([Candidacy(contest=election, person=person)])
    cycle = factories.cycle(province=province, year=2024)
    factories.leader_rating(of=person, cycle=cycle, cell=cell, level=Level.GOOD)
    return person


@pytest.mark.parametrize("model", ADMIN_LISTS)
def test_the_admin_tells_who_took_people_out(client, officer, clerk, in_every_list, model):
    client.force_login(officer)
    answer = client.post(reverse(f"admin:{model}_export"), {"format": "0", "resource": "0"})
    assert b"".join(answer.streaming_content)

    assert [(by, kind, count) for by, kind, _what, count in lines(client, clerk)] == [
        (str(officer), "exported", 1)
    ]


def test_every_list_of_the_admin_that_names_people_tells_it():
    silent = [
        resource.__name__
        for model_admin in admin.site._registry.values()
        for resource in getattr(model_admin, "resource_classes", ())
        if "person" in {column.key for column in resource.columns}
        and not issubclass(resource, OfPeopleResource)
    ]

    assert silent == []


@pytest.mark.parametrize("url", ["exporting:hamlet_list", "exporting:cell_list"])
def test_lists_of_hamlets_and_cells_name_who_leads_them(client, officer, clerk, person, url):
    look(client, officer, reverse(url))

    assert [(kind, count) for _by, kind, _what, count in lines(client, clerk)] == [("exported", 1)]


@pytest.mark.parametrize("code", ["vacant_heads", "hamlets_with_officer", "communes_with_officer", "cells"])
def test_lists_behind_a_figure_tell_whom_they_name(client, officer, clerk, person, commune, province, code):
    follower = factories.person(keeper=commune)
    factories.assignment(of=person.tenures.get().cell.areas.get().hamlet, person=follower)
    factories.assignment(of=commune, kind="committee_member", person=follower)
    look(client, officer, reverse("exporting:figure_rows", args=[province.pk, code]))

    named = {"hamlets_with_officer": 2}.get(code, 1)
    assert [(kind, count) for _by, kind, _what, count in lines(client, clerk)] == [("exported", named)]


def test_heads_are_named_by_the_list_of_their_hamlets_as_of_its_day(client, officer, clerk, person):
    hamlet = person.tenures.get().cell.areas.get().hamlet
    for office in ("hamlet_head", "front_head"):
        factories.tenure(office=office, hamlet=hamlet, person=factories.person(keeper=hamlet.commune))
    look(client, officer, reverse("exporting:hamlet_list"))
    look(client, officer, reverse("exporting:hamlet_list"), ngay="1990-01-01")

    assert [count for _by, _kind, _what, count in lines(client, clerk)] == [3]


@pytest.mark.parametrize("which", ["officers", "places", "visits"])
def test_lists_of_follow_up_name_who_follows(client, officer, clerk, person, commune, which):
    assignment = factories.assignment(of=factories.hamlet(parent=commune), person=person)
    factories.visit(under=assignment, day=timezone.localdate())
    look(client, officer, reverse(f"exporting:follow_up_{which}"))

    assert [(kind, count) for _by, kind, _what, count in lines(client, clerk)] == [("exported", 1)]


def test_the_workbook_of_a_review_names_its_secretaries(client, officer, clerk, person, commune):
    review = factories.open_review(by=officer)
    file = factories.file_of(commune, review)
    look(client, clerk, reverse("review:workbook", args=[review.year, file.pk]))

    ((by, kind, what, count),) = lines(client, clerk, ai="tat-ca")
    assert (by, kind, count) == (str(clerk), "exported", 1)
    assert what == "Biểu Excel đánh giá, xếp loại"


def test_a_form_written_from_a_shell_is_a_list_of_people(officer, clerk, client, person, province, tmp_path):
    call_command(
        "export_form",
        "people",
        unit=province.code,
        user=officer.username,
        out=tmp_path / "nguoi.xlsx",
        stdout=StringIO(),
    )

    assert [(by, kind, count) for by, kind, _what, count in lines(client, clerk)] == [
        (str(officer), "exported", 1)
    ]


def test_forms_that_show_the_record_are_looks_too(client, officer, person):
    look(client, officer, reverse("leaders:person_edit", args=[person.pk]))
    look(client, officer, reverse("admin:leaders_person_change", args=[person.pk]))

    assert Access.objects.get().count == 2


def test_a_day_is_that_of_the_office(client, reader, person):
    look(client, reader, person.get_absolute_url())

    assert Access.objects.get().day == timezone.localdate()
    assert isinstance(Access.objects.get().day, date)


def test_lists_of_training_and_commendations_are_lists_of_people(client, officer, clerk, person, province):
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư", starts_on=date(2024, 5, 6))
    Participation.objects.create(course=course, person=person)
    Commendation.objects.create(
        person=person, year=2024, form="paper", decision=factories.decision(), merit="Tốt"
    )
    look(client, officer, reverse("exporting:participants", args=[course.pk]))
    look(client, officer, reverse("exporting:never_trained"))
    look(client, officer, reverse("exporting:commendations"))

    assert [(line[1], line[3]) for line in lines(client, clerk)] == [("exported", 1)] * 3
