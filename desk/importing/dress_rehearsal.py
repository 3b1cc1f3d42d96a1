"""A dress rehearsal: files written one after the other in one transaction, which is rolled back.

So a file is judged by what the files before it would bring. What it showed is kept in words, and
nothing else is.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.changes import ChangeSet, recording
from accounts.refusals import check_deferred, sentences_for
from cells.kinds import Level
from cells.models import Unit
from desk.checks import problems
from desk.importing import batches, checking
from desk.importing.first_load import Load, place_in_order, totals
from desk.importing.provinces import LOADS, kept_provinces
from desk.importing.reading import Reading
from desk.jobs.progress import Progress
from desk.jobs.work import start, work
from desk.models import ImportBatch, Job, KeptLoadRehearsal

# Files of so many rows together are rehearsed while the page waits; checking the whole takes its time as well.
QUICK_ROWS = 500
# What the page shows of what the check of the whole finds.
PROBLEMS_SHOWN = 50

State = ImportBatch.State
_MADE_SINCE = gettext_lazy("Somebody has worked on this file meanwhile. Open it again.")


# --- Which files ----------------------------------------------------------------------


def in_work(user, province: Unit) -> QuerySet:
    """Return the files in work for the province: those of its own office, and what communes have sent."""
    of_office = Q(unit__isnull=True, by=user) | Q(unit__level=Level.PROVINCE) | Q(by=user)
    rows = ImportBatch.objects.kept_by(user).filter(
        Q(state=State.OPEN) & of_office | Q(state=State.SUBMITTED), of_province(province)
    )
    return rows.exclude(kind="").select_related("by", "unit", "check_result")


def of_province(province: Unit) -> Q:
    """Return the condition of files for this province or one of its communes; for several units, of all."""
    return Q(unit__isnull=True) | Q(unit=province) | Q(unit__province=province)


def is_ready(batch: ImportBatch) -> bool:
    """Whether nothing is left to ask: it was checked since the last answer."""
    kept = getattr(batch, "check_result", None)
    return kept is not None and kept.revision == batch.revision


def ready(user, province: Unit, keys: Iterable[int]) -> list[ImportBatch]:
    """Return the files of these keys that can be rehearsed, in the order of the load."""
    rows = in_work(user, province).filter(pk__in=keys, check_result__revision=F("revision"))
    chosen = [batch for batch in rows if batches.may_write(user, batch)]
    return sorted(chosen, key=lambda batch: (place_in_order(batch.kind), batch.pk))


def is_long(chosen: Iterable[ImportBatch]) -> bool:
    return sum(sum(batch.counts.values()) for batch in chosen) > QUICK_ROWS


# --- Rehearsing -----------------------------------------------------------------------


def rehearse_and_keep(
    user, province: Unit, chosen: list[ImportBatch], report: Callable = lambda *step: None
) -> KeptLoadRehearsal:
    """Rehearse the files and keep what that showed in place of the last one."""
    result = rehearse(user, province, chosen, report)
    kept, _made = KeptLoadRehearsal.objects.update_or_create(
        by=user, province=province, defaults={"result": result}
    )
    return kept


def rehearse(
    user, province: Unit, chosen: list[ImportBatch], report: Callable = lambda *step: None
) -> dict[str, Any]:
    """Say what would become of the files if they were written in this order; nothing of it stays."""
    before = totals(Load(province, user))
    with recording(by=user, kind=ChangeSet.Kind.IMPORT, reason=_("Dress rehearsal")), transaction.atomic():
        files = []
        for number, batch in enumerate(chosen):
            report(_("Rehearsing: %(file)s") % {"file": batch}, number, len(chosen))
            files.append(_tried(batch, user))
        report(_("Checking the whole"))
        found = list(problems())
        after = totals(Load(province, user))
        transaction.set_rollback(True)
    # What did not agree before is no fault of these files, and may be of another province.
    known = set(problems()) if found else set()
    new = [problem for problem in found if problem not in known]
    return {
        "files": files,
        "totals": _compared(before, after),
        "problems": new[:PROBLEMS_SHOWN],
        "problem_count": len(new),
        "known_problem_count": len(found) - len(new),
    }


def _compared(before: dict[str, int], after: dict[str, int]) -> list[dict[str, Any]]:
    """Put the totals side by side; words of a first hamlet differ from those of none."""
    if list(before) != list(after) and len(before) == len(after):
        before = dict(zip(after, before.values(), strict=True))
    return [
        {"label": label, "before": before.get(label, 0), "after": number} for label, number in after.items()
    ]


def _tried(batch: ImportBatch, user) -> dict[str, Any]:
    """Write the file, or where some of its rows have faults only the others."""
    told = {"batch": batch.pk, "name": str(batch), "kind": batch.kind, "counts": {}, "groups": []}
    try:
        reading = batches.read_batch(batch, user)
        if reading.step != "check":
            return told | {"refused": [str(_MADE_SINCE)]}
        checked, refused = _written(reading, batches.author_of(batch, user))
    except ValidationError as error:
        return told | {"refused": error.messages}
    shown = checking.as_shown(reading, checked)
    groups = [
        {"heading": group["heading"], "said": group["said"], "rows": group["rows"]}
        for group in shown["groups"]
    ]
    return told | {"counts": shown["counts"], "groups": groups, "refused": refused}


def _written(reading: Reading, author) -> tuple[checking.Checked, list[str]]:
    """Write what can be written, so that later files build on it; return what was found, and why not all was."""
    numbers = [row.number for row in reading.rows]
    checked, refused = _write(reading, author, numbers)
    if checked.is_good:
        return checked, refused
    good = [one.row.number for one in checked.outcomes if one.is_good]
    if not good:
        return checked, refused
    again, refused = _write(reading, author, good)
    if not again.is_good:
        refused = [_("Without the faulty rows others cannot be written either. Mend them first.")]
    return checked, refused


def _write(reading: Reading, author, numbers: list[int]) -> tuple[checking.Checked, list[str]]:
    checked = None
    try:
        with transaction.atomic():
            checked = checking.write(reading, author, numbers=numbers)
            check_deferred()
    except checking.Refused as refusal:
        return refusal.checked, []
    except (IntegrityError, ValidationError) as refusal:
        if checked is None:
            raise
        return checked, sentences_for(refusal)
    return checked, []


# --- As long work ---------------------------------------------------------------------


def start_rehearsal(user, province: Unit, chosen: list[ImportBatch]) -> Job:
    """Rehearse in the background; whoever has begun that already is led to what runs."""
    arguments = {"province": province.pk, "files": [batch.pk for batch in chosen]}
    path = f"{rehearse_load.__module__}.{rehearse_load.__qualname__}"
    running = Job.objects.unfinished().filter(by=user, work=path, arguments=arguments).first()
    title = _("Dress rehearsal: %(province)s") % {"province": province}
    return running or start(rehearse_load, title=title, by=user, **arguments)


@work
def rehearse_load(progress: Progress, *, by, province: int, files: list[int]) -> str:
    """Rehearse these files and keep what that showed."""
    found = kept_provinces(by).filter(pk=province).first()
    if found is None or not by.has_perms(LOADS):
        raise PermissionDenied
    chosen = ready(by, found, files)
    if len(chosen) != len(set(files)):
        raise ValidationError(_("Somebody has worked on one of the files meanwhile. Choose them again."))
    rehearse_and_keep(by, found, chosen, progress.report)
    return reverse("importing:first_load") + f"?tinh={found.pk}#ket-qua"
