"""The board of a year: who is late, how far each is, and not one level before it is sent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Level

YEAR = timezone.localdate().year


def get(client, user, name, *args, status=200, **query):
    client.force_login(user)
    response = client.get(reverse(f"review_board:{name}", args=args or ([] if name in ("years","open") else [YEAR])), query)
    assert response.status_code == status, response.content.decode()[:500]
    return response


PAGES = ["board", "call_list", "attention", "shares", "results", "people", "committees", "notice", "days", "fix",
         "close", "discard", "receive", "decide_committees"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_smoke(client, officer, cycle, file, send, name):
    get(client, officer, name)
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])
    get(client, officer, name)
    get(client, officer, "file", YEAR, file.pk)


@pytest.mark.parametrize("name", ["board", "call_list", "notice", "days", "fix", "discard"])
def test_smoke_prepared(client, officer, prepared, name):
    get(client, officer, name)


def test_smoke_open(client, officer, cells):
    get(client, officer, "years", status=200)
