"""Quảng Ninh, 5/2/2020: 1 542 elections and 1 542 congresses, planned, filled into one workbook, taken in in one go."""

import io
import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.kinds import Kind, Level
from desk.importing.files import filled
from desk.importing.forms import FORMS
from desk.samples.names import DATA
from leaders.actions import add_people, begin_tenures
from leaders.checks import problems
from leaders.contests.planning import Calendar, Spread, carry_out, draw_up
from leaders.models import Contest, MembershipStatus, Office, Person, Tenure
from leaders.resources.contest_lines import Seats
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, write

SCENARIO = json.loads((DATA / "scenarios.json").read_text("utf-8"))["quang_ninh_2020"]
DAY, TERM = date.fromisoformat(SCENARIO["as_of"]), SCENARIO["given"]["term"]
HAMLETS = SCENARIO["given"]["hamlets"]
ELECTIONS = Calendar(Contest.Kind.HEAD_ELECTION, date(2019, 11, 17), date(2019, 12, 8), Spread.BY_BODY)
CONGRESSES = Calendar(Contest.Kind.CONGRESS, date(2019, 12, 15), DAY, Spread.BY_BODY)
COMMUNES = 50


@pytest.fixture
def quang_ninh():
    """The province with its hamlets and cells; half of them are led by somebody from the term before."""
    province = factories.province(name="Quảng Ninh", code="22")
    communes = open_units(
        NewUnit(parent=province, kind=Kind.XA, level=Level.COMMUNE, name=f"Số {n}", code=f"22{n:03}")
        for n in range(COMMUNES)
    )
    hamlets = open_units(
        NewUnit(parent=communes[n % COMMUNES], kind=Kind.THON, name=str(n // COMMUNES + 1))
        for n in range(HAMLETS)
    )
    cells = found_cells(
        NewCell(commune=hamlet.parent, name=f"Chi bộ {hamlet}", hamlets=[hamlet]) for hamlet in hamlets
    )
    led = hamlets[::2]
    people = add_people(
        Person(
            full_name=f"Vũ Văn {factories.spelled(n)}", keeper=hamlet.parent, membership=MembershipStatus.YES
        )
        for n, hamlet in enumerate(led)
    )
    since = {"starts_on": date(2017, 6, 1), "term": "2017-2020"}
    begin_tenures(
        [
            *(
                Tenure(office=Office.HAMLET_HEAD, hamlet=h, person=p, **since)
                for h, p in zip(led, people, strict=True)
            ),
            *(
                Tenure(office=Office.SECRETARY, cell=c, person=p, **since)
                for c, p in zip(cells[::2], people, strict=True)
            ),
        ]
    )
    return province


def filled_in(data: bytes) -> bytes:
    """Write into each row what came out: a name that the hamlet's election and its cell's congress share."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    top = next(row for row in sheet.iter_rows() if any(cell.value == "Nhiệm kỳ" for cell in row))
    columns = {str(cell.value): cell.column for cell in top}
    for row in range(top[0].row + 1, sheet.max_row + 1):
        name = sheet.cell(row, columns["Thôn, tổ dân phố"]).value or sheet.cell(row, columns["Chi bộ"]).value
        commune = str(sheet.cell(row, columns["Mã xã"]).value)
        number = int(commune[2:]) * 100 + int(str(name).rpartition(" ")[2])
        facts = {
            "Ngày tổ chức": sheet.cell(row, columns["Ngày dự kiến"]).value,
            "Hình thức bầu": "Bỏ phiếu kín",
            "Số có mặt": 60,
            "Họ và tên": f"Phạm Thị {factories.spelled(number)}",
            "Số phiếu": 59,
            "Trúng cử": "x",
        }
        for heading, value in facts.items():
            sheet.cell(row, columns[heading], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def figures(day: date) -> dict[str, dict]:
    out = StringIO()
    call_command("figures", unit="22", as_of=day, json=True, stdout=out)
    return {figure["code"]: figure for figure in json.loads(out.getvalue())}


def test_all_is_planned_filled_in_and_taken_in_in_one_go(quang_ninh):
    officer = factories.user(keeps=[quang_ninh])
    assert carry_out(draw_up(quang_ninh, TERM, [ELECTIONS, CONGRESSES])) == 2 * HAMLETS
    assert figures(DAY)["congress_held"]["numerator"] == 0
    plan = filled(FORMS["contests"], Contest.objects.kept_by(officer).order_by("kind", "pk"), officer)

    batch = hand_in(officer, filled_in(plan), "ket-qua.xlsx")
    paper = {"decision_number": "", "decision_day": "", "decision_body": ""}
    answer(batch, asked={"office": "Bí thư chi bộ", "seats": str(Seats.TAKE.label), **paper})
    shown = check(batch, officer)
    assert told(shown) == {}
    assert shown["counts"]["update"] == 2 * HAMLETS
    write(batch, officer)

    found = figures(DAY)
    for code, expected in SCENARIO["expect"].items():
        counted = {key: found[code][key] for key in ("numerator", "denominator", "percent")}
        assert counted == expected, code
    assert found["head_elected"]["numerator"] == SCENARIO["given"]["heads_elected_secretary"]
    # Those of the term before left the day before, and before the election they were still there.
    assert figures(ELECTIONS.first - timedelta(days=1))["merged_role"]["numerator"] == HAMLETS // 2
    assert Tenure.objects.filter(ended_by__isnull=False).count() == HAMLETS
    assert not list(problems())
