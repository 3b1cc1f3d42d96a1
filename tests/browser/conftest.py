"""A real site with the sample data, served by gunicorn, for a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import databases, worlds

ROOT = Path(__file__).resolve().parent.parent.parent
# Chromium on a closed network: nothing of its own is looked up.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": FLAGS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(scope="session")
def base_url(site):
    return site


@pytest.fixture(scope="session")
def playwright(site_environment, playwright, django_db_blocker):
    """While it drives the browser, a loop runs in this thread, and Django gives it a connection of its own.

    So what tests begin with ends before the loop begins (where the site is prepared), and before it ends.
    """
    yield playwright
    with django_db_blocker.unblock():
        worlds.end()


@pytest.fixture
def complaints(page):
    """Whatever the browser complains about on the way."""
    found = []
    page.on(
        "console",
        lambda m: found.append(f"{m.text} ({page.url})") if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: found.append(f"{error} ({page.url})"))
    return found


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory, django_db_setup, django_db_blocker):
    """What the site runs with; with it a test prepares the site's data by a script of its own."""
    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock():
        worlds.end()
        shutil.copy(databases.file_of("samples"), folder / "site.sqlite3")
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "SECRET_KEY": "browser",
        "SECOND_FACTOR": "off",
        "DEBUG": "off",
        "STATIC_ROOT": str(folder / "static"),
    }


@pytest.fixture(scope="session")
def site(site_environment):
    """The address of a freshly started site with the samples."""
    environment = site_environment
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(address: str):
    for _try in range(100):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 -- our own site
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the site did not start")
