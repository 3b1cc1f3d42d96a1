"""The server is killed while thirty communes send their files: nothing is lost, nothing is done twice."""

import json
import logging
import random
import time

import pytest

from tests.desk.killing import TIMES, finish, killed_after, own_databases, start, state

logger = logging.getLogger(__name__)

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.utils import timezone
from accounts.changes import recording
from accounts.models import Role
from evaluations.models import Step
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import fill_rest
from evaluations.review.steps import take
from tests import factories
with recording(reason="test"):
    province = factories.province(name="Vĩnh Long", code="86")
    officer = factories.user(username="officer", keeps=[province])
    homes = [factories.commune(parent=province) for _ in range(30)]
    for home in homes:
        for _ in range(3):
            factories.cell(of=factories.hamlet(parent=home))
    cycle = factories.open_review(by=officer, leaders="none")
    for number, home in enumerate(homes):
        clerk = factories.user(username=f"clerk{number}", role=Role.COMMUNE_STAFF, keeps=[home])
        file = factories.file_of(home, cycle)
        fill_rest(file, by=clerk)
        paper = Paper("1-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
        record_decision(take(file, Step.Kind.PUT, by=clerk), paper, by=clerk)
"""
# What thirty clerks do, and what the province does with what has come in.
SEND = """
from django.core.exceptions import ValidationError
from accounts.changes import recording
from accounts.models import User
from evaluations.models import Step, Submission
from evaluations.review.steps import take
officer = User.objects.get(username="officer")
print("begun", flush=True)
for file in Submission.objects.filter(state__in=["decided", "sent"]).order_by("pk"):
    clerk = User.objects.get(grants__unit=file.commune, role="commune_staff")
    for kind, who in ((Step.Kind.SENT, clerk), (Step.Kind.RECEIVED, officer)):
        with recording(by=who, reason="test"):
            try:
                file = take(file, kind, by=who)
            except ValidationError:
                file.refresh_from_db()
"""
LOOK = """
import json
from evaluations.models import CellRating, Submission
print(json.dumps([
    [
        file.state,
        sorted(file.steps.filter(kind__in=["sent", "received"]).values_list("kind", flat=True)),
        file.revision,
        file.steps.order_by("number").last().number,
        CellRating.objects.filter(commune=file.commune, withheld=True).count(),
    ]
    for file in Submission.objects.order_by("pk")
]))
"""
WHOLE = {"decided": ([], 3), "sent": (["sent"], 0), "received": (["received", "sent"], 0)}


@pytest.mark.soak
@pytest.mark.without_database
def test_a_server_killed_while_communes_send_loses_and_doubles_nothing(tmp_path):
    with own_databases(tmp_path) as databases:
        url = databases.new("prepared")
        finish(PREPARE, url)
        duration = _duration(databases)
        done = []
        for turn in range(TIMES):
            moment = (turn + random.random()) / TIMES * duration  # noqa: S311 -- chance, no secret
            url = databases.copy("prepared", "killed")
            killed_after(SEND, moment, url)
            state(url)  # check_data finds nothing
            done.append(sum(name != "decided" for name in _files(url)))

            finish(SEND, url)
            assert _files(url) == ["received"] * 30
        logger.info("Killed %d times within %.1f s, after %s files", TIMES, duration, done)


def _duration(databases) -> float:
    process = start(SEND, databases.copy("prepared", "whole"))
    assert process.stdout.readline() == "begun\n", process.stderr.read()
    begun = time.monotonic()
    _out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return time.monotonic() - begun


def _files(url: str) -> list[str]:
    """Return the states of the files; each has exactly the steps, and the rows, that go with it."""
    files = json.loads(finish(LOOK, url))
    for name, steps, revision, last, withheld in files:
        assert (steps, withheld) == WHOLE[name]
        assert revision == last
    return [name for name, *_rest in files]
