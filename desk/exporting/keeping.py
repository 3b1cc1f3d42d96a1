"""Finished files, kept in the database for as long as it takes to fetch them."""

import hashlib
import json
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from cells.models.grants import scope_of
from dashboards.exports import Export
from desk.models import KeptExport, KeptExportPart
from evaluations.models import Step
from evaluations.models.withheld import communes_of

# One piece of a file in the table; so much of it is in memory at a time.
PIECE = 1024 * 1024


def keep(file: BinaryIO, export: Export, *, by, kind: str, rows: int) -> KeptExport:
    """Keep the file for this person, piece by piece."""
    kept = KeptExport.objects.create(
        by=by,
        title=export.title[: KeptExport._meta.get_field("title").max_length],
        file_name=export.file_name(kind),
        row_count=rows,
        size=file.tell(),
        scope=scope_mark(by),
    )
    file.seek(0)
    for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
        KeptExportPart.objects.create(export=kept, number=number, content=piece)
    return kept


def kept_for(user) -> QuerySet:
    """Return what somebody may fetch: their own files, in the scope and the role in which they were written."""
    kept = KeptExport.objects.visible_to(user).filter(scope=scope_mark(user), made_at__gte=_oldest())
    return kept.filter(made_at__gt=withdrawn) if (withdrawn := _last_withdrawn(user)) else kept


def _last_withdrawn(user) -> datetime | None:
    """Return when a commune last took back what this person had been shown; files made before may hold it."""
    steps = Step.objects.visible_to(user).filter(kind=Step.Kind.WITHDRAWN, at__gte=_oldest())
    steps = steps.exclude(submission__commune__commune__in=communes_of(user))
    return steps.aggregate(last=Max("at"))["last"]


def kept_until(kept: KeptExport) -> datetime:
    return kept.made_at + timedelta(days=settings.KEEP_EXPORTS_DAYS)


def clear_exports() -> None:
    """Forget the files that were to be fetched by now."""
    KeptExport.objects.filter(made_at__lt=_oldest()).delete()


def _oldest() -> datetime:
    return timezone.now() - timedelta(days=settings.KEEP_EXPORTS_DAYS)


def scope_mark(user) -> str:
    """Return a mark that is another as soon as somebody sees other rows, or other columns of them."""
    parts = [sorted(part) if isinstance(part, frozenset) else part for part in astuple(scope_of(user))]
    told = json.dumps([user.role, user.is_superuser, parts])
    return hashlib.sha256(told.encode()).hexdigest()
