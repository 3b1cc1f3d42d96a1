"""The virtual environment, the libraries and .env."""

import argparse
import subprocess
from pathlib import Path

import pytest

from house import ready, running

ROOT = Path(__file__).resolve().parent.parent.parent


def test_missing_venv_module_names_the_package(site, monkeypatch):
    monkeypatch.setattr(ready, "PYTHON", site / "nothing")
    find = ready.importlib.util.find_spec
    monkeypatch.setattr(
        ready.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )

    with pytest.raises(running.Stop, match="sudo apt install python3-venv"):
        ready.make_environment()


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
