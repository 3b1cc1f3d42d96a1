"""What works well in a hamlet: told in free words, on the hamlet's page."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404, locked
from accounts.guard import Guard, GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from cells.models import PracticeNote, Unit
from sheets.text import lower_first


class PracticeNoteForm(GuardedFormMixin, forms.ModelForm):
    class Meta:
        model = PracticeNote
        fields = ["noted_on", "text"]
        widgets = {"noted_on": DayInput(), "text": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["noted_on"].validators.append(past_day)


@form_page
@permission_required("cells.add_practicenote", raise_exception=True)
@transaction.atomic
def practice_add(request, pk):
    """Tell of something that works well in this hamlet."""
    hamlet = get_kept_or_404(locked(request, Unit.objects.hamlets().standing()), request.user, pk=pk)
    note = PracticeNote(hamlet=hamlet, written_by=request.user, noted_on=timezone.localdate())
    # Two notes are two things: what a colleague has told meanwhile stands beside it.
    return _note(request, note, guard=Guard())


@form_page
@permission_required("cells.change_practicenote", raise_exception=True)
@transaction.atomic
def practice_edit(request, pk):
    notes = locked(request, PracticeNote.objects.select_related("hamlet__commune"))
    note = get_kept_or_404(notes, request.user, pk=pk)
    return _note(request, note, guard=Guard(PracticeNote.history.filter(id=pk)))


def _note(request, note: PracticeNote, *, guard: Guard):
    form = PracticeNoteForm(request.POST or None, instance=note, guard=guard)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. It is found by others who look for it."))
        return redirect(note.hamlet)
    hamlet = note.hamlet
    title = _("What works well in %(hamlet)s") % {"hamlet": lower_first(str(hamlet))}
    context = {"form": form, "title": title, "hamlet": hamlet, "is_new": note.pk is None}
    return render(request, "entry/practice_form.html", context)
