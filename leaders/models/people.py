"""People: as little about each as the work needs."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.fields import KeyField
from accounts.sheet_errors import sentence_of
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import Scope, scope_of
from sheets.cleaning import parse_name
from sheets.dates import PartialDate
from sheets.errors import SheetError
from sheets.text import fold, name_sort_key, nfc


def validate_name(value: str) -> None:
    """Refuse what is no name of a person, on a form as in a workbook."""
    try:
        parse_name(value)
    except SheetError as error:
        raise ValidationError(sentence_of(error)) from None


# The way out of that name in tenures.py, which builds on this module.
DIED = "died"
# Who keeps the record of a person.
KEEPING_LEVELS = (Level.COMMUNE, Level.PROVINCE)


class Gender(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class Precision(models.TextChoices):
    """How much of a date is known. The unknown part is kept as 1 and never shown."""

    YEAR = "year", _("year")
    MONTH = "month", _("month and year")
    DAY = "day", _("day, month, year")


class MembershipStatus(models.TextChoices):
    YES = "yes", _("Party member")
    NO = "no", _("not a Party member")
    UNKNOWN = "unknown", _("not known")


class TheoryLevel(models.TextChoices):
    """Levels of political theory (lý luận chính trị)."""

    NONE = "none", _("none yet")
    PRIMARY = "primary", _("primary")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


def _partial_date_is_whole(field: str) -> models.CheckConstraint:
    """A date and its precision are given together, or neither is."""
    return models.CheckConstraint(
        name=f"person_{field}_has_its_precision",
        condition=Q(**{f"{field}__isnull": True, f"{field}_precision": ""})
        | Q(**{f"{field}__isnull": False, f"{field}_precision__in": Precision.values}),
        violation_error_message=_("Give the date together with how much of it is known."),
    )


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the people whose record the user's units keep, or who hold or held a seat there."""
        return self._seen(user, "visible_to", user)

    def visible_on(self, user, day: date):
        """Return the people a list as of the day shows: those kept by the user's units, or with a seat there."""
        return self._seen(user, "visible_on", user, day)

    def _tenures(self):
        return self.model._meta.get_field("tenures").related_model.objects

    def _seen(self, user, rule: str, *whom):
        scope = scope_of(user)
        if scope.everywhere:
            return self
        kept = self.model._default_manager.filter(kept_in(scope)).order_by().values("pk")
        seats = self._tenures().each_way(rule, *whom)
        # Put together first: of a condition on one or the other PostgreSQL looks through all seats for each person.
        return self.filter(pk__in=kept.union(*(way.values("person") for way in seats)))

    def kept_by(self, user):
        """Return the people whose record this user keeps."""
        scope = scope_of(user, keeping=True)
        return self if scope.everywhere else self.filter(kept_in(scope))

    def alive(self):
        """Leave out those who have died: whose seats ended by it (gone.py)."""
        return self.exclude(pk__in=self._tenures().filter(way_out=DIED).values("person"))

    def matching(self, text: str):
        """Return the people in whose name every word occurs, diacritics aside."""
        for word in fold(text).split():
            self = self.filter(search_key__contains=word)
        return self

    def nearest_first(self, text: str):
        """Put those first whose whole name this is, with its marks or without, then those whose name ends so."""
        key = " ".join(fold(text).split())
        nearness = Case(
            When(full_name__iexact=nfc(text), then=0),
            When(search_key=key, then=1),
            When(search_key__endswith=f" {key}", then=2),
            default=3,
        )
        return self.order_by(nearness, "sort_key", "pk")


def seen_beside(user, path: str) -> Q:
    """Return the rule of ``visible_to`` for rows that lead to a person by this path, asked beside each row.

    So for rows that are found otherwise, and are few beside all the people somebody sees.
    """
    scope = scope_of(user)
    if scope.everywhere:
        return Q()
    # Each way by itself and beside the row: joined for a condition on one way or another, people, units and seats are
    # read of the whole country, and looked up first those of the province are read for whoever a few rows are of.
    condition = Q(Exists(Person.objects.filter(kept_in(scope), pk=OuterRef(path))))
    for seats in _seats_each_way(user):
        condition |= Exists(seats.filter(person=OuterRef(path)))
    return condition


def seen_in_turn(user, path: str, *, joined: bool = False) -> Q:
    """Return the same rule for rows of a year or of a province, which are many and mostly of people kept there.

    PostgreSQL looks for each set of people by itself, once, and only when a row is in none of those before it. Where
    the rows are ``joined`` with their people anyway, it need not look for those kept, but for who keeps them alone.
    """
    scope = scope_of(user)
    if scope.everywhere:
        return Q()
    if joined:
        condition = Q(**{f"{path}__keeper__in": Unit.objects.filter(keepers_in(scope)).values("pk")})
    else:
        kept = Person.objects.filter(kept_in(scope)).order_by().values("pk")
        condition = Q(**{f"{path}__in": kept})
    seats = Person._meta.get_field("tenures").related_model.objects
    for way in seats.each_way("visible_to", user):
        condition |= Q(**{f"{path}__in": way.values("person")})
    return condition


def _seats_each_way(user) -> Iterator[models.QuerySet]:
    """Yield the seats somebody sees once for each thing through which they are seen, asked beside each seat."""
    seats = Person._meta.get_field("tenures").related_model
    for name in seats.objects.all().THROUGH:
        owners = seats._meta.get_field(name).related_model.objects.visible_to(user)
        yield seats.objects.filter(Exists(owners.filter(pk=OuterRef(name))))


