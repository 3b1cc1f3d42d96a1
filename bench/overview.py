"""The overview of a province, a commune and the country, against the same answers in SQL by hand.

Both run in turns in one process on one database, so that a busy machine slows both.
"""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import Role, User
from bench.rivals.overview import DAY, by_hand
from cells.models import Grant, Unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.targets.progress import progress_of_targets

TURNS = 7
# The country's counts are kept for some minutes; here it is measured how they are made.
NOTHING_KEPT = {"figures": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@dataclass
class Result:
    where: str
    ours: float
    rival: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.ours / self.rival


def measure() -> list[Result]:
    """Return the median database time of ours and the rival's, in seconds, place by place."""
    commune = Unit.objects.communes().standing().order_by("pk").first()
    places = [("country", None), ("province", commune.province), ("commune", commune)]
    with override_settings(CACHES=settings.CACHES | NOTHING_KEPT):
        return [_measure(where, unit, _reader(unit)) for where, unit in places]


def _reader(unit: Unit | None) -> User:
    user, _created = User.objects.get_or_create(
        username=f"bench-{unit.pk if unit else 'vn'}", defaults={"full_name": "Bench", "role": Role.LEADER}
    )
    Grant.objects.get_or_create(user=user, unit=unit, defaults={"access": Grant.Access.READ})
    return user


def _measure(where: str, unit: Unit | None, user: User) -> Result:
    ours, rival, queries = [], [], 0
    for _turn in range(TURNS):
        with CaptureQueriesContext(connection) as captured:
            _ours(unit, user)
        ours.append(sum(float(query["time"]) for query in captured.captured_queries))
        queries = len(captured)
        start = perf_counter()
        by_hand(unit)
        rival.append(perf_counter() - start)
    return Result(where, median(ours), median(rival), queries)


def _ours(unit: Unit | None, user: User) -> None:
    frame = Frame(unit, DAY, User.objects.get(pk=user.pk))
    board = Board(frame)
    board.all_figures()
    assert board.merged_years.whole
    list(board.title_trends)
    progress_of_targets(board)
    if frame.child_level:
        list(frame.children())
