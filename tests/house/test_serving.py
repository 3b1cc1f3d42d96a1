"""run: the port, what a first and a later run load, and how serving begins and ends."""

import argparse
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from house import commands, running, serving


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

WORKER = "import time; time.sleep(600)"


@pytest.fixture
def server(monkeypatch):
    """A small web server and a worker that does nothing in the place of the real ones; ``start(status)`` serves on a free port."""
    started, workers = [], []

    def start(status):
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]

        def start_server(port):
            started.append(subprocess.Popen([sys.executable, "-c", SERVER, str(port), str(status)]))
            return started[-1]

        def start_worker():
            workers.append(subprocess.Popen([sys.executable, "-c", WORKER]))
            return workers[-1]

        monkeypatch.setattr(serving, "start_server", start_server)
        monkeypatch.setattr(serving, "start_worker", start_worker)
        monkeypatch.setattr(serving.signal, "signal", lambda *arguments: None)
        return port

    yield argparse.Namespace(start=start, started=started, workers=workers)
    for process in started + workers:
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


def _interrupt_once(wait, *, before=lambda: None):
    pressed = []

    def waiting(self, timeout=None):
        if not pressed:
            before()
            pressed.append("Ctrl-C")
            raise KeyboardInterrupt
        return wait(self, timeout)

    return waiting


def test_a_server_that_does_not_start_is_said(site, server):
    port = server.start("no number")

    with pytest.raises(running.Stop, match="không khởi động"):
        serving.serve(port)


def test_the_site_itself_says_who_may_sign_in_and_learns_how_commands_are_typed_here(
    site, server, monkeypatch
):
    called = []
    monkeypatch.setattr(serving, "execute", lambda *command: called.append(command[1:]))
    port = server.start(200)
    monkeypatch.setattr(serving.subprocess.Popen, "wait", _interrupt_once(subprocess.Popen.wait))

    serving.serve(port)

    createsuperuser = f"{running.COMMAND} manage createsuperuser"
    assert called == [("manage.py", "sample_logins", "--first-account", createsuperuser)]


def test_the_worker_runs_beside_the_server_and_ends_with_it(site, server, monkeypatch):
    running_then = []
    monkeypatch.setattr(serving, "execute", lambda *command: None)
    look = lambda: running_then.append(server.workers[0].poll())  # noqa: E731
    port = server.start(200)
    monkeypatch.setattr(serving.subprocess.Popen, "wait", _interrupt_once(subprocess.Popen.wait, before=look))

    serving.serve(port)

    assert running_then == [None]
    assert server.workers[0].poll() is not None


def test_a_worker_that_died_is_started_anew_but_not_again_and_again(site, server, monkeypatch, capsys):
    server.start(200)
    worker = serving.Worker()
    worker.keep_alive()
    server.workers[0].kill()
    server.workers[0].wait()

    worker.keep_alive()
    assert len(server.workers) == 1

    monkeypatch.setattr(serving, "PAUSE", 0)
    worker.keep_alive()
    assert len(server.workers) == 2
    assert "khởi động lại" in capsys.readouterr().out

    worker.keep_alive()
    worker.stop()
    assert len(server.workers) == 2
    assert server.workers[1].poll() is not None


def test_the_site_ends_with_what_the_server_ended_with(site, server):
    port = server.start(200)
    process = serving.start_server(port)
    process.kill()

    assert serving.watch(process, serving.Worker()) == process.returncode != 0


def test_the_worker_is_a_command_of_the_site(site):
    (site / "manage.py").write_text("import sys; sys.exit(sys.argv[1:] != ['work'])")

    assert serving.start_worker().wait(timeout=30) == 0


def test_daily_work_that_fails_keeps_nobody_from_the_site(site, managed, monkeypatch):
    done = []
    for step in ("check_port", "make_environment", "install", "write_env", "migrate", "collect_static"):
        monkeypatch.setattr(serving, step, lambda *arguments, **options: None)
    monkeypatch.setattr(serving, "is_installed", lambda name: True)
    monkeypatch.setattr(serving, "serve", lambda port: done.append("served"))
    monkeypatch.setattr(
        serving,
        "execute",
        lambda *command: done.append(command[-1]) or subprocess.CompletedProcess(command, 1),
    )

    serving.run(argparse.Namespace(port="8000", no_samples=True), [])

    assert done == ["daily", "served"]
