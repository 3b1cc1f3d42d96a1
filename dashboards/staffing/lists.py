"""The list behind a number of the board: the same rows by the same flag, with what is known of each seat."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.models import Cell, Unit, UnitPeriod
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.names import call_as_on, unit_names
from dashboards.figures.sections import CELLS, HAMLETS, Section
from dashboards.staffing.board import say
from dashboards.staffing.items import BY_SLUG, Item, Of, Shape
from dashboards.staffing.limits import LimitsOf
from dashboards.staffing.rules import MostSeatsFirst, cell_rows, hamlet_rows, people_with_several, seats_in
from dashboards.wording import HamletWords, words_of
from leaders.hand_over import in_charge_of
from leaders.late import tell_late
from leaders.models import PARTY_OFFICES, Contest, Office, Person, Tenure, WayOut
from sheets.numbers import format_count
from sheets.writing import Column


@dataclass
class SeatList:
    """The rows of one item in a frame, and the columns they are shown and taken out in."""

    frame: Frame
    item: Item
    label: str
    explanation: str
    # Keys alone, of members their rows; people are counted as they are found.
    rows: QuerySet | MostSeatsFirst
    columns: list[Column]
    left_out: QuerySet | None = None

    @property
    def paged(self) -> QuerySet | MostSeatsFirst | list:
        """What is divided into pages: of keys all, so that rows are judged once, and not for count and page."""
        return self.rows if self.item.shape in (Shape.MEMBERS, Shape.PEOPLE) else list(self.rows)

    @property
    def count(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def one_by_one(self) -> Iterable:
        """Return all rows without holding them all at once, where they are not held already."""
        return self.rows.iterator(chunk_size=500) if isinstance(self.rows, QuerySet) else self.rows

    def records(self, rows) -> list[dict]:
        """Return these rows (one page, one batch) as plain values by column key, with addresses."""
        return _RECORDS[self.item.shape](self._whole(list(rows)), self.frame, self.item)

    def _whole(self, rows: list) -> list:
        """Return rows that are keys as what they are the keys of."""
        if self.item.shape not in (Shape.VACANT, Shape.HOLDER):
            return rows
        section, body = _section(self.item)
        place = section.places(self.frame)[Level.COMMUNE]
        found = self.rows.model.objects.annotate(place_key=F(place)).select_related(body)
        by_key = found.in_bulk([row["pk"] for row in rows])
        return [by_key[row["pk"]] for row in rows]

    @property
    def people(self) -> QuerySet:
        """Return the people the rows are about: those who hold the seats, or several."""
        if self.item.of == Of.PEOPLE:
            return Person.objects.filter(pk__in=[row["person"] for row in self.rows])
        column, key = ("hamlet", "unit") if self.item.of == Of.HAMLETS else ("cell", "cell")
        held = Tenure.objects.on(self.frame.day).filter(office=self.item.office)
        held = held.filter(**{f"{column}__in": self.rows.order_by().values(key)})
        return Person.objects.filter(pk__in=held.values("person"))


def seat_list(frame: Frame, slug: str) -> SeatList:
    """Return the list behind an item's number."""
    item, limits = BY_SLUG[slug], LimitsOf(frame.unit)
    words = words_of(frame.within(UnitPeriod.objects.on(frame.day).hamlets(), HAMLETS.places(frame)))
    label, explanation = say(item, words, limits)
    rows, left_out = _rows(frame, item, limits)
    return SeatList(frame, item, label, explanation, rows, _columns(item, words), left_out)


def _section(item: Item) -> tuple[Section, str]:
    """Return the section of the rows, and by what name they know their body."""
    return (HAMLETS, "unit") if item.of == Of.HAMLETS else (CELLS, "cell")


def _rows(frame: Frame, item: Item, limits: LimitsOf) -> tuple[QuerySet | MostSeatsFirst, QuerySet | None]:
    if item.of == Of.PEOPLE:
        return people_with_several(frame), None
    section, body = _section(item)
    build = hamlet_rows if item.of == Of.HAMLETS else cell_rows
    rows = build(frame, limits, only={item.flag}).filter(**{item.flag: True})
    place = section.places(frame)[Level.COMMUNE]
    left_out = None
    if frame.borders == Borders.NOW:
        left_out = rows.filter(**{f"{frame.child_column(section.places(frame))}__isnull": True})
    order = (
        f"{place}__sort_key",
        place,
        F(f"{body}__position").asc(nulls_last=True),
        f"{body}__sort_key",
        "pk",
    )
    rows = rows.order_by(*order)
    if item.shape == Shape.MEMBERS:
        return rows.annotate(place_key=F(place)).select_related(body), left_out
    # Only keys: the flags have done their part, and selected with each row they would be judged again one by one.
    return rows.values("pk"), left_out


