"""People with their tenures: one row for each tenure, or for a person without any."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import batches, update_many
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS, decision_row
from cells.kinds import Level
from cells.lookups import Decisions, Places, cells_by_code, hamlets_by_code, not_found, your_scope
from cells.models import Unit
from cells.models.lifetimes import outside_life
from cells.names import words_of
from leaders.actions import add_people, begin_tenures, end_by_death, move_death
from leaders.columns import PERSON_COLUMNS, TENURE_COLUMNS
from leaders.locks import lock_seats
from leaders.lookups import choose, says_less, take_number_for_name
from leaders.models import (
    PARTY_OFFICES,
    SINGLE_SEATS,
    Person,
    Tenure,
    two_in_one_seat,
)
from leaders.models.gone import gone_before, left_running
from leaders.models.tenures import WayOut
from leaders.privacy import may_see_private
from leaders.resources.of_people import OfPeopleResource
from sheets.text import fold

PERSON_FIELDS = ("full_name", "gender", "education", "profession", "theory_level", "membership", "phone")
PERSON_DATES = ("born", "admitted", "official")
PERSON_SAVED = [
    *PERSON_FIELDS,
    *(f"{name}_on{part}" for name in PERSON_DATES for part in ("", "_precision")),
    "search_key",
    "sort_key",
]
TENURE_FIELDS = ("starts_on", "seen_on", "ends_on", "is_extended", "way_in", "way_out", "term")
BODY_KEYS = ("cell_code", "cell", "hamlet_code", "hamlet", "office")


class PersonResource(OfPeopleResource):
    model = Person
    title = gettext_lazy("People with their tenures")
    columns = [*PERSON_COLUMNS, *TENURE_COLUMNS]

    # --- Out --------------------------------------------------------------------------

    def people(self, queryset):
        return queryset

    def rows(self, queryset) -> Iterator[dict]:
        people = queryset.select_related("keeper__province")
        for some in batches(list(people.values_list("pk", flat=True)), 1000):
            held = defaultdict(list)
            tenures = Tenure.objects.visible_to(self.user).filter(person__in=some).for_list()
            for tenure in tenures.order_by("starts_on", "pk"):
                held[tenure.person_id].append(tenure)
            known = people.in_bulk(some)
            for key in some:
                person = self._person_row(known[key])
                for tenure in held[key] or [None]:
                    yield _with_tenure(person, tenure)

    def _person_row(self, person: Person) -> dict:
        row = {
            "records": ((Person, person.pk),),
            "person": person.pk,
            "keeper_code": person.keeper.code,
            "keeper": str(person.keeper),
            **{name: getattr(person, name) for name in PERSON_FIELDS},
            **{name: person.partial_date(name) for name in PERSON_DATES},
        }
        if not may_see_private(self.user, person):
            row |= {"born": None, "phone": None}
        return row

    # --- In: what the lines mean ------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        self.places = Places(self.user, timezone.localdate())
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        self.made: dict[tuple, Person] = {}
        self.cells = cells_by_code(self.user, (line["cell_code"] for line in lines))
        self.hamlets = hamlets_by_code(self.user, (line["hamlet_code"] for line in lines))
        for line in lines:
            line.keeper = line.known = line.running = line.body = line.decision = None
            take_number_for_name(line)
        self._find_keepers(lines)
        self._find_people(lines)
        self._find_bodies(lines)
        self._find_tenures(lines)
        self._join_rows_of_one_person([line for line in lines if not line.faults])
        for line in lines:
            if not line.faults:
                self._check(line)
        self.decisions.write_new()
        for line in lines:
            if not line.faults:
                self._clean(line)

    def _find_keepers(self, lines: list[Line]) -> None:
        for line in lines:
            if line["person"] is not None:
                continue  # the record says who keeps it
            if line["keeper_code"] is None and line["keeper"] is None:
                line.fault("keeper", _("Enter the commune, by name or code."))
                continue
            try:
                line.keeper = self._keeper(line)
            except ValidationError as error:
                line.fault("keeper" if line["keeper_code"] is None else "keeper_code", error)

    def _keeper(self, line: Line) -> Unit:
        for unit in self._provinces():
            # A province keeps the records of its own officers.
            if line["keeper_code"] in (None, unit.code) and fold(line["keeper"] or "") == fold(str(unit)):
                return unit
        return self.places.commune(line["keeper_code"], line["keeper"])

    def _provinces(self) -> list[Unit]:
        if not hasattr(self, "_kept_provinces"):
            provinces = Unit.objects.kept_by(self.user).standing().filter(level=Level.PROVINCE)
            self._kept_provinces = list(provinces)
        return self._kept_provinces

    def _find_people(self, lines: list[Line]) -> None:
        by_key: dict[int, Person] = {}
        people = Person.objects.visible_to(self.user).select_related("keeper__province")
        for some in batches(sorted({line["person"] for line in lines if line["person"]}), 1000):
            by_key |= people.in_bulk(some)
        by_name: dict[tuple, list[Person]] = defaultdict(list)
        wanted = {fold(line["full_name"]) for line in lines if line["full_name"] and not line["person"]}
        keepers = {line.keeper.pk for line in lines if line.keeper}
        kept = Person.objects.kept_by(self.user).select_related("keeper__province").filter(keeper__in=keepers)
        for some in batches(sorted(wanted), 500):
            for person in kept.filter(search_key__in=some):
                by_name[person.keeper_id, person.search_key].append(person)
        self.kept = _kept(self.user, [*by_key.values(), *(p for some in by_name.values() for p in some)])
        for line in lines:
            if line["person"] is not None:
                line.known = by_key.get(line["person"])
                if line.known is None:
                    line.fault("person", not_found(f"N{line['person']}", where=your_scope()))
            elif line.keeper and self.require(line, "full_name"):
                self._find_by_name(line, by_name[line.keeper.pk, fold(line["full_name"])])

    @staticmethod
    def _find_by_name(line: Line, alike: list[Person]) -> None:
        try:
            line.known = choose(alike, line["full_name"], line["born"])
        except ValidationError as error:
            line.fault("full_name", error)
        if line.known:
            # A name by which the person was found does not rewrite it, nor does less of a date.
            del line.values["full_name"]
            if line["born"] and line.known.born and says_less(line["born"], line.known.born):
                del line.values["born"]

    def _find_bodies(self, lines: list[Line]) -> None:
        communes = [line.keeper or (line.known and line.known.keeper) for line in lines]
        communes = [unit for unit in communes if unit and unit.level == Level.COMMUNE]
        self.places.load_cells(communes if any(line["cell"] for line in lines) else [])
        self.places.load_hamlets(communes if any(line["hamlet"] for line in lines) else [])
        for line, commune in zip(
            lines, [line.keeper or (line.known and line.known.keeper) for line in lines], strict=True
        ):
            if not line["office"]:
                if any(line[key] is not None for key in (*BODY_KEYS, *TENURE_FIELDS)):
                    line.fault("office", _("Fill in this column."))
                continue
            key = "cell" if line["office"] in PARTY_OFFICES else "hamlet"
            try:
                line.body = self._body(line, key, commune)
            except ValidationError as error:
                line.fault(key if line[f"{key}_code"] is None else f"{key}_code", error)

    def _body(self, line: Line, key: str, commune: Unit | None):
        code, name = line[f"{key}_code"], line[key]
        if code is not None:
            body = (self.cells if key == "cell" else self.hamlets).get(code.upper())
            if body is None:
                raise not_found(code, where=your_scope())
            return body
        if name is None or commune is None or commune.level != Level.COMMUNE:
            raise ValidationError(_("Enter where the office is held: the cell, or the hamlet."))
        names = self.places.cells_of(commune) if key == "cell" else self.places.hamlets_of(commune)
        body = names.with_name(name)
        if body is None:
            raise not_found(name, where=commune, nearest=names.nearest(name))
        return body

    def _find_tenures(self, lines: list[Line]) -> None:
        known = [line.known.pk for line in lines if line.known]
        recorded: dict[int, list[Tenure]] = defaultdict(list)
        for some in batches(sorted(set(known)), 1000):
            for tenure in Tenure.objects.visible_to(self.user).filter(person__in=some).for_list():
                recorded[tenure.person_id].append(tenure)
        for line in lines:
            if line.known is None:
                if line["tenure"] is not None:
                    line.fault(
                        "tenure", _("This tenure belongs to nobody in this row. Leave the number empty.")
                    )
                continue
            person_row = self._person_row(line.known)
            line.running = self._meant(line, recorded[line.known.pk])
            line.current = _with_tenure(person_row, line.running)

    def _meant(self, line: Line, tenures: list[Tenure]) -> Tenure | None:
        if line["tenure"] is not None:
            meant = [tenure for tenure in tenures if tenure.pk == line["tenure"]]
            if not meant:
                line.fault("tenure", not_found(f"K{line['tenure']}", where=your_scope()))
        else:
            meant = [
                tenure
                for tenure in tenures
                if line.body is not None
                and (tenure.office, tenure.body) == (line["office"], line.body)
                and (tenure.starts_on, tenure.seen_on) == (line["starts_on"], line["seen_on"])
            ] or self._told_again(line, tenures)
        return meant[0] if meant else None

    @staticmethod
    def _told_again(line: Line, tenures: list[Tenure]) -> list[Tenure]:
        """Return the tenure that a later list tells of again: somebody is seen in office, or since when is known now."""
        if line.body is None:
            return []
        there = [one for one in tenures if (one.office, one.body) == (line["office"], line.body)]
        if line["starts_on"] is None and line["seen_on"] is not None:
            told = [one for one in there if one.known_days[0] <= line["seen_on"] <= one.known_days[1]]
            if len(told) == 1:
                # The day of the list says nothing new of who has been in office since before.
                del line.values["seen_on"]
        else:
            told = [
                one
                for one in there
                if one.starts_on is None and one.seen_on and (line["starts_on"] or date.max) <= one.seen_on
            ]
        return told if len(told) == 1 else []

    def _join_rows_of_one_person(self, lines: list[Line]) -> None:
        """Somebody who holds several seats has several rows: they say the same of the person, or nothing."""
        said: dict[object, dict[str, tuple]] = defaultdict(dict)
        for line in lines:
            told = said[self.identity(line)[0]]
            for key in (*PERSON_FIELDS[1:], *PERSON_DATES):
                if line[key] is None:
                    continue
                value, number = told.setdefault(key, (line[key], line.number))
                if value != line[key]:
                    line.fault(
                        key,
                        _("Row %(row)s says otherwise of the same person. Correct one of the two.")
                        % {"row": number},
                    )
        for line in lines:
            if line.known is None:
                for key, (value, _number) in said[self.identity(line)[0]].items():
                    line.values.setdefault(key, value)

    def _check(self, line: Line) -> None:
        self._drop_other_spellings(line)
        changed = line.changed.keys()
        if line.known and line.known.pk not in self.kept and changed & {*PERSON_FIELDS, *PERSON_DATES}:
            line.fault("full_name", _("This record is kept by %(unit)s.") % {"unit": line.known.keeper})
        for key in ("keeper_code", "keeper"):
            if line.known and key in changed:
                line.fault(key, _("Who keeps the record is changed on the form of the person."))
        if line.running:
            for key in changed & set(BODY_KEYS):
                line.fault(
                    key, _("Another office or place is another tenure: leave the tenure number empty.")
                )
        self._check_decision(line)

    def _clean(self, line: Line) -> None:
        person = self._person(line)
        tenure = [self._tenure(line, person)] if line["office"] else []
        self.clean(line, person, *tenure)

    @staticmethod
    def _drop_other_spellings(line: Line) -> None:
        """The words by which a place was found are no change of it."""
        for key in ("keeper", "keeper_code"):
            if line.keeper and line.known and line.keeper.pk == line.known.keeper_id:
                line.values.pop(key, None)
        if line.running and line.body == line.running.body:
            for key in ("cell", "cell_code", "hamlet", "hamlet_code"):
                line.values.pop(key, None)

    def _check_decision(self, line: Line) -> None:
        if all(line[key] is None for key in DECISION_KEYS):
            return
        if self.require(line, *DECISION_KEYS) and (
            line.running is None or line.changed.keys() & set(DECISION_KEYS)
        ):
            # The paper is that of the commune whose seat it fills, as on the page of the seat.
            unit = line.body.commune if line.body else (line.keeper or line.known.keeper)
            try:
                line.decision = self.decisions.get(*(line[key] for key in DECISION_KEYS), unit=unit)
            except ValidationError as error:
                line.fault("decision_number", " ".join(error.messages))

    # --- In: writing ------------------------------------------------------------------

    def identity(self, line: Line):
        who = line.known.pk if line.known else (line.keeper.pk, words_of(line["full_name"]), line["born"])
        if line.running:
            return who, line.running.pk
        return who, line["office"], line.body, line["starts_on"], line["seen_on"]

    def write(self, lines: list[Line]) -> None:
        changed = [
            line for line in lines if line.running and line.changed.keys() & {*TENURE_FIELDS, *DECISION_KEYS}
        ]
        begun = [line for line in lines if line["office"] and not line.running]
        self._lock([*changed, *begun])
        self._write_people(lines)
        tenures = [self._tenure(line, line.obj) for line in changed]
        update_many(Tenure, tenures, [*TENURE_FIELDS, "decision"])
        for line in changed:
            self._carry_death(line)
        begin_tenures(self._tenure(line, line.obj) for line in begun)

    def _lock(self, lines: list[Line]) -> None:
        """Lock the bodies of the seats that are written, and in what a death that is told ends something."""
        seats = [self._tenure(line, line.known) for line in lines]
        lock_seats(
            seats, dying=[one.person_id for one in seats if one.person_id and one.way_out == WayOut.DIED]
        )

    @staticmethod
    def _carry_death(line: Line) -> None:
        """Let a death, or its other day, be that of every seat the person held."""
        if line.running.way_out != WayOut.DIED or not {"ends_on", "way_out"} & line.changed.keys():
            return
        if line.current["way_out"] == WayOut.DIED:
            move_death(line.running, before=line.current["ends_on"])
        end_by_death([line.running])

    def _write_people(self, lines: list[Line]) -> None:
        made = self._still_made(lines)
        new = {}
        for line in lines:
            key = None if line.known else self.identity(line)[0]
            if key is not None and key not in made:
                new.setdefault(key, self._person(line))
        for key, person in zip(new, add_people(new.values()), strict=True):
            made[key] = person
        renewed = {}
        for line in lines:
            if line.known and line.changed.keys() & {*PERSON_FIELDS, *PERSON_DATES}:
                renewed[line.known.pk] = self._person(line)
        for person in renewed.values():
            person.prepare()
        update_many(Person, list(renewed.values()), PERSON_SAVED)
        for line in lines:
            line.obj = line.known or made[self.identity(line)[0]]
        self.made |= made

    def _still_made(self, lines: list[Line]) -> dict[tuple, Person]:
        """Return the people of these lines that are made; written with rows taken back, they are gone again."""
        keys = {self.identity(line)[0] for line in lines if not line.known} & self.made.keys()
        there: set[int] = set()
        for some in batches(sorted(self.made[key].pk for key in keys), 1000):
            there |= set(Person.objects.filter(pk__in=some).values_list("pk", flat=True))
        return {key: self.made[key] for key in keys if self.made[key].pk in there}

    def _person(self, line: Line) -> Person:
        """Return the person as the line wants them, unsaved."""
        person = line.known or Person(keeper=line.keeper)
        wanted = line.changed
        for name in PERSON_FIELDS:
            if name in wanted:
                setattr(person, name, wanted[name])
        for name in PERSON_DATES:
            if name in wanted:
                person.set_partial_date(name, wanted[name])
        return person

    def _tenure(self, line: Line, person: Person) -> Tenure:
        """Return the tenure as the line wants it, unsaved."""
        tenure = line.running
        if tenure is None:
            body = {"cell": line.body} if line["office"] in PARTY_OFFICES else {"hamlet": line.body}
            tenure = Tenure(person=person, office=line["office"], **body)
        for name in TENURE_FIELDS:
            if name in line.changed:
                setattr(tenure, name, line.changed[name])
        if line.running and line.changed.get("starts_on") and "seen_on" not in line.changed:
            # Since when is known now, it is not asked any more when somebody was first seen there.
            tenure.seen_on = None
        tenure.decision = line.decision or tenure.decision
        return tenure

    def check_written(self, lines: list[Line]) -> None:
        """Two people in one seat: new tenures were compared when they began, changed ones are here."""
        changed = {line.running.pk: line for line in lines if line.running}
        self._note_gone(changed.values())
        for line in changed.values():
            days = (line.running.body, *line.running.days_in_office)
            for sentence in outside_life([days]) if {"starts_on", "ends_on"} & line.changed.keys() else ():
                line.fault("starts_on" if "starts_on" in line.changed else "ends_on", sentence)
        pairs = []
        for some in batches([line.running for line in changed.values()], 500):
            bodies = Q(cell__in={t.cell_id for t in some} - {None}) | Q(
                hamlet__in={t.hamlet_id for t in some} - {None}
            )
            held = Tenure.objects.filter(bodies, office__in=SINGLE_SEATS).for_list()
            pairs += two_in_one_seat(held)
        for one, other in pairs:
            for mine, holder in ((one, other), (other, one)):
                if mine.pk in changed:
                    self.note(changed[mine.pk], mine.seat_taken_by(holder))

    def _note_gone(self, lines: Iterable[Line]) -> None:
        """Nobody comes into a seat after having died, whichever of the two rows has changed."""
        lines = list(lines)
        by_person = {line.running.person_id: line for line in lines}
        for some in batches(sorted(by_person), 500):
            seats = Tenure.objects.filter(person__in=some).select_related("person")
            for taking, sentence in gone_before(one.taking for one in seats):
                by_person[taking.person.pk].fault("person", sentence)
        # Somebody has a row for each seat: the one that tells of a death may be any of them.
        ending = {
            line.running.person_id: line for line in lines if {"ends_on", "way_out"} & line.changed.keys()
        }
        for person, sentence in left_running(ending):
            ending[person].fault("way_out", sentence)

    def _refuse_outside_scope(self, lines: list[Line]) -> None:
        # A seat in the scope may be held by somebody whose record another unit keeps.
        super()._refuse_outside_scope(
            [line for line in lines if not line.known or line.known.pk in self.kept]
        )
        seats = {line.running.pk: line for line in lines if line.running}
        kept = set()
        for some in batches(sorted(seats), 1000):
            kept |= set(Tenure.objects.kept_by(self.user).filter(pk__in=some).values_list("pk", flat=True))
        for key in seats.keys() - kept:
            seats[key].fault("tenure", _("Not found in your scope."))


def _kept(user, people: list[Person]) -> set[int]:
    kept: set[int] = set()
    for some in batches(sorted({person.pk for person in people}), 1000):
        kept |= set(Person.objects.kept_by(user).filter(pk__in=some).values_list("pk", flat=True))
    return kept


def _with_tenure(person_row: dict, tenure: Tenure | None) -> dict:
    if tenure is None:
        return person_row
    return person_row | _tenure_row(tenure) | {"records": (*person_row["records"], (Tenure, tenure.pk))}


def _tenure_row(tenure: Tenure) -> dict:
    return {
        "tenure": tenure.pk,
        "office": tenure.office,
        "cell_code": tenure.cell and tenure.cell.code,
        "cell": tenure.cell and tenure.cell.name,
        "hamlet_code": tenure.hamlet and tenure.hamlet.code,
        "hamlet": tenure.hamlet and tenure.hamlet.name,
        **{name: getattr(tenure, name) for name in TENURE_FIELDS},
        **decision_row(tenure.decision),
    }
