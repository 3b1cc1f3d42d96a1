"""backup, restore: the database and the uploaded files, as a whole."""

import contextlib
import json
import os
import shutil
import sqlite3
import tarfile
import time
from pathlib import Path

from house.ready import need_env, note, prepare
from house.running import VAR, Stop, environment, execute, read_from, say

DESCRIBE_DATA = """
import json, os
from django.conf import settings
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
default = settings.DATABASES["default"]
keys = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
print(json.dumps({key: str(default[key]) for key in keys} | {"FILES": str(settings.MEDIA_ROOT)}))
"""


def describe_data():
    """Return where the database and the uploaded files are, as Django's settings say."""
    prepare()
    need_env()
    return json.loads(read_from(DESCRIBE_DATA))


def is_sqlite(data):
    return data["ENGINE"].endswith("sqlite3")


def postgres_tool(name, data, *arguments, **options):
    if not shutil.which(name):
        raise Stop(f"Không thấy chương trình {name}. Cài gói postgresql-client rồi chạy lại.")
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    env = environment(**{variable: data[key] for variable, key in names.items() if data[key]})
    done = execute(name, *arguments, env=env, **options)
    if done.returncode:
        raise Stop(f"{name} không thành công, xem thông báo ở trên.")


def is_whole(file):
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        try:
            return database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            return False


def copy_sqlite(source, target):
    """Copy a database as one consistent whole, also while the site is in use."""
    if not is_whole(source):
        raise Stop(f"File {source} bị hỏng, không dùng được.")
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as origin,
        contextlib.closing(sqlite3.connect(target, timeout=20)) as copy,
    ):
        try:
            origin.backup(copy)
        except sqlite3.OperationalError as error:
            raise Stop(f"Cơ sở dữ liệu đang bận ({error}). Dừng trang web rồi chạy lại.") from None


def save_copy(data, reason=""):
    """Save database and uploaded files to var/backups; only a complete file gets its name."""
    folder = VAR / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / (time.strftime("%Y-%m-%d_%H-%M-%S") + reason)
    target = base.with_name(base.name + (".sqlite3" if is_sqlite(data) else ".dump"))
    draft = target.with_name(target.name + ".part")
    if is_sqlite(data):
        if not Path(data["NAME"]).is_file():
            raise Stop(f"Chưa có dữ liệu để sao lưu: không có file {data['NAME']}.")
        copy_sqlite(Path(data["NAME"]).resolve(), draft)
    else:
        postgres_tool("pg_dump", data, "--format=custom", "--no-owner", "--file", draft)
    if Path(data["FILES"]).is_dir():
        with tarfile.open(files_beside(target), "w:gz") as archive:
            archive.add(data["FILES"], arcname=".")
    draft.replace(target)
    return target


def files_beside(saved):
    return saved.with_name(saved.stem + ".files.tar.gz")


def backup(options, extra):
    target = save_copy(describe_data())
    saved = sorted(file for file in target.parent.iterdir() if file.suffix in {".sqlite3", ".dump"})
    for old in saved[: -options.keep] if options.keep else []:
        old.unlink()
        files_beside(old).unlink(missing_ok=True)
    say(f"Đã sao lưu: {target}")
    return 0


def kind_of(file):
    if not file.is_file():
        raise Stop(f"Không thấy file {file}.")
    with file.open("rb") as content:
        head = content.read(16)
    return {b"SQLi": "SQLite", b"PGDM": "PostgreSQL"}.get(head[:4])


def restore_postgres(file, data):
    """Replace everything in the database in one transaction: all of the copy, or no change."""
    script = file.with_name(file.name + ".sql.part")
    # As PostgreSQL makes that schema itself in a new database.
    anew = (
        "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
        "ALTER SCHEMA public OWNER TO pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC;"
    )
    try:
        postgres_tool("pg_restore", data, "--no-owner", "--file", script, file)
        once = ["-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        postgres_tool("psql", data, *once, "-c", anew, "-f", script)
    finally:
        script.unlink(missing_ok=True)


def set_aside_damaged(database):
    """Move a database that cannot be read out of the way, with the log files that belong to it."""
    folder = VAR / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    moved = folder / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}_{database.name}.hong"
    for ending in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            shutil.move(f"{database}{ending}", f"{moved}{ending}")
    return moved


def keep_present(data):
    """Keep what a restore is about to replace; return where, or None when there is nothing yet."""
    database = Path(data["NAME"]).resolve()
    if is_sqlite(data) and not database.is_file():
        return None
    if is_sqlite(data) and not is_whole(database):
        return set_aside_damaged(database)
    return save_copy(data, "_truoc-khi-khoi-phuc")


def restore(options, extra):
    file, data = Path(options.file).resolve(), describe_data()
    kind, needed = kind_of(file), "SQLite" if is_sqlite(data) else "PostgreSQL"
    if kind != needed:
        raise Stop(f"{file.name} không phải là bản sao lưu {needed}; trang này dùng {needed} (DATABASE_URL).")
    if kind == "SQLite" and not is_whole(file):
        raise Stop(f"File {file} bị hỏng, không dùng được.")
    if not options.yes:
        say(f"Toàn bộ dữ liệu hiện nay sẽ được thay bằng dữ liệu của {file.name}.")
        if input("Gõ “co” để tiếp tục: ").strip().lower() not in {"co", "có"}:
            raise Stop("Không khôi phục; dữ liệu giữ nguyên.")
    if kept := keep_present(data):
        say(f"Dữ liệu trước khi khôi phục được giữ tại {kept}")
    if is_sqlite(data):
        copy_sqlite(file, data["NAME"])
    else:
        restore_postgres(file, data)
    if files_beside(file).is_file():
        with tarfile.open(files_beside(file)) as archive:
            archive.extractall(data["FILES"], filter="data")
    note(units=None)  # the copy may be older than the units of this version
    say(f"Đã khôi phục từ {file.name}. Chạy lại trang web để cập nhật bảng dữ liệu.")
    return 0
