"""Who may open the pages of the desk, and how an act ends: done, or refused in a sentence."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError

from accounts.access import get_kept_or_404
from accounts.asked import revision_in
from desk.importing.batches import USES, change_by_somebody_else
from desk.models import ImportBatch

uses = permission_required(USES, raise_exception=True)

# No import is changed a thousand million times; Python refuses to read numbers of thousands of digits.


def batch_or_404(request, pk: int) -> ImportBatch:
    batches = ImportBatch.objects.select_related("by", "unit", "done_by", "change_set__taken_back_by")
    return get_kept_or_404(batches, request.user, pk=pk)


def seen_revision(request) -> int:
    """Return the revision the page was made of; 0, which no batch has, where it is not said."""
    seen = request.POST.get("seen", "")
    return revision_in(seen)


def done(request, batch: ImportBatch, deed: Callable, form=None) -> bool:
    """Do the deed (called with ``seen``), unless somebody has changed the batch meanwhile; say why not."""
    seen = seen_revision(request)
    try:
        if seen != batch.revision:
            raise change_by_somebody_else()
        deed(seen=seen)
    except ValidationError as error:
        for sentence in error.messages:
            if form is None:
                messages.error(request, sentence)
            else:
                form.add_error(None, sentence)
        return False
    return True