# --- columns --------------------------------------------------------------------------------


def _columns(item: Item, words: HamletWords) -> list[Column]:
    body = (
        Column("body", capfirst(words.hamlet), 26)
        if item.of == Of.HAMLETS
        else Column("body", _("Party cell"), 32)
    )
    commune = Column("commune", _("Commune"), 26)
    return {
        Shape.VACANT: [
            body,
            commune,
            Column("person", _("Last holder"), 28),
            Column("vacant_from", _("Vacant from"), 14, "date"),
            Column("way_out", _("Way out"), 22),
            *([Column("in_charge", _("Deputy in charge"), 28)] if item.office == Office.SECRETARY else []),
            Column("note", _("Remark"), 36),
        ],
        Shape.HOLDER: [
            body,
            commune,
            Column("person", _("Held by"), 28),
            Column("since", _("From the day"), 14),
            Column("way_in", _("Way in"), 20),
            Column("term", _("Term"), 14),
            Column("note", _("Remark"), 36),
        ],
        Shape.MEMBERS: [
            body,
            commune,
            Column("official", _("Official members"), 12, "int"),
            Column("members", _("Members"), 10, "int"),
            Column("counted_on", _("Counted on"), 14, "date"),
        ],
        Shape.PEOPLE: [
            Column("person", _("Full name"), 28),
            Column("keeper", _("Record kept by"), 26),
            Column("seats", _("Seats held"), 10, "int"),
            Column("held", _("Which seats"), 60),
        ],
    }[item.shape]


# --- rows as plain values ---------------------------------------------------------------------


def _bodies(rows: list, frame: Frame, item: Item) -> list[dict]:
    """Return what names each row: hamlet or cell of the day, and its commune."""
    if frame.borders == Borders.NOW:
        units = Unit.objects.in_bulk({row.place_key for row in rows if row.place_key})
        communes = {key: unit.full_name for key, unit in units.items()}
    else:
        names = unit_names((row.place_key, frame.day) for row in rows)
        communes = {key: name for (key, _day), name in names.items()}
    hamlets = item.of == Of.HAMLETS
    return [
        {
            "body": row.full_name if hamlets else row.name,
            "body_url": (row.unit if hamlets else row.cell).get_absolute_url(),
            "commune": communes.get(row.place_key, ""),
        }
        for row in rows
    ]


def _key(item: Item) -> tuple[str, Callable]:
    """Return the column of a seat's body, and how a row names it."""
    if item.of == Of.HAMLETS:
        return "hamlet", lambda row: row.unit_id
    return "cell", lambda row: row.cell_id


def _vacant_records(rows: list, frame: Frame, item: Item) -> list[dict]:
    column, key_of = _key(item)
    keys = [key_of(row) for row in rows]
    if item.office == Office.SECRETARY:
        charges = in_charge_of(keys, frame.day)
        last = {key: charge.last for key, charge in charges.items() if charge.last}
    else:
        charges, last = {}, _last_holders(item.office, column, keys, frame.day)
    tell_late(last.values())
    planned = _planned(column, keys, frame.day)
    fillable = _fillable(column, keys, frame)
    return [
        {
            **named,
            **_of_last(last.get(key_of(row))),
            **_in_charge(charges.get(key_of(row))),
            "note": _joined(
                _late_words(last[key_of(row)].late_end)
                if key_of(row) in last
                else _("nobody recorded before"),
                planned.get(key_of(row), ""),
            ),
            **_fill(item, key_of(row), fillable),
        }
        for row, named in zip(rows, _bodies(rows, frame, item), strict=True)
    ]


def _last_holders(office: str, column: str, keys: list[int], day: date) -> dict[int, Tenure]:
    """Return who held each seat last before the day."""
    ended = Tenure.objects.filter(office=office, ends_on__lt=day, **{f"{column}__in": keys})
    return {getattr(t, f"{column}_id"): t for t in ended.select_related("person").order_by("ends_on", "pk")}


def _of_last(last: Tenure | None) -> dict:
    if last is None:
        return {"person": "", "vacant_from": None, "way_out": ""}
    return {
        "person": str(last.person),
        "person_url": last.person.get_absolute_url(),
        "vacant_from": last.ends_on + ONE_DAY,
        "way_out": WayOut(last.way_out).label if last.way_out else "",
    }


def _in_charge(charge) -> dict:
    if charge is None:
        return {}
    if charge.tenure is None:
        return {"in_charge": _("several deputies") if charge.deputies else _("no deputy")}
    return {
        "in_charge": str(charge.tenure.person),
        "in_charge_url": charge.tenure.person.get_absolute_url(),
    }


