"""Châu Thành 2022 from entry to figure: 28 of 59 recognised, through the pages and by workbook; Phước Hậu leads."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from cells.models import HouseholdCount, MemberCount
from desk import samples
from evaluations.models import CriteriaSet, TitleCase
from evaluations.titling.appraising import rows_of
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write

SCENARIO = json.loads((Path(samples.__file__).parent / "data" / "scenarios.json").read_text("utf-8"))[
    "chau_thanh_2022"
]
EXPECT, GIVEN = SCENARIO["expect"], SCENARIO["given"]
# The decisions of each year, by the number of cells they name.
DECIDED = {"2020-12-15": 2, "2021-12-10": 12, "2022-07-28": 14}
TEAM = "Đồng chí A, Tổ trưởng\nĐồng chí B, Ủy ban kiểm tra"


@pytest.fixture
def district(province):
    made = factories.district(parent=province, name="Châu Thành", code="831")
    factories.target(unit=made, goal=59, base=117, term="2020-2025", starts_on=None)
    return made


@pytest.fixture
def cells(district):
    tam_phuoc = factories.commune(parent=district, name="Tam Phước", code="28831")
    phuoc_hau = factories.cell(
        of=factories.hamlet(parent=tam_phuoc, name="Phước Hậu"), name=GIVEN["cell"]["name"]
    )
    return [phuoc_hau, *factories.many_cells(factories.commune(parent=district), 116)]


@pytest.fixture
def clerk_of(province):
    def made(commune):
        return factories.user(role=Role.COMMUNE_STAFF, keeps=[commune])

    return made


def figures(day: str) -> dict[str, dict]:
    out = StringIO()
    call_command("figures", unit="831", as_of=date.fromisoformat(day), json=True, stdout=out)
    return {figure["code"]: figure for figure in json.loads(out.getvalue())}


def of(figure: dict) -> tuple:
    return figure["numerator"], figure["denominator"], figure["percent"]


def expected(figure: dict) -> tuple:
    return figure["numerator"], figure["denominator"], figure["percent"]


def what_the_article_says():
    found = figures("2022-08-10")
    assert of(found["title_of_goal"]) == expected(EXPECT["title_of_goal"])
    assert of(found["title_of_base"]) == expected(EXPECT["title_of_base"])
    then = figures("2021-12-31")
    assert of(then["title_of_goal"]) == expected(EXPECT["on_2021_12_31"]["title_of_goal"])
    years = [str(day.year) for day in TitleCase.objects.values_list("recognised_on", flat=True)]
    assert {year: years.count(year) for year in set(years)} == GIVEN["recognised"]
    assert TitleCase.objects.filter(revoked_on__isnull=False).count() == EXPECT["revoked"] == 0


def split(cells) -> list[tuple[str, list]]:
    """Return the decisions with their cells; Phước Hậu is among the twelve of 2021."""
    phuoc_hau, rest, shared = cells[0], iter(cells[1:]), []
    for day, count in DECIDED.items():
        here = [phuoc_hau] if day.startswith("2021") else []
        shared.append((day, here + [next(rest) for _ in range(count - len(here))]))
    return shared


# --- through the pages -------------------------------------------------------------------


def register(client, cells, year: str):
    for commune in {cell.commune for cell in cells}:
        here = [cell.pk for cell in cells if cell.commune == commune]
        answer = client.post(
            f"{reverse('titles:register')}?xa={commune.pk}&danh_hieu=TSVMTD",
            {
                "title": client.get(f"{reverse('titles:register')}?xa={commune.pk}&danh_hieu=TSVMTD")
                .context["title"]
                .pk,
                "year": year,
                "day": f"{year}-02-10",
                "cell": here,
            },
        )
        assert answer.status_code == 302


def appraise(client, case: TitleCase):
    posted = {
        "revision": case.revision,
        "day": f"{case.year}-06-20",
        "team": TEAM,
        "remark": "Đạt",
        "record": "1",
    }
    for row in rows_of(case):
        posted |= {
            f"{row.key}-mark": str(row.mark),
            f"{row.key}-appraised_points": str(row.criterion.points).replace(".", ","),
        }
    assert client.post(reverse("titles:appraise", args=[case.pk]), posted).status_code == 302


def recognise(client, day: str):
    address = f"{reverse('titles:recognise')}?danh_hieu=TSVMTD"
    rows = client.get(address).context["rows"]
    posted = {
        "number": f"{day[:4]}-QĐ/HU",
        "day": day,
        "body": "Ban Thường vụ Huyện ủy Châu Thành",
        "signer": "",
    }
    for row in rows:
        posted |= {f"c{row['case'].pk}": "1", f"c{row['case'].pk}-revision": str(row["revision"])}
    assert client.post(address, posted).status_code == 302


def test_it_is_played_through_the_pages(client, officer, province, cells, clerk_of):
    client.force_login(officer)
    example = CriteriaSet.objects.get(title__code="TSVMTD", province=None)
    client.post(
        reverse("titles:copy_set", args=[example.pk]),
        {"province": province.pk, "name": "Bộ tiêu chí 2020", "legal_basis": "", "starts_on": "2020-01-01"},
    )
    for day, some in split(cells):
        register(client, some, day[:4])
        for case in TitleCase.objects.filter(state="registered").select_related("criteria_set"):
            assert case.criteria_set.name == "Bộ tiêu chí 2020"
            appraise(client, case)
        recognise(client, day)

    what_the_article_says()
    phuoc_hau_leads(client, cells[0], clerk_of)
    client.force_login(officer)
    overview = client.get(
        reverse("dashboards:overview_unit", args=[cells[0].periods.get().district_id]), {"ngay": "2022-08-10"}
    ).content.decode()
    assert "47,5%" in overview


def phuoc_hau_leads(client, cell, clerk_of):
    """The clerk of Tam Phước tells what was learned, and the counts of the cell and its hamlet."""
    clerk = clerk_of(cell.commune)
    client.force_login(clerk)
    case = TitleCase.objects.get(cell=cell)
    person = factories.tenure(cell=cell).person
    posted = {}
    for number, row in enumerate(rows_of(case)):
        posted |= {
            f"{row.key}-mark": str(row.mark),
            f"{row.key}-in_charge_id": str(person.pk) if number else "",
            f"{row.key}-organisation": "" if number else "Phòng Lao động huyện",
        }
    client.post(reverse("titles:criteria", args=[case.pk]), posted)
    case.refresh_from_db()
    client.post(
        reverse("titles:edit", args=[case.pk]),
        {
            "revision": case.revision,
            "year": "2021",
            "criteria_set": case.criteria_set_id,
            "is_pilot": "on",
            "keep_plan": "Giữ nếp sinh hoạt",
            "learned": "Mỗi tiêu chí một đồng chí phụ trách",
            "note": "",
        },
    )
    members, households = GIVEN["cell"]["members"], GIVEN["cell"]["households"]
    hamlet = cell.areas.get().hamlet
    for name, thing, numbers in (
        ("entry:member_count", cell, members),
        ("entry:household_count", hamlet, households),
    ):
        address = reverse(name, args=[thing.pk])
        form = client.get(address).context["form"]
        counted = {
            ("households" if key == "total" and thing is hamlet else key): n for key, n in numbers.items()
        }
        sent = {**counted, "day": "2022-06-30", "seen": form.initial["seen"]}
        assert client.post(address, sent).status_code == 302

    case.refresh_from_db()
    assert (case.is_pilot, case.recognised_on.year) == (True, GIVEN["cell"]["recognised_in"])
    count = MemberCount.objects.get(cell=cell)
    assert count.total == 43 == count.active + count.exempt + count.away
    assert (count.active, count.exempt, count.away) == (17, 16, 10)
    homes = HouseholdCount.objects.get(hamlet=hamlet)
    assert (homes.households, homes.poor, homes.near_poor) == (468, 7, 3)
    text = client.get(case.get_absolute_url()).content.decode()
    for said in ("Mỗi tiêu chí một đồng chí phụ trách", person.full_name, "Phòng Lao động huyện", TEAM[:11]):
        assert said in text


# --- by workbook -------------------------------------------------------------------------


def test_it_is_played_by_workbook(officer, cells):
    head = ["TT", "Danh hiệu", "Xã", "Chi bộ", "Ngày đăng ký", "Ngày công nhận", "Chi bộ điểm"]
    for day, some in split(cells):
        year, month, of_month = day.split("-")
        rows = [
            [
                number,
                "TSVMTD",
                cell.commune.full_name,
                cell.name,
                f"10/02/{year}",
                f"{of_month}/{month}/{year}",
                "x" if cell is cells[0] else "",
            ]
            for number, cell in enumerate(some, 1)
        ]
        batch = hand_in(officer, workbook(head, *rows), kind="titles")
        answer(
            batch,
            asked={
                "decision_number": f"{year}-QĐ/HU",
                "decision_day": f"{of_month}/{month}/{year}",
                "decision_body": "Ban Thường vụ Huyện ủy Châu Thành",
            },
        )
        assert told(check(batch, officer)) == {}
        write(batch, officer)

    what_the_article_says()
    assert TitleCase.objects.get(is_pilot=True).cell == cells[0]
