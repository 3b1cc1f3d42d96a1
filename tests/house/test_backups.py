"""backup and restore: everything comes back, or nothing is changed."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from house import backups, commands


def fill(path, *names):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE IF NOT EXISTS cell (name TEXT)")
        database.executemany("INSERT INTO cell VALUES (?)", [(name,) for name in names])


def names_in(path):
    with closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM cell")]


@pytest.fixture
def data(site, monkeypatch):
    """A site with a database of one cell and one uploaded file."""
    described = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(site / "var" / "db.sqlite3"),
        "FILES": str(site / "var" / "files"),
    }
    fill(described["NAME"], "Phước Hậu")
    (site / "var" / "files").mkdir()
    (site / "var" / "files" / "decision.pdf").write_bytes(b"first")
    monkeypatch.setattr(backups, "describe_data", lambda: described)
    return described


def saved_in(site):
    return sorted((site / "var" / "backups").glob("*.sqlite3"))


def test_restore_brings_back_rows_and_files_and_keeps_what_was_there(site, data):
    assert commands.main(["backup"]) == 0
    saved = saved_in(site)[0]
    fill(data["NAME"], "Later")
    (site / "var" / "files" / "decision.pdf").write_bytes(b"second")

    assert commands.main(["restore", str(saved), "--yes"]) == 0

    assert names_in(data["NAME"]) == ["Phước Hậu"]
    assert (site / "var" / "files" / "decision.pdf").read_bytes() == b"first"
    kept = next(file for file in saved_in(site) if "truoc-khi-khoi-phuc" in file.name)
    assert names_in(kept) == ["Phước Hậu", "Later"]


def test_backup_copies_what_another_process_has_just_written(site, data):
    with closing(sqlite3.connect(data["NAME"])) as in_use:
        in_use.execute("INSERT INTO cell VALUES ('In the log file only')")
        in_use.commit()
        commands.main(["backup"])

    assert names_in(saved_in(site)[0]) == ["Phước Hậu", "In the log file only"]


def test_restore_asks_first(site, data, monkeypatch):
    commands.main(["backup"])
    fill(data["NAME"], "Later")
    monkeypatch.setattr("builtins.input", lambda question: "n")

    assert commands.main(["restore", str(saved_in(site)[0])]) == 1
    assert names_in(data["NAME"]) == ["Phước Hậu", "Later"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Không thấy file"),
        (b"", "không phải là bản sao lưu SQLite"),
        (b"PGDMP of another site", "không phải là bản sao lưu SQLite"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "bị hỏng"),
    ],
)
def test_what_is_no_backup_changes_nothing(site, data, capsys, content, sentence):
    file = site / "copy"
    if content is not None:
        file.write_bytes(content)

    assert commands.main(["restore", str(file), "--yes"]) == 1
    assert sentence in capsys.readouterr().err
    assert names_in(data["NAME"]) == ["Phước Hậu"]
    assert not (site / "var" / "backups").exists()


def test_a_damaged_database_can_be_replaced_and_is_kept(site, data):
    commands.main(["backup"])
    saved = saved_in(site)[0]
    Path(data["NAME"]).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)

    assert commands.main(["restore", str(saved), "--yes"]) == 0

    assert names_in(data["NAME"]) == ["Phước Hậu"]
    assert list((site / "var" / "backups").glob("*.hong"))


def test_keep_removes_the_oldest_copies_with_their_files(site, data):
    folder = site / "var" / "backups"
    folder.mkdir()
    for day in ("2025-01-01", "2025-01-02"):
        (folder / f"{day}_10-00-00.sqlite3").touch()
        (folder / f"{day}_10-00-00.files.tar.gz").touch()

    commands.main(["backup", "--keep", "2"])

    left = sorted(file.name for file in folder.iterdir())
    assert len(left) == 4
    assert left[0] == "2025-01-02_10-00-00.files.tar.gz"
    assert not [name for name in left if name.startswith("2025-01-01")]


def test_nothing_to_save_is_said(site, data, capsys):
    os.remove(data["NAME"])

    assert commands.main(["backup"]) == 1
    assert "Chưa có dữ liệu để sao lưu" in capsys.readouterr().err


@pytest.fixture
def postgres_data(site, monkeypatch):
    """A PostgreSQL database of its own, described as the settings would."""
    if connection.vendor != "postgresql" or not shutil.which("pg_dump"):
        pytest.skip("needs the PostgreSQL pass, and its client programs")
    described = {
        key: str(connection.settings_dict[key]) for key in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT")
    }
    described |= {"NAME": f"{connection.settings_dict['NAME']}_restore", "FILES": str(site / "files")}
    monkeypatch.setattr(backups, "describe_data", lambda: described)
    name = connection.ops.quote_name(described["NAME"])
    with closing(_connect(described, "postgres")) as server, server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
        yield described
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connect(described, name):
    opened = psycopg2.connect(
        host=described["HOST"],
        port=described["PORT"] or None,
        user=described["USER"],
        password=described["PASSWORD"] or None,
        dbname=name,
    )
    opened.autocommit = True
    return opened


def _ask(described, sql):
    with closing(_connect(described, described["NAME"])) as opened, opened.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def test_restore_on_postgres_is_whole_repeatable_or_nothing(site, postgres_data, capsys):
    _ask(postgres_data, "CREATE EXTENSION btree_gist; CREATE TABLE cell (name text)")
    _ask(postgres_data, "INSERT INTO cell VALUES ('Phước Hậu')")
    commands.main(["backup"])
    saved = next((site / "var" / "backups").glob("*.dump"))

    for _ in range(2):
        _ask(postgres_data, "INSERT INTO cell VALUES ('Later'); CREATE TABLE newer (name text)")
        assert commands.main(["restore", str(saved), "--yes"]) == 0
        assert _ask(postgres_data, "SELECT name FROM cell") == [("Phước Hậu",)]
        assert _ask(postgres_data, "SELECT to_regclass('newer')") == [(None,)]

    cut_off = site / "cut_off.dump"
    cut_off.write_bytes(saved.read_bytes()[:600])
    assert commands.main(["restore", str(cut_off), "--yes"]) == 1
    assert _ask(postgres_data, "SELECT name FROM cell") == [("Phước Hậu",)]
