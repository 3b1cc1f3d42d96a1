"""The virtual environment, the pinned libraries, .env, and a note of what is done already."""

import importlib.util
import json
import os
import re
import secrets
import sys

from house.running import COMMAND, PYTHON, ROOT, VAR, VENV, Stop, digest, execute, say

ENV_FILE = ROOT / ".env"


def make_environment():
    works = PYTHON.exists() and execute(PYTHON, "-c", "import pip", capture_output=True).returncode == 0
    if works:
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stop(
            "Python này thiếu mô-đun venv. Trên Debian, Ubuntu cài bằng lệnh "
            "“sudo apt install python3-venv” rồi chạy lại."
        )
    done = execute(sys.executable, "-m", "venv", "--clear", VENV, capture_output=True, text=True)
    if done.returncode:
        raise Stop(f"Không tạo được môi trường Python tại {VENV}:\n{done.stdout}{done.stderr}".strip())


def requirement_files(name):
    files = [ROOT / "requirements.txt"]
    return files if name == "requirements.txt" else [*files, ROOT / name]


def stamp(name):
    return VENV / f".installed-{name}"


def is_installed(name):
    return stamp(name).is_file() and stamp(name).read_text() == digest(*requirement_files(name))


def install(name):
    """Install the pinned libraries, unless exactly these are there already."""
    if is_installed(name):
        return
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", name]
    done = execute(*pip, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        say("\n".join(done.stderr.strip().splitlines()[-8:]))
        raise Stop(
            "Không cài được thư viện. Kiểm tra kết nối mạng (hoặc máy chủ trung gian, chỗ trống trên ổ đĩa) "
            f"rồi chạy lại; lệnh đã dùng: pip install -r {name}."
        )
    for file in requirement_files(name):
        stamp(file.name).write_text(digest(*requirement_files(file.name)))


def prepare(requirements="requirements.txt"):
    """Make the virtual environment ready; silent when there is nothing to do."""
    VAR.mkdir(exist_ok=True)
    make_environment()
    if not is_installed(requirements):
        say("Cài thư viện (lần đầu mất vài phút)…")
        install(requirements)


def write_env(samples):
    """Write .env from .env.example once; an existing one is never touched."""
    if ENV_FILE.exists():
        return
    values = {"SECRET_KEY": secrets.token_urlsafe(50), "DEBUG": "off", "HTTPS": "off"}
    values["ALLOWED_HOSTS"] = "127.0.0.1,localhost"
    # The sample site is tried out on one machine; a site with real data keeps the second factor.
    values["SECOND_FACTOR"] = "off" if samples else "required"
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, value in values.items():
        text = re.sub(rf"^{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
    # Written whole under another name first: half a .env would never be repaired.
    draft = ENV_FILE.with_name(".env.new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(ENV_FILE)


def setting(name):
    """Return a setting as the site will read it: the environment first, then .env."""
    if name in os.environ:
        return os.environ[name]
    text = ENV_FILE.read_text(encoding="utf-8") if ENV_FILE.exists() else ""
    found = re.search(rf"^{name}=(.*)$", text, flags=re.MULTILINE)
    return found.group(1).strip() if found else ""


def need_env():
    """Stop where there are no settings yet: only `run` knows which ones to write."""
    if not setting("SECRET_KEY"):
        raise Stop(
            f"Chưa có file .env. Chạy “{COMMAND} run” trước, hoặc chép .env.example thành .env rồi điền vào."
        )


def read_progress():
    try:
        return json.loads((VAR / "start.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def note(**changes):
    """Remember what is done, so that a second start is quick and repeats nothing."""
    (VAR / "start.json").write_text(json.dumps({**read_progress(), **changes}, indent=1))
