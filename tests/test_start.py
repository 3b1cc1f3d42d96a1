"""start.py and house/: what a newcomer meets first, without network and without a server."""

import argparse
import ast
import errno
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from house import backups, checks, commands, ready, running, serving

ROOT = Path(__file__).resolve().parent.parent
MODULES = [backups, checks, commands, ready, running, serving]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An empty checkout: everything the house reads and writes lies in a folder of its own."""
    places = {
        "ROOT": tmp_path,
        "VAR": tmp_path / "var",
        "VENV": tmp_path / ".venv",
        "PYTHON": Path(sys.executable),
        "ENV_FILE": tmp_path / ".env",
    }
    for module in MODULES:
        for name, place in places.items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, place)
    for name in ("CI", "SECRET_KEY", "SECOND_FACTOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "var").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\n")
    return tmp_path


# --- The Python it starts with ------------------------------------------------------------


def test_an_old_python_gets_one_sentence():
    pretend = (
        "import runpy, sys; sys.version_info = (3, 8, 18); runpy.run_path('start.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, encoding="utf-8")

    assert done.returncode == 1
    assert done.stderr.startswith("Cần Python 3.11 trở lên; máy này đang chạy Python 3.8.")
    assert done.stderr.count("\n") == 1


def test_an_old_python_can_read_as_far_as_the_sentence():
    tree = ast.parse((ROOT / "start.py").read_text("utf-8"), feature_version=(3, 4))

    before_check = tree.body[: [type(node) for node in tree.body].index(ast.If)]
    assert [ast.unparse(node) for node in before_check[1:]] == ["import sys"]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.NamedExpr)]


def test_missing_venv_module_names_the_package(site, monkeypatch):
    monkeypatch.setattr(ready, "PYTHON", site / "nothing")
    find = ready.importlib.util.find_spec
    monkeypatch.setattr(
        ready.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )

    with pytest.raises(running.Stop, match="sudo apt install python3-venv"):
        ready.make_environment()


# --- The command line ---------------------------------------------------------------------


def start(*arguments):
    return subprocess.run(
        [sys.executable, "start.py", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8"
    )


def test_a_taken_port_is_said_at_once_with_the_way_out(site, monkeypatch, capsys):
    monkeypatch.setattr(
        serving, "make_environment", lambda: pytest.fail("work began before the port was checked")
    )
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        assert commands.main(["run", "--port", str(port)]) == 1

    said = capsys.readouterr().err
    assert said == (
        f"Cổng {port} đang có chương trình khác dùng. "
        f"Chạy lại với cổng khác: {running.COMMAND} run --port {port + 1}\n"
    )


def test_a_port_just_left_is_free_again():
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            other.accept()[0].close()

    assert serving.check_port(str(port)) == port


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 00", ""])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(running.Stop, match="không phải là số cổng"):
        serving.check_port(port)


def test_without_a_command_it_lists_them():
    done = start()

    assert done.returncode == 2
    assert "restore FILE" in done.stdout


@pytest.mark.parametrize("arguments", [["runn"], ["run", "--prot", "1"], ["restore"], ["lint", "x"]])
def test_an_unknown_command_or_option_is_refused_with_the_list(arguments):
    done = start(*arguments)

    assert done.returncode == 1
    assert done.stderr.startswith("Không hiểu lệnh")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("typed", "passed_on"),
    [
        (["test", "--", "-k", "name", "--strict"], ["-k", "name", "--strict"]),
        (["test", "--strict", "tests/test_start.py", "-x"], ["tests/test_start.py", "-x"]),
        (["manage", "figures", "--unit", "VN", "--", "-1"], ["figures", "--unit", "VN", "--", "-1"]),
        (["manage", "--help"], ["--help"]),
    ],
)
def test_what_is_not_ours_goes_on_to_the_program_behind(typed, passed_on):
    assert commands.read_command(typed)[1] == passed_on


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_is_one_sentence(site, monkeypatch, capsys, code):
    def refuse():
        raise OSError(code, "refused", "/opt/site/.venv")

    monkeypatch.setattr(ready, "make_environment", refuse)

    assert commands.main(["lint"]) == 1
    assert capsys.readouterr().err.startswith("Không có quyền ghi vào /opt/site/.venv.")


def test_another_fault_of_the_system_is_not_hidden(site, monkeypatch):
    def full():
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(ready, "make_environment", full)

    with pytest.raises(OSError, match="disk full"):
        commands.main(["lint"])


# --- .env ---------------------------------------------------------------------------------


def test_env_is_written_for_a_trial_on_one_machine(site):
    ready.write_env(samples=True)

    lines = (site / ".env").read_text("utf-8").splitlines()
    assert {"DEBUG=off", "HTTPS=off", "SECOND_FACTOR=off", "ALLOWED_HOSTS=127.0.0.1,localhost"} <= set(lines)
    assert len(ready.setting("SECRET_KEY")) >= 50


@pytest.mark.skipif(running.WINDOWS, reason="Windows has other file rights")
def test_env_is_for_its_owner_only(site):
    ready.write_env(samples=True)

    assert (site / ".env").stat().st_mode & 0o777 == 0o600


def test_env_is_never_overwritten(site):
    (site / ".env").write_text("SECRET_KEY=mine\n")

    ready.write_env(samples=True)

    assert (site / ".env").read_text() == "SECRET_KEY=mine\n"


def test_every_site_has_its_own_secret(site):
    ready.write_env(samples=True)
    first = ready.setting("SECRET_KEY")
    (site / ".env").unlink()
    ready.write_env(samples=True)

    assert ready.setting("SECRET_KEY") != first


def test_a_site_without_samples_keeps_the_second_factor(site):
    ready.write_env(samples=False)

    assert ready.setting("SECOND_FACTOR") == "required"


def test_the_environment_goes_before_env(site, monkeypatch):
    ready.write_env(samples=True)
    monkeypatch.setenv("SECOND_FACTOR", "required")

    assert ready.setting("SECOND_FACTOR") == "required"


def test_commands_that_need_settings_say_how_to_get_them(site, monkeypatch):
    with pytest.raises(running.Stop, match="Chưa có file .env"):
        ready.need_env()


# --- Libraries ----------------------------------------------------------------------------


@pytest.fixture
def pip(site, monkeypatch):
    """Stands in for pip: keeps what was asked for, answers with ``pip.code``."""
    asked = argparse.Namespace(code=0, calls=[])

    def execute(*command, **options):
        asked.calls.append(command[-1])
        return subprocess.CompletedProcess(command, asked.code, "", "ERROR: No matching distribution\n")

    monkeypatch.setattr(ready, "execute", execute)
    return asked


def test_libraries_are_installed_once(pip):
    ready.install("requirements.txt")
    ready.install("requirements.txt")

    assert pip.calls == ["requirements.txt"]


def test_changed_requirements_are_installed_again(pip, site):
    ready.install("requirements-dev.txt")
    assert ready.is_installed("requirements.txt")

    (site / "requirements.txt").write_text("Django==5.2.20\n")

    assert not ready.is_installed("requirements.txt")
    assert not ready.is_installed("requirements-dev.txt")


def test_a_failed_installation_is_said_and_tried_again(pip, capsys):
    pip.code = 1
    with pytest.raises(running.Stop, match="Không cài được thư viện. Kiểm tra kết nối mạng"):
        ready.install("requirements.txt")

    assert "No matching distribution" in capsys.readouterr().out
    assert not ready.is_installed("requirements.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(name):
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]

    assert [line for line in lines if line and not line.startswith("-r ") and "==" not in line] == []


# --- First and later runs -----------------------------------------------------------------


@pytest.fixture
def managed(site, monkeypatch):
    """The manage.py commands that were called, none of them carried out."""
    calls = []
    monkeypatch.setattr(serving, "manage", lambda *arguments: calls.append(arguments[0]))
    return calls


def pretend_migrate(site, *lines, code=0):
    (site / "manage.py").write_text(f"for line in {lines!r}:\n    print(line)\nraise SystemExit({code})\n")


NEW_DATABASE = ("  Applying contenttypes.0001_initial... OK", "  Applying accounts.0001_initial... OK")


def test_first_run_loads_units_and_samples_and_a_second_run_neither(site, managed):
    pretend_migrate(site, *NEW_DATABASE)
    serving.migrate(samples=True)
    serving.load_data(samples=True)
    assert managed == ["load_units", "load_samples"]

    pretend_migrate(site, "  No migrations to apply.")
    serving.migrate(samples=True)
    serving.load_data(samples=True)
    assert managed == ["load_units", "load_samples"]


def test_a_run_broken_off_in_the_middle_is_taken_up_again(site, managed):
    pretend_migrate(site, NEW_DATABASE[0], code=1)
    with pytest.raises(running.Stop, match="Không cập nhật được cơ sở dữ liệu"):
        serving.migrate(samples=True)

    pretend_migrate(site, NEW_DATABASE[1])
    serving.migrate(samples=True)
    serving.load_data(samples=True)

    assert managed == ["load_units", "load_samples"]


def test_a_database_that_was_there_before_gets_no_samples(site, managed):
    pretend_migrate(site, "  Applying cells.0007_new_column... OK")
    serving.migrate(samples=True)
    serving.load_data(samples=True)

    assert managed == ["load_units"]


def test_samples_left_out_once_stay_out(site, managed):
    pretend_migrate(site, *NEW_DATABASE)
    serving.migrate(samples=False)
    serving.load_data(samples=False)
    serving.load_data(samples=True)

    assert managed == ["load_units"]


def test_a_database_made_anew_is_filled_anew(site, managed):
    for _ in range(2):
        pretend_migrate(site, *NEW_DATABASE)
        serving.migrate(samples=True)
        serving.load_data(samples=True)

    assert managed == ["load_units", "load_samples"] * 2


# --- Tests on both databases --------------------------------------------------------------


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
    assert passes.runs == [("sqlite", "not soak"), ("postgres", "not soak and not browser")]


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


# --- Serving ------------------------------------------------------------------------------

SERVER = """
import http.server, sys
status = int(sys.argv[2])
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(status)
        self.end_headers()
    def log_message(self, *arguments):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""


