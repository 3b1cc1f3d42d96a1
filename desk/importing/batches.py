"""What is done with a file: received, answered, sent to the province, written, undone, dropped.

Each act states the revision it read, and touches nothing when somebody else was quicker.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, recording
from accounts.refusals import check_deferred
from accounts.sheet_errors import sentence_of
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from cells.taking_back import take_back_kept
from desk.importing import checking
from desk.importing.forms import FORMS
from desk.importing.papers import ImportForm
from desk.importing.reading import Answers, Reading, read
from desk.importing.settled import settled
from desk.models import BatchCheck, BatchFile, ImportBatch, RememberedColumn
from sheets.errors import SheetError
from sheets.reading import Workbook, read_workbook
from sheets.returning import is_written_anew
from sheets.text import nfc

USES, TAKES_BACK = "desk.add_importbatch", "accounts.take_back"
State = ImportBatch.State


# --- Who may do what ------------------------------------------------------------------


def forms_of(user) -> dict[str, ImportForm]:
    """Return the forms that this user may write or propose."""
    return {
        key: form
        for key, form in FORMS.items()
        if user.has_perm(USES) and (user.has_perm(form.permission) or form.may_propose)
    }


def may_write(user, batch: ImportBatch) -> bool:
    """Whether the user writes this batch; who may not proposes it to the province."""
    form = FORMS.get(batch.kind)
    if form is None:
        return False
    return user.has_perm(form.permission) or (form.has_own_steps and _holds_only_own_steps(batch))


def _holds_only_own_steps(batch: ImportBatch) -> bool:
    """Whether the last check found nothing but steps of an open review; writing asks once more."""
    shown = BatchCheck.objects.filter(batch=batch).first()
    return shown is not None and shown.result["only_own_steps"]


def may_undo(user, batch: ImportBatch) -> bool:
    return (
        batch.state == State.DONE
        and not batch.is_taken_back
        and user.has_perm(TAKES_BACK)
        and may_write(user, batch)
    )


def office_of(user) -> Unit | None:
    """Return the one unit that the user keeps data of, None for several or the country."""
    scope = scope_of(user, keeping=True)
    units = scope.provinces | scope.communes
    return Unit.objects.get(pk=next(iter(units))) if len(units) == 1 and not scope.everywhere else None


def author_of(batch: ImportBatch, user):
    """Return in whose scope the rows are looked up: what a commune has sent, in its own."""
    return batch.by if batch.state == State.SUBMITTED else user


# --- Receiving and reading ------------------------------------------------------------


@transaction.atomic
def receive(user, *, name: str, data: bytes, kind: str = "") -> ImportBatch:
    """Keep the file as a new batch; one that cannot be opened is refused with its reason."""
    workbook = open_file(data, name)
    longest = ImportBatch._meta.get_field("file_name").max_length
    batch = ImportBatch.objects.create(
        file_name=nfc(name)[-longest:],
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        kind=kind if kind in forms_of(user) else "",
        by=user,
        unit=office_of(user),
    )
    BatchFile.objects.create(batch=batch, content=data)
    batch.workbook = workbook
    return batch


def open_file(data: bytes, name: str) -> Workbook:
    try:
        return read_workbook(data, name)
    except SheetError as error:
        raise ValidationError(sentence_of(error)) from None


def content_of(batch: ImportBatch) -> bytes:
    """Return the bytes of the file, or refuse where they are kept no longer."""
    file = BatchFile.objects.filter(batch=batch).first()
    if file is None:
        raise ValidationError(_("The file itself is kept no longer. Choose it again."))
    return bytes(file.content)


def workbook_of(batch: ImportBatch) -> Workbook:
    """Return the file opened: once, for as long as the batch is at hand; what it holds never changes."""
    if not hasattr(batch, "workbook"):
        batch.workbook = open_file(content_of(batch), batch.file_name)
    return batch.workbook


def read_batch(batch: ImportBatch, user) -> Reading:
    """Read the file as far as what was answered goes."""
    author = author_of(batch, user)
    forms = forms_of(author)
    return read(
        workbook_of(batch),
        forms,
        kind=batch.kind,
        answers=Answers(_with_own_commune(batch.answers, author)),
        remembered=_remembered(batch, forms),
    )


def _with_own_commune(answers: dict[str, Any], user) -> dict[str, Any]:
    """Who keeps one commune is not asked which."""
    office = office_of(user)
    if office is None or office.level != Level.COMMUNE:
        return answers
    asked = {"commune": str(office), "keeper": str(office)} | answers.get("asked", {})
    return answers | {"asked": asked}


def _remembered(batch: ImportBatch, forms) -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for one in RememberedColumn.objects.filter(unit=batch.unit, kind__in=forms):
        known.setdefault(one.kind, {})[one.heading] = one.column
    return known


def same_file(batch: ImportBatch, user) -> ImportBatch | None:
    """Return the last batch that was made of the same bytes before."""
    others = ImportBatch.objects.visible_to(user).filter(digest=batch.digest, pk__lt=batch.pk)
    if batch.kind:
        # The lists of one workbook are imports of their own.
        others = others.filter(kind__in=["", batch.kind])
    return others.exclude(state=State.DROPPED).first()


# --- Acts -----------------------------------------------------------------------------


def answer(batch: ImportBatch, *, seen: int, kind: str | None = None, **answers) -> None:
    """Keep what was answered; ``kind`` is the form. What was kept before under the same name is joined."""
    merged = dict(batch.answers)
    # What was said about columns and rows was said of another form, of another table.
    if kind not in (None, batch.kind):
        merged.pop("columns", None)
    if answers.get("table", merged.get("table")) != merged.get("table"):
        merged = {name: value for name, value in merged.items() if name not in ("kinds", "rows")}
    for name, value in answers.items():
        merged[name] = {**merged.get(name, {}), **value} if isinstance(value, dict) else value
    fields = {"answers": merged} | ({} if kind is None else {"kind": kind})
    _change(batch, seen, State.OPEN, **fields)


def check(batch: ImportBatch, reading: Reading, user, report: Callable = lambda *step: None) -> BatchCheck:
    """Check the rows and keep what was found for showing, at the revision that was read."""
    if reading.form.key != batch.kind:
        ImportBatch.objects.filter(pk=batch.pk, kind="").update(kind=reading.form.key)
        batch.kind = reading.form.key
    checked = checking.check(reading, author_of(batch, user), report)
    return keep(batch, reading, checked)


def keep(batch: ImportBatch, reading: Reading, checked: checking.Checked) -> BatchCheck:
    result = checking.as_shown(reading, checked) | {
        "settled": settled(reading, batch.answers, batch.by),
        "comes_back_anew": is_written_anew(reading.workbook),
        "beside": [
            {"kind": form.key, "sheet": table.sheet.name, "count": len(table.rows)}
            for table, form in reading.lists_beside
        ],
    }
    kept, _made = BatchCheck.objects.update_or_create(
        batch=batch,
        defaults={"revision": batch.revision, "result": result},
    )
    ImportBatch.objects.filter(pk=batch.pk).exclude(state__in=[State.DONE, State.UNDONE]).update(
        counts=checked.counts
    )
    return kept


def known_check(batch: ImportBatch) -> BatchCheck | None:
    """Return the last check, if nothing was answered since."""
    return BatchCheck.objects.filter(batch=batch, revision=batch.revision).first()


def write(
    batch: ImportBatch,
    *,
    seen: int,
    by,
    fingerprint: str,
    only_good: bool = False,
    report: Callable = lambda *step: None,
) -> None:
    """Write the rows: exactly what was shown (``fingerprint``), all or none; or only the good ones.

    Raises ValidationError where something would be written differently by now: the check is made anew.
    """
    if not may_write(by, batch):
        raise PermissionDenied
    reading = read_batch(batch, by)
    if reading.step != "check":
        raise ValidationError(_("Something about this file is still to be answered. Open it again."))
    shown = known_check(batch)
    if shown is None:
        raise ValidationError(_("Check the file once more before it is written."))
    numbers = [row["row"] for row in shown.result["rows"] if not (only_good and row["faults"])]
    try:
        with (
            transaction.atomic(),
            recording(by=by, kind=ChangeSet.Kind.IMPORT, reason=batch.file_name) as here,
        ):
            checked = checking.write(reading, author_of(batch, by), numbers=numbers, report=report)
            if checked.fingerprint(only_good=only_good) != fingerprint:
                raise checking.Refused(checked)
            check_deferred()
            _change(
                batch,
                seen,
                batch.state,
                state=State.DONE,
                only_good=only_good,
                counts=_counts_written(checked, shown),
                done_at=timezone.now(),
                done_by=by,
                change_set=here.change_set,
            )
            _remember(batch, reading)
    except checking.Refused:
        check(batch, reading, by)
        raise ValidationError(
            _(
                "What is recorded has changed since this was checked. Nothing was written. Look at it once more."
            )
        ) from None


def _counts_written(checked: checking.Checked, shown: BatchCheck) -> dict[str, int]:
    left = {key: shown.result["counts"][key] for key in (checking.SKIPPED, checking.FAULTY)}
    return checked.counts | left


def _remember(batch: ImportBatch, reading: Reading) -> None:
    """Keep what was said about columns that are not known by their headings."""
    for heading, column in batch.answers.get("columns", {}).items():
        RememberedColumn.objects.update_or_create(
            unit=batch.unit, kind=reading.form.key, heading=heading[:300], defaults={"column": column}
        )


def submit(batch: ImportBatch, *, seen: int) -> None:
    """Send a file without faults to the province, which confirms it."""
    shown = known_check(batch)
    if shown is None or shown.result["counts"][checking.FAULTY]:
        raise ValidationError(_("Correct or leave out the faulty rows before the file is sent."))
    # Beside what it would change stands what is recorded, which the commune has not sent yet.
    if shown.result.get("own_steps"):
        raise ValidationError(
            _(
                "Rows of the open review and registrations for a title are written by the commune itself. Hand them"
                " in as a file of their own."
            )
        )
    _change(batch, seen, State.OPEN, state=State.SUBMITTED, sent_on=timezone.now(), remark="")
    BatchCheck.objects.filter(batch=batch).update(revision=batch.revision)


def withdraw(batch: ImportBatch, *, seen: int) -> None:
    """Take a file back that the province has not confirmed yet."""
    _change(batch, seen, State.SUBMITTED, state=State.OPEN, sent_on=None)


def send_back(batch: ImportBatch, *, seen: int, remark: str) -> None:
    """Give a file back to the commune, with what it has to complete."""
    _change(batch, seen, State.SUBMITTED, state=State.OPEN, sent_on=None, remark=remark[:500])


def drop(batch: ImportBatch, *, seen: int) -> None:
    """Put a file aside that will not be written; the file itself is forgotten."""
    with transaction.atomic():
        _change(batch, seen, State.OPEN, state=State.DROPPED)
        BatchFile.objects.filter(batch=batch).delete()
        BatchCheck.objects.filter(batch=batch).delete()


def undo(batch: ImportBatch, *, seen: int, by, reason: str) -> int:
    """Take back what the batch wrote, while nothing later depends on it; return the number of records."""
    if not may_undo(by, batch):
        raise PermissionDenied
    with transaction.atomic():
        count = take_back_kept(batch.change_set, by=by, reason=reason or str(batch))
        _change(batch, seen, State.DONE, state=State.UNDONE)
    return count


def change_by_somebody_else() -> ValidationError:
    return ValidationError(_("Somebody else has changed this import meanwhile. Open it again."))


def _change(batch: ImportBatch, seen: int, before: str, **fields) -> None:
    """Write these fields if nobody has touched the batch since it was read."""
    as_read = ImportBatch.objects.filter(pk=batch.pk, revision=seen, state=before)
    if not as_read.update(revision=F("revision") + 1, **fields):
        raise change_by_somebody_else()
    batch.refresh_from_db()
