"""The record on paper: what stands on it, in each kind of file, and what is left out for whom."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from accounts.models import ExportLog, Role
from desk.models import KeptExport
from desk.people.views import papers
from leaders.models import Access, Commendation, Course, Office, Participation
from tests import factories


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"), name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def person(commune, cell, province):
    """Somebody of whom everything is known."""
    one = factories.person(
        keeper=commune,
        full_name="Nguyễn Thị Huyền Trân",
        gender="female",
        born_on=date(1985, 2, 3),
        born_on_precision="day",
        admitted_on=date(2008, 5, 19),
        admitted_on_precision="day",
        phone="0912 345 678",
        education="12/12",
        theory_level="intermediate",
    )
    factories.tenure(cell=cell, person=one, term="2020-2022")
    factories.tenure(
        office=Office.HAMLET_HEAD,
        hamlet=cell.areas.get().hamlet,
        person=one,
        starts_on=date(2015, 1, 1),
        ends_on=date(2019, 12, 31),
        way_out="term_ended",
    )
    factories.leader_rating(of=one, cycle=factories.cycle(province=province, year=2024), cell=cell)
    factories.title_case(of=cell, recognised_on=date(2021, 12, 10))
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư chi bộ", starts_on=date(2024, 5, 6))
    Participation.objects.create(course=course, person=one, completed=True)
    Commendation.objects.create(
        person=one, year=2023, form="diploma", decision=factories.decision(), merit="Vận động hiến đất"
    )
    return one


def words_of_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def words_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def file_of(client, user, person, kind: str) -> str:
    client.force_login(user)
    answer = client.get(reverse("records:file", args=[person.pk, kind]))
    assert answer.status_code == 200
    return words_of_word(answer.content) if kind == "docx" else words_of_pdf(answer.content)


def page_of(client, user, person) -> str:
    client.force_login(user)
    return client.get(reverse("records:paper", args=[person.pk])).content.decode()


def test_on_a_telephone_each_row_says_what_stands_in_it(client, clerk, person):
    page = page_of(client, clerk, person)

    assert '<table class="data wide stack">' in page
    for heading in ("Từ ngày", "Hình thức", "Quyết định"):
        assert f'data-label="{heading}"' in page


ON_PAPER = (
    *(
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "TRÍCH NGANG",
        "Nguyễn Thị Huyền Trân",
        "2020-2022",
        "01/01/2015",
        "31/12/2019",
    ),
    *("HTTNV", "10/12/2021", "Bồi dưỡng bí thư chi bộ", "Vận động hiến đất", "TRƯỞNG BAN", "NGƯỜI LẬP BIỂU"),
)
PRIVATE = ("03/02/1985", "0912 345 678", "19/05/2008", "12/12\n")


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_keeper_has_everything_on_paper(client, clerk, person, kind):
    words = file_of(client, clerk, person, kind)

    for expected in (*ON_PAPER, *PRIVATE[:3]):
        assert expected in words, expected
    assert "không hiển thị" not in words
    assert "{{" not in words


def test_the_page_says_the_same(client, clerk, person):
    page = page_of(client, clerk, person)

    for expected in (*ON_PAPER, *PRIVATE[:3]):
        assert expected in page, expected


@pytest.fixture
def seat_only(neighbour, person):
    """Keeps a commune in which the person holds a seat, but not the person's record."""
    factories.tenure(
        office=Office.COMMITTEE_MEMBER,
        cell=factories.cell(of=factories.hamlet(parent=neighbour, name="Giao Hòa")),
        person=person,
    )
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


@pytest.mark.parametrize("who", ["reader", "seat_only"])
@pytest.mark.parametrize("kind", ["docx", "pdf", "page"])
def test_what_is_masked_stays_masked_on_paper(client, request, person, who, kind):
    user = request.getfixturevalue(who)
    words = page_of(client, user, person) if kind == "page" else file_of(client, user, person, kind)

    for secret in ("1985", "0912", "2008", "12/12\n"):
        assert secret not in words, secret
    assert "không hiển thị theo phân quyền" in words


def test_seats_out_of_sight_are_not_on_paper(client, clerk, seat_only, person):
    # Whoever keeps the record prints all of it, what is held elsewhere with its commune.
    assert "Giao Hòa (xã Giao Long)" in file_of(client, clerk, person, "docx")
    assert "Phước Hậu" not in file_of(client, seat_only, person, "docx").replace("Chi bộ ấp Phước Hậu", "")


def test_parts_without_anything_have_no_heading(client, clerk, commune):
    person = factories.person(keeper=commune)

    words = file_of(client, clerk, person, "docx")

    assert "Khen thưởng" not in words
    assert "Quá trình giữ chức vụ" not in words


def test_another_kind_of_file_is_not_there(client, clerk, person):
    client.force_login(clerk)

    assert client.get(reverse("records:file", args=[person.pk, "exe"])).status_code == 404
    assert client.get(reverse("records:list_file", args=["exe"])).status_code == 404


# --- Several people -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_list_of_a_commune_on_paper(client, clerk, person, kind):
    client.force_login(clerk)

    answer = client.get(reverse("records:list_file", args=[kind]), {"chuc_vu": Office.SECRETARY})

    words = words_of_word(answer.content) if kind == "docx" else words_of_pdf(answer.content)
    for expected in ("DANH SÁCH TRÍCH NGANG", "Nguyễn Thị Huyền Trân", "03/02/1985", "0912 345 678"):
        assert expected in words
    assert ExportLog.objects.latest("pk").row_count == 1


@pytest.mark.parametrize("who", ["reader", "seat_only"])
def test_the_list_is_masked_too(client, request, person, who):
    client.force_login(request.getfixturevalue(who))

    words = words_of_word(client.get(reverse("records:list_file", args=["docx"])).content)

    assert "Nguyễn Thị Huyền Trân" in words
    for secret in ("1985", "0912", "2008"):
        assert secret not in words
    assert "không hiển thị theo phân quyền" in words


def test_ethnicity_has_its_column_only_where_it_is_kept(client, clerk, person, settings):
    person.ethnicity = "Khmer"
    person.save()
    client.force_login(clerk)
    url = reverse("records:list_file", args=["docx"])

    assert "Khmer" not in words_of_word(client.get(url).content)
    settings.KEEP_ETHNICITY = True
    assert "Khmer" in words_of_word(client.get(url).content)
    assert "Khmer" in file_of(client, clerk, person, "docx")


def test_an_empty_list_says_so_and_is_no_look(client, clerk, commune):
    client.force_login(clerk)

    assert "DANH SÁCH TRÍCH NGANG" not in client.get(reverse("records:list")).content.decode()
    assert not ExportLog.objects.exists()


def test_a_long_list_is_written_by_the_worker(client, clerk, person, monkeypatch, work_off):
    monkeypatch.setattr(papers, "LONG_LIST", 0)
    client.force_login(clerk)

    answer = client.get(reverse("records:list_file", args=["docx"]))
    again = client.get(reverse("records:list_file", args=["docx"]))
    work_off()
    kept = client.get(reverse("exporting:file", args=[KeptExport.objects.get().pk]))

    assert answer["Location"] == again["Location"]
    assert "0912 345 678" in words_of_word(b"".join(kept.streaming_content))
    assert Access.objects.get().count == 1


@pytest.mark.parametrize("people", [1, 8])
def test_a_list_needs_the_same_queries_for_any_number(
    client, clerk, commune, django_assert_max_num_queries, people
):
    for _number in range(people):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune)))
    client.force_login(clerk)

    with django_assert_max_num_queries(18):
        client.get(reverse("records:list"))
