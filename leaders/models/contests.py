"""Congresses of cells and elections of hamlet heads, each with its own calendar."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.kinds import head_title, title_and_place
from cells.models import Cell, Decision, Unit
from cells.models.cells import seen_along
from cells.models.grants import SeenThrough, scope_of
from leaders.models.gone import Taking, refuse_gone
from leaders.models.people import Person, validate_name
from leaders.models.terms import IS_TERM, validate_term
from sheets.numbers import format_count
from sheets.text import lower_first


class ContestQuerySet(SeenThrough):
    THROUGH = ("cell", "hamlet")

    def congresses_visible_to(self, user):
        """Return the congresses among what is visible; named by their one body, they are found by its index."""
        return seen_along(self.filter(kind=self.model.Kind.CONGRESS), user)

    def elections_visible_to(self, user):
        """Return the elections of heads among what is visible."""
        rows = self.filter(kind=self.model.Kind.HEAD_ELECTION)
        return rows if scope_of(user).everywhere else rows.filter(hamlet__in=Unit.objects.visible_to(user))

    def before_what_failed(self):
        """Return what was held before the day of an attempt of the same body and term that failed.

        The database cannot refuse it: no constraint reads another row's day.
        """
        failed = Contest.objects.filter(
            Q(cell=OuterRef("cell")) | Q(hamlet=OuterRef("hamlet")),
            term=OuterRef("term"),
            outcome=Contest.Outcome.FAILED,
            held_on__gt=OuterRef("held_on"),
        )
        return self.filter(Exists(failed), outcome=Contest.Outcome.HELD)


class Contest(models.Model):
    """A congress of a cell or an election of a hamlet head: planned, held, or failed."""

    class Kind(models.TextChoices):
        CONGRESS = "congress", _("cell congress")
        HEAD_ELECTION = "head_election", _("election of the hamlet head")

    class Method(models.TextChoices):
        HANDS = "hands", _("show of hands")
        BALLOT = "ballot", _("secret ballot")

    class Outcome(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        FAILED = "failed", _("failed, to be run again")

    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    cell = models.ForeignKey(
        Cell, models.PROTECT, related_name="contests", null=True, blank=True, verbose_name=_("cell")
    )
    hamlet = models.ForeignKey(
        Unit, models.PROTECT, related_name="contests", null=True, blank=True, verbose_name=_("hamlet")
    )
    term = models.CharField(
        _("term"), max_length=9, validators=[validate_term], help_text=_("For example 2020-2022.")
    )
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=6, choices=Method, blank=True)
    entitled = models.PositiveIntegerField(_("entitled"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    ballots = models.PositiveIntegerField(
        _("ballots collected"), null=True, blank=True, help_text=_("Of a secret ballot; empty: not known.")
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="contests",
        null=True,
        blank=True,
        verbose_name=_("decision"),
        help_text=_("The paper that approves the result."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.PLANNED)

    objects = ContestQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-term", "kind", "pk"]
        verbose_name = _("congress or election")
        verbose_name_plural = _("congresses and elections")
        indexes = [models.Index(fields=["kind", "term"])]
        constraints = [
            models.CheckConstraint(
                name="contest_kind_fits_body",
                condition=Q(kind="congress", cell__isnull=False, hamlet__isnull=True)
                | Q(kind="head_election", cell__isnull=True, hamlet__isnull=False),
                violation_error_message=_("A congress is held by a cell, an election by a hamlet."),
            ),
            models.CheckConstraint(
                name="contest_held_has_its_day",
                condition=Q(outcome="planned", held_on__isnull=True)
                | Q(outcome__in=["held", "failed"], held_on__isnull=False),
                violation_error_message=_("Enter the day on which it was held."),
            ),
            models.CheckConstraint(
                name="contest_present_are_entitled",
                condition=Q(entitled__isnull=True) | Q(present__isnull=True) | Q(present__lte=F("entitled")),
                violation_error_message=_("More were present than were entitled to vote."),
            ),
            models.CheckConstraint(
                name="contest_ballots_are_of_those_present",
                condition=Q(ballots__isnull=True) | Q(present__isnull=True) | Q(ballots__lte=F("present")),
                violation_error_message=_("More ballots were collected than people were present."),
            ),
            models.CheckConstraint(
                name="contest_term_is_two_years",
                condition=IS_TERM,
                violation_error_message=_("A term is two years of four digits, for example 2020-2022."),
            ),
            models.UniqueConstraint(
                name="contest_one_congress_per_cell_and_term",
                fields=["cell", "term"],
                condition=Q(kind="congress") & ~Q(outcome="failed"),
                violation_error_message=_("The congress of this cell for this term is recorded already."),
            ),
            models.UniqueConstraint(
                name="contest_one_election_per_hamlet_and_term",
                fields=["hamlet", "term"],
                condition=Q(kind="head_election") & ~Q(outcome="failed"),
                violation_error_message=_("The election of this hamlet for this term is recorded already."),
            ),
        ]

    def __str__(self):
        return gettext("%(contest)s, term %(term)s") % {"contest": self.spoken_name, "term": self.term}

    @property
    def days_in_life(self) -> tuple[date, date] | None:
        """What is only planned was not there on any day."""
        return (self.held_on, self.held_on) if self.held_on else None

    @property
    def spoken_name(self) -> str:
        """What is held and where, as it is spoken: "Đại hội chi bộ ấp 1", "Bầu trưởng ấp 2"."""
        if self.kind == self.Kind.CONGRESS or not self.hamlet_id:
            return gettext("Congress of %(cell)s") % {"cell": lower_first(str(self.cell or ""))}
        head = title_and_place(head_title(self.hamlet.kind), str(self.hamlet))
        return gettext("Election of the %(head)s") % {"head": lower_first(head)}


# A cell elects a whole committee; a hamlet elects its one head.
ONE_HEAD = _("A hamlet elects one head. Mark one candidate as elected, not several.")


class ContestOffice(models.TextChoices):
    """What a congress elects to. The words are those of ``Office`` (tenures.py), which builds on this module."""

    SECRETARY = "secretary", _("Cell secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy cell secretary")
    COMMITTEE_MEMBER = "committee_member", _("Cell committee member")


class CandidacyQuerySet(SeenThrough):
    THROUGH = ("contest",)

    def elected_beside_another(self):
        """Return those who are marked as elected head where somebody else is as well.

        The database cannot refuse them by itself: what an election is of stands in another table.
        """
        heads = self.filter(elected=True, contest__kind=Contest.Kind.HEAD_ELECTION)
        several = heads.order_by().values("contest").annotate(count=Count("pk")).filter(count__gt=1)
        return heads.filter(contest__in=several.values("contest"))


class Candidacy(models.Model):
    """Somebody who stood in a congress or an election: a person, or a name where there is no record."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="candidacies", verbose_name=_("congress or election")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="candidacies",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    name = models.CharField(
        _("full name"),
        max_length=120,
        blank=True,
        validators=[validate_name],
        help_text=_("Only where the person has no record here."),
    )
    # A congress elects to several offices; an election of a head knows only one.
    office = models.CharField(
        _("office"),
        max_length=16,
        choices=ContestOffice,
        blank=True,
        help_text=_("Of a congress: what the person was elected to."),
    )
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True)
    elected = models.BooleanField(_("elected"), null=True, blank=True)

    objects = CandidacyQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["contest", F("votes").desc(nulls_last=True), "pk"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.CheckConstraint(
                name="candidacy_names_somebody_once",
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                violation_error_message=_(
                    "Choose the person; enter a name only where the person has no record."
                ),
            ),
            models.UniqueConstraint(
                name="candidacy_one_per_contest_and_person",
                fields=["contest", "person"],
                condition=Q(person__isnull=False),
                violation_error_message=_("This person is among the candidates already."),
            ),
            models.CheckConstraint(
                name="candidacy_office_is_known",
                condition=Q(office__in=["", *ContestOffice.values]),
                violation_error_message=_("A congress elects a secretary, deputies and committee members."),
            ),
            models.UniqueConstraint(
                name="candidacy_one_secretary_per_contest",
                fields=["contest"],
                condition=Q(office="secretary", elected=True),
                violation_error_message=_("A congress elects one secretary. Mark one person, not several."),
            ),
            models.UniqueConstraint(
                name="candidacy_one_per_contest_and_name",
                fields=["contest", "name"],
                condition=Q(person__isnull=True),
                violation_error_message=_("A candidate of this name is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.person or self.name} – {self.contest}"

    @property
    def is_elected_secretary(self) -> bool:
        """Whether this one took the seat of which a congress has one."""
        return bool(self.elected) and self.office == ContestOffice.SECRETARY

    @property
    def taking(self) -> Taking:
        """That the person stands, and on which day."""
        contest = self.contest
        is_party = contest.kind == Contest.Kind.CONGRESS
        return Taking(self.person, contest.held_on or contest.planned_on, is_party)

    def clean(self):
        self.clean_body()
        if self.person_id and self._contest_as_it_will_be is not None:
            refuse_gone([self.taking])

    @property
    def _contest_as_it_will_be(self) -> Contest | None:
        """On a form the contest may be about to be written, and is checked as it will be."""
        field = self._meta.get_field("contest")
        return self.contest if field.is_cached(self) or self.contest_id else None

    def clean_body(self):
        contest = self._contest_as_it_will_be
        if contest is None:
            return
        if None not in (self.votes, contest.present) and self.votes > contest.present:
            raise ValidationError(
                {
                    "votes": gettext("%(votes)s votes are more than the %(present)s who were present.")
                    % {"votes": format_count(self.votes), "present": format_count(contest.present)}
                }
            )
        if self.elected and contest.outcome != Contest.Outcome.HELD:
            raise ValidationError(
                {"elected": gettext("Somebody is elected only where the congress or election was held.")}
            )