@pytest.fixture
def server(monkeypatch):
    """A small web server in the place of the real one; ``start(status)`` serves on a free port."""
    started = []

    def start(status):
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]

        def start_server(port):
            started.append(subprocess.Popen([sys.executable, "-c", SERVER, str(port), str(status)]))
            return started[-1]

        monkeypatch.setattr(serving, "start_server", start_server)
        monkeypatch.setattr(serving.signal, "signal", lambda *arguments: None)
        return port

    yield argparse.Namespace(start=start, started=started)
    for process in started:
        process.kill()
        process.wait()


def test_ctrl_c_ends_the_server_and_is_no_error(site, server, monkeypatch, capsys):
    port = server.start(200)
    monkeypatch.setattr(serving.subprocess.Popen, "wait", _interrupt_once(subprocess.Popen.wait))

    assert serving.serve(port) == 0

    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}/admin/" in said
    assert said.endswith("Đã dừng.\n")
    assert server.started[0].poll() is not None


def _interrupt_once(wait):
    pressed = []

    def waiting(self, timeout=None):
        if not pressed:
            pressed.append("Ctrl-C")
            raise KeyboardInterrupt
        return wait(self, timeout)

    return waiting


def test_a_server_that_does_not_start_is_said(site, server):
    port = server.start("no number")

    with pytest.raises(running.Stop, match="không khởi động"):
        serving.serve(port)


def test_no_samples_no_sample_logins_but_a_way_to_the_first_account(site, server, monkeypatch, capsys):
    port = server.start(200)
    monkeypatch.setattr(serving.subprocess.Popen, "wait", _interrupt_once(subprocess.Popen.wait))

    serving.serve(port)

    assert "manage createsuperuser" in capsys.readouterr().out


# --- Backup and restore -------------------------------------------------------------------


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
