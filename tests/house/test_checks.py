"""test and bench: which passes run, and that nothing is left out in silence."""

import argparse
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from house import checks, commands, running


def test_a_postgres_that_does_not_answer_is_not_there(monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
    monkeypatch.setenv("TEST_POSTGRES_URL", f"postgres://nobody:secret@127.0.0.1:{port}/postgres")
    monkeypatch.setattr(checks, "read_from", _read_with_this_python)

    url, why_not = checks.find_postgres()

    assert url is None
    assert why_not
    assert "secret" not in why_not


def _read_with_this_python(code, *arguments):
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8")
    if done.returncode:
        raise running.Stop(done.stderr.strip())
    return done.stdout.strip()


@pytest.mark.parametrize(("version", "good"), [("14", False), ("15", True), ("17", True)])
def test_postgres_15_is_the_oldest(monkeypatch, version, good):
    monkeypatch.setattr(checks, "read_from", lambda *arguments: version)

    assert bool(checks.find_postgres()[0]) is good


def test_two_checkouts_do_not_share_a_test_database(site, monkeypatch):
    here = checks.test_database("postgres://u:p@h:5433/postgres?sslmode=require")
    monkeypatch.setattr(checks, "ROOT", site / "elsewhere")
    there = checks.test_database("postgres://u:p@h:5433/postgres?sslmode=require")

    assert here.startswith("postgres://u:p@h:5433/checkout_")
    assert here.endswith("?sslmode=require")
    assert here != there


def test_a_browser_named_but_not_there_is_not_replaced_in_silence(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    assert checks.find_browser() is None


@pytest.fixture
def passes(site, monkeypatch):
    """The pytest runs asked for, each answered with the next of ``codes``."""
    seen = argparse.Namespace(codes=[0, 0], runs=[])

    def pytest_run(arguments, database, **settings):
        seen.runs.append((database.partition(":")[0], arguments[arguments.index("-m") + 1]))
        return seen.codes[len(seen.runs) - 1]

    monkeypatch.setattr(checks, "prepare", lambda name: None)
    monkeypatch.setattr(checks, "pytest", pytest_run)
    monkeypatch.setattr(checks, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(checks, "find_postgres", lambda: ("postgres://postgres@127.0.0.1/postgres", None))
    return seen


def test_both_databases_and_the_browser_once(passes):
    assert commands.main(["test"]) == 0
    assert passes.runs == [("sqlite", "not soak"), ("postgres", "not soak and not browser and not once")]


@pytest.mark.parametrize(
    ("codes", "result"), [([0, 1], 1), ([1, 0], 1), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([2, 5], 2)]
)
def test_the_exit_code_is_that_of_the_worst_pass(passes, codes, result):
    passes.codes = codes

    assert commands.main(["test"]) == result


@pytest.mark.parametrize(
    ("arguments", "ci", "result", "word"),
    [
        (["test"], "", 0, "ĐÃ BỎ QUA"),
        (["test", "--strict"], "", 1, "THIẾU"),
        (["test"], "true", 1, "THIẾU"),
    ],
)
def test_what_is_left_out_is_said_aloud(passes, monkeypatch, capsys, arguments, ci, result, word):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(checks, "find_browser", lambda: None)
    monkeypatch.setattr(checks, "find_postgres", lambda: (None, "connection refused"))

    assert commands.main(arguments) == result

    said = capsys.readouterr().out
    assert passes.runs == [("sqlite", "not soak and not browser")]
    assert f"{word}: kiểm thử bằng trình duyệt" in said
    assert f"{word}: PostgreSQL (connection refused)" in said


def test_bench_without_measurements_says_so(site, capsys):
    assert commands.main(["bench"]) == 1
    assert "bench/" in capsys.readouterr().err
