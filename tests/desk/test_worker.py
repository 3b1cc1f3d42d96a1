"""A worker process of its own on a database of its own: seen from outside, killed in the middle, begun again."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import quote

import pytest
from django.db import connections
from django.urls import reverse

from accounts.models import User
from desk.jobs.progress import is_held, told
from desk.jobs.work import start
from desk.models import Job
from tests.desk.long_work import rename_slowly

# Real transactions: the worker must see what was asked for, and we what it has committed.
pytestmark = pytest.mark.committed


@pytest.fixture
def database_url(tmp_path):
    """A database that another process can open; that of SQLite's test run lies in memory."""
    default = connections["default"]
    if default.vendor == "postgresql":
        of = {
            key: quote(str(default.settings_dict[key]))
            for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")
        }
        yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**of)
        return
    file = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(file)) as copy:
        default.connection.backup(copy)
    on_disk = default.copy()
    on_disk.settings_dict["NAME"] = str(file)
    connections["default"] = on_disk
    yield f"sqlite:///{file.as_posix()}"
    on_disk.close()
    connections["default"] = default


@pytest.fixture
def worker(database_url, settings):
    """Start the worker; it ends by itself when nothing waits."""
    started = []

    def run():
        env = {**os.environ, "DATABASE_URL": database_url, "JOBS_ROOT": str(settings.JOBS_ROOT)}
        env |= {"SECRET_KEY": "only-for-tests", "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "manage.py", "work", "--batch"]
        started.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=env))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def wait_for(what):
    """Wait until it comes true; a shared machine may be slow to start a process."""
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_work_in_one_transaction_is_followed_killed_and_begun_again(
    client, database_url, worker, clerk, tmp_path
):
    before, signal = clerk.full_name, tmp_path / "go"
    client.force_login(clerk)
    job = start(rename_slowly, title="Sáp nhập", by=clerk, to="Tên mới", until=str(signal))
    address = reverse("jobs:job", args=[job.pk])

    killed = worker()
    wait_for(lambda: told(Job.objects.get(pk=job.pk)).done > 1)
    # The page is read while the work writes, and tells of it; of what is written nobody knows yet.
    assert "Ghi từng dòng" in client.get(address).content.decode()
    assert is_held(job.pk)
    assert User.objects.get(pk=clerk.pk).full_name == before

    killed.kill()
    killed.wait()
    wait_for(lambda: not is_held(job.pk))
    assert "Công việc bị ngắt, chưa có gì thay đổi." in client.get(address).content.decode()
    assert User.objects.get(pk=clerk.pk).full_name == before

    signal.touch()
    client.post(reverse("jobs:again", args=[job.pk]))
    assert worker().wait(timeout=60) == 0
    assert client.get(address)["Location"] == "/chi-bo/"
    assert User.objects.get(pk=clerk.pk).full_name == "Tên mới"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite way to end a process")
def test_a_worker_that_is_asked_to_end_ends_its_work_first(database_url, worker, clerk, tmp_path):
    signal = tmp_path / "go"
    job = start(rename_slowly, title="Sáp nhập", by=clerk, to="Tên mới", until=str(signal))
    process = worker()
    wait_for(lambda: is_held(job.pk))

    process.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    signal.touch()

    assert process.wait(timeout=60) == 0
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
