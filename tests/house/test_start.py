"""What a newcomer meets first: an old Python, and what start.py understands."""

import ast
import errno
import subprocess
import sys
from pathlib import Path

import pytest

from house import commands, ready

ROOT = Path(__file__).resolve().parent.parent.parent


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


def start(*arguments):
    return subprocess.run(
        [sys.executable, "start.py", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8"
    )


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
