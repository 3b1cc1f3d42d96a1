"""Seats: who held which office where, from day to day."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.kinds import deputy_head_title, head_title, title_and_place
from cells.models import Cell, Decision, Unit
from cells.models.grants import SeenThrough, scope_of
from cells.models.lifetimes import refuse_outside_life
from leaders.models.contests import Contest
from leaders.models.gone import Taking, refuse_gone_holders
from leaders.models.people import Person, kept_in
from leaders.models.terms import IS_TERM, validate_term
from sheets.text import lower_first


class Office(models.TextChoices):
    SECRETARY = "secretary", _("Cell secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy cell secretary")
    COMMITTEE_MEMBER = "committee_member", _("Cell committee member")
    HAMLET_HEAD = "hamlet_head", _("Hamlet head")
    DEPUTY_HEAD = "deputy_head", _("Deputy hamlet head")
    FRONT_HEAD = "front_head", _("Head of the Front committee")


PARTY_OFFICES = (Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER)
HAMLET_OFFICES = (Office.HAMLET_HEAD, Office.DEPUTY_HEAD, Office.FRONT_HEAD)
# Seats that one person holds at a time; deputies and committee members may be several.
SINGLE_SEATS = (Office.SECRETARY, Office.HAMLET_HEAD, Office.FRONT_HEAD)


class WayIn(models.TextChoices):
    CONGRESS = "congress", _("elected at a congress")
    APPOINTED = "appointed", _("appointed")
    APPOINTED_IN_ADDITION = "appointed_in_addition", _("appointed in addition")
    ELECTED = "elected", _("elected by the households")
    INTERIM = "interim", _("appointed as interim")
    CONSULTED = "consulted", _("chosen by consultation of the Front")


PARTY_WAYS_IN = (WayIn.CONGRESS, WayIn.APPOINTED, WayIn.APPOINTED_IN_ADDITION)
HAMLET_WAYS_IN = (WayIn.ELECTED, WayIn.INTERIM, WayIn.APPOINTED, WayIn.CONSULTED)
APPOINTED = (WayIn.APPOINTED, WayIn.APPOINTED_IN_ADDITION, WayIn.INTERIM)
# How somebody comes into each office from now on; what is recorded of the past may be less exact.
WAYS_IN = dict.fromkeys(PARTY_OFFICES, PARTY_WAYS_IN) | {
    Office.HAMLET_HEAD: (WayIn.ELECTED, WayIn.INTERIM),
    Office.DEPUTY_HEAD: (WayIn.ELECTED, WayIn.APPOINTED),
    Office.FRONT_HEAD: (WayIn.CONSULTED, WayIn.APPOINTED),
}


class WayOut(models.TextChoices):
    TERM_ENDED = "term_ended", _("end of the term")
    RELIEVED = "relieved", _("relieved at own wish")
    DISMISSED = "dismissed", _("dismissed from office")
    RECALLED = "recalled", _("recalled")
    STEPPED_DOWN = "stepped_down", _("stepped down")
    LEFT_COMMITTEE = "left_committee", _("allowed to leave the cell committee")
    REMOVED = "removed", _("removed by discipline")
    TRANSFERRED = "transferred", _("transferred")
    MOVED_CELL = "moved_cell", _("moved to another cell")
    HEALTH = "health", _("retired for health")
    DIED = "died", _("died")
    MERGED = "merged", _("unit merged")


HAMLET_WAYS_OUT = (
    WayOut.TERM_ENDED,
    WayOut.RELIEVED,
    WayOut.DISMISSED,
    WayOut.RECALLED,
    WayOut.DIED,
    WayOut.MERGED,
)
PARTY_WAYS_OUT = (
    WayOut.TERM_ENDED,
    WayOut.STEPPED_DOWN,
    WayOut.LEFT_COMMITTEE,
    WayOut.REMOVED,
    WayOut.TRANSFERRED,
    WayOut.MOVED_CELL,
    WayOut.HEALTH,
    WayOut.DIED,
    WayOut.MERGED,
)


def known_to_have_begun_by(day, prefix: str = "") -> Q:
    """Return the condition that a tenure is known to have begun on or before the day.

    Where the start is not known, a tenure counts from the day it was first seen.
    """
    p = prefix
    return (
        Q(**{f"{p}starts_on__lte": day})
        | Q(**{f"{p}starts_on__isnull": True, f"{p}seen_on__isnull": True})
        | Q(**{f"{p}starts_on__isnull": True, f"{p}seen_on__lte": day})
    )


def known_to_run_on(day, prefix: str = "") -> Q:
    """Return the condition that a tenure is known to run on the day."""
    p = prefix
    return known_to_have_begun_by(day, prefix) & (
        Q(**{f"{p}ends_on__isnull": True}) | Q(**{f"{p}ends_on__gte": day})
    )


def perhaps_running_on(day, prefix: str = "") -> Q:
    """Return the condition that nobody knows: the tenure began some day before it was seen."""
    return Q(**{f"{prefix}starts_on__isnull": True, f"{prefix}seen_on__gt": day})


class TenureQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("cell", "hamlet")

    def told_to(self, user):
        """Return the tenures in the user's scope, and all of those whose record is kept there."""
        scope = scope_of(user)
        if scope.everywhere:
            return self
        return self.filter(self._through("visible_to", user) | kept_in(scope, "person__"))

    def on(self, day: date):
        """Return the tenures known to run on this day."""
        return self.filter(known_to_run_on(day))

    def of_seat(self, office: str, *, cell=None, hamlet=None):
        return self.filter(office=office, cell=cell, hamlet=hamlet)

    def left_vacant(self):
        """Return the single seats that ended without anybody following, in bodies that still stand."""
        same_seat = Q(cell=OuterRef("cell")) | Q(hamlet=OuterRef("hamlet"))
        went_on = Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("ends_on"))
        followers = Tenure.objects.filter(same_seat, went_on, office=OuterRef("office"))
        return self.filter(
            Q(cell__isnull=True) | Q(cell__closed_on__isnull=True),
            Q(hamlet__isnull=True) | Q(hamlet__closed_on__isnull=True),
            ~Exists(followers),
            office__in=SINGLE_SEATS,
            ends_on__isnull=False,
        )

    def for_list(self):
        """Load what a row of a list prints, in one query."""
        return self.select_related("person", "cell__commune", "hamlet__commune", "decision")


