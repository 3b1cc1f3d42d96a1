"""The other lists of a workbook of ours: offered on the page of the first, and the next thing after it is written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.sheet_lines import SAME
from desk.importing import batches
from desk.importing.beside import ListBeside, lists_beside, take_up
from desk.importing.views.access import batch_or_404, uses
from desk.importing.views.batch import go_on
from desk.models import ImportBatch


@require_POST
@uses
def take_beside(request, pk, kind):
    """Take up the list of this form that stands in the same file."""
    found = batch_or_404(request, pk)
    one = next((one for one in lists_beside(found, request.user) if one.form.key == kind), None)
    if one is None:
        raise Http404
    try:
        return go_on(request, take_up(found, one, request.user))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(found)


def after_writing(request, written: ImportBatch):
    """Lead to the next list of the file that says something new, or to what was written."""
    for one in lists_beside(written, request.user):
        if one.batch is None:
            taken = take_up(written, one, request.user)
            answer = go_on(request, taken)
            if _says_nothing_new(taken):
                messages.info(request, _("The list “%(sheet)s” of this file says nothing new.") % _words(one))
                continue
            messages.info(
                request,
                _("The same file holds the list “%(sheet)s” as well: look at it, then write it.")
                % _words(one),
            )
            return answer
    return redirect(written)


def _words(one: ListBeside) -> dict[str, str]:
    return {"sheet": one.sheet}


def _says_nothing_new(batch: ImportBatch) -> bool:
    """Whether all rows are recorded already; then the import is put aside."""
    known = batches.known_check(batch)
    if known is None or any(row["outcome"] != SAME for row in known.result["rows"]):
        return False
    try:
        batches.drop(batch, seen=batch.revision)
    except ValidationError:
        return False
    return True
