"""Training of people, and commendations of people and cells."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.kinds import Level
from cells.models import Cell, Decision, Unit
from cells.models.grants import SeenThrough, scope_of
from leaders.models.people import Person, seen_beside, seen_in_turn


class CourseQuerySet(SeenThrough):
    """A course of a province or commune is seen by everybody below it: it is no secret who teaches what."""

    THROUGH = ("unit",)

    def visible_to(self, user):
        return self.filter(
            self._through("visible_to", user) | Q(unit__in=Unit.objects.provinces_seen_by(user))
        )

    def _ways(self, rule: str, *whom) -> list[Q]:
        # A commune that has ended counts as the one it went into: its courses are read and kept there.
        scope = scope_of(whom[0], keeping=rule == "kept_by")
        return [*super()._ways(rule, *whom), Q(unit__commune__in=scope.communes)]


class Course(models.Model):
    """A course for secretaries, heads and others."""

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="courses",
        verbose_name=_("held for"),
        help_text=_("The province or commune that called the course."),
    )
    name = models.CharField(_("course"), max_length=300)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    organiser = models.CharField(_("organised by"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = CourseQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-starts_on", "name", "pk"]
        verbose_name = _("training course")
        verbose_name_plural = _("training courses")
        constraints = [
            models.CheckConstraint(
                name="course_days_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day is before the first day."),
            ),
            models.UniqueConstraint(
                name="course_one_per_unit_name_and_day",
                fields=["unit", "name", "starts_on"],
                violation_error_message=_("This course is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.starts_on:%d/%m/%Y})"

    def clean(self):
        if self.unit_id and self.unit.level == Level.HAMLET:
            raise ValidationError({"unit": gettext("Choose the province or commune that called the course.")})


class ParticipationQuerySet(SeenThrough):
    THROUGH = ("person",)

    def visible_to(self, user):
        """Return what is seen of the people; asked for by course or by person, which are few."""
        return self.filter(seen_beside(user, "person"))


class Participation(models.Model):
    """Somebody took part in a course."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="participations", verbose_name=_("training course")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    completed = models.BooleanField(_("completed"), null=True, blank=True)
    result = models.CharField(_("result, certificate"), max_length=200, blank=True)

    objects = ParticipationQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["course", "person__sort_key", "pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                name="participation_one_per_course_and_person",
                fields=["course", "person"],
                violation_error_message=_("This person is among the participants already."),
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.course}"


class CommendationQuerySet(SeenThrough):
    THROUGH = ("person", "cell")

    def visible_to(self, user):
        # The cells first, and not the union of all ways: each set of owners is looked for once, and few are tried.
        if scope_of(user).everywhere:
            return self
        return self.filter(Q(cell__in=Cell.objects.visible_to(user)) | seen_in_turn(user, "person"))

    def _through(self, rule: str, *whom) -> Q:
        ways = Commendation.objects.each_way(rule, *whom)
        return Q(pk__in=ways[0].values("pk").union(*(way.values("pk") for way in ways[1:])))

    def visible_beside(self, user):
        """Return what ``visible_to`` does, asked beside each row: for those of some people or cells, or few in all."""
        if scope_of(user).everywhere:
            return self
        return self.filter(seen_beside(user, "person") | Q(cell__in=Cell.objects.visible_to(user)))

    def kept_by(self, user):
        """Return those of the user's people and cells by papers of the user's own: the province's stay as given."""
        return super().kept_by(user).filter(decision__in=Decision.objects.kept_by(user))


class Commendation(models.Model):
    """A person or a cell was commended by a decision."""

    class Form(models.TextChoices):
        PRAISED = "praised", _("public praise")
        PAPER = "paper", _("certificate of merit (giấy khen)")
        DIPLOMA = "diploma", _("diploma of merit (bằng khen)")
        BADGE = "badge", _("badge or medal")
        OTHER = "other", _("another form")

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="commendations", null=True, blank=True, verbose_name=_("person")
    )
    cell = models.ForeignKey(
        Cell, models.PROTECT, related_name="commendations", null=True, blank=True, verbose_name=_("cell")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    form = models.CharField(_("form of commendation"), max_length=8, choices=Form)
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="commendations", verbose_name=_("decision")
    )
    merit = models.CharField(_("for what"), max_length=500)
    # Of a commendation for years running at the highest level: how many, and the last of them.
    streak_years = models.PositiveSmallIntegerField(_("years running"), null=True, blank=True)

    objects = CommendationQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("commendation")
        verbose_name_plural = _("commendations")
        constraints = [
            models.CheckConstraint(
                name="commendation_is_of_a_person_or_a_cell",
                condition=Q(person__isnull=False, cell__isnull=True)
                | Q(person__isnull=True, cell__isnull=False),
                violation_error_message=_("A commendation is that of one person, or of one cell."),
            ),
            models.CheckConstraint(
                name="commendation_form_is_known",
                condition=Q(form__in=["praised", "paper", "diploma", "badge", "other"]),
                violation_error_message=_("Choose one of the forms of the list."),
            ),
            models.CheckConstraint(
                name="commendation_year_is_a_year",
                condition=Q(year__gte=1930, year__lte=2100),
                violation_error_message=_("Enter the year with four digits."),
            ),
            models.UniqueConstraint(
                name="commendation_one_per_decision_and_person",
                fields=["decision", "person"],
                condition=Q(person__isnull=False),
                violation_error_message=_("This person is commended by this decision already."),
            ),
            models.UniqueConstraint(
                name="commendation_one_per_decision_and_cell",
                fields=["decision", "cell"],
                condition=Q(cell__isnull=False),
                violation_error_message=_("This cell is commended by this decision already."),
            ),
        ]

    def __str__(self):
        return f"{self.person or self.cell} {self.year}"
