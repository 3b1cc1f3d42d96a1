"""Counts and grants after a reorganisation: added up, handed on, or kept as an archive."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.history import create_many, delete_many, update_many
from accounts.validation import clean_many
from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.models import Grant, HouseholdCount, Line, MemberCount
from cells.rearranging import Outcome
from sheets.numbers import format_count
from sheets.text import lower_first

ADD_UP, LEAVE_EMPTY, DROP = "sum", "none", "drop"
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
    counts = _Counts(counting, outcome, fates, set(ended))
    for line, into, wholly, standing in mergers:
        counts.add_up_latest(line, into, [*wholly, *standing])
        counts.take_over_later(line, into, wholly, standing)
    counts.drop_the_rest()
    counts.save()


class _Counts:
    """The counts of what a reorganisation touches, and what becomes of them."""

    def __init__(self, counting: _Counting, outcome: Outcome, fates: Fates, ended: set[int]):
        self.counting, self.outcome, self.fates, self.ended = counting, outcome, fates, ended
        touched = outcome.units.values() if counting is HOUSEHOLDS else outcome.cells.values()
        wanted = ended | {thing.pk for thing in touched}
        rows = counting.model.objects.filter(**{f"{counting.of}__in": wanted}).order_by("day", "pk")
        self.latest: dict[int, object] = {}
        self.later: dict[int, dict[date, object]] = defaultdict(dict)
        for row in rows:
            owner = getattr(row, f"{counting.of}_id")
            if row.day >= outcome.day:
                self.later[owner][row.day] = row
            elif getattr(row, counting.number) is not None:
                self.latest[owner] = row
        self.new, self.gone = [], []

    def add_up_latest(self, line: Line, into, parts: list[int]) -> None:
        """Record the sum of the latest counts as the count of the day, where each part has one."""
        counts = [self.latest.get(pk) for pk in parts]
        if all(counts) and self.outcome.day not in self.later[into.pk]:
            key, label = f"line{line.pk}", _("record nothing, a new count will be entered")
            if self._wants_sum(key, into, counts, label):
                self.new.append(self._sum(into, self.outcome.day, counts))

    def take_over_later(self, line: Line, into, wholly: list[int], standing: list[int]) -> None:
        """Counts entered for what had ended already, as it turns out: their sum is that of the heir."""
        for day in sorted({day for pk in wholly for day in self.later[pk]}):
            counts = [self.later[pk].get(day) for pk in (*wholly, *standing)]
            if not all(counts) or None in [getattr(row, self.counting.number) for row in counts]:
                continue  # one of them is missing: asked with the rest
            key, label = f"line{line.pk}:{day:%Y%m%d}", _("drop these counts")
            if self._wants_sum(key, into, counts, label):
                self.new.append(self._sum(into, day, counts))
                self.gone += [self.later[pk].pop(day) for pk in standing]
            self.gone += [self.later[pk].pop(day) for pk in wholly]

    def drop_the_rest(self) -> None:
        """What was counted of an ended unit after its end, and adds up to nothing, goes: somebody must say so."""
        for pk in sorted(self.ended):
            for day, row in sorted(self.later[pk].items()):
                self._ask(
                    f"{pk}:{day:%Y%m%d}",
                    row,
                    f"{self._number(getattr(row, self.counting.number) or 0)} {_as_of(day)}",
                    (Option(DROP, _("drop this count: it was taken after the end")),),
                )
                self.gone.append(row)

    def _wants_sum(self, key: str, into, counts: list, otherwise: str) -> bool:
        numbers = [getattr(row, self.counting.number) for row in counts]
        added = f"{' + '.join(map(format_count, numbers))} = {self._number(sum(numbers))}"
        options = (Option(ADD_UP, _("record the sum")), Option(LEAVE_EMPTY, otherwise))
        return self._ask(key, into, f"{added} {_as_of(max(row.day for row in counts))}", options) == ADD_UP

    def _number(self, number: int) -> str:
        words = {"count": format_count(number)}
        if self.counting is HOUSEHOLDS:
            return _("%(count)s households") % words
        return _("%(count)s members") % words

    def _ask(self, key: str, subject, detail: str, options: tuple[Option, ...]) -> str:
        return self.fates.choose(
            Case(
                kind=self.counting.kind,
                key=f"{self.counting.kind}:{key}",
                subject=str(subject),
                detail=detail,
                options=options,
                day=self.outcome.day,
            )
        )

    def _sum(self, into, day: date, counts: list):
        """Add up field by field; what one of them does not know is not known of the sum."""
        values = {name: [getattr(row, name) for row in counts] for name in self.counting.fields}
        sums = {name: None if None in some else sum(some) for name, some in values.items()}
        return self.counting.model(**{self.counting.of: into}, day=day, **sums)

    def save(self) -> None:
        if self.gone:
            delete_many(self.counting.model.objects.filter(pk__in=[row.pk for row in self.gone]))
        clean_many(self.new, clean=self.counting.model.clean_alone)
        create_many(self.counting.model, self.new)


def _as_of(day: date) -> str:
    return _("(counted on %(day)s)") % {"day": f"{day:%d/%m/%Y}"}


# --- grants ---------------------------------------------------------------------------------


def settle_grants(outcome: Outcome, fates: Fates) -> None:
    """Give those whose unit ended the place the event decides, and the archive of the old unit."""
    running = Grant.objects.overlapping(outcome.day, None).filter(unit__in=outcome.ended)
    # What somebody reads by following a unit goes with the assignments (docs/decisions/0022).
    grants = running.exclude(source__in=[Grant.Source.ARCHIVE, Grant.Source.ASSIGNMENT])
    hands = _Hands(outcome)
    grants = grants.select_related("user", "unit").select_for_update(of=("self",))
    # What may be changed is given before what is read, which goes without saying beside it.
    for grant in sorted(grants.order_by("pk"), key=lambda grant: grant.access != Grant.Access.KEEP):
        hands.settle(grant, fates)
    hands.save()


class _Hands:
    """What each grant becomes, gathered to be written at once."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        self.ended: list[Grant] = []
        self.new: list[Grant] = []
        self.held: dict[tuple[int, int], list[Grant]] = defaultdict(list)
        heirs = [unit.pk for unit in outcome.units.values()]
        held = Grant.objects.overlapping(outcome.day, None).filter(unit__in=heirs)
        # What is read by following the heir ends with the assignment.
        for grant in held.exclude(source=Grant.Source.ASSIGNMENT):
            self.held[grant.user_id, grant.unit_id].append(grant)

    def settle(self, grant: Grant, fates: Fates):
        choice = fates.choose(self._case(grant))
        first, last = max(grant.days[0], self.outcome.day), grant.ends_on
        for line in self.outcome.ended[grant.unit_id]:
            given = _given(grant, self.outcome.units[line.pk], grant.access, grant.source, first, last)
            held = self.held[given.user_id, given.unit_id]
            if choice == f"line{line.pk}" and not any(_says_as_much(one, given) for one in held):
                held.append(given)
                self.new.append(given)
        if choice != END:
            # The archive is read as long as the unit would have been.
            archive = Grant.Source.ARCHIVE
            self.new.append(_given(grant, grant.unit, Grant.Access.READ, archive, first, last))
        grant.ends_on = max(self.outcome.day - ONE_DAY, grant.days[0])
        self.ended.append(grant)

    def _case(self, grant: Grant) -> Case:
        lines = self.outcome.ended[grant.unit_id]
        label = _("goes to %(unit)s with the same rights, and reads the archive")
        alike = "successor" if len(lines) == 1 else ""
        options = [
            Option(f"line{line.pk}", label % {"unit": lower_first(str(self.outcome.units[line.pk]))}, alike)
            for line in lines
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


def _says_as_much(held: Grant, given: Grant) -> bool:
    """Whether what somebody holds lets them do, on each of its days, what the other grant would give."""
    first, last = given.days
    covers = held.days[0] <= first and last <= held.days[1]
    return covers and held.access in (given.access, Grant.Access.KEEP)
