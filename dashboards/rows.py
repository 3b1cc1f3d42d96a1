"""What a line about a hamlet, a cell or a person shows, loaded for many at once."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.kinds import Level, head_title
from cells.models import (
    Cell,
    CellArea,
    CellPeriod,
    Confirmation,
    HouseholdCount,
    MemberCount,
    Unit,
    UnitPeriod,
)
from dashboards.fates import tell_fates
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.names import call_as_on, periods_of, unit_names
from leaders.models import HAMLET_OFFICES, Office, Person, Tenure
from leaders.models.tenures import perhaps_running_on
from leaders.privacy import may_see_private


def with_former_place(units):
    """Load where the units stand, and where they stood before."""
    before = _came_from(UnitPeriod.objects.filter(unit=OuterRef("pk")), "parent")
    return units.select_related("commune", "parent").annotate(**before)


def _came_from(periods, place: str) -> dict:
    """Return what names the place somewhere stood in before: hamlets of one commune may bear one name."""
    before = periods.filter(ends_on__isnull=False).exclude(**{place: OuterRef(place)}).order_by("-ends_on")
    return {
        "came_from_kind": Subquery(before.values(f"{place}__kind")[:1]),
        "came_from_name": Subquery(before.values(f"{place}__name")[:1]),
    }


def stand_on(things: list, frame: Frame) -> None:
    """Name hamlets or cells, and the commune they are listed under (``place``), as of the frame's day.

    Of a past day they come with ``then_in``, the key of the commune that held them on it. In
    today's borders that commune is said behind the name, as a former place is on any other page.
    """
    if frame.is_today:
        for one in things:
            one.place = str(one.commune or getattr(one, "parent", None) or "")
        return
    # What ended before the day is listed where it stood last.
    days = [min(one.closed_on or frame.day, frame.day) for one in things]
    then = periods_of(zip((one.then_in for one in things), days, strict=True))
    for one, day in zip(things, days, strict=True):
        before, today = then.get((one.then_in, day)), _today_in(one)
        one.came_from_kind = one.came_from_name = ""
        if frame.borders == Borders.THEN:
            one.place = str(before or "")
            continue
        one.place = str(today or _("cannot be placed"))
        if before and (today is None or before.unit_id != today.pk):
            one.came_from_kind, one.came_from_name = before.kind, before.name


def _today_in(one: Unit | Cell) -> Unit | None:
    """Return the commune that holds a hamlet or cell today, or all that came of it."""
    return one.commune.commune if isinstance(one, Cell) else one.commune


def hamlet_rows(hamlets, frame: Frame) -> list["HamletRow"]:
    """Return these hamlets, from load_hamlets(), as the lines of a list as of the frame's day."""
    rows = [HamletRow(hamlet) for hamlet in hamlets]
    tell_fates([row.hamlet for row in rows], frame.user)
    stand_on([row.hamlet for row in rows], frame)
    if not frame.is_today:
        cells = [area.cell for row in rows for area in row.areas]
        call_as_on(frame.day, units=[row.hamlet for row in rows], cells=cells)
    return rows


def cell_rows(cells, frame: Frame) -> list[Cell]:
    """Return these cells, from load_cells(), as the lines of a list as of the frame's day."""
    cells = list(cells)
    stand_on(cells, frame)
    if not frame.is_today:
        call_as_on(frame.day, units=[area.hamlet for cell in cells for area in cell.areas_today], cells=cells)
    return cells


def person_rows(people, frame: Frame) -> list["PersonRow"]:
    """Return these people, from load_people(), as the lines of a list as of the frame's day."""
    rows = [PersonRow(person, frame.user) for person in people]
    if not frame.is_today:
        seats = [seat for row in rows for seat in row.seats]
        call_as_on(
            frame.day,
            units=[seat.hamlet for seat in seats if seat.hamlet_id],
            cells=[seat.cell for seat in seats if seat.cell_id],
        )
    return rows


