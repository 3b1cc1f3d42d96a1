"""Which events a list shows: of a state, a year, with some words; what waits for the reader first."""

from django import forms
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from cells.models import Cell, Decision, Line, Reorganisation, Unit
from desk.reorganisation.events import may_apply
from sheets.text import fold

State = Reorganisation.State
# What waits for the reader stands first.
FIRST_FOR_PROVINCE = (State.SUBMITTED, State.CHECKED, State.WAITING, State.DRAFT)
FIRST_FOR_COMMUNE = (State.DRAFT, State.SUBMITTED, State.CHECKED, State.WAITING)
STATE_SLUGS = {
    "cho-kiem-tra": State.SUBMITTED,
    "dang-soan": State.DRAFT,
    "da-kiem-tra": State.CHECKED,
    "cho-den-ngay": State.WAITING,
    "da-thuc-hien": State.APPLIED,
    "da-hoan-tac": State.UNDONE,
}


class EventFilter(forms.Form):
    """State, year and words. Parameter names are read aloud like addresses."""

    q = forms.CharField(label=_("Words of the title, a unit, a decision"), required=False, max_length=100)
    nam = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.events = Reorganisation.objects.visible_to(user)
        years = self.events.order_by().annotate(year=ExtractYear("effective_on"))
        known = sorted(years.values_list("year", flat=True).distinct(), reverse=True)
        self.fields["nam"].choices = [("", _("All")), *((year, str(year)) for year in known)]

    @property
    def state(self) -> str | None:
        return STATE_SLUGS.get(self.state_slug)

    @property
    def state_slug(self) -> str:
        return self.data.get("trang_thai", "")

    def in_words(self) -> str:
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return "; ".join(str(value) for value in chosen.values() if value)

    def narrowed(self):
        """Return the events asked for, of every state."""
        if not self.is_valid():
            return self.events.none()
        events = self.events
        if self.cleaned_data["nam"]:
            events = events.filter(effective_on__year=self.cleaned_data["nam"])
        if words := fold(self.cleaned_data["q"]).split():
            events = events.filter(self._about(words))
        return events

    def _about(self, words: list[str]) -> Q:
        """Return the condition that an event has these words in title, paper, or what it touches."""
        titles = self.events.order_by().values_list("pk", "title")
        titled = [pk for pk, title in titles if all(word in fold(title) for word in words)]
        text = " ".join(words)
        units = Unit.objects.visible_to(self.user).matching(text)
        cells = Cell.objects.visible_to(self.user).matching(text)
        papers = Decision.objects.visible_to(self.user)
        for word in words:
            papers = papers.filter(search_key__contains=word)
        lines = Line.objects.filter(
            Q(unit__in=units)
            | Q(sources__unit__in=units)
            | Q(cell__in=cells)
            | Q(sources__cell__in=cells)
            | Q(decision__in=papers)
        )
        return Q(pk__in=titled) | Q(decision__in=papers) | Q(pk__in=lines.order_by().values("reorganisation"))

    def rows(self):
        """Return the events of the chosen state, what waits for the reader first."""
        events = self.narrowed()
        if self.state:
            events = events.filter(state=self.state)
        first = FIRST_FOR_PROVINCE if may_apply(self.user) else FIRST_FOR_COMMUNE
        rank = Case(
            *[When(state=state, then=Value(place)) for place, state in enumerate(first)],
            default=Value(len(first)),
            output_field=IntegerField(),
        )
        return (
            events.select_related("unit")
            .annotate(line_count=Count("lines"), rank=rank)
            .order_by("rank", "-effective_on", "pk")
        )

    def states(self) -> list[dict]:
        """Return each state that occurs, with how many events are in it."""
        counted = dict(
            self.narrowed().order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n")
        )
        shown = [
            {"slug": slug, "label": state.label, "count": counted[state], "current": state == self.state}
            for slug, state in STATE_SLUGS.items()
            if state in counted
        ]
        everything = {"slug": "", "label": _("All"), "count": sum(counted.values())}
        return [{**everything, "current": self.state is None}, *shown]