class Tenure(Dated):
    """One stretch of time in which a person held an office in a cell or a hamlet."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures", verbose_name=_("person"))
    office = models.CharField(_("office"), max_length=16, choices=Office)
    cell = models.ForeignKey(
        Cell,
        models.PROTECT,
        related_name="tenures",
        null=True,
        blank=True,
        verbose_name=_("cell"),
        help_text=_("For Party offices."),
    )
    hamlet = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="tenures",
        null=True,
        blank=True,
        verbose_name=_("hamlet"),
        help_text=_("For offices of the hamlet."),
    )
    seen_on = models.DateField(
        _("seen on"),
        null=True,
        blank=True,
        help_text=_("Where the start is not known: the first day on which the person is known in office."),
    )
    is_extended = models.BooleanField(_("term extended"), default=False)
    way_in = models.CharField(_("way in"), max_length=21, choices=WayIn, blank=True)
    way_out = models.CharField(_("way out"), max_length=14, choices=WayOut, blank=True)
    term = models.CharField(
        _("term"),
        max_length=9,
        blank=True,
        validators=[validate_term],
        help_text=_("For example 2020-2022."),
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="tenures",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="tenures",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("congress or election"),
    )
    # Kept, because an end of the day before may have another reason: only what an election ended it corrects.
    ended_by = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="ended_tenures",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("ended by the congress or election"),
    )

    objects = TenureQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = [F("starts_on").desc(nulls_last=True), "-pk"]
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        indexes = [
            models.Index(fields=["hamlet", "office"]),
            models.Index(fields=["cell", "office"]),
            models.Index(fields=["person", "office"]),
        ]
        constraints = [
            days_in_order("tenure"),
            models.CheckConstraint(
                name="tenure_office_fits_body",
                condition=Q(office__in=PARTY_OFFICES, cell__isnull=False, hamlet__isnull=True)
                | Q(office__in=HAMLET_OFFICES, cell__isnull=True, hamlet__isnull=False),
                violation_error_message=_(
                    "A Party office is held in a cell, a hamlet office in a hamlet. Choose the one that fits."
                ),
            ),
            models.CheckConstraint(
                name="tenure_way_in_fits_office",
                condition=Q(way_in="")
                | Q(office__in=PARTY_OFFICES, way_in__in=PARTY_WAYS_IN)
                | Q(office__in=HAMLET_OFFICES, way_in__in=HAMLET_WAYS_IN),
                violation_error_message=_("This way into office does not exist for this office."),
            ),
            models.CheckConstraint(
                name="tenure_way_out_fits_office",
                condition=Q(way_out="")
                | Q(office__in=PARTY_OFFICES, way_out__in=PARTY_WAYS_OUT)
                | Q(office__in=HAMLET_OFFICES, way_out__in=HAMLET_WAYS_OUT),
                violation_error_message=_("This way out of office does not exist for this office."),
            ),
            models.CheckConstraint(
                name="tenure_way_out_needs_an_end",
                condition=Q(way_out="") | Q(ends_on__isnull=False),
                violation_error_message=_("Enter the last day in office."),
            ),
            models.CheckConstraint(
                name="tenure_seen_only_where_start_is_unknown",
                condition=Q(seen_on__isnull=True) | Q(starts_on__isnull=True),
                violation_error_message=_('Enter either the first day, or the day "seen on" – not both.'),
            ),
            models.CheckConstraint(
                name="tenure_seen_before_its_end",
                condition=Q(seen_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("seen_on")),
                violation_error_message=_("The last day is before the day the person was seen in office."),
            ),
            models.CheckConstraint(
                name="tenure_term_is_two_years",
                condition=Q(term="") | IS_TERM,
                violation_error_message=_("A term is two years of four digits, for example 2020-2022."),
            ),
            # An open end means "in office": a cell has one secretary at a time.
            models.UniqueConstraint(
                name="tenure_one_open_secretary_per_cell",
                fields=["cell"],
                condition=Q(office=Office.SECRETARY, ends_on__isnull=True),
                violation_error_message=_("This cell already has a secretary. End that tenure first."),
            ),
            models.UniqueConstraint(
                name="tenure_one_open_head_per_hamlet",
                fields=["hamlet"],
                condition=Q(office=Office.HAMLET_HEAD, ends_on__isnull=True),
                violation_error_message=_("This hamlet already has a head. End that tenure first."),
            ),
            models.UniqueConstraint(
                name="tenure_one_open_front_head_per_hamlet",
                fields=["hamlet"],
                condition=Q(office=Office.FRONT_HEAD, ends_on__isnull=True),
                violation_error_message=_(
                    "This hamlet already has a head of the Front committee. End that tenure first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.office_title} {self.body or ''}"

    @property
    def body(self) -> Cell | Unit | None:
        return self.cell if self.cell_id else self.hamlet

    @property
    def office_title(self) -> str:
        """The office in the words of its place: "Trưởng ấp", "Tổ trưởng tổ dân phố"."""
        if self.office == Office.HAMLET_HEAD and self.hamlet_id:
            return head_title(self.hamlet.kind)
        if self.office == Office.DEPUTY_HEAD and self.hamlet_id:
            return deputy_head_title(self.hamlet.kind)
        return self.get_office_display()

    @property
    def seat_name(self) -> str:
        """Office and place as they are spoken: "Bí thư chi bộ ấp 1", "Trưởng ấp 1"."""
        return title_and_place(self.office_title, str(self.body or ""))

    @property
    def lacks_decision(self) -> bool:
        """Whether somebody was appointed, and the paper that says so is not entered."""
        return self.way_in in APPOINTED and self.decision_id is None and self.ends_on is None

    @property
    def is_interim(self) -> bool:
        return self.way_in == WayIn.INTERIM

    @property
    def days_in_office(self) -> tuple[date | None, date]:
        """First day known, if any is, and last day."""
        return self.starts_on or self.seen_on, self.ends_on or date.max

    days_in_life = days_in_office

    @property
    def known_days(self) -> tuple[date, date]:
        """First and last day; an unknown start reaches back no further than the day it was seen."""
        return self.starts_on or self.seen_on or date.min, self.ends_on or date.max

    def is_held_after(self, day: date) -> bool:
        """Whether the person is in office on this day, as far as is known, and still after it."""
        first, last = self.known_days
        return first <= day < last

    @property
    def taking(self) -> Taking:
        """That the person comes into office, and the first day known of it."""
        return Taking(self.person, self.starts_on or self.seen_on, self.office in PARTY_OFFICES)

    def clean(self):
        self.clean_body()
        if self.body is not None:
            refuse_outside_life([(self.body, *self.days_in_office)])
            if self.person_id:
                refuse_gone_holders([self])
        if self.office not in SINGLE_SEATS or not (self.cell_id or self.hamlet_id):
            return
        holder = self.in_the_same_seat().select_related("person").first()
        if holder is not None:
            raise self.seat_taken_by(holder)

    def clean_body(self):
        if self.hamlet_id and self.hamlet.level != "hamlet":
            raise ValidationError({"hamlet": _("Choose a hamlet.")})

    def seat_taken_by(self, holder: "Tenure") -> ValidationError:
        """Return the refusal that says who holds the seat, and what to do first."""
        since = f"{holder.starts_on:%d/%m/%Y}" if holder.starts_on else gettext("a day not known")
        return ValidationError(
            gettext(
                "%(body)s already has %(person)s as %(office)s since %(since)s."
                " Record the last day of that tenure first."
            )
            % {
                "body": self.body,
                "person": holder.person,
                "office": lower_first(holder.office_title),
                "since": since,
            }
        )

    def in_the_same_seat(self) -> TenureQuerySet:
        """Return other tenures of the same single seat that share days with this one.

        A start that is not known reaches back no further than the day it was seen.
        """
        others = Tenure.objects.of_seat(self.office, cell=self.cell, hamlet=self.hamlet).exclude(pk=self.pk)
        first = self.starts_on or self.seen_on
        if first is not None:
            others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        if self.ends_on is not None:
            others = others.filter(
                Q(starts_on__lte=self.ends_on)
                | Q(starts_on__isnull=True, seen_on__lte=self.ends_on)
                | Q(starts_on__isnull=True, seen_on__isnull=True)
            )
        return others


def two_in_one_seat(tenures: Iterable[Tenure]) -> Iterator[tuple[Tenure, Tenure]]:
    """Find pairs of tenures that hold one single seat on one day, the earlier of each first."""
    seats: dict[tuple, list[Tenure]] = {}
    for tenure in tenures:
        if tenure.office in SINGLE_SEATS:
            seats.setdefault((tenure.office, tenure.cell_id, tenure.hamlet_id), []).append(tenure)
    for held in seats.values():
        held.sort(key=lambda tenure: tenure.known_days)
        for one, other in zip(held, held[1:], strict=False):
            if other.known_days[0] <= one.known_days[1]:
                yield one, other
