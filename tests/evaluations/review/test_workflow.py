"""Random sequences of steps by random people through every door, against a plain model of the workflow.

The model knows who may do what in which state and nothing of the code. After each move the file, its rows
and what the province may see must be what the model says; a move it forbids changes nothing.
"""

from dataclasses import dataclass, field
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tablib import Dataset

from accounts.models import Role
from evaluations.checks import problems
from evaluations.models import CellRating, Level, Submission
from evaluations.resources import CellRatingResource
from evaluations.review.correcting import Correction, correct
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.listing import add_cell
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories

LEVELS = [Level.EXCELLENT, Level.GOOD, Level.COMPLETED]
WORKERS, RECEIVERS = {"clerk", "lead"}, {"officer"}
ACTORS = ["clerk", "lead", "officer", "neighbour", "reader", "administrator", "superuser"]
# The steps that need nothing but words: who takes them, from where, to where.
STEPS = {
    "checked": (WORKERS, {"entering"}, "entering"),
    "put": (WORKERS, {"entering"}, "put"),
    "pulled": (WORKERS, {"put"}, "entering"),
    "undecided": (WORKERS, {"decided"}, "put"),
    "sent": (WORKERS, {"decided", "returned"}, "sent"),
    "withdrawn": (WORKERS, {"sent"}, "decided"),
    "returned": (RECEIVERS, {"sent", "received"}, "returned"),
    "received": (RECEIVERS, {"sent"}, "received"),
    "locked": (RECEIVERS, {"received"}, "locked"),
}
WITH_PROVINCE = {"sent", "returned", "received", "locked"}


@dataclass
class Model:
    """What the file ought to be."""

    levels: dict[int, str]
    spare: int
    state: str = "entering"
    decided: dict[int, str] = field(default_factory=dict)
    corrected: bool = False
    steps: int = 1  # its list was fixed

    def may_enter(self, cell: int) -> bool:
        if self.state == "entering":
            return True
        return self.state in ("decided", "returned") and cell not in self.decided

    def enter(self, who: str, cell: int, level: str) -> None:
        if who in WORKERS and cell in self.levels and self.may_enter(cell):
            self.levels[cell] = level

    def fill(self, who: str) -> None:
        if who in WORKERS:
            for cell, level in self.levels.items():
                if not level and self.may_enter(cell):
                    self.levels[cell] = Level.GOOD

    def step(self, who: str, kind: str, *, is_stale: bool) -> None:
        people, sources, target = STEPS[kind]
        if who not in people or self.state not in sources or is_stale:
            return
        if kind in ("checked", "put") and not all(self.levels.values()):
            return
        if kind == "sent" and self.decided.keys() != self.levels.keys():
            return
        if kind == "undecided" and self.corrected:
            return
        self.state, self.steps = target, self.steps + 1
        if kind == "undecided":
            self.decided = {}

    def decide(self, who: str) -> None:
        waiting = self.levels.keys() - self.decided.keys()
        if who not in WORKERS or not all(self.levels[cell] for cell in waiting):
            return
        if self.state == "put":
            self.state = "decided"
        elif self.state not in ("decided", "returned") or not waiting:
            return
        self.decided |= {cell: self.levels[cell] for cell in waiting}
        self.steps += 1

    def add(self, who: str) -> None:
        if who in RECEIVERS and self.state != "locked" and self.spare not in self.levels:
            self.levels[self.spare] = ""
            self.steps += 1

    def correct(self, who: str, cell: int, level: str) -> None:
        by = {"decided": WORKERS, "returned": WORKERS, "received": RECEIVERS, "locked": RECEIVERS}
        if who in by.get(self.state, ()) and cell in self.decided:
            self.decided[cell], self.corrected = level, True
            self.steps += 1


