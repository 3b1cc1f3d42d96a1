"""What works well in hamlets, found again by others: search over what the reader sees, print, export."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cells.models import PracticeNote, Unit
from dashboards.basis import Basis, frame_of
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.list_exports import number_column
from dashboards.wording import words_for
from sheets.text import fold
from sheets.writing import Column

ROWS_PER_PAGE = 20
MOST_WORDS = 100


class PracticeFilter(forms.Form):
    """Words of the note, and the commune; nothing chosen shows all."""

    q = forms.CharField(
        label=gettext_lazy("Words (no diacritics needed)"), max_length=MOST_WORDS, required=False
    )
    xa = forms.ModelChoiceField(
        label=gettext_lazy("Commune"), queryset=Unit.objects.none(), required=False, empty_label="–"
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})
        noted = PracticeNote.objects.visible_to(user).order_by().values("hamlet__commune")
        self.fields["xa"].queryset = (
            Unit.objects.visible_to(user).filter(pk__in=noted).order_by("sort_key", "pk")
        )

    @property
    def rows(self) -> QuerySet:
        """Return the notes that are asked for, newest first; a word that names nothing is left out."""
        self.is_valid()
        found = PracticeNote.objects.visible_to(self.user).select_related("hamlet__commune", "written_by")
        if words := self.cleaned_data.get("q"):
            found = found.matching(words) if fold(words) else found.none()
        if commune := self.cleaned_data.get("xa"):
            found = found.filter(hamlet__commune=commune)
        return found.order_by("-noted_on", "-pk")

    @property
    def in_words(self) -> str:
        said = [(self.fields[name].label, self.cleaned_data.get(name)) for name in ("q", "xa")]
        return "; ".join(f"{label}: {value}" for label, value in said if value)


@require_safe
@permission_required("cells.view_practicenote", raise_exception=True)
def practice_list(request):
    """Everything that was told within what the reader sees, and the words to look for."""
    asked = PracticeFilter(request.GET, user=request.user)
    page = Paginator(asked.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    kept = set(
        PracticeNote.objects.kept_by(request.user)
        .filter(pk__in=[note.pk for note in page])
        .values_list("pk", flat=True)
    )
    context = {
        "filter": asked,
        "in_words": asked.in_words,
        "page": page,
        "kept": kept if request.user.has_perm("cells.change_practicenote") else (),
        "basis": Basis(frame_of(request)),
        "export_url": reverse("exporting:practice_list"),
    }
    return render(request, "dashboards/practice_list.html", context)


@exported
def practice_export(asked: Asked) -> Export:
    """Describe the same notes as a file."""
    asked.require("cells.view_practicenote")
    wanted = PracticeFilter(asked.GET, user=asked.user)
    rows = wanted.rows
    return Export(
        title=_("Good practice in %(hamlets)s") % {"hamlets": words_for(asked.user).hamlet},
        columns=[
            number_column(),
            Column("commune", _("Commune"), 26),
            Column("hamlet", _("Hamlet"), 24),
            Column("noted_on", _("Noted on"), 13, "date"),
            Column("text", _("What works well here"), 90),
            Column("written_by", _("Written by"), 26),
        ],
        rows=numbered(_lines(rows)),
        count=rows.count(),
        basis=Basis(frame_of(asked)),
        filters=wanted.in_words,
    )


def _lines(rows: QuerySet):
    for batch in in_batches(rows.iterator(chunk_size=500)):
        for note in batch:
            yield {
                "commune": str(note.hamlet.commune or ""),
                "hamlet": str(note.hamlet),
                "noted_on": note.noted_on,
                "text": note.text,
                "written_by": str(note.written_by or ""),
            }
