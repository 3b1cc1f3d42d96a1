"""An empty checkout to try start.py in, without network and without a server."""

import sys
from pathlib import Path

import pytest

from house import backups, checks, commands, ready, running, serving

ROOT = Path(__file__).resolve().parent.parent.parent
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
