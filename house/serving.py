"""run: from a clean clone to a served site; the second time in seconds."""

import contextlib
import errno
import http.client
import signal
import socket
import subprocess
import time

from house.ready import (
    install,
    is_installed,
    make_environment,
    note,
    read_progress,
    requirement_files,
    setting,
    write_env,
)
from house.running import COMMAND, PYTHON, ROOT, VAR, WINDOWS, Stop, digest, environment, execute, manage, say

FIRST_MIGRATION = "contenttypes.0001_initial"
# A worker that ends at once again and again is started this many seconds apart.
PAUSE = 5


def check_port(text):
    """Return the port as a number if the site can be served there."""
    port = int(text) if text.isdigit() else 0
    if not 0 < port < 65536:
        raise Stop(f"“{text}” không phải là số cổng. Ví dụ: {COMMAND} run --port 8001")
    way_out = f"{COMMAND} run --port {port + 1 if port < 65535 else 8000}"
    with socket.socket() as caller, socket.socket() as listener:
        caller.settimeout(1)
        taken = caller.connect_ex(("127.0.0.1", port)) == 0
        if not WINDOWS:  # as gunicorn does: a port just left is free
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES and not taken:
                raise Stop(f"Không được phép dùng cổng {port}. Chạy lại với cổng khác: {way_out}") from None
            taken = True
    if taken:
        raise Stop(f"Cổng {port} đang có chương trình khác dùng. Chạy lại với cổng khác: {way_out}")
    return port


def migrate(samples):
    """Bring the tables up to date; a database that was new is noted before its second table."""
    command = [str(PYTHON), "manage.py", "migrate", "--no-color"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        for line in process.stdout:
            if FIRST_MIGRATION in line:
                note(units=None, samples="wanted" if samples else "left out")
    if process.returncode:
        raise Stop("Không cập nhật được cơ sở dữ liệu, xem thông báo ở trên (DATABASE_URL trong .env).")


def load_data(samples):
    done = read_progress()
    units = digest(*ROOT.glob("cells/data/*.*"), *ROOT.glob("cells/loading.py"))
    if done.get("units") != units:
        manage("load_units")
        note(units=units)
    if done.get("samples") == "wanted":
        if samples:
            manage("load_samples")
        note(samples="loaded" if samples else "left out")


def collect_static():
    files = [path for path in ROOT.glob("static/**/*") if path.is_file()]
    wanted = digest(*files, *requirement_files("requirements.txt"), ROOT / "config" / "settings.py")
    if read_progress().get("static") != wanted or not (VAR / "static").is_dir():
        manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
        note(static=wanted)


def start_server(port):
    address = f"127.0.0.1:{port}"
    if WINDOWS:
        server = ["waitress", f"--listen={address}", "--threads=8", "config.wsgi:application"]
    else:
        server = ["gunicorn", "config.wsgi", "--bind", address, "--workers", "2", "--threads", "4"]
        server += ["--log-level", "warning"]
    return subprocess.Popen([str(PYTHON), "-m", *server], cwd=ROOT, env=environment())


def start_worker():
    return subprocess.Popen([str(PYTHON), "manage.py", "work"], cwd=ROOT, env=environment())


class Worker:
    """The process that does the long work beside the server, started anew when it dies."""

    def __init__(self):
        self.process, self.started = None, -PAUSE

    def keep_alive(self):
        now = time.monotonic()
        if (self.process is None or self.process.poll() is not None) and now - self.started >= PAUSE:
            if self.process:
                say("Tiến trình xử lý công việc đã dừng, khởi động lại.")
            self.process, self.started = start_worker(), now

    def stop(self):
        if self.process:
            stop(self.process)


def stop(process):
    """End a process: politely, then in any case. Work in the middle is rolled back by the database."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    process.kill()
    process.wait()


def wait_until_served(server, port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Stop("Máy chủ web không khởi động được, xem thông báo ở trên.")
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(page):
            page.request("GET", "/healthz")
            if page.getresponse().status < 500:
                return
        time.sleep(0.2)
    raise Stop("Máy chủ web không trả lời sau một phút, xem thông báo ở trên.")


def serve(port):
    """Serve until Ctrl-C (or a TERM from outside), and leave nothing running behind."""
    server, worker = start_server(port), Worker()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        wait_until_served(server, port)
        say(f"\nTrang web:         http://127.0.0.1:{port}/")
        say(f"Trang quản trị:    http://127.0.0.1:{port}/admin/\n")
        execute(PYTHON, "manage.py", "sample_logins", "--first-account", f"{COMMAND} manage createsuperuser")
        say("\nĐể dừng, bấm Ctrl-C.")
        return watch(server, worker)
    except KeyboardInterrupt:
        say("\nĐã dừng.")
        return 0
    finally:
        stop(server)
        worker.stop()


def watch(server, worker):
    """Keep a worker beside the server until that ends; return what it ended with."""
    while True:
        worker.keep_alive()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return server.wait(timeout=1)


def run(options, extra):
    port = check_port(options.port)
    VAR.mkdir(exist_ok=True)
    say("1/6 Môi trường Python (.venv)…")
    make_environment()
    say("2/6 Thư viện…" if is_installed("requirements.txt") else "2/6 Cài thư viện (lần đầu mất vài phút)…")
    install("requirements.txt")
    say("3/6 Cấu hình (.env)…")
    write_env(samples=not options.no_samples)
    # Sample logins have printed passwords, so they never come near a site that asks for a second factor.
    samples = not options.no_samples and setting("SECOND_FACTOR") == "off"
    say("4/6 Cơ sở dữ liệu…")
    migrate(samples)
    say("5/6 Đơn vị hành chính, dữ liệu mẫu…")
    load_data(samples)
    # What failed is shown to the administrators; it keeps nobody from the site.
    execute(PYTHON, "manage.py", "daily")
    say("6/6 Khởi động trang web…")
    collect_static()
    return serve(port)
