"""Who opened and took out records: the log as whoever keeps them reads it, on the page and as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.entry.forms import DayInput
from cells.models import Grant, Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from leaders.models import Access, Person
from sheets.text import fold
from sheets.writing import Column

READ = "leaders.view_access"
SHOWN_DAYS = 30
OTHERS, EVERYBODY = "", "tat-ca"


class AccessFilter(forms.Form):
    """Parameter names are read aloud like addresses. Without days it is the last thirty."""

    tu = forms.DateField(label=gettext_lazy("From the day"), required=False, widget=DayInput())
    den = forms.DateField(label=gettext_lazy("Until the day"), required=False, widget=DayInput())
    xa = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Commune"), required=False, empty_label=gettext_lazy("All")
    )
    viec = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        required=False,
        choices=[("", gettext_lazy("All")), *Access.Kind.choices],
    )
    ai = forms.ChoiceField(
        label=gettext_lazy("By whom"),
        required=False,
        choices=[
            (OTHERS, gettext_lazy("All but the commune's own officers")),
            (EVERYBODY, gettext_lazy("Everybody")),
        ],
    )
    q = forms.CharField(label=gettext_lazy("Words of the name"), required=False, max_length=100)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        scope = scope_of(user)
        if scope.everywhere or not (scope.provinces or len(scope.communes) > 1):
            del self.fields["xa"]
        else:
            keepers = Unit.objects.visible_to(user).filter(kept_people__isnull=False).distinct()
            self.fields["xa"].queryset = keepers.order_by("sort_key", "pk")

    @property
    def first_day(self):
        if first := self.cleaned_data.get("tu"):
            return first
        # Before the first month of the calendar there is no day.
        return self.last_day - min(timedelta(days=SHOWN_DAYS), self.last_day - date.min)

    @property
    def last_day(self):
        return self.cleaned_data.get("den") or timezone.localdate()

    def rows(self):
        """Return the lines of the log, the latest first."""
        chosen = self.cleaned_data
        rows = Access.objects.visible_to(self.user).filter(day__gte=self.first_day, day__lte=self.last_day)
        if chosen.get("xa"):
            rows = rows.filter(keeper=chosen["xa"])
        if chosen["viec"]:
            rows = rows.filter(kind=chosen["viec"])
        if chosen["ai"] == OTHERS:
            rows = rows.filter(~Exists(_own_officers()))
        for word in fold(chosen["q"]).split():
            people = Person.objects.filter(search_key__contains=word)
            rows = rows.filter(Q(by__search_key__contains=word) | Q(person__in=people.values("pk")))
        return rows.select_related("by", "keeper").order_by("-last_at", "-pk")

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = [
            _("%(first)s – %(last)s")
            % {"first": f"{self.first_day:%d/%m/%Y}", "last": f"{self.last_day:%d/%m/%Y}"}
        ]
        for name in ("xa", "viec", "ai", "q"):
            value = self.cleaned_data.get(name)
            if value:
                said = dict(self.fields[name].choices).get(value, value) if name in ("viec", "ai") else value
                parts.append(f"{self.fields[name].label}: {said}")
        return "; ".join(parts)


def _own_officers():
    """Return the condition of who keeps the very commune: that they look at their own records says nothing."""
    return Grant.objects.on(timezone.localdate()).filter(
        user=OuterRef("by"), unit=OuterRef("keeper"), access=Grant.Access.KEEP
    )


def narrowed_log(asked) -> AccessFilter:
    """Return the checked filter of the address; a choice that is not offered is not found."""
    narrowed = AccessFilter(asked.GET, user=asked.user)
    if not narrowed.is_valid():
        raise Http404
    return narrowed


@dataclass(frozen=True)
class AccessRow:
    """One line of the log with the name of whose record it was, which may be gone by now."""

    access: Access
    whose: str
    person: Person | None

    @property
    def office(self) -> str:
        by = self.access.by
        return (by.position or str(by.get_role_display())) if by else ""

    @property
    def is_list(self) -> bool:
        return self.access.kind == Access.Kind.EXPORTED


def access_rows(accesses: Iterable[Access], user) -> list[AccessRow]:
    """Return the lines with the names they need, in two queries for any number of lines."""
    accesses = list(accesses)
    keys = {one.person_id for one in accesses if one.person_id}
    people = Person.objects.in_bulk(keys)
    gone = Person.history.filter(id__in=keys - people.keys()).order_by("history_id")
    names = {row.id: row.full_name for row in gone} | {key: str(one) for key, one in people.items()}
    seen = set(Person.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    return [
        AccessRow(
            one,
            names.get(one.person_id, "") if one.person_id else one.what,
            people.get(one.person_id) if one.person_id in seen else None,
        )
        for one in accesses
    ]


@exported
def access_export(asked: Asked) -> Export:
    """Describe the log as a file; it is for reading alone."""
    asked.require(READ)
    narrowed = narrowed_log(asked)
    rows = narrowed.rows()
    return Export(
        title=_("Who opened and took out records of people"),
        columns=[
            number_column(),
            Column("day", _("Day"), 12, "date"),
            Column("last", _("Last at"), 10),
            Column("who", _("By whom"), 26),
            Column("office", _("Duty"), 24),
            Column("kind", _("What was done"), 18),
            Column("whose", _("Whose record, which list"), 36),
            Column("keeper", _("Record kept by"), 22),
            Column("times", _("Times"), 8, "int"),
            Column("people", _("People in the list"), 10, "int"),
        ],
        rows=numbered(_lines(rows, asked.user)),
        count=rows.count(),
        basis=Basis(Frame(None, timezone.localdate(), asked.user)),
        filters=narrowed.in_words(),
    )


def _lines(rows, user) -> Iterator[dict]:
    for some in in_batches(rows.iterator(chunk_size=500)):
        for row in access_rows(some, user):
            yield {
                "day": row.access.day,
                "last": f"{timezone.localtime(row.access.last_at):%H:%M}",
                "who": row.access.by_name,
                "office": row.office,
                "kind": str(row.access.get_kind_display()),
                "whose": row.whose,
                "keeper": str(row.access.keeper),
                "times": None if row.is_list else row.access.count,
                "people": row.access.count if row.is_list else None,
            }
