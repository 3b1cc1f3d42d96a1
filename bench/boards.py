"""The boards of a province as their readers open them: queries after sign-in, and the time beside statements by hand.

Each board has a rival of its own, which answers the same questions (bench/rivals/), and each list another one, the
stock admin list of its rows (bench/stock.py); all run in turns in one process on one database, so that a busy machine
slows all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from bench.country.life import TERM
from bench.rivals import STATEMENTS, first_page, overview
from bench.stock import stock_list
from cells.meetings.months import full_months_of, last_full_month
from cells.models import Grant, Unit

TURNS = 5
MOST_QUERIES, MOST_TIMES, MOST_SECONDS, MOST_OF_STOCK = 12, 1.5, 0.12, 1
# What a page asks before it is about anything: who signed in, where, and the words of the frame around it.
FRAME_ALONE = "dashboards:search"
# A day since which the province has stood, and one before it stood, in today's borders.
PAST_DAY, FAR_DAY, TODAYS_BORDERS = "2025-12-31", "2023-05-04", "hien-nay"


@dataclass
class Result:
    what: str
    status: int
    server: float
    database: float
    rival: float
    queries: int
    # Of lists alone: the database time of a stock admin list.
    stock: float | None

    @property
    def ratio(self) -> float:
        return self.database / self.rival

    @property
    def of_stock(self) -> float | None:
        return self.stock and self.database / self.stock

    @property
    def misses(self) -> list[str]:
        """Say which of the limits it is over."""
        over = {
            "queries": self.queries > MOST_QUERIES,
            "database": self.ratio > MOST_TIMES,
            "stock": self.of_stock is not None and self.of_stock > MOST_OF_STOCK,
            "server": self.server > self.rival + MOST_SECONDS,
            "status": self.status != 200,
        }
        return [what for what, is_over in over.items() if is_over]


def of_leaders(province: Unit) -> Iterator[tuple[str, str, Callable]]:
    """Yield what a leader reads first, where it stands, and who answers the same by hand."""
    today, past, far = timezone.localdate(), date.fromisoformat(PAST_DAY), date.fromisoformat(FAR_DAY)
    page = reverse("dashboards:overview_unit", args=[province.pk])
    yield "overview", page, partial(overview.by_hand, province, today)
    yield "overview, past", f"{page}?ngay={PAST_DAY}", partial(overview.by_hand, province, past)
    yield (
        "overview, past, today's borders",
        f"{page}?ngay={FAR_DAY}&dia_gioi={TODAYS_BORDERS}",
        partial(overview.by_hand, province, far, now=True),
    )
    yield "leader's page", reverse("dashboards:home"), partial(first_page.by_hand, province, today)


def of_staff(province: Unit) -> Iterator[tuple[str, str]]:
    """Yield each board of a province and the lists behind its numbers, called as their rivals are."""
    here, year = [province.pk], timezone.localdate().year
    yield "elections", reverse("elections_board:board", args=[TERM])
    yield "elections held, list", reverse("elections_board:contests", args=[TERM]) + "?loc=da-to-chuc"
    yield "pairs of two people, list", reverse("elections_board:pairs", args=[TERM]) + "?loc=khac-nguoi"
    yield "vacancies", reverse("seats:board_unit", args=here)
    yield "hamlets without a head, list", reverse("seats:list", args=[*here, "khuyet-truong"])
    yield "people with several seats, list", reverse("seats:list", args=[*here, "nhieu-chuc"])
    yield "merged role", reverse("seats:monitor_unit", args=here)
    yield "merged role, changes", reverse("seats:monitor_changes", args=here)
    yield "confirmations", reverse("seats:confirmations_unit", args=here)
    yield "follow-up", reverse("follow_up_board:board")
    yield "officers, list", reverse("follow_up_board:officers")
    yield "hamlets not followed, list", reverse("follow_up_board:places") + "?loc=khong"
    yield "visits, list", reverse("follow_up_board:visits")
    yield "meetings", reverse("meetings:board")
    yield "cells under attendance, list", reverse("meetings:cells") + "?loc=duoi-ty-le"
    yield "titles", reverse("titles:board")
    yield "titles held, list", reverse("titles:list") + "?loc=dang-giu"
    yield "yearly look at titles", reverse("titles:checks")
    yield "targets", reverse("targets:unit", args=here)
    yield "courses", reverse("learning:courses")
    yield "never trained, list", reverse("learning:never")
    yield "commendations", reverse("learning:commendations")
    yield "proposal to commend", reverse("learning:proposal")
    yield "records of one person", reverse("records:duplicates")
    yield "review", reverse("review_board:board", args=[year])
    yield "review, second looks", reverse("review_board:attention", args=[year])
    yield "review, shares", reverse("review_board:shares", args=[year])
    yield "review, cells, list", reverse("review_board:results", args=[year])
    yield "review, people, list", reverse("review_board:people", args=[year])


# No file is fetched: their addresses need not be those of a site that is served.
PLAIN_FILES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


def measure() -> Iterator[Result]:
    """Yield each board with its median times in seconds."""
    with override_settings(STORAGES=PLAIN_FILES, SECOND_FACTOR="off"):
        yield from _measured()


def _measured() -> Iterator[Result]:
    province = Unit.objects.communes().standing().order_by("pk").first().province
    leader = _signed_in(province, Role.LEADER, Grant.Access.READ)
    staff = _signed_in(province, Role.PROVINCIAL_STAFF, Grant.Access.KEEP)
    for what, url, answer_by_hand in of_leaders(province):
        yield _measure(what, leader, url, answer_by_hand)
    parameters = _parameters(province)
    for what, url in of_staff(province):
        stock = stock_list(what, province)
        yield _measure(what, staff, url, lambda what=what: _by_hand(what, parameters), stock)


def _parameters(province: Unit) -> dict:
    """Return what the statements by hand are told."""
    today = timezone.localdate()
    months = full_months_of(last_full_month(today).year, today)
    return {
        "province": province.pk,
        "day": today,
        "year": today.year,
        "month": (today.replace(day=1) - timedelta(days=1)).replace(day=1),
        "first": months[0],
        "last": months[-1],
        "months": len(months),
        "term": TERM,
        # The pace of a target is taken since the province stands.
        "pace_day": province.periods.order_by("starts_on").first().starts_on,
    }


def _by_hand(what: str, parameters: dict) -> None:
    with connection.cursor() as cursor:
        for statement in STATEMENTS[what]:
            cursor.execute(statement, parameters)
            cursor.fetchall()


def _signed_in(province: Unit, role: Role, access: Grant.Access) -> Client:
    user, _created = User.objects.get_or_create(
        username=f"bench-{role}", defaults={"full_name": "Bench", "role": role}
    )
    Grant.objects.get_or_create(user=user, unit=province, defaults={"access": access})
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    return client


def _behind(client: Client, url: str) -> str:
    """Return the address of a page, or of the one that it leads to."""
    response = client.get(url)
    return response["Location"] if response.status_code in (301, 302) else url


def _opened(client: Client, url: str):
    """Return status, seconds and queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        start = perf_counter()
        response = client.get(url)
        server = perf_counter() - start
    return response.status_code, server, captured.captured_queries


def _time_of(queries: list[dict]) -> float:
    return sum(float(query["time"]) for query in queries)


def _measure(
    what: str, client: Client, url: str, answer_by_hand: Callable, stock: Callable[[], float] | None = None
) -> Result:
    # Opened once before: the first page of all asks more than any later one.
    frame_alone, url = _behind(client, reverse(FRAME_ALONE)), _behind(client, url)
    server, database, rival, stocks = [], [], [], []
    for _turn in range(TURNS):
        _status, _seconds, framing = _opened(client, frame_alone)
        status, seconds, queries = _opened(client, url)
        server.append(seconds)
        # No rival answers what any page asks for its frame: neither is it counted here.
        database.append(_time_of(queries) - _time_of(framing))
        start = perf_counter()
        answer_by_hand()
        rival.append(perf_counter() - start)
        if stock:
            stocks.append(stock())
    times = median(server), median(database), median(rival)
    return Result(what, status, *times, len(queries) - len(framing), median(stocks) if stocks else None)