def commune_rows(communes, frame: Frame) -> list[Unit]:
    """Return these communes, from load_communes(), with what they belong to as of the frame's borders."""
    communes = list(communes)
    if frame.is_today:
        for commune in communes:
            commune.above = str(commune.province)
        return communes
    names = unit_names((commune.then_in, frame.day) for commune in communes)
    for commune in communes:
        commune.above = names.get((commune.then_in, frame.day), "")
        if frame.borders == Borders.NOW:
            commune.above = str(commune.province or _("cannot be placed"))
            commune.now_in = str(commune.commune or _("cannot be placed"))
    call_as_on(frame.day, units=communes)
    return communes


def _unknown_seats(day: date, offices, path: str = "") -> list[Prefetch]:
    """Load whose seats may have been held on a past day: a gap there is not known to be one."""
    if day == timezone.localdate():
        return []
    unknown = Tenure.objects.filter(perhaps_running_on(day), office__in=offices)
    return [Prefetch(f"{path}tenures", unknown, to_attr="unknown_seats")]


def _secretaries(day: date):
    return Tenure.objects.on(day).filter(office=Office.SECRETARY)


def load_hamlets(hamlets, *, day: date, user):
    """Load what a line about each hamlet prints; the number of queries does not grow with the lines."""
    households = HouseholdCount.objects.filter(hamlet=OuterRef("pk"), day__lte=day).order_by("-day")
    secretaries = _secretaries(day).visible_to(user).select_related("person")
    areas = (
        CellArea.objects.on(day)
        .select_related("cell")
        .annotate(may_open=Exists(Cell.objects.visible_to(user).filter(pk=OuterRef("cell"))))
        .prefetch_related(
            Prefetch("cell__tenures", secretaries, to_attr="secretaries"),
            *_unknown_seats(day, [Office.SECRETARY], "cell__"),
        )
    )
    seats = Tenure.objects.on(day).filter(office__in=HAMLET_OFFICES).select_related("person")
    return (
        with_former_place(hamlets)
        .annotate(
            households=Subquery(households.values("households")[:1]),
        )
        .prefetch_related(
            Prefetch("cell_areas", areas, to_attr="areas_today"),
            Prefetch("tenures", seats, to_attr="seats_today"),
            *_unknown_seats(day, HAMLET_OFFICES),
        )
    )


def people_of_hamlets(hamlets, *, day: date, user):
    """Return whom the lines about these hamlets name, found together: heads, and the secretaries that are seen."""
    hamlets = hamlets.order_by().values("pk")
    cells = CellArea.objects.on(day).filter(hamlet__in=hamlets).values("cell")
    secretaries = _secretaries(day).visible_to(user).filter(cell__in=cells)
    heads = Tenure.objects.on(day).filter(
        office__in=[Office.HAMLET_HEAD, Office.FRONT_HEAD], hamlet__in=hamlets
    )
    named = heads.order_by().values("person").union(secretaries.order_by().values("person"))
    return Person.objects.filter(pk__in=named)


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

    @property
    def head_is_unknown(self) -> bool:
        """Whether nobody knows if the seat was held: somebody was seen in it later."""
        return any(seat.office == Office.HAMLET_HEAD for seat in getattr(self.hamlet, "unknown_seats", ()))

    @property
    def secretary_is_unknown(self) -> bool:
        return any(getattr(area.cell, "unknown_seats", ()) for area in self.areas)

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
    if day == timezone.localdate():
        hamlets = Unit.objects.filter(level=Level.HAMLET, commune=OuterRef("pk"), closed_on__isnull=True)
        cells = Cell.objects.filter(commune=OuterRef("pk"), closed_on__isnull=True)
    else:
        hamlets = UnitPeriod.objects.on(day).hamlets().filter(commune=OuterRef("pk"))
        cells = CellPeriod.objects.on(day).filter(commune=OuterRef("pk"))
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
    secretaries = _secretaries(day).select_related("person")
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
            *_unknown_seats(day, [Office.SECRETARY]),
        )
    )


def people_of_cells(cells, *, day: date):
    """Return whom the lines about these cells name: their secretaries."""
    secretaries = _secretaries(day).filter(cell__in=cells.order_by().values("pk"))
    return Person.objects.filter(pk__in=secretaries.order_by().values("person"))


def load_people(people, *, day: date, user):
    """Load what a line about each person prints; of whose record others keep, seats outside the scope stay out."""
    seats = Tenure.objects.told_to(user).on(day).select_related("cell", "hamlet").order_by("office", "pk")
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
