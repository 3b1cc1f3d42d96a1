"""Whether the lines of one day can be done at all, and together."""

from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.kinds import KINDS_OF_LEVEL, LEVELS_ABOVE, Level
from cells.lives import Life
from cells.models import Line, LineKind, Succession
from cells.models.reorganisations import NEW_UNIT
from cells.rearranging.agenda import WHOLE, Agenda, said
from cells.rearranging.outcome import TAKING_IN


def _levels_of(line: Line) -> set[str]:
    """Return the levels that what the line founds may be of, as far as its kind tells."""
    return {level for level, kinds in KINDS_OF_LEVEL.items() if line.unit_kind in kinds}


def check_lines(agenda: Agenda) -> None:
    """Raise ValidationError with everything that keeps the lines from being carried out."""
    _Conflicts(agenda).find()
    agenda.stop_if_hindered()


class _Conflicts:
    def __init__(self, agenda: Agenda):
        self.agenda = agenda
        self.day, self.lives = agenda.day, agenda.lives

    def find(self) -> None:
        wholly: dict[int, Line] = {}
        for line in self.agenda.lines:
            if line.unit_id and line.kind != LineKind.OPEN:
                self._must_stand(self.lives.units.get(line.unit_id), line.unit)
            if line.cell_id:
                self._must_stand(self.lives.cells.get(line.cell_id), line.cell)
            for source in self.agenda.sources[line.pk]:
                known = self.lives.units if source.unit_id else self.lives.cells
                thing = source.unit or source.cell
                self._must_stand(known.get(thing.pk), thing)
                taken_in = line.kind in TAKING_IN and source.part == WHOLE
                if taken_in and wholly.setdefault(thing.pk, line) != line:
                    self.agenda.hinder(_("%(unit)s goes wholly into two units. Choose one."), unit=thing)
            self._check_line(line)
            self._check_place(line)
        self._check_conflicts(wholly)
        self._check_taken_in()
        self._check_twice()

    def _must_stand(self, life: Life | None, thing):
        if life is None or life.on(self.day) is None:
            self.agenda.hinder(_("%(what)s does not exist on %(day)s."), what=thing, day=said(self.day))
        elif life.on(self.day - ONE_DAY) is None:
            self.agenda.hinder(
                _("%(what)s begins only on %(day)s. Choose a later day."), what=thing, day=said(self.day)
            )

    def _check_line(self, line: Line):
        sources = self.agenda.sources[line.pk]
        wanted = {
            LineKind.FOUND: _("Choose the units that become %(what)s."),
            LineKind.ABSORB: _("Choose the units that go into %(what)s."),
            LineKind.CELL_JOIN: _("Choose the cells that are joined in %(what)s."),
            LineKind.CELL_FOUND: _("%(what)s is a hamlet cell: choose the hamlets it covers."),
        }
        what = line.full_name or line.unit or line.cell
        if line.kind in wanted and not sources:
            self.agenda.hinder(wanted[line.kind], what=what)
        if any((s.unit_id or 0) == line.unit_id or (s.cell_id or 0) == line.cell_id for s in sources):
            self.agenda.hinder(_("%(what)s cannot go into itself."), what=what)
        if line.kind == LineKind.SPLIT and len(self.agenda.takers(line.unit_id)) < 2:
            self.agenda.hinder(
                _("%(what)s is divided: say which units its parts go to, two at least."), what=what
            )
        if line.kind == LineKind.RECLASSIFY and line.unit_kind:
            self._check_kind(line, self.lives.units[line.unit_id].thing.level)
        if line.kind in TAKING_IN and sources:
            levels = {source.unit.level for source in sources if source.unit_id}
            levels |= {line.unit.level} if line.kind == LineKind.ABSORB else set()
            if len(levels) > 1:
                self.agenda.hinder(_("Only units of one level become one: %(what)s."), what=what)
            elif line.kind == LineKind.FOUND:
                self._check_kind(line, *levels)

    def _check_place(self, line: Line):
        """What another line founds is there by then, and of the level above."""
        above = line.parent_line
        if above is None:
            return
        what = line.full_name or line.unit or line.cell
        if above.on > self.day:
            self.agenda.hinder(
                _("%(what)s is put under %(unit)s, which is founded only on %(day)s."),
                what=what,
                unit=above.full_name,
                day=said(above.on),
            )
        fitting = (Level.COMMUNE,) if line.is_about_cells else LEVELS_ABOVE[self._level_of(line)]
        if not _levels_of(above).intersection(fitting):
            self.agenda.hinder(_("%(what)s cannot stand in %(unit)s."), what=what, unit=above.full_name)

    def _level_of(self, line: Line) -> str:
        return self.agenda.level_of(line) if line.kind in NEW_UNIT else line.unit.level

    def _check_kind(self, line: Line, level: str):
        if line.unit_kind not in KINDS_OF_LEVEL[level]:
            self.agenda.hinder(
                _('%(what)s: the kind "%(kind)s" does not fit this level.'),
                what=line.full_name or line.unit,
                kind=line.get_unit_kind_display(),
            )

    def _check_conflicts(self, wholly: dict[int, Line]):
        """A unit that ends takes nothing in and is not renamed; one that is divided goes nowhere whole."""
        for line in self.agenda.lines:
            about = line.unit_id if line.kind not in (LineKind.SPLIT, LineKind.CLOSE, LineKind.OPEN) else None
            if about in self.agenda.ending:
                self.agenda.hinder(
                    _("%(unit)s ends on that day and cannot be changed by another line."), unit=line.unit
                )
            if line.parent_id in self.agenda.ending:
                self.agenda.hinder(
                    _("%(unit)s ends on that day: nothing can be put into it."), unit=line.parent
                )
            if line.kind == LineKind.CELL_FOUND:
                self._check_covered(line)
            if line.kind in (LineKind.SPLIT, LineKind.CLOSE) and line.unit_id in wholly:
                self.agenda.hinder(_("%(unit)s goes wholly into two units. Choose one."), unit=line.unit)
            if line.kind == LineKind.CLOSE and self.agenda.takers(line.unit_id):
                self.agenda.hinder(
                    _("%(unit)s is closed although others take it in. Remove one of the two lines."),
                    unit=line.unit,
                )
        ending_cells = {
            source.cell_id
            for line in self.agenda.by_kind[LineKind.CELL_JOIN]
            for source in self.agenda.sources[line.pk]
        } | {line.cell_id for line in self.agenda.by_kind[LineKind.CELL_DISSOLVE]}
        for line in self.agenda.lines:
            if line.kind != LineKind.CELL_DISSOLVE and line.cell_id in ending_cells:
                self.agenda.hinder(
                    _("%(unit)s ends on that day and cannot be changed by another line."), unit=line.cell
                )

    def _check_covered(self, line: Line):
        for source in self.agenda.sources[line.pk]:
            if source.unit_id in self.agenda.ending:
                self.agenda.hinder(
                    _("%(unit)s ends on that day: found the cell a day later, in what it becomes."),
                    unit=source.unit,
                )

    def _check_taken_in(self):
        """What took others in on that day by another event stands at its end, and is not ended on it."""
        rows = Succession.objects.filter(on=self.day, successor__in=self.agenda.ending)
        for row in rows.select_related("successor"):
            self.agenda.hinder(
                _("%(unit)s took others in on that day, by another event. Choose a later day."),
                unit=row.successor,
            )

    def _check_twice(self):
        """One thing is not changed twice in the same way, and goes into two others only in parts."""
        seen: dict[tuple, Line] = {}
        for line in self.agenda.lines:
            for thing in filter(None, (line.unit, line.cell)):
                if line.kind in (LineKind.ABSORB, LineKind.CELL_JOIN, LineKind.OPEN, LineKind.FOUND):
                    continue
                if seen.setdefault((line.kind, type(thing), thing.pk), line) != line:
                    self.agenda.hinder(_("Two lines of one day do the same to %(what)s."), what=thing)
        taken: dict[int, Line] = {}
        dissolved = {line.cell_id for line in self.agenda.by_kind[LineKind.CELL_DISSOLVE]}
        for line in self.agenda.by_kind[LineKind.CELL_JOIN]:
            for source in self.agenda.sources[line.pk]:
                if taken.setdefault(source.cell_id, line) != line or source.cell_id in dissolved:
                    self.agenda.hinder(_("%(cell)s goes into two cells. Choose one."), cell=source.cell)
