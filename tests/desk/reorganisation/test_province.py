"""A whole province rearranged by one event: nothing of the past changes, nothing is lost, all can be undone."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.changes import recording
from cells.models import HouseholdCount, MemberCount, Reorganisation, UnitPeriod
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.targets.measures import figures_of_targets
from desk.reorganisation.applying import apply, check, hindrances, undo
from desk.reorganisation.rehearsal import rehearse
from desk.reorganisation.rehearsal.alike import Alike, group_of
from evaluations.models import CellRating, LeaderRating, TitleCase
from leaders.models import Tenure
from tests.desk.reorganisation.acting import DAY, YESTERDAY, choose_alike, choose_first
from tests.desk.reorganisation.provinces import Plan, Province, draft, write_province
from tests.desk.reorganisation.tables import tables

# Before anything, within each term, on and after each list of a year, and the last day of the old map.
DAYS = (
    date(2019, 6, 1),
    date(2021, 7, 1),
    date(2022, 12, 31),
    date(2023, 12, 31),
    date(2024, 6, 30),
    date(2024, 12, 31),
    date(2026, 3, 1),
    YESTERDAY,
)
# What an earlier row says for good. Of a tenure it is written how it ended; a cell that was only on its
# way to a title may inherit the one of a cell that joins it.
KEPT = {
    CellRating: set(),
    LeaderRating: set(),
    MemberCount: set(),
    HouseholdCount: set(),
    Tenure: {"ends_on", "way_out"},
    TitleCase: {"state", "recognition", "recognised_on", "inherited_from", "revision"},
}


def figures(province: Province) -> dict:
    """Return every figure of every earlier day, of the province and of some of its communes."""
    units = [province.unit, *province.communes[:: max(1, len(province.communes) // 4)]]
    return {
        (unit.code, day): [figure.as_json() for figure in (*board.all_figures(), *figures_of_targets(board))]
        for unit in units
        for day in DAYS
        for board in [Board(Frame(unit, day))]
    }


def printed(province: Province, day: date) -> list:
    """Return what the command prints for the province."""
    out = StringIO()
    call_command("figures", unit=province.unit.code, as_of=day, json=True, stdout=out)
    return json.loads(out.getvalue())


def facts(model) -> set[tuple]:
    names = [f.attname for f in model._meta.concrete_fields if f.name not in KEPT[model]]
    return set(model.objects.values_list(*names))


def titles_held() -> set[tuple]:
    return set(TitleCase.objects.filter(state="recognised").values_list("pk", "recognition", "recognised_on"))


def check_data() -> str:
    """Run the command; it fails where anything disagrees."""
    out = StringIO()
    call_command("check_data", stdout=out)
    return out.getvalue()


def is_rearranged_and_put_back(hamlets: int) -> None:
    province = write_province(hamlets)
    event = draft(province)
    choose_first(event)
    check(event, seen=event.revision)
    check_data()
    before, rows = figures(province), tables()
    said = [printed(province, day) for day in DAYS[-2:]]
    recorded, held = {model: facts(model) for model in KEPT}, titles_held()

    with recording(reason="apply"):
        apply(event, seen=event.revision)

    assert event.state == Reorganisation.State.APPLIED
    check_data()
    assert standing_hamlets(province) == expected(province)
    assert figures(province) == before
    assert [printed(province, day) for day in DAYS[-2:]] == said
    for model, those in recorded.items():
        assert those <= facts(model), model
    assert held < titles_held()
    assert hindrances(event) == []
    undo(event, seen=event.revision, by=None, reason="Nhầm")
    assert tables() == rows
    check_data()


def standing_hamlets(province: Province) -> tuple[int, int, int]:
    """Return how many hamlets stand, how many of them bear a new name, and how many moved."""
    periods = UnitPeriod.objects.on(DAY).hamlets().filter(province=province.unit)
    old = {hamlet.pk: hamlet for hamlet in province.hamlets}
    moved = [row for row in periods if row.unit_id in old and row.parent_id != old[row.unit_id].parent_id]
    renamed = [row for row in periods if row.unit_id in old and row.name != old[row.unit_id].name]
    return len(periods), len(renamed), len(moved)


def expected(province: Province) -> tuple[int, int, int]:
    count = len(province.hamlets)
    plan = Plan.of(count)
    return count - plan.mergers + plan.splits, plan.renames, plan.moves


def test_a_province_of_100_hamlets_is_rearranged_and_put_back():
    is_rearranged_and_put_back(100)


@pytest.mark.soak
def test_a_province_of_3000_hamlets_is_rearranged_and_put_back():
    is_rearranged_and_put_back(3000)


def test_all_cases_are_decided_by_their_likeness():
    """What a person does who goes through the questions of a province, one answer for all alike."""
    event = draft(write_province(50))
    while cases := rehearse(event).open_cases:
        first = cases[0]
        assert choose_alike(event, Alike(group_of(first), first.options[0].likeness).value) >= 1

    check(event, seen=event.revision)
    apply(event, seen=event.revision)

    assert event.state == Reorganisation.State.APPLIED


# --- queries ------------------------------------------------------------------------------------


def statements_of_applying(province: Province, plan: Plan) -> list[str]:
    """Return what is asked of the database, and written to it, to apply such an event."""
    event = draft(province, plan, title=f"Sắp xếp {province.unit}")
    choose_first(event)
    check(event, seen=event.revision)
    with CaptureQueriesContext(connection) as queries:
        apply(event, seen=event.revision)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    if connection.vendor == "sqlite":
        # It takes a thousand values in one statement, so many rows need several.
        return [statement for statement in statements if not statement.startswith("INSERT")]
    return statements


def test_applying_120_lines_needs_as_many_queries_as_30():
    few = Plan(mergers=13, splits=2, renames=2, moves=4, joins=5)
    many = Plan(mergers=52, splits=8, renames=8, moves=16, joins=20)
    assert (few.lines, many.lines) == (30, 120)

    asked_for_few = statements_of_applying(write_province(125, code="86"), few)
    asked_for_many = statements_of_applying(write_province(250, code="87"), many)

    assert len(asked_for_many) == len(asked_for_few)
