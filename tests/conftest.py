"""What every test gets: a database, quick passwords, files as they lie – and people with names."""

import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from accounts.changes import recording
from accounts.models import Role
from cells.loading import load_country
from desk.jobs.worker import PatientWorker
from tests import factories

# Playwright keeps a loop running in the worker that drove the browser; the tests after it are none of its.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

RUN_DAILY = "desk.middleware.RunDailyMiddleware"

# These need no database of the test run: two know no Django, one starts a site of its own.
WITHOUT_DATABASE = {"sheets", "house", "browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Nearly every test here needs the database, so all of them get it."""
    for item in items:
        if {"country", "samples"} & set(item.fixturenames):
            # Loaded once per module: one worker takes them all.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if not WITHOUT_DATABASE & set(item.path.parts) and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)


def pytest_make_parametrize_id(val, argname):
    """Name a test after no file's bytes: a workbook carries the second it was made in."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _quick_and_plain(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = "off"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_ROOT = tmp_path / "jobs"
    # The first request of a day costs two queries more; tests/desk/test_daily.py asks for it.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != RUN_DAILY]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _same_names_in_every_test():
    factories.count_anew()


@pytest.fixture(autouse=True)
def _one_change_set_per_test():
    with recording(reason="test"):
        yield


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """The units of the whole country, loaded once for a module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_country()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def samples(country, django_db_blocker):
    """The five articles, on top of the country."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_samples", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def province():
    return factories.province(name="Vĩnh Long", code="86")


@pytest.fixture
def commune(province):
    return factories.commune(parent=province, name="Phú Túc", code="28810")


@pytest.fixture
def neighbour(province):
    """Another commune of the same province."""
    return factories.commune(parent=province, name="Giao Long", code="28783")


@pytest.fixture
def officer(province):
    """Keeps the data of the province."""
    return factories.user(username="officer", role=Role.PROVINCIAL_STAFF, keeps=[province])


@pytest.fixture
def clerk(commune):
    """Keeps the data of one commune."""
    return factories.user(username="clerk", role=Role.COMMUNE_STAFF, keeps=[commune])


@pytest.fixture
def reader(province):
    """A leader: reads the province, changes nothing."""
    return factories.user(username="reader", role=Role.LEADER, reads=[province])


@pytest.fixture
def outsider():
    """Keeps the data of some other province."""
    return factories.user(username="outsider", role=Role.PROVINCIAL_STAFF, keeps=[factories.province()])


@pytest.fixture
def work_off():
    """Do all long work that waits, as the worker does (whose own loop would close the test's connection)."""

    def run():
        worker = PatientWorker()
        for place in DBTaskResult.objects.ready():
            place.claim(worker.worker_id)
            worker.run_task(place)

    return run
