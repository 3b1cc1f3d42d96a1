"""What deserves a look about seats: flags on the rows of the figures, each a row's own truth on a day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.db.models.lookups import LessThan

from cells.models import CellPeriod, MemberCount, UnitPeriod
from dashboards.figures.frames import Frame
from dashboards.figures.reasons import head_is_no_member
from dashboards.figures.sections import CELLS, HAMLETS, flag, told
from dashboards.staffing.limits import LimitsOf
from leaders.models import Office, Person, Tenure
from leaders.models.tenures import APPOINTED, known_to_have_begun_by, perhaps_running_on


def long_interim(frame: Frame, limits: LimitsOf) -> Q:
    """Return the condition of the hamlets (rows of the figures) led by an interim head for longer than the limit."""

    def since(days: int) -> Q:
        return Q(head__starts_on__lt=frame.day - timedelta(days=days))

    return Q(interim_head=True) & limits.condition("interim_days", "unit__province", since)


def hamlet_rows(frame: Frame, limits: LimitsOf, only: Collection[str] | None = None) -> QuerySet:
    """Return the hamlets of the figures with what deserves a look about their seats: all of it, or some alone."""
    day = frame.day
    fronts = Tenure.objects.filter(office=Office.FRONT_HEAD, hamlet=OuterRef("unit"))
    # Asked only where nobody holds the seat. One of which nothing was ever entered is not known to be empty.
    vacant = Q(front__isnull=True) & ~Exists(fronts.filter(perhaps_running_on(day)))
    begun = Exists(fronts.filter(known_to_have_begun_by(day)))
    return told(
        HAMLETS.rows(frame, only=only and {"interim_head", *only}),
        only,
        no_front=flag(vacant & Q(begun)),
        front_unrecorded=flag(vacant & ~Q(begun)),
        long_interim=flag(long_interim(frame, limits)),
        head_no_member=flag(head_is_no_member(day)),
        head_is_front=flag(Q(front__person=F("head__person"))),
        **_terms("head", day, limits, "unit__province"),
    )


def cell_rows(frame: Frame, limits: LimitsOf, only: Collection[str] | None = None) -> QuerySet:
    """Return the cells of the figures with what deserves a look about their secretary and their members."""
    known = MemberCount.objects.filter(official__isnull=False, day__lte=frame.day, cell=OuterRef("cell"))
    latest = known.order_by("-day")
    rows = CELLS.rows(frame, only=only and {"members", *only}).annotate(
        official=Subquery(latest.values("official")[:1]), official_on=Subquery(latest.values("day")[:1])
    )
    province = "cell__province"
    few = limits.condition("least_official", province, lambda least: Q(official__lt=least))
    return told(
        rows,
        only,
        # Of a cell of which it is not known neither true nor false: to ask that apart would look the count up again.
        few_official=flag(few),
        **_terms("secretary", frame.day, limits, province),
    )


def _terms(seat: str, day: date, limits: LimitsOf, province: str) -> dict:
    """Return the flags of a seat whose term is about to end, or over by its label, or whose paper is missing.

    The end is the last day recorded; where none is, the end of the last year of the label.
    """
    open_end = Q(**{f"{seat}__ends_on__isnull": True, f"{seat}__is_extended": False})

    def within(days: int) -> Q:
        until = day + timedelta(days=days)
        by_day = Q(**{f"{seat}__ends_on__gte": day, f"{seat}__ends_on__lte": until})
        ends = [date(year, 12, 31) for year in range(day.year, until.year + 1)]
        by_label = Q(pk__in=[])
        for end in ends:
            if day <= end <= until:
                by_label |= Q(**{f"{seat}__term__endswith": f"-{end.year}"})
        return by_day | (open_end & by_label)

    last_year = Substr(f"{seat}__term", 6, 4)
    over = open_end & ~Q(**{f"{seat}__term": ""}) & Q(LessThan(last_year, str(day.year)))
    return {
        f"{seat}_ends": flag(limits.condition("term_ends_days", province, within)),
        f"{seat}_is_over": flag(over),
        f"{seat}_no_decision": flag(
            Q(**{f"{seat}__way_in__in": APPOINTED, f"{seat}__decision__isnull": True})
        ),
    }


def _hamlets_of(frame: Frame) -> QuerySet:
    """Return the keys of the hamlets of the frame, without what the figures know of each."""
    hamlets = frame.visible(UnitPeriod.objects.on(frame.day).hamlets())
    return frame.within(hamlets, HAMLETS.places(frame)).order_by().values("unit")


def _each_way(frame: Frame, **whose) -> tuple[QuerySet, QuerySet]:
    """Return the tenures of the day in the hamlets and those in the cells of the frame; all, or those that are so.

    Each by its own index: a condition on one or the other is judged of every tenure of the country.
    """
    held = Tenure.objects.on(frame.day).filter(**whose).order_by()
    cells = frame.within(frame.visible(CellPeriod.objects.on(frame.day)), CELLS.places(frame)).order_by()
    return held.filter(hamlet__in=_hamlets_of(frame)), held.filter(cell__in=cells.values("cell"))


def seats_in(frame: Frame, **whose) -> QuerySet:
    """Return the tenures of the day in the frame; all, or those that are so."""
    in_hamlets, in_cells = (way.values("pk") for way in _each_way(frame, **whose))
    return Tenure.objects.filter(pk__in=in_hamlets.union(in_cells, all=True))


def _with_several(frame: Frame) -> Counter:
    """Return how many seats each person holds who holds more than one in the frame.

    Counted here: to count them PostgreSQL would look up every seat once more by its key.
    """
    in_hamlets, in_cells = (way.values_list("person") for way in _each_way(frame))
    seats = Counter(person for (person,) in in_hamlets.union(in_cells, all=True))
    return Counter({person: count for person, count in seats.items() if count > 1})


class MostSeatsFirst:
    """{person, seats} of people, those with most seats first and by name among them, in slices and one by one.

    Names are looked up of those alone who have as many seats as somebody in the slice.
    """

    def __init__(self, seats: Counter):
        self._people: dict[int, list[int]] = defaultdict(list)
        for person, count in seats.items():
            self._people[count].append(person)

    def __len__(self) -> int:
        return sum(map(len, self._people.values()))

    def __iter__(self) -> Iterator[dict]:
        for count in sorted(self._people, reverse=True):
            yield from ({"person": person, "seats": count} for person in self._by_name(count))

    def __getitem__(self, wanted: slice) -> list[dict]:
        first, last, _step = wanted.indices(len(self))
        found, before = [], 0
        for count in sorted(self._people, reverse=True):
            after = before + len(self._people[count])
            if before < last and first < after:
                some = self._by_name(count)[max(first - before, 0) : last - before]
                found += [{"person": person, "seats": count} for person in some]
            before = after
        return found

    def _by_name(self, count: int) -> list[int]:
        people = Person.objects.only("sort_key").in_bulk(self._people[count])
        return sorted(people, key=lambda key: (people[key].sort_key, key))


def people_with_several(frame: Frame) -> MostSeatsFirst:
    """Return the people who hold more than one seat in the frame."""
    return MostSeatsFirst(_with_several(frame))


def count_people(frame: Frame) -> tuple[int, int]:
    """Return how many people hold more than one seat, and how many seats these are."""
    found = _with_several(frame)
    return len(found), found.total()