class World:
    """The same through the doors of the site."""

    def __init__(self, file: Submission, people: dict, cells: list, tmp_path):
        self.file, self.people, self.cells, self.tmp_path = file, people, cells, tmp_path
        self.clients = {}
        for name, user in people.items():
            self.clients[name] = Client()
            self.clients[name].force_login(user)

    def now(self) -> Submission:
        return Submission.objects.select_related("cycle__rule_set", "commune").get(pk=self.file.pk)

    def row(self, cell: int) -> CellRating | None:
        rows = CellRating.objects.filter(cycle=self.file.cycle_id, cell=cell, superseded_on__isnull=True)
        return rows.select_related("cell").first()

    # --- doors -------------------------------------------------------------------------

    def step_on_page(self, who, kind, *, is_stale=False):
        file = self.now()
        self.clients[who].post(
            reverse("review:step", args=[file.cycle.year, file.pk]),
            {
                "kind": kind,
                "revision": file.revision - is_stale,
                "text": "Một câu",
                "share_reason": "Đơn vị nổi trội",
                "confirmed": "1",
            },
        )

    def step_by_action(self, who, kind, *, is_stale=False):
        file = self.now()
        file.revision -= is_stale
        take(file, kind, by=self.people[who], text="Một câu")

    def enter_by_action(self, who, cell, level):
        row = self.row(cell)
        if row is not None:
            values = {"self_level": level, "proposed_level": level}
            save_rows(
                self.now(), [Entry(CellRating, row.pk, mark_of(row, None), values)], by=self.people[who]
            )

    def enter_in_administration(self, who, cell, level):
        row = self.row(cell)
        if row is not None:
            url = reverse("admin:evaluations_cellrating_change", args=[row.pk])
            form = {
                "self_level": level,
                "proposed_level": level,
                "decided_level": level,
                "change_reason": "thử",
            }
            self.clients[who].post(url, form | {"cycle": row.cycle_id, "cell": row.cell_id})
            self.clients[who].post(url.replace("change", "delete"), {"post": "yes"})

    def _sheet(self, cell, level, *more: str) -> Dataset:
        """Return a sheet that gives this cell the level, as its own, as the proposal, and where else it is named."""
        (place,) = [one for one in self.cells if one.pk == cell]
        values = {"year": self.file.cycle.year, "cell_code": place.code, "cell": place.name}
        values |= dict.fromkeys(("self_level", "proposed_level", *more), level.short)
        heads = {column.key: str(column.header) for column in CellRatingResource.columns}
        return Dataset(tuple(values.values()), headers=[heads[key] for key in values])

    def _import(self, who, sheet):
        CellRatingResource(self.people[who]).import_data(sheet, rollback_on_validation_errors=True)

    def enter_by_resource(self, who, cell, level):
        self._import(who, self._sheet(cell, level))

    def enter_decided_by_resource(self, who, cell, level):
        self._import(who, self._sheet(cell, level, "decided_level"))

    def enter_by_command(self, who, cell, level):
        path = self.tmp_path / "bieu.xlsx"
        path.write_bytes(self._sheet(cell, level).export("xlsx"))
        by = self.people[who].username
        call_command("import_sheet", "ratings", str(path), user=by, commit=True, stdout=StringIO())

    def decide(self, who):
        paper = Paper("5-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
        record_decision(self.now(), paper, by=self.people[who])

    def fill(self, who):
        fill_rest(self.now(), by=self.people[who])

    def add(self, who):
        add_cell(self.now(), self.cells[-1], reason="Bổ sung", by=self.people[who])

    def correct(self, who, cell, level):
        row = self.row(cell)
        if row is not None:
            paper = Paper("6-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
            correct(self.now(), row, Correction(level, paper, "Đính chính"), by=self.people[who])

    def take_back_last(self, who):
        """Undo in the administration whatever was recorded last."""
        last = CellRating.history.filter(cycle=self.file.cycle_id).order_by("history_id").last()
        self.clients[who].post(
            reverse("admin:accounts_changeset_take_back", args=[last.change_set_id]), {"reason": "thử"}
        )

    # --- what is there -------------------------------------------------------------------

    def agrees_with(self, model: Model) -> None:
        file = self.now()
        rows = list(
            CellRating.objects.filter(
                cycle=file.cycle_id, commune=file.commune_id, superseded_on__isnull=True
            )
        )
        assert file.state == model.state
        assert {row.cell_id: row.proposed_level for row in rows} == model.levels
        assert {row.cell_id: row.decided_level for row in rows if row.decided_level} == model.decided
        assert {row.withheld for row in rows} == {model.state not in WITH_PROVINCE}
        assert file.steps.count() == model.steps
        assert file.steps.order_by("number").last().number == file.revision
        for name in ("officer", "reader", "administrator", "superuser"):
            seen = CellRating.objects.visible_to(self.people[name]).filter(
                cycle=file.cycle_id, commune=file.commune_id
            )
            assert seen.exists() == (model.state in WITH_PROVINCE)


actors, cells_, levels = st.sampled_from(ACTORS), st.integers(0, 2), st.sampled_from(LEVELS)
likely_actors = st.sampled_from([*ACTORS, *["clerk", "officer"] * 3])
moves = st.one_of(
    st.tuples(st.just("step_on_page"), likely_actors, st.sampled_from(sorted(STEPS)), st.booleans()),
    st.tuples(st.just("step_by_action"), likely_actors, st.sampled_from(sorted(STEPS)), st.booleans()),
    st.tuples(st.just("step_by_action"), st.sampled_from(["clerk", "officer"]), st.sampled_from(sorted(STEPS)), st.just(False)),
    st.tuples(st.sampled_from(["enter_by_action", "enter_in_administration", "enter_by_resource", "enter_decided_by_resource"]), likely_actors, cells_, levels),
    st.tuples(st.just("enter_by_command"), actors, cells_, levels),
    st.tuples(st.just("fill"), likely_actors),
    st.tuples(st.just("decide"), likely_actors),
    st.tuples(st.just("add"), likely_actors),
    st.tuples(st.just("correct"), likely_actors, cells_, levels),
    st.tuples(st.just("take_back_last"), actors),
)  # fmt: skip


def play(world: World, model: Model, sequence: list[tuple]) -> None:
    keys = [cell.pk for cell in world.cells]
    for name, who, *rest in sequence:
        rest = [keys[one] if isinstance(one, int) and not isinstance(one, bool) else one for one in rest]
        before = dict(model.levels)
        try:
            with transaction.atomic():
                door = getattr(world, name)
                door(who, rest[0], is_stale=rest[1]) if name.startswith("step_") else door(who, *rest)
        except (ValidationError, PermissionDenied, CommandError, SystemExit):
            pass
        _expect(world, model, name, who, rest, before)
        world.agrees_with(model)


def _expect(world: World, model: Model, name: str, who: str, rest: list, before: dict) -> None:
    if name.startswith("step_"):
        model.step(who, rest[0], is_stale=rest[1])
    elif name in ("enter_by_resource", "enter_by_command") and who in RECEIVERS:
        _taken_in_by_the_province(world, model, *rest)
    elif name in ("enter_by_action", "enter_by_resource", "enter_by_command"):
        model.enter(who, *rest)
    elif name == "take_back_last":
        _undone(world, model, who, before)
    elif name not in ("enter_in_administration", "enter_decided_by_resource"):
        getattr(model, name)(who, *rest)


def _recorded(world: World) -> dict[int, str]:
    rows = CellRating.objects.filter(cycle=world.file.cycle_id, superseded_on__isnull=True)
    return dict(rows.filter(commune=world.file.commune_id).values_list("cell", "proposed_level"))


def _taken_in_by_the_province(world: World, model: Model, cell: int, level: str) -> None:
    """The province may take in a commune's paper where nothing is entered, and is told nothing otherwise."""
    there = _recorded(world)
    if there != model.levels:
        assert there == model.levels | {cell: level}
        assert model.may_enter(cell)
        assert model.state in WITH_PROVINCE or not model.levels[cell]
        model.levels = there


def _undone(world: World, model: Model, who: str, before: dict) -> None:
    """What was entered may be undone by whoever keeps it, as long as the file is not put."""
    there = _recorded(world)
    if there != before:
        assert who in WORKERS | RECEIVERS | {"administrator", "superuser"}
        assert model.state == "entering"
        model.levels = there


@pytest.fixture
def world(province, commune, neighbour, officer, clerk, reader, tmp_path):
    cells = [factories.cell(of=factories.hamlet(parent=commune)) for _ in range(3)]
    factories.cell(of=factories.hamlet(parent=neighbour))
    cycle = factories.open_review(by=officer, leaders="none")
    file = factories.file_of(commune, cycle)
    # The third was forgotten: its row is made when the province adds it.
    CellRating.objects.filter(cycle=cycle, cell=cells[2]).delete()
    people = {
        "clerk": clerk,
        "officer": officer,
        "reader": reader,
        "lead": factories.user(role=Role.COMMUNE_LEAD, keeps=[commune]),
        "neighbour": factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]),
        "administrator": factories.user(role=Role.ADMINISTRATOR, keeps=[None], is_staff=True),
        "superuser": factories.user(is_superuser=True, is_staff=True),
    }
    return World(file, people, cells, tmp_path)


