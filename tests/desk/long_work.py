"""Long work for tests: what the worker can import."""

import time
from pathlib import Path

from django.core.exceptions import ValidationError

from accounts.models import User
from desk.jobs.work import work


@work
def rename(progress, *, by, to: str):
    """Do as told, and tell of it."""
    progress.report("Đổi tên", 1, 2)
    by.full_name = to
    by.save()
    return "/chi-bo/"


@work
def refuse(progress, *, by):
    """Change something first, so that a test sees it taken back."""
    User.objects.filter(pk=by.pk).update(full_name="Đã đổi")
    raise ValidationError(["Ấp 3 đã giải thể.", "Thiếu số quyết định."])


@work
def break_down(progress, *, by):
    User.objects.filter(pk=by.pk).update(full_name="Đã đổi")
    raise ZeroDivisionError("bí mật của đồng chí A")


@work
def rename_slowly(progress, *, by, to: str, until: str):
    """Rename at once, but only end when the file is there."""
    by.full_name = to
    by.save()
    done = 1
    while not Path(until).exists():
        progress.report("Ghi từng dòng", done, 3000)
        done += 1
        time.sleep(0.02)
    return "/chi-bo/"


def not_long_work(progress, *, by):
    pass
