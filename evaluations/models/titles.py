"""Titles of cells, from registration to revocation. A title is not a level of the year."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Cell, Decision
from cells.models.cells import cells_within
from cells.models.counts import OfCellQuerySet
from cells.models.grants import Scope, scope_of


class TitleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Titles are no secret: everybody who signs in may read their names."""
        return self if user.is_authenticated else self.none()

    kept_by = visible_to


class Title(models.Model):
    """A title a cell may win, such as "trong sạch, vững mạnh toàn diện" (TSVMTD)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    note = models.TextField(_("note"), blank=True)

    objects = TitleQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("title")
        verbose_name_plural = _("titles")

    def __str__(self):
        return self.name


def held_on(day: date, prefix: str = "") -> Q:
    """Return the condition that a title is held on the day: from the decision to the day of revocation."""
    return Q(**{f"{prefix}recognised_on__lte": day}) & (
        Q(**{f"{prefix}revoked_on__isnull": True}) | Q(**{f"{prefix}revoked_on__gt": day})
    )


def won_before(year: int) -> Q:
    """Return the condition that a title was won before the year, by its cell or by the one it was inherited from."""
    return Q(recognised_on__year__lt=year) | Q(inherited_from__recognised_on__year__lt=year)


def newly_recognised(prefix: str = "") -> Q:
    """Return the condition that a cell won its title itself: what a figure of a year may count."""
    return Q(**{f"{prefix}recognised_on__isnull": False})


def _states_on(day: date) -> list[tuple[str, Q]]:
    """Return the condition of each state on the day, where none before it in the list holds."""
    undated = Q(registered_on__isnull=True, recognised_on__isnull=True)
    return [
        ("revoked", Q(revoked_on__lte=day)),
        ("recognised", Q(recognised_on__lte=day)),
        ("declined", Q(declined_on__lte=day)),
        ("appraised", Q(appraised_on__lte=day) | Q(state="appraised", appraised_on__isnull=True)),
        ("registered", Q(registered_on__lte=day) | undated),
    ]


def state_on(day: date) -> Case:
    """Return the state that a case was in on the day; nothing for one that had not begun.

    A case taken in from papers without its registration begins with its recognition. What has no day of its
    own (appraised, in data of before) is in its state since it was registered.
    """
    whens = [When(condition, then=Value(state)) for state, condition in _states_on(day)]
    return Case(*whens, output_field=CharField())


def begun_by(day: date) -> Q:
    """Return the condition that a case is in some state on the day."""
    begun = Q()
    for _state, condition in _states_on(day):
        begun |= condition
    return begun


def in_state_on(day: date, state: str) -> Q:
    """Return the condition that a case was in this state on the day: a database guesses how many they are."""
    later = Q()
    for name, condition in _states_on(day):
        if name == state:
            return condition & later
        later &= ~condition
    raise ValueError(state)


class TitleCaseQuerySet(OfCellQuerySet):
    def visible_to(self, user):
        return self._of_cells(scope_of(user))

    def visible_on(self, user, day: date):
        return self._of_cells(scope_of(user), day)

    def _of_cells(self, scope: Scope, day: date | None = None):
        """Return the cases of the cells in the scope, asked of each cell beside its case."""
        return self if scope.everywhere else self.filter(cells_within(scope, "cell__", day))

    def held_on(self, day: date):
        """Return the titles held on the day."""
        return self.filter(held_on(day))

    def running(self):
        """Return the cases that are on their way, or hold their title."""
        return self.exclude(state__in=["revoked", "declined"])

    def newly_recognised(self):
        """Return the titles that their cells won themselves, on the day they were recognised."""
        return self.filter(newly_recognised())

    def for_list(self):
        return self.select_related("cell__commune", "title", "recognition", "revocation")


class TitleCase(models.Model):
    """One cell on its way to one title."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("registered")
        APPRAISED = "appraised", _("appraised")
        RECOGNISED = "recognised", _("recognised")
        REVOKED = "revoked", _("revoked")
        DECLINED = "declined", _("not recognised")

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="title_cases", verbose_name=_("cell"))
    title = models.ForeignKey(Title, models.PROTECT, related_name="cases", verbose_name=_("title"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED)
    # The year in which the cell means to win it.
    year = models.PositiveSmallIntegerField(_("registered for the year"), null=True, blank=True)
    criteria_set = models.ForeignKey(
        "evaluations.CriteriaSet",
        models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name=_("set of criteria"),
    )
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    appraised_on = models.DateField(_("appraised on"), null=True, blank=True)
    appraisal_team = models.TextField(
        _("appraisal team"), blank=True, help_text=_("Who was there, one line each: name, office.")
    )
    appraisal_remark = models.TextField(_("remark of the appraisal"), blank=True)
    declined_on = models.DateField(_("not recognised on"), null=True, blank=True)
    declined_reason = models.CharField(_("why it was not recognised"), max_length=500, blank=True)
    recognised_on = models.DateField(_("recognised on"), null=True, blank=True)
    recognition = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="recognised_cases",
        null=True,
        blank=True,
        verbose_name=_("decision of recognition"),
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revocation = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="revoked_cases",
        null=True,
        blank=True,
        verbose_name=_("decision of revocation"),
    )
    revocation_reason = models.CharField(_("reason of revocation"), max_length=500, blank=True)
    # Passed on when its cell was joined to this one: held from then on, but won only once.
    inherited_from = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="heirs",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("inherited from"),
    )
    is_pilot = models.BooleanField(_("pilot cell"), default=False)
    keep_plan = models.TextField(_("plan to keep the title"), blank=True)
    learned = models.TextField(
        _("what was learned"), blank=True, help_text=_("Of a pilot cell: what others may take over.")
    )
    note = models.TextField(_("note"), blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = TitleCaseQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["title", "cell__sort_key", "pk"]
        verbose_name = _("title of a cell")
        verbose_name_plural = _("titles of cells")
        permissions = [("recognise_titles", _("Can recognise and revoke titles"))]
        indexes = [models.Index(fields=["title", "recognised_on"])]
        constraints = [
            models.UniqueConstraint(
                name="titlecase_one_running_per_cell_and_title",
                fields=["cell", "title"],
                condition=~Q(state__in=["revoked", "declined"]),
                violation_error_message=_("This cell is registered for this title, or holds it, already."),
            ),
            models.CheckConstraint(
                name="titlecase_recognition_is_whole",
                condition=Q(
                    state__in=["registered", "appraised", "declined"],
                    recognised_on__isnull=True,
                    recognition__isnull=True,
                )
                | Q(
                    state__in=["recognised", "revoked"],
                    recognised_on__isnull=False,
                    recognition__isnull=False,
                ),
                violation_error_message=_("A recognised title needs its day and its decision."),
            ),
            models.CheckConstraint(
                name="titlecase_revocation_is_whole",
                condition=(
                    ~Q(state="revoked")
                    & Q(revoked_on__isnull=True, revocation__isnull=True, revocation_reason="")
                )
                | (
                    Q(state="revoked", revoked_on__isnull=False, revocation__isnull=False)
                    & ~Q(revocation_reason="")
                ),
                violation_error_message=_("A revoked title needs its day, its decision and its reason."),
            ),
            models.CheckConstraint(
                name="titlecase_declined_has_its_reason",
                condition=Q(state="declined", declined_on__isnull=False) & ~Q(declined_reason="")
                | ~Q(state="declined") & Q(declined_on__isnull=True, declined_reason=""),
                violation_error_message=_("Say when and why the title was not recognised."),
            ),
            models.CheckConstraint(
                name="titlecase_days_in_order",
                condition=(
                    Q(registered_on__isnull=True)
                    | Q(recognised_on__isnull=True)
                    | Q(recognised_on__gte=F("registered_on"))
                )
                & (Q(revoked_on__isnull=True) | Q(revoked_on__gt=F("recognised_on"))),
                violation_error_message=_("The days are not in order: registered, recognised, revoked."),
            ),
        ]

    def __str__(self):
        return f"{self.title} – {self.cell}"

    def get_absolute_url(self):
        return reverse("titles:case", args=[self.pk])

    @property
    def days_in_life(self) -> tuple[date, date] | None:
        """A title is won while the cell stands, and is held no longer than it does: only that day is to lie within."""
        return (self.recognised_on, self.recognised_on) if self.recognised_on else None

    def clean(self):
        if self.recognition_id and self.recognised_on is None:
            self.recognised_on = self.recognition.date
        # All periods, so that who checks many cases loads them once for all.
        if (
            self.cell_id
            and self.state in ("recognised", "revoked")
            and self.recognised_on
            and not any(period.holds_on(self.recognised_on) for period in self.cell.periods.all())
        ):
            raise ValidationError(
                {"recognised_on": _("The cell did not exist on that day. Check the day and the cell.")}
            )
