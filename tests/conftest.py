"""What every test gets: a database, quick passwords, files as they lie – and people with names."""

import gc
import os
from contextlib import nullcontext
from itertools import count

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult
from hypothesis import settings as examples

from accounts.changes import recording
from accounts.models import Role
from desk.jobs.worker import PatientWorker
from tests import databases, factories, worlds
from tests.worlds import kept

# Playwright keeps a loop running in the worker that drove the browser; the tests after it are none of its.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Where a test says no number of its own; what is drawn by the thousand says so and is marked ``soak``.
examples.register_profile("quick", max_examples=25)
examples.load_profile("quick")

RUN_DAILY = "desk.middleware.RunDailyMiddleware"

# These need no database of the test run: two know no Django, one starts a site of its own.
WITHOUT_DATABASE = {"sheets", "house", "browser"}
# A worker that begins one of these last would work alone at the end.
SLOW = ("browser", "test_addresses.py", "histories", "review")
# What a module is loaded with, committed in a database of its own.
LOADED = {"country", "samples"}
# What Python decides the same way on every database: `make test` asks it once, on SQLite.
ONCE = (
    *("tests/house", "tests/sheets", "tests/test_look.py", "tests/test_project.py"),
    *("tests/test_withheld.py", "tests/test_masking.py", "tests/test_review_attacks.py"),
    *("tests/test_attacks_of_new_pages.py", "tests/test_attacks.py", "tests/test_writers.py"),
    *("tests/dashboards/papers", "tests/dashboards/test_navigation.py", "tests/dashboards/test_scenarios.py"),
    *("tests/dashboards/test_onepage.py", "tests/dashboards/test_quang_ninh_by_workbook.py"),
    *("tests/desk/importing/test_formats.py", "tests/desk/importing/test_hostile.py"),
    *("tests/desk/reorganisation/test_attacks.py", "tests/desk/reorganisation/test_draft_pages.py"),
    *("tests/desk/reorganisation/test_act_pages.py", "tests/desk/test_samples.py"),
)


def pytest_sessionstart():
    """Look for rubbish less often: a test leaves little behind, and what is loaded stays to the end."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let one worker take all tests of a module, which begin with the same; what takes long comes first."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(_path_of(item)))
        if _path_of(item).startswith(ONCE):
            item.add_marker(pytest.mark.once)
    modules = {path: number for number, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (_is_quick(item), modules[item.path], worlds.order(_begins_with(item))))


def _path_of(item) -> str:
    return item.path.relative_to(databases.ROOT).as_posix()


def _is_quick(item) -> bool:
    return not any(part in item.path.parts for part in SLOW)


def _begins_with(item) -> dict:
    """Return the definitions of the fixtures a test may find made; what is loaded has a database of its own."""
    return {} if LOADED & set(item.fixturenames) else item._fixtureinfo.name2fixturedefs


def pytest_make_parametrize_id(val, argname):
    """Name a test after no file's bytes: a workbook carries the second it was made in."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def _places(tmp_path_factory):
    """Places for the files of each test, made by whoever writes there: most tests write none."""
    home = tmp_path_factory.mktemp("files")
    return (home / str(number) for number in count())


@pytest.fixture(autouse=True)
def _quick_and_plain(settings, _places):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = "off"
    place = next(_places)
    settings.MEDIA_ROOT = place / "files"
    settings.JOBS_ROOT = place / "jobs"
    # The first request of a day costs two queries more; tests/desk/test_daily.py asks for it.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != RUN_DAILY]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _in_database(request, django_db_blocker, _quick_and_plain):
    """Nearly every test here needs the database, so all of them get it, and leave it as it was."""
    if WITHOUT_DATABASE & set(request.path.parts) or request.node.get_closest_marker("without_database"):
        factories.count_on()
        yield
        return
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock():
        yield from _committed() if request.node.get_closest_marker("committed") else _rolled_back(request)


def _committed():
    worlds.end()
    factories.count_on()
    with recording(reason="test"):
        yield
    databases.show("migrated", anew=True)


def _rolled_back(request):
    worlds.begin(_begins_with(request.node))
    try:
        # What a test does belongs to the change set of what it began with.
        with transaction.atomic(), recording(reason="test") if worlds.is_empty() else nullcontext():
            yield
            if not connection.needs_rollback:
                connection.check_constraints()
            transaction.set_rollback(True)
    finally:
        if not worlds.are_whole():
            worlds.abandon()
            databases.show_again()
            pytest.fail("This test has lost what it and others began with: it closed the connection.")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A migrated database, copied from a template instead of made anew by every worker of every run."""
    with django_db_blocker.unblock():
        databases.show("migrated")
    yield
    with django_db_blocker.unblock():
        worlds.end()
        databases.store().throw_away()


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """The units of the whole country, for a module."""
    with django_db_blocker.unblock():
        worlds.end()
        databases.show("country")
        yield
        # A test of the module may have begun with something else, and one may have loaded more on top of it.
        worlds.end()
        databases.show("migrated", anew=True)


@pytest.fixture(scope="module")
def samples(django_db_setup, django_db_blocker):
    """The five articles, on top of the country, for a module."""
    with django_db_blocker.unblock():
        worlds.end()
        databases.show("samples")
        yield
        # A test of the module may have begun with something else, and one may have loaded more on top of it.
        worlds.end()
        databases.show("migrated", anew=True)


@kept
def province():
    return factories.province(name="Vĩnh Long", code="86")


@kept
def commune(province):
    return factories.commune(parent=province, name="Phú Túc", code="28810")


@kept
def neighbour(province):
    """Another commune of the same province."""
    return factories.commune(parent=province, name="Giao Long", code="28783")


@kept
def officer(province):
    """Keeps the data of the province."""
    return factories.user(username="officer", role=Role.PROVINCIAL_STAFF, keeps=[province])


@kept
def clerk(commune):
    """Keeps the data of one commune."""
    return factories.user(username="clerk", role=Role.COMMUNE_STAFF, keeps=[commune])


@kept
def reader(province):
    """A leader: reads the province, changes nothing."""
    return factories.user(username="reader", role=Role.LEADER, reads=[province])


@kept
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
