"""Entering papers into the database as reorganisations: drafted, every case decided, checked and applied."""

from functools import singledispatch

from accounts.changes import recording
from cells.fates import Case, CaseKind
from cells.models import Cell, Line, LineKind, LineSource, Reorganisation, Unit
from desk.reorganisation.applying import apply, check, decide
from desk.reorganisation.rehearsal import rehearse
from evaluations.models import TitleCase
from leaders.models import Assignment, Tenure
from tests.histories import papers as p
from tests.histories.entering import Entered
from tests.histories.papers import Paper

# These have one option: somebody has seen it and lets it be.
ACKNOWLEDGED = {CaseKind.CELLS_MEET, CaseKind.TARGET, CaseKind.SAME_NAME}


class Unforeseen(Exception):
    """A case is asked, or has options, that the paper does not answer."""


def reorganise(paper: Paper, entered: Entered) -> Reorganisation:
    """Carry the paper out, and note what stands for its new places and cells.

    KeyError where something it needs has not been entered yet, Unforeseen where it does not
    say what is to become of something.
    """
    return _Entering(paper, entered).carry_out()


class _Entering:
    def __init__(self, paper: Paper, entered: Entered):
        self.paper, self.entered = paper, entered
        self.event = Reorganisation.objects.create(title="Sắp xếp", effective_on=paper.day)
        # The line that makes or takes into each place, and the lines of new cells.
        self.lines: dict[str, Line] = {}
        self.new_cells: dict[str, Line] = {}

    def carry_out(self) -> Reorganisation:
        for act in sorted(self.paper.acts, key=_opens_last):
            draft(act, self)
        self.decide()
        check(self.event, seen=self.event.revision)
        with recording(reason="apply"):
            apply(self.event, seen=self.event.revision)
        self.event.refresh_from_db()
        self.note_what_is_new()
        return self.event

    def line(self, kind: str, *, home: str | None = None, units=(), cells=(), **fields) -> Line:
        """Add a line; its home is a standing unit, or one that another line of the paper makes."""
        known = self.entered.units.get(home) if home else None
        line = Line.objects.create(
            reorganisation=self.event,
            kind=kind,
            on=self.paper.day,
            decision=self.entered.decision(self.paper.day),
            parent=known,
            parent_line=self.lines[home] if home and known is None else None,
            **fields,
        )
        for unit, part in units:
            LineSource.objects.create(line=line, unit=self.entered.units[unit], part=part)
        for cell in cells:
            LineSource.objects.create(line=line, cell=self.entered.cells[cell])
        return line

    def note_what_is_new(self):
        for key, line in self.lines.items():
            self.entered.units[key] = Unit.objects.get(pk=Line.objects.get(pk=line.pk).unit_id)
        for key, line in self.new_cells.items():
            self.entered.cells[key] = Cell.objects.get(pk=Line.objects.get(pk=line.pk).cell_id)

    # --- cases ----------------------------------------------------------------------------

    def decide(self):
        """Answer every case as the paper says. What is chosen may raise further questions.

        A case that the paper does not answer may be there only because another is still open.
        """
        self.event.refresh_from_db()
        while cases := rehearse(self.event).open_cases:
            choices, unforeseen = {}, []
            for case in cases:
                try:
                    choices[case.key] = self.answer(case)
                except Unforeseen as question:
                    unforeseen.append(question)
            if not choices:
                raise unforeseen[0]
            decide(self.event, choices, seen=self.event.revision)
            self.event.refresh_from_db()

    def answer(self, case: Case) -> str:
        """Return the code of the option that the paper chose."""
        if case.kind in ACKNOWLEDGED:
            (option,) = case.options
            return option.code
        question, told = self.read(case)
        options = {told(option.code): option.code for option in case.options}
        if question not in self.paper.choices or self.paper.choices[question] not in options:
            raise Unforeseen(question, sorted(map(str, options)), self.paper.choices.get(question))
        self.entered.answered.add((self.paper.day, question))
        return options[self.paper.choices[question]]

    def read(self, case: Case):
        """Return what is asked, and how to read the options."""
        kind, *about = case.key.split(":")
        return READERS[kind](self, *about)

    def place_of(self, code: str) -> str:
        """Return the key of the place that an option names by its line or by itself."""
        known = code.removeprefix("to")
        if known.startswith("line"):
            return {f"line{line.pk}": key for key, line in self.lines.items()}[known]
        if known.isdecimal():
            return self.unit(known)
        return code

    def unit(self, pk: str | int) -> str:
        return {unit.pk: key for key, unit in self.entered.units.items()}[int(pk)]

    def cell(self, pk: str | int) -> str:
        return {cell.pk: key for key, cell in self.entered.cells.items()}[int(pk)]

    def person(self, pk: int) -> str:
        return {person.pk: key for key, person in self.entered.people.items()}[pk]

    def thing(self, known: str) -> str:
        """Return the key of a place or a cell that a case names."""
        if known.startswith("line"):
            return self.made_by(known)
        if known.startswith("cell"):
            return self.cell(known.removeprefix("cell"))
        return self.unit(known.removeprefix("unit"))

    def made_by(self, known: str) -> str:
        """Return the key of the place or the cell a line makes or puts into."""
        line = Line.objects.get(pk=known.removeprefix("line"))
        for lines in (self.lines, self.new_cells):
            for key, made in lines.items():
                if made.pk == line.pk:
                    return key
        raise KeyError(known)

    def read_goes_to(self, thing: str, unit: str):
        return ("goes_to", self.thing(thing), self.thing(unit)), self.place_of

    def read_covers(self, cell: str, unit: str):
        return ("covers", self.thing(cell), self.thing(unit)), self.place_of

    def read_follows(self, cell: str, _day: str):
        return ("follows", self.thing(cell)), self.place_of

    def read_seat(self, *about: str):
        if len(about) == 2:
            office, line = about
            return ("seat", office, self.made_by(line)), self._holder
        tenure = Tenure.objects.get(pk=about[0])
        return ("divided", tenure.office, self.person(tenure.person_id), self._body(tenure)), self._way

    def read_deputy(self, pk: str):
        tenure = Tenure.objects.get(pk=pk)
        return ("deputy", tenure.office, self.person(tenure.person_id), self._body(tenure)), self._way

    def _holder(self, code: str) -> tuple:
        way, _colon, pk = code.partition(":")
        if not pk:
            return way, "", ""
        tenure = Tenure.objects.get(pk=pk)
        return way, self.person(tenure.person_id), self._body(tenure)

    def _body(self, tenure: Tenure) -> str:
        """Return the key of the hamlet or the cell in which the seat is."""
        return self.unit(tenure.hamlet_id) if tenure.hamlet_id else self.cell(tenure.cell_id)

    def _way(self, code: str) -> tuple:
        way, _colon, line = code.partition(":")
        return way, self.place_of(line)

    def read_title(self, pk: str):
        case = TitleCase.objects.select_related("title").get(pk=pk)
        return ("title", self.cell(case.cell_id), case.title.code), str

    def read_households(self, line: str):
        return ("households", self.made_by(line)), str

    def read_members(self, line: str):
        return ("members", self.made_by(line)), str

    def read_officer(self, pk: str):
        row = Assignment.objects.get(pk=pk)
        return ("officer", row.kind, self.unit(row.unit_id), row.starts_on, row.ends_on), self.place_of


