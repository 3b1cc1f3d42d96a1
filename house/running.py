"""Where things are, how other programs are run, and how a person is told what went wrong."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

WINDOWS = sys.platform == "win32"
COMMAND = "py start.py" if WINDOWS else "python3 start.py"
ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


class Stop(Exception):
    """Ends the program; its text is the sentence the person at the shell reads."""


def say(text=""):
    print(text, flush=True)


def environment(**changes):
    # A Vietnamese console of Windows is not UTF-8 unless told; a pipe must not hold lines back.
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **changes}


def execute(*command, env=None, **options):
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env or environment(), **options)


def manage(*arguments):
    if execute(PYTHON, "manage.py", *arguments).returncode:
        raise Stop(f"Lệnh “manage.py {' '.join(arguments)}” không thành công, xem thông báo ở trên.")


def read_from(code, *arguments):
    """Return what a few lines of Python print inside the virtual environment."""
    done = execute(PYTHON, "-c", code, *arguments, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise Stop(done.stderr.strip().splitlines()[-1])
    return done.stdout.strip()


def digest(*paths):
    """Return one checksum for these files, the same on every machine."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()
