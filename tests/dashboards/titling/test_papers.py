"""The sheet of a case and the list for a decision, as files; who is in charge is told to whom it may be."""

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from accounts.models import ExportLog
from evaluations.models import TitleCase
from tests import factories


@pytest.fixture
def case(commune, province):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"), name="Chi bộ ấp Phước Hậu")
    made = factories.title_case(
        of=cell,
        state=TitleCase.State.APPRAISED,
        registered_on=date(2026, 2, 1),
        appraised_on=date(2026, 5, 1),
        year=2026,
        appraisal_team="Đồng chí Lê Văn A, Tổ trưởng",
        keep_plan="Giữ nếp sinh hoạt",
        criteria_set=factories.criteria_set(province=province),
    )
    first, second = made.criteria_set.criteria.all()
    made.criteria.create(criterion=first, organisation="Hội Nông dân", self_points=9, appraised_points=8.5)
    person = factories.person(keeper=commune, full_name="Trần Thị Phụ Trách")
    made.criteria.create(criterion=second, in_charge=person, self_points=20, appraised_points=20)
    return made


def words(answer, kind: str) -> str:
    content = answer.content
    if kind == "pdf":
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
        )
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(line.text for line in document.paragraphs), *cells])


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_sheet_says_what_the_page_says(client, clerk, case, kind):
    client.force_login(clerk)

    answer = client.get(reverse("titles:sheet", args=[case.pk, kind]))

    text = words(answer, kind)
    for said in ("Phước Hậu", "Hội Nông dân", "Trần Thị Phụ Trách", "8,5", "28,5", "Lê Văn A", "Giữ nếp"):
        assert said in text, said
    assert "phieu-danh-hieu" in answer["Content-Disposition"]
    assert ExportLog.objects.get().row_count == 2


def test_the_sheet_lists_who_was_there_on_a_line_each(client, clerk, case):
    team = ["Đồng chí Lê Văn A, Tổ trưởng", "Đồng chí Trần Thị B"]
    case.appraisal_team = "\n\n".join(team)
    case.save()
    client.force_login(clerk)

    answer = client.get(reverse("titles:sheet", args=[case.pk, "docx"]))

    lines = [line.text.strip() for line in Document(io.BytesIO(answer.content)).paragraphs]
    first = lines.index(team[0])
    assert lines[first : first + 2] == team


def test_the_sheet_names_nobody_whom_the_reader_does_not_see(client, case):
    other = factories.commune(parent=case.cell.commune.province)
    case.criteria.filter(organisation="").update(
        in_charge=factories.person(keeper=other, full_name="Người Nơi Khác")
    )
    clerk = factories.user(role="commune_staff", keeps=[case.cell.commune])
    client.force_login(clerk)

    assert "Người Nơi Khác" not in words(client.get(reverse("titles:sheet", args=[case.pk, "docx"])), "docx")
    assert "Người Nơi Khác" not in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_list_for_the_decision_names_who_waits(client, officer, case, commune, kind):
    waiting = factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)))
    client.force_login(officer)

    text = words(client.get(reverse("titles:decision_list", args=[case.title_id, kind])), kind)

    assert "Phước Hậu" in text
    assert "28,5" in text
    assert "Tổng cộng: 1 chi bộ" in text
    assert str(waiting.cell) not in text


def test_other_kinds_of_files_there_are_none(client, officer, case):
    client.force_login(officer)

    assert client.get(reverse("titles:sheet", args=[case.pk, "xlsx"])).status_code == 404
    assert client.get(reverse("titles:decision_list", args=[case.title_id, "csv"])).status_code == 404
