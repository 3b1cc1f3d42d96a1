"""The commune's short drafts: hamlets that merge, cells that are joined, each in six fields."""

from dataclasses import dataclass

from django import forms
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.entry.forms import DayInput, past_day
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.models import Cell, CellArea, HouseholdCount, MemberCount, Unit
from dashboards.rows import with_former_place, with_place
from dashboards.wording import HamletWords
from desk.reorganisation.drafting import draft_cell_join, draft_merger
from desk.reorganisation.drafting.seats import NOBODY, holders
from desk.reorganisation.wording import kind_and_name, suggested_body
from leaders.models import Office, Tenure
from sheets.text import lower_first


@dataclass
class Row:
    """One hamlet or cell that may be ticked, with who leads it now."""

    thing: object
    holder: Tenure | None
    is_ticked: bool = False
    holder_is_chosen: bool = False

    @property
    def head(self) -> str:
        """Return what the head of this hamlet is called, whatever the others are."""
        return HamletWords.of([self.thing.kind]).head


class ProposalForm(forms.Form):
    """What both drafts share: which, into what, by which paper, from when, and who stays."""

    OFFICE: str
    OF_PARTY = False

    things = forms.ModelMultipleChoiceField(Unit.objects.none())
    name = forms.CharField(max_length=190, required=False)
    into = forms.ModelChoiceField(Unit.objects.none(), required=False)
    decision_number = forms.CharField(label=gettext_lazy("number of the resolution"), max_length=60)
    decision_date = forms.DateField(
        label=gettext_lazy("day of the resolution"), widget=DayInput(), validators=[past_day]
    )
    decision_body = forms.CharField(label=gettext_lazy("issuing body"), max_length=200)
    on = forms.DateField(
        label=gettext_lazy("effective on"),
        widget=DayInput(),
        help_text=gettext_lazy("First day of the new state."),
    )
    stays = forms.ChoiceField(required=False)

    def __init__(self, *args, commune: Unit, things, **kwargs):
        super().__init__(*args, **kwargs)
        self.commune, self.offered = commune, things
        self.fields["things"].queryset = self.fields["into"].queryset = things
        self.holders = holders(things.values("pk"), office=self.OFFICE, day=timezone.localdate())
        self.fields["stays"].choices = [
            (NOBODY, _("Nobody yet")),
            *((str(tenure.pk), str(tenure.person)) for tenure in self.holders.values()),
        ]
        self.fields["into"].label = self.INTO_LABEL
        self.fields["into"].empty_label = self.NEW_LABEL
        self.fields["things"].error_messages["required"] = self.TWO
        self.initial["decision_body"] = suggested_body(commune, of_party=self.OF_PARTY)

    @property
    def rows(self) -> list[Row]:
        """The list to tick, in the commune's own order."""
        ticked = {str(one) for one in self._value("things") or ()}
        chosen = str(self._value("stays") or "")
        rows = []
        for thing in self.loaded():
            holder = self.holders.get(thing.pk)
            rows.append(
                Row(
                    thing,
                    holder,
                    is_ticked=str(thing.pk) in ticked,
                    holder_is_chosen=holder is not None and chosen == str(holder.pk),
                )
            )
        return rows

    @property
    def nobody_is_chosen(self) -> bool:
        return self._value("stays") == NOBODY

    def _value(self, name: str):
        bound = self[name]
        return bound.value() if self.is_bound else self.initial.get(name)

    @property
    def paper_fields(self) -> list:
        return [self["decision_number"], self["decision_date"], self["on"]]

    def clean(self):
        cleaned = super().clean()
        self._choose_together(cleaned)
        self._one_aim(cleaned)
        self._one_leader(cleaned)
        return cleaned

    def _choose_together(self, cleaned: dict) -> None:
        """Whoever takes the others in belongs to those chosen, ticked or not."""
        chosen, into = list(cleaned.get("things") or ()), cleaned.get("into")
        if into is not None and into not in chosen:
            chosen.append(into)
        cleaned["chosen"] = chosen
        if chosen and len(chosen) < 2:
            self.add_error("things", self.TWO)

    def _one_aim(self, cleaned: dict) -> None:
        if cleaned.get("into") and cleaned.get("name"):
            self.add_error("name", self.ONE_AIM)
        elif not cleaned.get("into") and not cleaned.get("name") and "into" not in self.errors:
            self.add_error("name", self.NO_AIM)

    def _one_leader(self, cleaned: dict) -> None:
        """Who stays is said, not guessed; it is one of those who lead what was chosen."""
        said = cleaned.get("stays")
        cleaned["leader"] = None
        if "stays" in self.errors or said == NOBODY:
            return
        if not said:
            self.add_error("stays", self.NO_LEADER)
            return
        body, tenure = next((key, one) for key, one in self.holders.items() if str(one.pk) == said)
        if body not in {thing.pk for thing in cleaned["chosen"]}:
            self.add_error(
                "stays",
                _("%(person)s leads none of those that are ticked. Choose one of theirs, or “Nobody yet”.")
                % {"person": tenure.person},
            )
        cleaned["leader"] = tenure

    def _given(self) -> dict:
        cleaned = self.cleaned_data
        return {
            "number": cleaned["decision_number"],
            "date": cleaned["decision_date"],
            "body": cleaned["decision_body"],
            "on": cleaned["on"],
            "into": cleaned["into"],
            "stays": cleaned["leader"],
        }