def _fillable(column: str, keys: list[int], frame: Frame) -> set[int]:
    """Return the bodies in whose seats the reader may put somebody today."""
    user = frame.user
    if (
        user is None
        or not frame.is_today
        or not user.has_perms(["leaders.add_tenure", "leaders.change_tenure"])
    ):
        return set()
    model = Unit if column == "hamlet" else Cell
    return set(model.objects.kept_by(user).filter(pk__in=keys).values_list("pk", flat=True))


def _fill(item: Item, key: int, fillable: set[int]) -> dict:
    if key not in fillable:
        return {}
    name = "fill_cell_seat" if item.office in PARTY_OFFICES else "fill_hamlet_seat"
    return {"act": _("Put somebody in"), "act_url": reverse(f"leaders:{name}", args=[key, item.office])}


def _planned(column: str, keys: list[int], day: date) -> dict[int, str]:
    """Return the congress or election that is planned next for each body, in words."""
    contests = Contest.objects.filter(
        outcome=Contest.Outcome.PLANNED, planned_on__gte=day, **{f"{column}__in": keys}
    )
    said = _("congress planned on %(day)s") if column == "cell" else _("election planned on %(day)s")
    return {
        getattr(one, f"{column}_id"): said % {"day": f"{one.planned_on:%d/%m/%Y}"}
        for one in contests.order_by("-planned_on", "-pk")
    }


def _late_words(day: date | None) -> str:
    return _("entered later, on %(day)s") % {"day": f"{day:%d/%m/%Y}"} if day else ""


def _joined(*words: str) -> str:
    return "; ".join(word for word in words if word)


def _holder_records(rows: list, frame: Frame, item: Item) -> list[dict]:
    column, key_of = _key(item)
    keys = [key_of(row) for row in rows]
    held = Tenure.objects.on(frame.day).filter(office=item.office, **{f"{column}__in": keys})
    holders = {getattr(t, f"{column}_id"): t for t in held.select_related("person")}
    tell_late(holders.values())
    planned = _planned(column, keys, frame.day)
    return [
        {
            **named,
            **_of_holder(holders[key_of(row)]),
            "note": _joined(*_remarks(holders[key_of(row)], item, frame.day), planned.get(key_of(row), "")),
        }
        for row, named in zip(rows, _bodies(rows, frame, item), strict=True)
    ]


def _of_holder(tenure: Tenure) -> dict:
    return {
        "person": str(tenure.person),
        "person_url": tenure.person.get_absolute_url(),
        "since": f"{tenure.starts_on:%d/%m/%Y}" if tenure.starts_on else "",
        "way_in": tenure.get_way_in_display(),
        "term": tenure.term,
    }


def _remarks(tenure: Tenure, item: Item, day: date) -> list[str]:
    said = [_late_words(tenure.late_start)]
    if item.limit == "interim_days":
        said.append(_("interim for %(days)s days") % {"days": format_count((day - tenure.starts_on).days)})
    if tenure.ends_on:
        said.append(_("last day %(day)s") % {"day": f"{tenure.ends_on:%d/%m/%Y}"})
    elif tenure.is_extended:
        said.append(_("extended"))
    return said


def _member_records(rows: list, frame: Frame, item: Item) -> list[dict]:
    return [
        {**named, "official": row.official, "members": row.members, "counted_on": row.official_on}
        for row, named in zip(rows, _bodies(rows, frame, item), strict=True)
    ]


def _people_records(rows: list, frame: Frame, item: Item) -> list[dict]:
    people = Person.objects.select_related("keeper").in_bulk([row["person"] for row in rows])
    held: dict[int, list[Tenure]] = {key: [] for key in people}
    tenures = seats_in(frame, person__in=list(people)).select_related("cell", "hamlet")
    for tenure in tenures.order_by("office", "pk"):
        held[tenure.person_id].append(tenure)
    if not frame.is_today:
        every = [tenure for some in held.values() for tenure in some]
        call_as_on(
            frame.day,
            units=[t.hamlet for t in every if t.hamlet_id],
            cells=[t.cell for t in every if t.cell_id],
        )
    return [
        {
            "person": str(people[row["person"]]),
            "person_url": people[row["person"]].get_absolute_url(),
            "keeper": str(people[row["person"]].keeper),
            "seats": row["seats"],
            "held": "; ".join(tenure.seat_name for tenure in held[row["person"]]),
        }
        for row in rows
    ]


_RECORDS = {
    Shape.VACANT: _vacant_records,
    Shape.HOLDER: _holder_records,
    Shape.MEMBERS: _member_records,
    Shape.PEOPLE: _people_records,
}
