"""The boards of a province as a reader opens them: queries after sign-in, and the time beside statements by hand.

The rival is the same for all: the overview's answers in SQL by hand (bench/overview.py), in turns on one database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import Role, User
from bench.overview import by_hand
from cells.models import Grant, Unit

TURNS = 5
MOST_QUERIES = 12
# What a page asks before it is about anything: who signed in, where, and the words of the frame around it.
FRAME_ALONE = "dashboards:search"
PAST_DAY, TODAYS_BORDERS = "2023-05-04", "hien-nay"


@dataclass
class Result:
    what: str
    status: int
    server: float
    database: float
    rival: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.database / self.rival


def addresses(province: Unit) -> Iterator[tuple[str, str]]:
    """Yield what each board is called and where it stands, for this province."""
    overview = reverse("dashboards:overview_unit", args=[province.pk])
    yield "overview", overview
    yield "overview, past", f"{overview}?ngay={PAST_DAY}"
    yield "overview, past, today's borders", f"{overview}?ngay={PAST_DAY}&dia_gioi={TODAYS_BORDERS}"
    yield "leader's page", reverse("dashboards:home")
    yield "elections", reverse("elections_board:latest")
    yield "vacancies", reverse("seats:board_unit", args=[province.pk])
    yield "merged role", reverse("seats:monitor_unit", args=[province.pk])
    yield "follow-up", reverse("follow_up_board:board")
    yield "meetings", reverse("meetings:board")
    yield "titles", reverse("titles:board")
    yield "targets", reverse("targets:index")


# No file is fetched: their addresses need not be those of a site that is served.
PLAIN_FILES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


@override_settings(STORAGES=PLAIN_FILES)
def measure() -> list[Result]:
    """Return each board with its median times in seconds."""
    province = Unit.objects.communes().standing().order_by("pk").first().province
    client = _signed_in(province)
    framing = len(_opened(client, reverse(FRAME_ALONE))[2])
    return [_measure(what, client, url, province, framing) for what, url in addresses(province)]


def _signed_in(province: Unit) -> Client:
    user, _created = User.objects.get_or_create(
        username="bench-leader", defaults={"full_name": "Bench", "role": Role.LEADER}
    )
    Grant.objects.get_or_create(user=user, unit=province, defaults={"access": Grant.Access.READ})
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    return client


def _opened(client: Client, url: str):
    """Return status, seconds and queries of a page; where it leads elsewhere, those of the page behind."""
    response = client.get(url)
    if response.status_code in (301, 302):
        url = response["Location"]
    with CaptureQueriesContext(connection) as captured:
        start = perf_counter()
        response = client.get(url)
        server = perf_counter() - start
    return response.status_code, server, captured.captured_queries


def _measure(what: str, client: Client, url: str, province: Unit, framing: int) -> Result:
    server, database, rival = [], [], []
    for _turn in range(TURNS):
        status, seconds, queries = _opened(client, url)
        server.append(seconds)
        database.append(sum(float(query["time"]) for query in queries))
        start = perf_counter()
        by_hand(province)
        rival.append(perf_counter() - start)
    return Result(what, status, median(server), median(database), median(rival), len(queries) - framing)