class MergerForm(ProposalForm):
    """Hamlets of one commune become one."""

    OFFICE = Office.HAMLET_HEAD
    TWO = gettext_lazy("Tick at least two hamlets.")
    ONE_AIM = gettext_lazy("Either a new name or a standing hamlet, not both.")
    NO_AIM = gettext_lazy("Enter the name of the new hamlet.")
    NO_LEADER = gettext_lazy("Say who leads the hamlet from that day, or “Nobody yet”.")
    INTO_LABEL = gettext_lazy("merge into a standing hamlet")
    NEW_LABEL = gettext_lazy("No, a new hamlet is founded")

    kind = forms.ChoiceField(
        label=gettext_lazy("kind"),
        required=False,
        choices=[
            ("", gettext_lazy("as the hamlets that are merged")),
            *((kind.value, kind.label) for kind in KINDS_OF_LEVEL[Level.HAMLET]),
        ],
    )
    more = ("kind", "into", "decision_body")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("name of the new hamlet")

    def loaded(self):
        counts = HouseholdCount.objects.filter(hamlet=OuterRef("pk")).order_by("-day")
        return (
            with_former_place(self.offered)
            .annotate(amount=Subquery(counts.values("households")[:1]))
            .in_order()
        )

    def clean(self):
        cleaned = super().clean()
        self._signed_before_effect(cleaned)
        if cleaned.get("name"):
            said_kind, own_name = kind_and_name(cleaned["name"])
            kinds = {hamlet.kind for hamlet in cleaned["chosen"]}
            kind = cleaned.get("kind") or said_kind or (kinds.pop() if len(kinds) == 1 else "")
            if not kind and kinds and "kind" not in self.errors:
                self.add_error(
                    "name", _("The hamlets are of several kinds. Begin the name with its word: Ấp, Khóm …")
                )
            cleaned["kind"] = kind
            cleaned["name"] = own_name if said_kind == kind else cleaned["name"]
        return cleaned

    def _signed_before_effect(self, cleaned: dict) -> None:
        """A resolution of a council takes effect on the day it is passed at the earliest."""
        signed, on = cleaned.get("decision_date"), cleaned.get("on")
        if signed and on and signed > on:
            self.add_error(
                "decision_date",
                _("The resolution is of %(signed)s, after the day it takes effect (%(on)s). Check both days.")
                % {"signed": f"{signed:%d/%m/%Y}", "on": f"{on:%d/%m/%Y}"},
            )

    def save(self):
        cleaned = self.cleaned_data
        return draft_merger(
            self.commune, cleaned["chosen"], kind=cleaned["kind"], name=cleaned["name"], **self._given()
        )


class CellJoinForm(ProposalForm):
    """Cells of one commune, as a rule of one hamlet, become one."""

    OFFICE = Office.SECRETARY
    OF_PARTY = True
    TWO = gettext_lazy("Tick at least two cells.")
    ONE_AIM = gettext_lazy("Either a new name or a standing cell, not both.")
    NO_AIM = gettext_lazy("Enter the name of the new cell.")
    NO_LEADER = gettext_lazy("Say who is secretary from that day, or “Nobody yet”.")
    INTO_LABEL = gettext_lazy("join a standing cell")
    NEW_LABEL = gettext_lazy("No, a new cell is founded")
    more = ("into", "decision_body")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("name of the new cell")
        self.fields["decision_number"].label = _("number of the decision")
        self.fields["decision_date"].label = _("day of signing")

    def loaded(self):
        counts = MemberCount.objects.filter(cell=OuterRef("pk")).order_by("-day")
        return with_place(self.offered).annotate(amount=Subquery(counts.values("total")[:1])).in_order()

    def save(self):
        cleaned = self.cleaned_data
        return draft_cell_join(self.commune, cleaned["chosen"], name=cleaned["name"], **self._given())


def cells_of_hamlet(hamlet: Unit, user):
    """Return the cells the user keeps that cover the hamlet today."""
    today = CellArea.objects.on(timezone.localdate()).filter(hamlet=hamlet)
    return Cell.objects.kept_by(user).standing().filter(pk__in=today.values("cell"))


def name_for_cell(hamlet: Unit) -> str:
    return f"Chi bộ {lower_first(str(hamlet))}"
