"""test, soak, lint, bench: everything that judges the project, on both databases."""

import hashlib
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from house.ready import prepare
from house.running import PYTHON, ROOT, VAR, Stop, environment, execute, read_from, say

NO_TESTS_COLLECTED = 5
POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/postgres"
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
BROWSER_PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]
# Tests must not depend on the .env of the machine they run on.
TEST_SETTINGS = {
    "SECRET_KEY": "only-for-tests",
    "DEBUG": "off",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "HTTPS": "off",
    "PROXY_COUNT": "0",
    "SECOND_FACTOR": "off",
    # Workers, and the processes that tests start, need not compile everything again and again.
    "PYTHONDONTWRITEBYTECODE": "",
}
PROBE_POSTGRES = """
import sys, psycopg2
try:
    print(psycopg2.connect(sys.argv[1], connect_timeout=3).server_version // 10000)
except psycopg2.OperationalError as error:
    sys.exit(str(error).strip().splitlines()[0])
"""
CHECK_CATALOGUES = """
import sys, polib
bad = [(f, e) for f in sys.argv[1:] for e in polib.pofile(f) if not e.obsolete and not e.translated()]
for file, entry in bad:
    print(f"{file}:{entry.linenum}: {entry.msgid!r}")
sys.exit(bool(bad))
"""


def find_browser():
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).is_file() else None
    found = (shutil.which(name) for name in BROWSERS)
    return next(filter(None, found), None) or next(filter(os.path.isfile, BROWSER_PLACES), None)


def find_postgres():
    """Return (address, None) of a PostgreSQL that answers, or (None, why not)."""
    url = os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL)
    try:
        version = int(read_from(PROBE_POSTGRES, url))
    except Stop as reason:
        return None, str(reason)
    return (url, None) if version >= 15 else (None, f"PostgreSQL {version}, cần 15 trở lên")


def test_database(url):
    """Return the address with a database name of this checkout: two may be tested at once."""
    own_name = "/checkout_" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return urlunsplit(urlsplit(url)._replace(path=own_name))


def pytest(arguments, database, **settings):
    env = environment(**TEST_SETTINGS, DATABASE_URL=database, **settings)
    return execute(PYTHON, "-m", "pytest", *arguments, env=env).returncode


def missing(what, strict):
    """Say aloud what was left out; with --strict or CI=true that is a failure."""
    strict = strict or os.environ.get("CI", "").lower() in {"1", "true"}
    for line in what:
        say(f"{'THIẾU' if strict else 'ĐÃ BỎ QUA'}: {line}")
    return int(bool(strict and what))


def on_both_databases(sqlite_arguments, postgres_arguments, options, left_out, **settings):
    postgres, why_not = find_postgres()
    say("— SQLite —")
    # Django keeps the test database of SQLite in memory; the file itself is never made.
    codes = [pytest(sqlite_arguments, f"sqlite:///{(VAR / 'test.sqlite3').as_posix()}", **settings)]
    if postgres:
        say("— PostgreSQL —")
        codes.append(pytest(postgres_arguments, test_database(postgres), **settings))
    else:
        left_out.append(f"PostgreSQL ({why_not}); đặt TEST_POSTGRES_URL nếu ở nơi khác.")
    # A chosen few tests may all be of one database or browser: nothing collected is no fault then.
    found_some = any(code != NO_TESTS_COLLECTED for code in codes)
    failed = [code for code in codes if code and not (found_some and code == NO_TESTS_COLLECTED)]
    return missing(left_out, options.strict) or (failed[0] if failed else 0)


def test(options, extra):
    prepare("requirements-dev.txt")
    left_out, settings, browser = [], {}, find_browser()
    if browser:
        settings["CHROMIUM"] = browser
    else:
        left_out.append(
            "kiểm thử bằng trình duyệt (không thấy Chromium; đặt CHROMIUM=đường dẫn nếu ở nơi khác)."
        )
    cores = min(os.cpu_count() or 1, 4)
    # The tests say themselves what is best begun first (tests/conftest.py).
    shared = ["-n", cores, "--dist", "loadgroup", "--no-loadscope-reorder"]
    everywhere = [*shared, "-m", "not soak and not browser", *extra]
    on_sqlite = [*shared, "-m", "not soak", *extra] if browser else everywhere
    # What no database decides needs no second one, save for `soak`.
    on_postgres = [*shared, "-m", "not soak and not browser and not once", *extra]
    return on_both_databases(on_sqlite, on_postgres, options, left_out, **settings)


def soak(options, extra):
    prepare("requirements-dev.txt")
    # A browser's site keeps its data in SQLite, whatever the tests run on.
    arguments = ["-m", "soak", *extra], ["-m", "(soak or once) and not browser", *extra]
    return on_both_databases(*arguments, options, [])


def lint(options, extra):
    prepare("requirements-dev.txt")
    catalogues = sorted(ROOT.glob("locale/**/*.po"))
    checks = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "djlint": [PYTHON, "-m", "djlint", "--quiet", "--lint", "templates"],
        "hướng import": [PYTHON.with_name("lint-imports"), "--no-cache"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "bản dịch đầy đủ": [PYTHON, "-c", CHECK_CATALOGUES, *catalogues],
    }
    left_out = []
    if shutil.which("msgfmt"):
        for file in catalogues:
            name = f"msgfmt {file.relative_to(ROOT).as_posix()}"
            checks[name] = ["msgfmt", "--check-format", "--check-domain", "-o", os.devnull, file]
    else:
        left_out.append("kiểm tra cú pháp bản dịch (chưa cài gettext).")
    env = environment(**TEST_SETTINGS, DATABASE_URL="sqlite://:memory:")
    failed = []
    for name, command in checks.items():
        say(f"— {name}")
        if execute(*command, env=env).returncode:
            failed.append(name)
    if failed:
        say(f"Chưa đạt: {', '.join(failed)}.")
    return missing(left_out, options.strict) or int(bool(failed))


def bench(options, extra):
    if not (ROOT / "bench" / "__main__.py").is_file():
        raise Stop("Chưa có phép đo nào: thư mục bench/ không có __main__.py.")
    prepare("requirements-dev.txt")
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{(VAR / 'bench.sqlite3').as_posix()}"
    env = environment(**TEST_SETTINGS, DATABASE_URL=database)
    return execute(PYTHON, "-m", "bench", *extra, env=env).returncode
