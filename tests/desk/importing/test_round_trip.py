"""Whatever is taken out comes in again at the desk: recognised without a question, and not one difference."""

import io
from datetime import date

import pytest
from django.urls import reverse

from cells.actions import change_unit
from cells.models import HouseholdCount, MemberCount, Unit
from cells.resources import HamletResource, HouseholdCountResource, MemberCountResource
from dashboards.targets.resource import TargetResource
from desk.importing import batches
from evaluations.models import MemberLevels
from evaluations.resources import (
    CellRatingResource,
    LeaderRatingResource,
    MemberLevelsResource,
    TitleCaseResource,
)
from leaders.actions import assign, record_contests
from leaders.models import Assignment, Contest, Office
from leaders.resources import AssignmentResource, ContestResource, PersonResource
from sheets.writing import write_csv, write_table
from tests import factories
from tests.desk.importing.desk import check, hand_in, told
from tests.worlds import kept


@kept
def home(province, commune):
    """Something of everything that lists show."""
    hamlet = factories.hamlet(parent=commune, name="Phước Hậu")
    empty = factories.hamlet(parent=commune, name="3")
    cell = factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")
    factories.cell(of=empty, name="Chi bộ ấp 3")
    person = factories.person(
        keeper=commune,
        full_name="Lê Thị Hoa",
        phone="0912 345 678",
        born_on=date(1970, 1, 1),
        born_on_precision="year",
    )
    factories.tenure(cell=cell, person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    factories.person(keeper=commune, full_name="Trần Văn Không Chức")
    MemberCount.objects.create(cell=cell, day=date(2026, 1, 1), total=43, official=40, probationary=3)
    HouseholdCount.objects.create(hamlet=hamlet, day=date(2026, 1, 1), households=468, poor=7)
    year = factories.cycle(province=province, year=2024)
    factories.rating(of=cell, cycle=year)
    factories.leader_rating(of=person, cycle=year, cell=cell)
    MemberLevels.objects.create(cell=cell, cycle=year, excellent=3, good=30, completed=8, not_completed=0)
    factories.title_case(of=cell, recognised_on=date(2025, 1, 10))
    record_contests(
        [
            Contest(
                kind=Contest.Kind.CONGRESS,
                cell=cell,
                term="2025-2027",
                held_on=date(2025, 2, 1),
                outcome=Contest.Outcome.HELD,
                entitled=40,
                present=38,
            )
        ]
    )
    assign(
        [
            Assignment(
                kind=Assignment.Kind.HAMLET_OFFICER, person=person, unit=hamlet, starts_on=date(2025, 1, 1)
            )
        ]
    )
    whole = factories.target(unit=province, goal=5, base=9, resolution=factories.decision(unit=province))
    whole.steps.create(year=2022, planned=3)
    factories.target(unit=commune, goal=2, base=None, part_of=whole)
    fewer = {"figure": "vacant_heads", "title": None}
    factories.target(unit=commune, goal=0, base=2, deadline=date(2024, 6, 30), **fewer)
    return {"hamlet": hamlet, "cell": cell}


def differences(user, data: bytes, name: str) -> dict[str, int]:
    """Hand the file in, answer nothing, and return what would become of its rows, the unchanged ones aside."""
    batch = hand_in(user, data, name)
    shown = check(batch, user)
    assert told(shown) == {}
    assert shown["counts"]["skip"] > 0
    assert batches.known_check(batch) is not None
    return {key: count for key, count in shown["counts"].items() if count and key != "skip"}


# --- lists of pages -------------------------------------------------------------------


def taken_out(client, user, name: str, *args, **query) -> bytes:
    client.force_login(user)
    response = client.get(reverse(f"exporting:{name}", args=args), query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("query", [{}, {"ngay": "2026-02-01"}])
@pytest.mark.parametrize("name", ["hamlet_list", "cell_list", "person_list"])
def test_lists_of_pages_come_in_without_a_difference(client, officer, home, name, query, kind):
    change_unit(home["hamlet"], on=date(2026, 3, 1), name="Phước Mới")

    data = taken_out(client, officer, name, tep=kind, **query)

    assert differences(officer, data, f"danh-sach.{kind}") == {}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "code",
    [
        "merged_role",
        "merged_cells",
        "member_heads",
        "vacant_secretaries",
        "vacant_heads",
        "rated",
        "level_good",
        "congress_held",
        "hamlets_with_officer",
        "members",
        "households",
    ],
)
def test_lists_behind_a_number_come_in_without_a_difference(client, officer, province, home, code, kind):
    data = taken_out(client, officer, "figure_rows", province.pk, code, tep=kind)

    assert differences(officer, data, f"{code}.{kind}") == {}


# --- lists of the administration --------------------------------------------------------

RESOURCES = [
    HamletResource,
    MemberCountResource,
    HouseholdCountResource,
    PersonResource,
    CellRatingResource,
    LeaderRatingResource,
    MemberLevelsResource,
    TitleCaseResource,
    ContestResource,
    AssignmentResource,
    TargetResource,
]


@pytest.mark.parametrize("write", [write_table, write_csv])
@pytest.mark.parametrize("kind", RESOURCES)
def test_lists_of_the_administration_come_in_without_a_difference(officer, home, kind, write):
    resource = kind(user=officer)
    rows = kind.model.objects.visible_to(officer)
    rows = rows.hamlets() if kind.model is Unit else rows
    out = io.BytesIO()
    exported = resource.exported(rows)
    if write is write_csv:
        write_csv(out, resource.layout, exported)
    else:
        write_table(out, columns=resource.layout, rows=exported, sheet_name=str(resource.title))

    suffix = "csv" if write is write_csv else "xlsx"
    assert differences(officer, out.getvalue(), f"danh-sach.{suffix}") == {}