def no_forbidden_state_is_reached(world: World, sequence: list[tuple]) -> None:
    with transaction.atomic():
        first, second, spare = (cell.pk for cell in world.cells)
        play(world, Model({first: "", second: ""}, spare), sequence)
        assert not list(problems())
        transaction.set_rollback(True)


UNHURRIED = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
sequences = st.lists(moves, min_size=8, max_size=30)


@settings(UNHURRIED, max_examples=6)
@given(sequence=sequences)
def test_no_state_is_reached_that_the_workflow_forbids(world, sequence):
    no_forbidden_state_is_reached(world, sequence)


@pytest.mark.soak
@settings(UNHURRIED, max_examples=1500)
@given(sequence=sequences)
def test_no_state_is_reached_that_the_workflow_forbids_in_a_thousand_years(world, sequence):
    no_forbidden_state_is_reached(world, sequence)


WHOLE_WAY = [
    ("fill", "clerk"),
    ("step_on_page", "lead", "put", False),
    ("step_on_page", "officer", "received", False),
    ("decide", "clerk"),
    ("step_by_action", "clerk", "sent", True),
    ("step_on_page", "clerk", "sent", False),
    ("step_on_page", "officer", "returned", False),
    ("add", "officer"),
    ("step_on_page", "clerk", "sent", False),
    ("enter_by_action", "clerk", 2, Level.EXCELLENT),
    ("decide", "lead"),
    ("step_on_page", "clerk", "sent", False),
    ("step_on_page", "officer", "received", False),
    ("correct", "officer", 0, Level.COMPLETED),
    ("step_on_page", "officer", "locked", False),
    ("correct", "clerk", 1, Level.COMPLETED),
]


def test_the_whole_way_is_one_of_them(world):
    """The model is no wall: a file does go from the clerk to the lock, by way of being sent back."""
    with transaction.atomic():
        first, second, spare = (cell.pk for cell in world.cells)
        model = Model({first: "", second: ""}, spare)
        play(world, model, WHOLE_WAY)

        assert model.state == "locked"
        assert model.decided == {first: Level.COMPLETED, second: Level.GOOD, spare: Level.EXCELLENT}
        transaction.set_rollback(True)