READERS = {
    name.removeprefix("read_"): getattr(_Entering, name)
    for name in dir(_Entering)
    if name.startswith("read_")
}


def _opens_last(act) -> int:
    """Whatever is put into a new place comes after the line that makes it."""
    if isinstance(act, p.Take):
        return ("province", "district", "commune", "hamlet").index(act.level)
    return 4


@singledispatch
def draft(act, entering: _Entering) -> None:
    """Add the line of an act."""
    raise NotImplementedError(act)


@draft.register
def _(act: p.Take, entering):
    if act.new is None:
        aim = entering.entered.units[act.into]
        entering.lines[act.into] = entering.line(LineKind.ABSORB, unit=aim, units=act.sources)
        return
    new = act.new
    entering.lines[new.key] = entering.line(
        LineKind.FOUND if act.sources else LineKind.OPEN,
        home=new.parent,
        units=act.sources,
        name=new.name,
        unit_kind=new.kind,
        code=new.key if act.level != "hamlet" else "",
    )


@draft.register
def _(act: p.Split, entering):
    entering.line(LineKind.SPLIT, unit=entering.entered.units[act.unit])


@draft.register
def _(act: p.Close, entering):
    entering.line(LineKind.CLOSE, unit=entering.entered.units[act.unit])


@draft.register
def _(act: p.Rename, entering):
    entering.line(LineKind.RENAME, unit=entering.entered.units[act.unit], name=act.name)


@draft.register
def _(act: p.ChangeKind, entering):
    entering.line(LineKind.RECLASSIFY, unit=entering.entered.units[act.unit], unit_kind=act.kind)


@draft.register
def _(act: p.Move, entering):
    entering.line(LineKind.MOVE, unit=entering.entered.units[act.unit], home=act.parent)


@draft.register
def _(act: p.FoundCell, entering):
    hamlets = [(hamlet, p.WHOLE) for hamlet in act.hamlets]
    line = entering.line(LineKind.CELL_FOUND, name=act.name, units=hamlets, home=act.commune)
    entering.new_cells[act.cell] = line


@draft.register
def _(act: p.JoinCells, entering):
    aim = None if act.name else entering.entered.cells[act.into]
    line = entering.line(LineKind.CELL_JOIN, name=act.name, cell=aim, cells=act.cells, home=act.commune)
    entering.new_cells[act.into] = line


@draft.register
def _(act: p.DissolveCell, entering):
    entering.line(LineKind.CELL_DISSOLVE, cell=entering.entered.cells[act.cell])


@draft.register
def _(act: p.RenameCell, entering):
    entering.line(LineKind.CELL_RENAME, cell=entering.entered.cells[act.cell], name=act.name)


@draft.register
def _(act: p.MoveCell, entering):
    entering.line(LineKind.CELL_MOVE, cell=entering.entered.cells[act.cell], home=act.commune)
