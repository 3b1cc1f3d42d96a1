"""Records that may be those of one person: the same name and year of birth, or the same telephone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When, Window
from django.db.models.functions import Concat, ExtractYear, Length, Replace, Substr

from leaders.lookups import may_be_one_day
from leaders.models import Person

NAME_AND_YEAR, TELEPHONE = "name", "phone"
# Of a telephone that a whole office shares only neighbours are set side by side.
_MOST_AT_ONCE = 20
# "84" in the place of the 0, and at least nine digits behind it.
_LONGEST_AT_HOME = 10


@dataclass(frozen=True)
class Pair:
    """Two records that may be those of one person, the older one first, and why."""

    one: int
    other: int
    reasons: frozenset[str]

    @property
    def by_name(self) -> bool:
        return NAME_AND_YEAR in self.reasons

    @property
    def by_phone(self) -> bool:
        return TELEPHONE in self.reasons


def with_phone_key(people: QuerySet) -> QuerySet:
    """Give each record its telephone as digits alone; "+84 912 345 678" and "0912 345 678" are one number."""
    digits = F("phone")
    for sign in (" ", ".", "+"):
        digits = Replace(digits, Value(sign), Value(""))
    at_home = Case(
        When(
            digits__startswith="84",
            digits_count__gt=_LONGEST_AT_HOME,
            then=Concat(Value("0"), Substr("digits", 3)),
        ),
        default=F("digits"),
        output_field=CharField(),
    )
    return people.annotate(digits=digits, digits_count=Length(digits)).annotate(phone_key=at_home)


def one_phone(phone: str) -> str:
    """Return a telephone as it is compared: the digits, as they are dialled at home."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if digits.startswith("84") and len(digits) > _LONGEST_AT_HOME:
        return f"0{digits[2:]}"
    return digits


def likely_pairs(people: QuerySet) -> list[Pair]:
    """Return the pairs among these people, the likeliest first: two queries for any number of them."""
    reasons: dict[tuple[int, int], set[str]] = defaultdict(set)
    for keys in _of_one_name_and_year(people.order_by()):
        reasons[keys].add(NAME_AND_YEAR)
    for keys in _of_one_phone(people.order_by()):
        reasons[keys].add(TELEPHONE)
    pairs = [Pair(*keys, frozenset(why)) for keys, why in reasons.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), not pair.by_name, pair.one, pair.other))


def _of_one_name_and_year(people: QuerySet) -> Iterator[tuple[int, int]]:
    """Find bearers of one name born in one year, unless both days are known and differ."""
    rows = people.filter(born_on__isnull=False).annotate(born_in=ExtractYear("born_on"))
    for alike in _several(rows, "search_key", "born_in"):
        for one, other in _side_by_side(alike):
            if may_be_one_day(one.born, other.born):
                yield one.pk, other.pk


def _of_one_phone(people: QuerySet) -> Iterator[tuple[int, int]]:
    rows = with_phone_key(people.exclude(phone="")).exclude(phone_key="")
    for alike in _several(rows, "phone_key"):
        for one, other in _side_by_side(alike):
            yield one.pk, other.pk


def _several(people: QuerySet, *same: str) -> Iterator[list[Person]]:
    """Group the people who have these values in common with somebody."""
    shared = people.annotate(sharing=Window(Count("pk"), partition_by=[F(name) for name in same]))
    rows = (
        shared.filter(sharing__gt=1).only("search_key", "born_on", "born_on_precision").order_by(*same, "pk")
    )
    for _values, alike in groupby(rows, key=lambda row: tuple(getattr(row, name) for name in same)):
        yield list(alike)


def _side_by_side(alike: list[Person]) -> Iterable[tuple[Person, Person]]:
    return combinations(alike, 2) if len(alike) <= _MOST_AT_ONCE else pairwise(alike)
