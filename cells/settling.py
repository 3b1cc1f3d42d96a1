"""Counts and grants after a reorganisation: added up, handed on, or kept as an archive."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import create_many, update_many
from accounts.validation import clean_many
from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.models import Grant, HouseholdCount, Line, MemberCount
from cells.rearranging import Outcome
from sheets.numbers import format_count

ADD_UP, LEAVE_EMPTY = "sum", "none"
ARCHIVE_ONLY, END = "archive", "end"


@dataclass(frozen=True)
class _Counting:
    """One kind of count: its model, the field that says whose it is, and the number people look at."""

    model: type
    of: str
    number: str
    kind: str

    @property
    def fields(self) -> list[str]:
        fixed = {"id", "day", f"{self.of}_id"}
        return [f.attname for f in self.model._meta.concrete_fields if f.attname not in fixed]


HOUSEHOLDS = _Counting(HouseholdCount, "hamlet", "households", CaseKind.HOUSEHOLDS)
MEMBERS = _Counting(MemberCount, "cell", "total", CaseKind.MEMBERS)


def settle_counts(outcome: Outcome, fates: Fates) -> None:
    """Add up the latest counts of what was merged, where each is known and somebody wants the sum."""
    _settle_counts(HOUSEHOLDS, outcome, fates, outcome.mergers(), outcome.ended)
    _settle_counts(MEMBERS, outcome, fates, outcome.joins(), outcome.cells_ended)


def _settle_counts(
    counting: _Counting, outcome: Outcome, fates: Fates, mergers: Iterable, ended: Iterable[int]
) -> None:
    mergers = [(line, into, [*wholly, *standing]) for line, into, wholly, standing in mergers]
    wanted = {pk for _line, _into, parts in mergers for pk in parts} | set(ended)
    rows = counting.model.objects.filter(**{f"{counting.of}__in": wanted}).order_by("day", "pk")
    latest, late = {}, []
    for row in rows:
        owner = getattr(row, f"{counting.of}_id")
        if row.day >= outcome.day and owner in ended:
            late.append(row)
        if row.day < outcome.day and getattr(row, counting.number) is not None:
            latest[owner] = row
    if late:
        raise ValidationError([_counted_later(counting, outcome, row) for row in late[:20]])
    sums = []
    for line, into, parts in mergers:
        counts = [latest.get(pk) for pk in parts]
        if all(counts) and _wants_sum(counting, outcome.day, fates, line, into, counts):
            sums.append(_sum(counting, into, outcome.day, counts))
    clean_many(sums)
    create_many(counting.model, sums)


def _counted_later(counting: _Counting, outcome: Outcome, row) -> str:
    lives = outcome.lives.units if counting is HOUSEHOLDS else outcome.lives.cells
    return _("%(what)s has a count of %(day)s, after it ended. Change or remove that count first.") % {
        "what": lives[getattr(row, f"{counting.of}_id")].thing,
        "day": f"{row.day:%d/%m/%Y}",
    }


def _wants_sum(counting: _Counting, day: date, fates: Fates, line: Line, into, counts: list) -> bool:
    numbers = [getattr(row, counting.number) for row in counts]
    added = f"{' + '.join(map(format_count, numbers))} = {format_count(sum(numbers))}"
    case = Case(
        kind=counting.kind,
        key=f"{counting.kind}:line{line.pk}",
        subject=str(into),
        detail=added,
        options=(
            Option(ADD_UP, _("record the sum")),
            Option(LEAVE_EMPTY, _("record nothing, a new count will be entered")),
        ),
        day=day,
    )
    return fates.choose(case) == ADD_UP


def _sum(counting: _Counting, into, day: date, counts: list):
    """Add up field by field; what one of them does not know is not known of the sum."""
    values = {name: [getattr(row, name) for row in counts] for name in counting.fields}
    sums = {name: None if None in some else sum(some) for name, some in values.items()}
    return counting.model(**{counting.of: into}, day=day, **sums)


# --- grants ---------------------------------------------------------------------------------


def settle_grants(outcome: Outcome, fates: Fates) -> None:
    """Give those whose unit ended the place the event decides, and the archive of the old unit."""
    grants = Grant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=outcome.day), unit__in=outcome.ended
    ).exclude(source=Grant.Source.ARCHIVE)
    hands = _Hands(outcome)
    for grant in grants.select_related("user").order_by("pk"):
        hands.settle(grant, fates)
    hands.save()


class _Hands:
    """What each grant becomes, gathered to be written at once."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        self.ended: list[Grant] = []
        self.new: list[Grant] = []
        self.held = defaultdict(set)
        heirs = [unit.pk for unit in outcome.units.values()]
        later = Q(ends_on__isnull=True) | Q(ends_on__gte=outcome.day)
        for user, unit in Grant.objects.filter(later, unit__in=heirs).values_list("user", "unit"):
            self.held[user].add(unit)

    def settle(self, grant: Grant, fates: Fates):
        choice = fates.choose(self._case(grant))
        first, last = max(grant.days[0], self.outcome.day), grant.ends_on
        for line in self.outcome.ended[grant.unit_id]:
            heir = self.outcome.units[line.pk]
            if choice == f"line{line.pk}" and heir.pk not in self.held[grant.user_id]:
                self.held[grant.user_id].add(heir.pk)
                self.new.append(_given(grant, heir, grant.access, grant.source, first, last))
        if choice != END:
            self.new.append(
                _given(grant, grant.unit, Grant.Access.READ, Grant.Source.ARCHIVE, self.outcome.day, None)
            )
        grant.ends_on = max(self.outcome.day - ONE_DAY, grant.days[0])
        self.ended.append(grant)

    def _case(self, grant: Grant) -> Case:
        lines = self.outcome.ended[grant.unit_id]
        label = _("goes to %(unit)s with the same rights, and reads the archive")
        alike = "successor" if len(lines) == 1 else ""
        options = [
            Option(f"line{line.pk}", label % {"unit": self.outcome.units[line.pk]}, alike) for line in lines
        ]
        return Case(
            kind=CaseKind.ACCOUNT,
            key=f"{CaseKind.ACCOUNT}:{grant.pk}",
            subject=str(grant.user),
            detail=f"{self.outcome.lives.units[grant.unit_id].thing} – {grant.get_access_display()}",
            options=(
                *options,
                Option(ARCHIVE_ONLY, _("only reads the archive of the old unit")),
                Option(END, _("ends")),
            ),
            day=self.outcome.day,
        )

    def save(self):
        update_many(Grant, self.ended, ["ends_on"])
        create_many(Grant, self.new)


def _given(grant: Grant, unit, access: str, source: str, first: date, last: date | None) -> Grant:
    return Grant(user=grant.user, unit=unit, access=access, source=source, starts_on=first, ends_on=last)
