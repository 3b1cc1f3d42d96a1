"""Which titles somebody asks about: where, which, in which state, as of a day and in its borders."""

from django import forms
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cells.dated import on_day
from cells.kinds import Level
from dashboards.figures.frames import Frame, cells_now
from dashboards.figures.names import call_as_on
from dashboards.list_filter import PLACES_ON_THE_DAY, ListFilter
from dashboards.rows import stand_on
from evaluations.models import CaseCheck, Title, TitleCase
from evaluations.models.titles import begun_by, in_state_on, state_on, won_before
from sheets.text import fold

State = TitleCase.State
ENDED = "da-ket-thuc"
AT_RISK, NOT_CHECKED = "nguy-co", "chua-kiem-tra"
# What the words of the address mean, for the states of a case.
STATES = {
    "da-dang-ky": State.REGISTERED,
    "da-tham-dinh": State.APPRAISED,
    "dang-giu": State.RECOGNISED,
    "thu-hoi": State.REVOKED,
    "khong-cong-nhan": State.DECLINED,
}
_TODAY = {Level.PROVINCE: "cell__province", Level.COMMUNE: "cell__commune"}
_NOW = cells_now("cell__")


def looked_at(day, **about) -> Exists:
    """Return whether a case was looked at in the year of the day, up to the day."""
    return Exists(CaseCheck.objects.filter(case=OuterRef("pk"), year=day.year, checked_on__lte=day, **about))


def at_risk(day) -> Q:
    """Return the condition of titles held that the look of the year found at risk."""
    return in_state_on(day, State.RECOGNISED) & Q(looked_at(day, outcome=CaseCheck.Outcome.AT_RISK))


def not_checked(day) -> Q:
    """Return the condition of titles won before the year that were not looked at in it."""
    return in_state_on(day, State.RECOGNISED) & won_before(day.year) & ~Q(looked_at(day))


class CaseFilter(ListFilter):
    """The cases of the cells that stand on the day, each in its state of that day."""

    SHOWN = {
        "": _("All states"),
        "da-dang-ky": _("Registered (title)"),
        "da-tham-dinh": _("Appraised, to be decided"),
        "dang-giu": _("Holding the title"),
        AT_RISK: _("Held, at risk this year"),
        NOT_CHECKED: _("Held, not looked at this year"),
        "thu-hoi": _("Revoked (title)"),
        "khong-cong-nhan": _("Not recognised (title)"),
        "chi-bo-diem": _("Pilot cells"),
        ENDED: _("Of cells that were merged or dissolved"),
    }
    SHOWN_THEN = {}

    danh_hieu = forms.ModelChoiceField(
        Title.objects.all(), label=_("Title"), required=False, empty_label=_("All titles")
    )
    nam = forms.IntegerField(
        label=_("Year (registered for, or recognised)"), required=False, min_value=1930, max_value=2100
    )

    field_order = ("q", "tinh", "huyen", "xa", "danh_hieu", "nam", "loc")

    @property
    def places(self) -> dict[str, str]:
        if self.draws_the_past:
            return PLACES_ON_THE_DAY
        return _TODAY if self.asked.is_today else _NOW

    def found(self, frame: Frame, left_out: Q | None = None):
        return self._shown(self.cases(frame, left_out), self.cleaned_data["loc"])

    def cases(self, frame: Frame, left_out: Q | None = None):
        """Return the cases in whatever state; one that had not begun is in none."""
        cases = self._of_cells(ended=self.cleaned_data["loc"] == ENDED)
        cases = cases.annotate(state_then=state_on(self.day))
        if title := self.cleaned_data["danh_hieu"]:
            cases = cases.filter(title=title)
        if year := self.cleaned_data["nam"]:
            cases = cases.filter(Q(year=year) | Q(recognised_on__year=year))
        return self._narrowed(cases, frame, left_out)

    def _of_cells(self, *, ended: bool):
        """Return the cases of the cells that stand on the day, or of those that ended before it."""
        cases = TitleCase.objects.visible_on(self.user, self.day)
        for word in fold(self.cleaned_data["q"]).split():
            cases = cases.filter(cell__search_key__contains=word)
        if self.asked.is_today:
            return cases.filter(cell__closed_on__isnull=not ended)
        if ended:
            last = Q(cell__periods__ends_on=F("cell__closed_on"))
            cases = cases.filter(cell__closed_on__lt=self.day)
            return cases.annotate(placed=FilteredRelation("cell__periods", condition=last))
        standing = FilteredRelation("cell__periods", condition=on_day(self.day, "cell__periods__"))
        return cases.annotate(placed=standing).filter(placed__isnull=False)

    def _shown(self, cases, shown: str):
        if shown in STATES:
            return cases.filter(in_state_on(self.day, STATES[shown]))
        if shown == AT_RISK:
            return cases.filter(at_risk(self.day))
        if shown == NOT_CHECKED:
            return cases.filter(not_checked(self.day))
        cases = cases.filter(begun_by(self.day))
        return cases.filter(is_pilot=True) if shown == "chi-bo-diem" else cases

    def in_order(self, cases):
        """Order by commune and by the commune's own list, the latest year first."""
        if not self.asked.is_today:
            cases = cases.annotate(then_in=F("placed__commune"))
        place = self.places[Level.COMMUNE]
        return cases.order_by(
            f"{place}__sort_key",
            place,
            F("cell__position").asc(nulls_last=True),
            "cell__sort_key",
            F("year").desc(nulls_last=True),
            "pk",
        )


def case_rows(cases, frame: Frame) -> list[TitleCase]:
    """Return these cases as the lines of a list as of the frame's day: named, placed and in the state of then."""
    cases = list(cases.select_related("cell__commune__commune", "title", "recognition"))
    for case in cases:
        case.state_label = State(case.state_then).label
        if not frame.is_today:
            case.cell.then_in = case.then_in
    cells = [case.cell for case in cases]
    stand_on(cells, frame)
    if not frame.is_today:
        call_as_on(frame.day, cells=cells)
    return cases
