"""What a line about a hamlet, a cell or a person shows, loaded for many at once."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from cells.kinds import Level, head_title
from cells.models import (
    Cell,
    CellArea,
    CellPeriod,
    Confirmation,
    HouseholdCount,
    MemberCount,
    Succession,
    Unit,
    UnitPeriod,
)
from leaders.models import HAMLET_OFFICES, Office, Person, Tenure
from leaders.privacy import may_see_private


def _became():
    successions = Succession.objects.select_related("successor").order_by("on", "pk")
    return Prefetch("successions", successions, to_attr="became")


def with_fate(units):
    """Load where the units stood before, and what became of those that are closed."""
    before = _came_from(UnitPeriod.objects.filter(unit=OuterRef("pk")), "parent")
    return units.select_related("commune", "parent").annotate(**before).prefetch_related(_became())


def _came_from(periods, place: str) -> dict:
    """Return what names the place somewhere stood in before: hamlets of one commune may bear one name."""
    before = periods.filter(ends_on__isnull=False).exclude(**{place: OuterRef(place)}).order_by("-ends_on")
    return {
        "came_from_kind": Subquery(before.values(f"{place}__kind")[:1]),
        "came_from_name": Subquery(before.values(f"{place}__name")[:1]),
    }


def load_hamlets(hamlets, *, day: date, user):
    """Load what a line about each hamlet prints; the number of queries does not grow with the lines."""
    households = HouseholdCount.objects.filter(hamlet=OuterRef("pk"), day__lte=day).order_by("-day")
    secretaries = (
        Tenure.objects.visible_to(user).on(day).filter(office=Office.SECRETARY).select_related("person")
    )
    areas = (
        CellArea.objects.on(day)
        .select_related("cell")
        .annotate(may_open=Exists(Cell.objects.visible_to(user).filter(pk=OuterRef("cell"))))
        .prefetch_related(Prefetch("cell__tenures", secretaries, to_attr="secretaries"))
    )
    seats = Tenure.objects.on(day).filter(office__in=HAMLET_OFFICES).select_related("person")
    return (
        with_fate(hamlets)
        .annotate(
            households=Subquery(households.values("households")[:1]),
        )
        .prefetch_related(
            Prefetch("cell_areas", areas, to_attr="areas_today"),
            Prefetch("tenures", seats, to_attr="seats_today"),
        )
    )


@dataclass
class HamletRow:
    """A hamlet with who holds its seats, as load_hamlets() left it."""

    hamlet: Unit

    def _holders(self, office: str) -> list[Tenure]:
        return [seat for seat in self.hamlet.seats_today if seat.office == office]

    @cached_property
    def heads(self) -> list[Tenure]:
        return self._holders(Office.HAMLET_HEAD)

    @cached_property
    def front_heads(self) -> list[Tenure]:
        return self._holders(Office.FRONT_HEAD)

    @cached_property
    def areas(self) -> list[CellArea]:
        """The cells that cover the hamlet; ``may_open`` says whether the reader sees them."""
        return self.hamlet.areas_today

    @property
    def knows_secretaries(self) -> bool:
        """Whether the reader may know who is secretary: of another commune's cell they may not."""
        return any(area.may_open for area in self.areas)

    @property
    def head_title(self) -> str:
        title = head_title(self.hamlet.kind)
        return title[:1].lower() + title[1:]

    @cached_property
    def secretaries(self) -> list[Tenure]:
        return [seat for area in self.areas for seat in area.cell.secretaries]


def load_communes(communes, *, day: date, user):
    """Load what a line about each commune prints."""
    hamlets = Unit.objects.filter(level=Level.HAMLET, commune=OuterRef("pk"), closed_on__isnull=True)
    cells = Cell.objects.filter(commune=OuterRef("pk"), closed_on__isnull=True)
    confirmed = Confirmation.objects.filter(commune=OuterRef("pk"), confirmed_at__date__lte=day)
    return communes.select_related("province").annotate(
        hamlet_count=_count_of(hamlets, "commune"),
        cell_count=_count_of(cells, "commune"),
        confirmed_at=Subquery(confirmed.order_by("-confirmed_at").values("confirmed_at")[:1]),
    )


def _count_of(rows, group: str):
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def with_place(cells):
    """Load where the cells stand, and where they stood before."""
    before = _came_from(CellPeriod.objects.filter(cell=OuterRef("pk")), "commune")
    return cells.select_related("commune").annotate(**before)


def load_cells(cells, *, day: date, user):
    """Load what a line about each cell prints; the number of queries does not grow with the lines."""
    counts = MemberCount.objects.filter(cell=OuterRef("pk"), day__lte=day).order_by("-day")
    secretaries = Tenure.objects.on(day).filter(office=Office.SECRETARY).select_related("person")
    areas = CellArea.objects.on(day).select_related("hamlet")
    return (
        with_place(cells)
        .annotate(
            members=Subquery(counts.values("total")[:1]),
            counted_on=Subquery(counts.values("day")[:1]),
        )
        .prefetch_related(
            Prefetch("tenures", secretaries, to_attr="secretaries"),
            Prefetch("areas", areas, to_attr="areas_today"),
        )
    )


def load_people(people, *, day: date, user):
    """Load what a line about each person prints; seats outside the reader's scope stay out."""
    seats = Tenure.objects.visible_to(user).on(day).select_related("cell", "hamlet").order_by("office", "pk")
    return people.select_related("keeper").prefetch_related(Prefetch("tenures", seats, to_attr="seats_today"))


@dataclass
class PersonRow:
    """A person with seats, and with private data only where this reader may see it."""

    person: Person
    user: object

    @cached_property
    def shows_private(self) -> bool:
        return may_see_private(self.user, self.person)

    @property
    def born(self):
        return self.person.born if self.shows_private else None

    @property
    def phone(self) -> str:
        return self.person.phone if self.shows_private else ""

    @property
    def seats(self) -> list[Tenure]:
        return self.person.seats_today
