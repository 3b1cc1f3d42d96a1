"""The other lists of a workbook that we have written: each becomes an import of its own.

So each is looked at, written and undone by itself; nobody has to say which sheet is which.
"""

from dataclasses import dataclass

from desk.importing import batches
from desk.importing.forms import FORMS
from desk.importing.papers import ImportForm
from desk.models import BatchCheck, ImportBatch

State = ImportBatch.State


@dataclass(frozen=True)
class ListBeside:
    """A list on another sheet of the file, and the import it was taken up by, if it was."""

    form: ImportForm
    sheet: str
    count: int
    batch: ImportBatch | None


def lists_beside(batch: ImportBatch, user) -> list[ListBeside]:
    """Return what else the file of this import holds, for whoever has handed it in."""
    check = BatchCheck.objects.filter(batch=batch).first()
    if check is None or batch.by_id != user.pk:
        return []
    return [
        ListBeside(FORMS[one["kind"]], one["sheet"], one["count"], _taken_up(batch, one["kind"], user))
        for one in check.result.get("beside", ())
        if one["kind"] in FORMS
    ]


def _taken_up(batch: ImportBatch, kind: str, user) -> ImportBatch | None:
    """Return the import of that list which was begun after this one, unless it was put aside or undone."""
    others = ImportBatch.objects.filter(by=user, digest=batch.digest, kind=kind, pk__gt=batch.pk)
    return others.exclude(ImportBatch.objects.condition_of(State.UNDONE)).exclude(state=State.DROPPED).first()


def take_up(batch: ImportBatch, one: ListBeside, user) -> ImportBatch:
    """Return the import of that list, begun now where nobody has begun it.

    Raises ValidationError where the file itself is kept no longer.
    """
    return one.batch or batches.receive(
        user, name=batch.file_name, data=batches.content_of(batch), kind=one.form.key
    )
