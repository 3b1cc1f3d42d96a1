"""Hamlets with their cells: one row for each hamlet and cell that covers it."""

from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, code_column, count_column, day_column, labels_of
from accounts.history import create_many, update_many
from accounts.resources import SheetResource
from accounts.sheet_lines import Line, Refusal
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.columns import CELL_HEADS, HAMLET_HEADS, commune_columns
from cells.copies import rebuild, rebuild_cells
from cells.kinds import KINDS_OF_LEVEL, Kind, Level, full_name
from cells.later_places import LaterPlaces
from cells.lookups import PlacesOfDays, cells_by_code, hamlets_by_code, not_found, your_scope
from cells.models import CellArea, CellPeriod, Unit, UnitPeriod
from cells.names import SHORT_WORDS, Names, only
from cells.resources.recorded_hamlets import areas_of, first_days, last_periods, rows_of
from sheets.text import fold

# As offices shorten them.
SHORT_KINDS = {kind: SHORT_WORDS[fold(Kind(kind).label)] for kind in KINDS_OF_LEVEL[Level.HAMLET]}
NO_KIND = gettext_lazy("“%(value)s” is no kind of hamlet. Choose one of: %(choices)s.")


class HamletResource(SheetResource):
    model = Unit
    title = gettext_lazy("Hamlets with their cells")
    columns = [
        *commune_columns(),
        code_column("code", gettext_lazy("Hamlet code"), synonyms=("Mã ấp", "Mã thôn", "Mã tổ dân phố")),
        choice_column(
            "kind",
            gettext_lazy("Kind"),
            labels_of(KINDS_OF_LEVEL[Level.HAMLET], SHORT_KINDS),
            sentences={"not_a_choice": NO_KIND},
            show=lambda kind: Kind(kind).label,
            width=12,
            required=True,
        ),
        SheetColumn(
            "name", gettext_lazy("Hamlet"), kind="text", synonyms=HAMLET_HEADS, width=26, required=True
        ),
        day_column("starts_on", gettext_lazy("Hamlet from")),
        day_column("ends_on", gettext_lazy("Hamlet until")),
        count_column("position", gettext_lazy("Position")),
        code_column("cell_code", gettext_lazy("Cell code"), synonyms=("Mã CB",)),
        SheetColumn("cell", gettext_lazy("Party cell"), kind="text", synonyms=CELL_HEADS, width=30),
        day_column("cell_starts_on", gettext_lazy("Cell from")),
        day_column("cell_ends_on", gettext_lazy("Cell until")),
    ]
    # Names and kinds are checked before, so what the database refuses are days.
    refused_at = "starts_on"
    # Days are facts with consequences for everything dated: they are changed on the form of the place.
    FIXED = ("commune_code", "commune", "code", "starts_on", "ends_on")
    FIXED_OF_CELL = ("cell_code", "cell_starts_on", "cell_ends_on")

    # --- Out --------------------------------------------------------------------------

    def rows(self, queryset) -> Iterator[dict]:
        hamlets = queryset.filter(level=Level.HAMLET).select_related("parent")
        # Joined: SQLite does not take a question for a thousand cells by their keys.
        areas = Prefetch("cell_areas", CellArea.objects.select_related("cell"))
        hamlets = hamlets.prefetch_related("periods", areas, "cell_areas__cell__periods")
        for hamlet in hamlets.iterator(chunk_size=1000):
            yield from rows_of(hamlet)

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        """Find what the lines mean. A list may be of a past ``day``: then it names the places of that day."""
        today = timezone.localdate()
        for line in lines:
            line.hamlet = line.cell = line.commune = None
            line.day = line.values.pop("day", None) or today
            line.now_in = line.values.pop("now_in", None)
        self.places = PlacesOfDays(self.user, {line.day for line in lines})
        by_code = hamlets_by_code(self.user, (line["code"] for line in lines))
        cells = cells_by_code(self.user, (line["cell_code"] for line in lines))
        for line in lines:
            self._find_commune(line)
        communes = [line.commune for line in lines if line.commune] + [u.commune for u in by_code.values()]
        communes += [cell.commune for cell in cells.values()]
        self._load(lines, [unit for unit in communes if unit])
        for line in lines:
            self._find_hamlet(line, by_code)
            self._find_cell(line, cells)
        self._compare(lines)
        self._find_later_places(lines)
        self._begin_with_their_communes(lines)
        for line in lines:
            self._check_days(line)

    def _load(self, lines: list[Line], communes: list[Unit]) -> None:
        self.places.load_hamlets(communes)
        self.places.load_cells(communes)
        for day in {line.day for line in lines}:
            self.places.on(day).load_hamlets(communes)
            self.places.on(day).load_cells(communes)

    def _find_commune(self, line: Line) -> None:
        if line["code"] is not None:
            return
        if line["commune_code"] is None and line["commune"] is None:
            line.fault("commune", _("Enter the commune, by name or code."))
            return
        try:
            line.commune = self.places.on(line.day).commune(line["commune_code"], line["commune"])
        except ValidationError as error:
            line.fault("commune" if line["commune_code"] is None else "commune_code", error)

    def _find_later_places(self, lines: list[Line]) -> None:
        """What is new in a commune of a past day goes where the commune went."""
        new = [line for line in lines if line.commune and not line.faults]
        later = LaterPlaces(line.commune for line in new)
        for line in lines:
            line.moves = ()
        for line in new:
            choices = later.choices(line.commune)
            chosen = next((unit for unit in choices if fold(line.now_in or "") in _ways_to_call(unit)), None)
            moves = later.moves(line.commune, chosen)
            if moves is None:
                line.fault("now_in", _divided(line.commune, choices))
            else:
                line.moves = moves

    @staticmethod
    def _begin_with_their_communes(lines: list[Line]) -> None:
        """What is new and has no first day stands as long as its commune: nothing earlier is known of it."""
        new = [line for line in lines if line.commune and line.current is None and line["starts_on"] is None]
        first = first_days({line.commune.pk for line in new})
        for line in new:
            line.values["starts_on"] = first.get(line.commune.pk)

    def _find_hamlet(self, line: Line, by_code: dict) -> None:
        if line["code"] is not None:
            line.hamlet = by_code.get(line["code"].upper())
            if line.hamlet is None:
                line.fault("code", not_found(line["code"], where=your_scope()))
            else:
                line.commune = line.hamlet.commune
        elif line.commune and self.require(line, "kind", "name"):
            names = self.places.on(line.day).hamlets_of(line.commune)
            try:
                line.hamlet = self._named(line, names)
            except ValidationError as error:
                line.fault("name", error)
                return
            if line.hamlet is None and not self._is_misspelled(line, "name", names):
                self.clean(
                    line, UnitPeriod(name=line["name"], kind=line["kind"], code="T", level=Level.HAMLET)
                )

    @staticmethod
    def _named(line: Line, names: Names) -> Unit | None:
        """Return the hamlet of this kind and name; its code may stand in place of the name."""
        called = (*names.named(full_name(line["kind"], line["name"])), *names.named(line["name"]))
        alike = [unit for unit in called if names.kinds[unit] == line["kind"]]
        return only(alike or names.by_code.get(line["name"].upper(), []), line["name"])

    @staticmethod
    def _is_misspelled(line: Line, key: str, names: Names) -> bool:
        """A name that differs from a recorded one in its marks alone is hardly another place."""
        alike = names.alike_but_for_marks(line[key])
        if key == "name":
            alike = [unit for unit in alike if names.kinds[unit] == line["kind"]]
        if alike:
            line.fault(key, not_found(line[key], where=line.commune, nearest=[row.name for row in alike]))
        return bool(alike)

    def _find_cell(self, line: Line, by_code: dict) -> None:
        if line["cell_code"] is not None:
            line.cell = by_code.get(line["cell_code"].upper())
            if line.cell is None:
                line.fault("cell_code", not_found(line["cell_code"], where=your_scope()))
        elif line["cell"] is not None and line.commune is not None:
            names = self.places.on(line.day).cells_of(line.commune)
            try:
                line.cell = names.with_name(line["cell"])
            except ValidationError as error:
                line.fault("cell", error)
                return
            if line.cell is None and not self._is_misspelled(line, "cell", names):
                self.clean(line, CellPeriod(name=line["cell"]))

    def _compare(self, lines: list[Line]) -> None:
        found = Unit.objects.filter(pk__in={line.hamlet.pk for line in lines if line.hamlet})
        self.areas = areas_of(found)
        recorded: dict[int, list[dict]] = {}
        for row in self.rows(found):
            recorded.setdefault(row["hamlet_pk"], []).append(row)
        for line in lines:
            if line.hamlet is None:
                continue
            rows = recorded[line.hamlet.pk]
            same = [row for row in rows if line.cell and row["cell_pk"] == line.cell.pk]
            line.covered = bool(same) or self._covered_then(line)
            line.current = same[0] if same else {**rows[0], **self._of_cell(line)}
            self._keep_known_names(line, is_last=bool(same))
            fixed = (*self.FIXED, *(self.FIXED_OF_CELL if line.covered else ()))
            for key in fixed:
                if key in line.changed and not self._says_the_same(line, key):
                    line.fault(key, _("This is changed on the form of the place, or by a reorganisation."))

    def _covered_then(self, line: Line) -> bool:
        """Whether the cell covered the hamlet on the day of the list, though it does so no longer."""
        areas = self.areas.get((line.hamlet.pk, line.cell and line.cell.pk), ())
        return any(area.holds_on(line.day) for area in areas)

    @staticmethod
    def _keep_known_names(line: Line, *, is_last: bool) -> None:
        """What a row was found by does not change it: "phuoc hau" found "Phước Hậu", in the commune of then."""
        if line["code"] is None:
            for key in ("name", "kind", "commune", "commune_code"):
                line.values.pop(key, None)
        elif line["name"] is not None:
            spoken = full_name(line.hamlet.kind, line.hamlet.name)
            if fold(line["name"]) == fold(spoken):
                del line.values["name"]
        if line.covered and line["cell"] is not None and (line["cell_code"] is None or not is_last):
            del line.values["cell"]

    def _of_cell(self, line: Line) -> dict:
        """Return the columns of a cell that does not cover the hamlet yet: all of them are new."""
        return dict.fromkeys(("cell", *self.FIXED_OF_CELL))

    @staticmethod
    def _says_the_same(line: Line, key: str) -> bool:
        """Accept "Tam Phước" for "Xã Tam Phước", and any letter case of a code."""
        now = line.current[key]
        if isinstance(now, str) and isinstance(line[key], str):
            short = fold(line.hamlet.parent.name) if key == "commune" else fold(now)
            if fold(line[key]) in {fold(now), short}:
                del line.values[key]
                return True
        return False

    def _check_days(self, line: Line) -> None:
        hamlet, cell = _first_day(line), line["cell_starts_on"]
        if self._needs_cell(line) and hamlet and cell and cell < hamlet:
            line.fault(
                "cell_starts_on", _("The cell is older than the hamlet. Enter it on the form of the cell.")
            )

    def identity(self, line: Line):
        cell = line.cell.pk if line.cell else fold(line["cell"] or "")
        if line.hamlet:
            return line.hamlet.pk, cell
        return (line.commune.pk, line["kind"], fold(line["name"]), cell) if line.commune else None

    def write(self, lines: list[Line]) -> None:
        self._open(lines)
        self._correct(lines)
        self._found(lines)
        self._cover(lines)
        for line in lines:
            line.obj = line.hamlet

    def _open(self, lines: list[Line]) -> None:
        new: dict[tuple, list[Line]] = {}
        for line in lines:
            if line.current is None:
                new.setdefault((line.commune.pk, line["kind"], fold(line["name"])), []).append(line)
        opened = open_units(
            NewUnit(
                parent=some[0].commune,
                kind=some[0]["kind"],
                name=some[0]["name"],
                starts_on=some[0]["starts_on"],
                ends_on=some[0]["ends_on"],
                position=some[0]["position"],
                moves=some[0].moves,
            )
            for some in new.values()
        )
        for unit, some in zip(opened, new.values(), strict=True):
            for line in some:
                line.hamlet, line.covered = unit, False

    def _correct(self, lines: list[Line]) -> None:
        """Correct names, kinds and positions of what is recorded, in the last period of each."""
        recorded = [line for line in lines if line.current is not None]
        renamed = {line.hamlet.pk: line for line in recorded if {"name", "kind"} & line.changed.keys()}
        periods = last_periods(UnitPeriod.objects.filter(unit__in=renamed), "unit_id")
        for key, period in periods.items():
            line = renamed[key]
            period.name = line["name"] or line.current["name"]
            period.kind = line["kind"] or line.current["kind"]
        update_many(UnitPeriod, list(periods.values()), ["name", "kind"])
        moved = {line.hamlet.pk: line["position"] for line in recorded if "position" in line.changed}
        units = list(Unit.objects.filter(pk__in=moved))
        for unit in units:
            unit.position = moved[unit.pk]
        update_many(Unit, units, ["position"])
        called = {line.cell.pk: line["cell"] for line in recorded if line.covered and "cell" in line.changed}
        cells = last_periods(CellPeriod.objects.filter(cell__in=called), "cell_id")
        for key, period in cells.items():
            period.name = called[key]
        update_many(CellPeriod, list(cells.values()), ["name"])
        if periods:
            rebuild(periods)
        if cells:
            rebuild_cells(cells)

    def _found(self, lines: list[Line]) -> None:
        new: dict[tuple, list[Line]] = {}
        for line in lines:
            if self._needs_cell(line):
                new.setdefault((line.commune.pk, fold(line["cell"])), []).append(line)
        founded = found_cells(
            NewCell(
                commune=some[0].commune,
                name=some[0]["cell"],
                hamlets=[line.hamlet for line in some],
                starts_on=some[0]["cell_starts_on"] or _first_day(some[0]),
                ends_on=some[0]["cell_ends_on"],
                moves=some[0].moves,
            )
            for some in new.values()
        )
        for cell, some in zip(founded, new.values(), strict=True):
            for line in some:
                line.cell, line.covered = cell, True

    @staticmethod
    def _needs_cell(line: Line) -> bool:
        return line.cell is None and line["cell"] is not None

    def _cover(self, lines: list[Line]) -> None:
        """Let cells that stand already cover hamlets, from the day on which both stand."""
        joined = [line for line in lines if line.cell is not None and not line.covered]
        cells = last_periods(CellPeriod.objects.filter(cell__in={line.cell.pk for line in joined}), "cell_id")
        create_many(
            CellArea,
            [
                CellArea(
                    cell=line.cell,
                    hamlet=line.hamlet,
                    starts_on=max(
                        filter(None, (_first_day(line), cells[line.cell.pk].starts_on)), default=None
                    ),
                )
                for line in joined
            ],
        )


def _ways_to_call(unit: Unit) -> set[str]:
    return {fold(str(unit)), fold(unit.name), fold(unit.code)}


def _divided(commune: Unit, choices: list[Unit]) -> Refusal:
    return Refusal(
        _(
            "%(commune)s was divided among %(units)s. Add a column “Nay thuộc xã” that says in which of them "
            "each hamlet stands."
        )
        % {"commune": commune, "units": ", ".join(map(str, choices))},
        nearest=[str(unit) for unit in choices],
    )


def _first_day(line: Line) -> date | None:
    """Return the first day of the hamlet as it is called now."""
    return line["starts_on"] if line.current is None else line.current["starts_on"]
