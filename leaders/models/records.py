"""Who opened and took out records of people, and who asks for a record that somebody else keeps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough
from leaders.models.people import Person, validate_name


class AccessQuerySet(SeenThrough):
    """Seen by whoever keeps, or stands above, the commune whose people they were."""

    THROUGH = ("keeper",)


class Access(models.Model):
    """Somebody opened a person's record, or took people of a commune out in a list, on a day.

    A log, written and never changed: it has no history of its own. It goes on naming whoever it was
    about when that record has been merged into another; their own history still tells the name.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        PRINTED = "printed", _("printed")
        EXPORTED = "exported", _("exported in a list")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # A unit goes only when it was recorded in error; then so was who looked at its people.
    keeper = models.ForeignKey(
        Unit, models.CASCADE, related_name="accesses", verbose_name=_("record kept by")
    )
    person = models.ForeignKey(
        Person,
        models.DO_NOTHING,
        related_name="accesses",
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("person"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=_("by")
    )
    by_name = models.CharField(_("name"), max_length=200)
    day = models.DateField(_("day"))
    last_at = models.DateTimeField(_("last at"), auto_now=True)
    # How often on the day, or how many people were in the list.
    count = models.PositiveIntegerField(_("how many"), default=1)
    what = models.CharField(_("list"), max_length=200, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]
        verbose_name = _("look at people's records")
        verbose_name_plural = _("looks at people's records")
        indexes = [models.Index(fields=["keeper", "-last_at"])]
        constraints = [
            models.UniqueConstraint(
                name="access_one_per_person_reader_kind_and_day",
                fields=["person", "by", "kind", "day"],
                condition=Q(person__isnull=False, by__isnull=False),
                violation_error_message=_("This look is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.by_name} {self.day:%d/%m/%Y}"


class TwoPeopleQuerySet(models.QuerySet):
    """Seen and kept by whoever keeps both records."""

    def visible_to(self, user):
        return self.kept_by(user)

    def kept_by(self, user):
        people = Person.objects.kept_by(user)
        return self.filter(one__in=people, other__in=people)


class TwoPeople(models.Model):
    """Two records that look like those of one person and are not: they are not set side by side again."""

    # The older record first, as pairs are found.
    one = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("first record"))
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("second record"))
    said_by = models.CharField(_("said by"), max_length=200, editable=False)
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    objects = TwoPeopleQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-said_at", "-pk"]
        verbose_name = _("two people who look alike")
        verbose_name_plural = _("people who look alike")
        constraints = [
            models.UniqueConstraint(
                name="twopeople_said_once",
                fields=["one", "other"],
                violation_error_message=_("It is recorded already that these are two people."),
            ),
            models.CheckConstraint(
                name="twopeople_older_record_first",
                condition=Q(one__lt=F("other")),
                violation_error_message=_("A record is not set beside itself."),
            ),
        ]

    def __str__(self):
        return f"N{self.one_id}, N{self.other_id}"


class PersonRequestQuerySet(SeenThrough):
    """Seen by the commune that asks and by its province; the keeper is told by the province."""

    THROUGH = ("asked_by",)

    def taken_from(self, user):
        """Return the requests by which a record left the communes of this user."""
        left = self.filter(state="assigned", taken_from__isnull=False)
        return left.filter(taken_from__in=Unit.objects.visible_to(user))


class PersonRequest(models.Model):
    """A commune asks for the record of somebody whom another commune keeps; the province assigns it."""

    class State(models.TextChoices):
        OPEN = "open", _("to be answered")
        ASSIGNED = "assigned", _("assigned")
        DECLINED = "declined", _("not assigned")
        RECALLED = "recalled", _("withdrawn by the commune")

    asked_by = models.ForeignKey(
        Unit, models.PROTECT, related_name="person_requests", verbose_name=_("commune that asks")
    )
    full_name = models.CharField(_("full name"), max_length=120, validators=[validate_name])
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    came_from = models.CharField(_("came from"), max_length=200, blank=True)
    purpose = models.CharField(_("what for"), max_length=500)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    person = models.ForeignKey(
        Person, models.SET_NULL, related_name="requests", null=True, blank=True, verbose_name=_("person")
    )
    # Who kept the record until it was assigned: they are told where it went.
    taken_from = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="records_given",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("record kept before by"),
    )
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    asked_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )

    objects = PersonRequestQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = [F("answered_at").desc(nulls_first=True), "-asked_at", "pk"]
        verbose_name = _("request for a person's record")
        verbose_name_plural = _("requests for people's records")
        permissions = [("assign_records", _("Can assign people's records to communes"))]
        constraints = [
            models.CheckConstraint(
                name="personrequest_answer_is_whole",
                condition=Q(state="open", answered_at__isnull=True)
                | Q(state__in=["assigned", "recalled"], answered_at__isnull=False)
                | Q(state="declined", answered_at__isnull=False) & ~Q(answer=""),
                violation_error_message=_("Say why the record is not assigned."),
            ),
        ]

    def __str__(self):
        return f"{self.full_name} – {self.asked_by}"