def kept_in(scope: Scope, prefix: str = "") -> Q:
    """Return the condition that the record is kept in the scope."""
    return keepers_in(scope, f"{prefix}keeper__")


def keepers_in(scope: Scope, prefix: str = "") -> Q:
    """Return the condition of the units of the scope that keep records of people."""
    of_provinces = {f"{prefix}province__in": scope.provinces, f"{prefix}level__in": KEEPING_LEVELS}
    return Q(**of_provinces) | Q(**{f"{prefix}pk__in": scope.communes})


class Person(models.Model):
    """Somebody who holds or held a seat, or follows hamlets."""

    full_name = models.CharField(_("full name"), max_length=120, validators=[validate_name])
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    born_on = models.DateField(_("birth date"), null=True, blank=True)
    born_on_precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=40, blank=True)
    education = models.CharField(_("general education"), max_length=100, blank=True)
    profession = models.CharField(_("professional education"), max_length=100, blank=True)
    theory_level = models.CharField(_("political theory"), max_length=12, choices=TheoryLevel, blank=True)
    membership = models.CharField(
        _("Party member"), max_length=7, choices=MembershipStatus, default=MembershipStatus.UNKNOWN
    )
    admitted_on = models.DateField(_("admitted to the Party"), null=True, blank=True)
    admitted_on_precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    official_on = models.DateField(_("official member since"), null=True, blank=True)
    official_on_precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    left_on = models.DateField(_("left the Party"), null=True, blank=True)
    left_on_precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    phone = models.CharField(
        _("telephone"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+?[0-9 .]{8,20}$", _("Enter digits only, for example 0912 345 678."))],
    )
    keeper = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="kept_people",
        verbose_name=_("record kept by"),
        help_text=_("The commune (or province) that keeps this record."),
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="person",
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_("Of a follow-up officer who signs in: whose visits are whose."),
    )
    is_synthetic = models.BooleanField(
        _("sample person"), default=False, editable=False, help_text=_("Made up for the sample data.")
    )
    note = models.TextField(_("note"), blank=True)
    search_key = KeyField()
    sort_key = KeyField()

    objects = PersonQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("view_private_data", _("Can see telephone numbers and birth dates")),
            ("merge_people", _("Can merge two records of one person")),
        ]
        indexes = [models.Index(fields=["sort_key", "id"]), models.Index(fields=["keeper", "sort_key"])]
        constraints = [
            models.CheckConstraint(
                name="person_has_a_name",
                condition=~Q(full_name=""),
                violation_error_message=_("Enter the full name."),
            ),
            models.CheckConstraint(
                name="person_membership_is_known_or_said_unknown",
                condition=Q(membership__in=MembershipStatus.values),
                violation_error_message=_("Choose: Party member, not a Party member, or not known."),
            ),
            *[_partial_date_is_whole(f) for f in ("born_on", "admitted_on", "official_on", "left_on")],
            models.CheckConstraint(
                name="person_admitted_before_official",
                condition=Q(admitted_on__isnull=True)
                | Q(official_on__isnull=True)
                | ~Q(admitted_on_precision=Precision.DAY, official_on_precision=Precision.DAY)
                | Q(official_on__gte=F("admitted_on")),
                violation_error_message=_("The person became an official member before being admitted."),
            ),
        ]

    def __str__(self):
        return " ".join([self.full_name, str(_("(sample)"))]) if self.is_synthetic else self.full_name

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("dashboards:person", args=[self.pk])

    def prepare(self):
        """Clean the words and fill the keys; bulk writers call it themselves."""
        self.full_name = nfc(self.full_name)
        self.search_key = fold(self.full_name)[:250]
        self.sort_key = name_sort_key(self.full_name)

    def clean(self):
        if self.keeper_id and self.keeper.level not in KEEPING_LEVELS:
            raise ValidationError({"keeper": _("A commune or a province keeps the record.")})
        if self.keeper_id and self.keeper.closed_on is not None:
            raise ValidationError(
                {"keeper": _("%(unit)s has ended and keeps no records.") % {"unit": self.keeper}}
            )

    def partial_date(self, name: str) -> PartialDate | None:
        """Return one of the dates "born", "admitted", "official", "left", as much of it as is known."""
        return _partial(getattr(self, f"{name}_on"), getattr(self, f"{name}_on_precision"))

    def set_partial_date(self, name: str, known: PartialDate | None) -> None:
        """Keep a date with how much of it is known."""
        setattr(self, f"{name}_on", known.first_day if known else None)
        setattr(self, f"{name}_on_precision", known.precision if known else "")

    @property
    def choice_label(self) -> str:
        """What the person is called in a picker: names repeat, so with the year of birth and the commune."""
        born = f" ({self.born_on.year})" if self.born_on else ""
        return f"{self}{born}, {self.keeper}"

    @property
    def masked_label(self) -> str:
        """What the person is called there for whoever is not told the birth date."""
        return f"{self}, {self.keeper}"

    @property
    def born(self) -> PartialDate | None:
        """The birth date, as much of it as is known: prints as "1985" when only the year is."""
        return _partial(self.born_on, self.born_on_precision)

    @property
    def admitted(self) -> PartialDate | None:
        return _partial(self.admitted_on, self.admitted_on_precision)

    @property
    def official(self) -> PartialDate | None:
        return _partial(self.official_on, self.official_on_precision)

    @property
    def left(self) -> PartialDate | None:
        return _partial(self.left_on, self.left_on_precision)


def _partial(day, precision: str) -> PartialDate | None:
    if day is None:
        return None
    return PartialDate(
        day.year,
        day.month if precision != Precision.YEAR else None,
        day.day if precision == Precision.DAY else None,
    )
