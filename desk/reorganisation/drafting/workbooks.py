"""Mergers of hamlets as a list that comes in: each row an old hamlet, or all old hamlets of one new one.

Every fault is told at once, with its row; nothing is guessed: a name that fits several hamlets,
a kind nobody wrote, a paper named by half are asked back. What a row lacks makes the other rows of
its new hamlet wait: a merger is never drafted without one of its hamlets.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.changes import current_change_set
from accounts.resources import SheetResource
from accounts.sheet_lines import Line as SheetLine
from cells.columns import DECISION_KEYS, decision_row
from cells.dated import ONE_DAY
from cells.kinds import Level, full_name
from cells.lookups import Decisions, Places, PlacesOfDays, not_found
from cells.models import Decision, Line, LineKind, Reorganisation, Unit
from desk.reorganisation.drafting.mergers import (
    Group,
    facts_of_draft,
    facts_of_line,
    hamlets_of_row,
    let_wait,
    new_hamlet_of,
    noted,
    refuse_contradiction,
)
from desk.reorganisation.drafting.rules import WHOLE, DraftLine, refuse_nonsense
from desk.reorganisation.drafting.sheet_columns import COLUMNS, is_called
from desk.reorganisation.drafting.writing import add_lines, begin
from desk.reorganisation.events import PROPOSES, may_draft
from sheets.text import fold, lower_first

# The columns at which is told what a draft's line lacks.
_COLUMN_OF_RULE = {"on": "on", "name": "new", "unit_kind": "kind", "unit": "new", "units": "old"}


class LineResource(SheetResource):
    """Rows into the lines of a draft: the one whose number stands in ``event``, else one that is begun for them.

    Besides its columns a row tells ``event``, or the ``title`` of a new draft, and ``same_name``: what is
    meant where a new hamlet is called like one that goes into it, LineKind.ABSORB (that one takes the
    others in) or LineKind.FOUND (a new one of that name).
    """

    model = Line
    title = gettext_lazy("Lines of a reorganisation")
    columns = COLUMNS

    def rows(self, queryset) -> Iterator[dict]:
        """Yield the mergers that are drafted; of these nobody but their draft knows yet."""
        mergers = queryset.waiting().filter(kind__in=[LineKind.FOUND, LineKind.ABSORB])
        for line in mergers.with_everything():
            sources = line.sources.all()
            old = [source.unit for source in sources if source.part == WHOLE]
            if len(old) == len(sources) and all(unit.level == Level.HAMLET for unit in old):
                yield _row(line, [*([line.unit] if line.unit else []), *old])

    def look_up(self, lines: list[SheetLine]) -> None:
        # Made now, it bears the reason of whoever brings the file in, not that of the draft.
        current_change_set()
        for line in lines:
            line.day = line.home = line.group = None
        self.event = self._event(lines)
        if self.event is None and any(line["event"] is not None for line in lines):
            return
        self.papers = Decisions(self.user)
        self.papers.load(line["decision_day"] for line in lines if line["decision_day"])
        said = [line for line in lines if self._says_enough(line)]
        places = self._find_communes(said)
        groups = self._groups(line for line in said if line.home and line["new"])
        self._find_hamlets(groups, places)
        self._refuse_repeated(groups)
        self._note_holders_of_papers(groups)
        for group in groups:
            self._draft(group)
        self._refuse_nonsense([group for group in groups if group.is_good])
        self._compare([group for group in groups if group.is_good])
        let_wait(lines, groups)
        self.papers.write_new()
        if self.event is None:
            self._begin([group for group in groups if group.is_good])

    def write(self, lines: list[SheetLine]) -> None:
        """Write the line of each group with its first row; the others say where it went."""
        groups = [line.group for line in lines if line is line.group.first]
        if groups:
            # A refused part of the rows may have been taken back, and with it what it counted.
            self.event.refresh_from_db()
            written = add_lines(self.event, [group.draft for group in groups])
            for group, obj in zip(groups, written, strict=True):
                group.obj = obj
        for line in lines:
            line.obj = line.group.obj

    # --- The draft they go into -------------------------------------------------------

    def _event(self, lines: list[SheetLine]) -> Reorganisation | None:
        numbers = {line["event"] for line in lines}
        if numbers <= {None}:
            return None
        event = None
        if len(numbers) == 1:
            kept = Reorganisation.objects.kept_by(self.user).select_related("unit__province", "decision")
            event = kept.filter(pk=numbers.pop()).first()
        if event is None or not may_draft(self.user, event):
            for line in lines:
                line.fault("event", _("There is no draft of this number whose lines you may change."))
            return None
        return event

    def _begin(self, groups: list[Group]) -> None:
        """Begin a draft: for the province where the user keeps it, with the paper that all lines name."""
        lines = [line for group in groups for line in group.lines]
        unit = self._unit(groups) if groups else None
        untitled = [line for line in lines if not self.require(line, "title")]
        if unit is None or untitled:
            return
        papers = {group.draft.decision for group in groups}
        try:
            if not self.user.has_perm(PROPOSES):
                raise ValidationError(_("You may not begin a draft. Choose one that exists."))
            self.event = begin(
                title=lines[0]["title"],
                unit=unit,
                on=min(group.draft.on for group in groups),
                decision=papers.pop() if len(papers) == 1 else None,
            )
        except ValidationError as error:
            for line in lines:
                line.fault("title", " ".join(error.messages))

    def _unit(self, groups: list[Group]) -> Unit | None:
        provinces = {group.commune.province_id for group in groups}
        if len(provinces) == 1:
            province = Unit.objects.kept_by(self.user).filter(pk__in=provinces).first()
            if province is not None:
                return province
        communes = {group.commune.pk: group.commune for group in groups}
        if len(communes) == 1:
            return groups[0].commune
        for group in groups:
            for line in group.lines:
                line.fault(
                    "commune", _("No draft can hold the lines of all these places. Make a file for each.")
                )
        return None

    # --- Days and places --------------------------------------------------------------

    def _says_enough(self, line: SheetLine) -> bool:
        for key, sentence in (
            ("old", _("The old hamlets are missing.")),
            ("new", _("The new name is missing.")),
        ):
            if line[key] is None and key not in line.faults:
                line.fault(key, sentence)
        line.day = line["on"]
        if line.day is None and "on" not in line.faults:
            line.day = self.event.effective_on if self.event else None
            if line.day is None:
                self.require(line, "on")
        return line.day is not None

    def _find_communes(self, lines: list[SheetLine]) -> PlacesOfDays:
        """Find the communes as they were the day before each line, and load their hamlets at once."""
        places = PlacesOfDays(self.user, {line.day - ONE_DAY for line in lines})
        for line in lines:
            line.home = noted(line, "commune", self._commune, places.on(line.day - ONE_DAY), line)
        if found := {line.home for line in lines if line.home}:
            places.load_hamlets(found)
        return places

    def _commune(self, places: Places, line: SheetLine) -> Unit:
        own = self.event.unit if self.event else None
        code, name = line["commune_code"], line["commune"]
        if code is None and name is not None and name.isdecimal():
            code, name = name.zfill(5), None
        if code is None and name is None:
            if own is not None and own.level == Level.COMMUNE:
                return own
            raise ValidationError(_("The commune is missing."))
        commune = places.commune(code, name)
        if own is not None and own.pk not in (commune.pk, commune.province_id):
            raise not_found(name or code, where=str(own))
        return commune

    # --- New hamlets ------------------------------------------------------------------

    def _groups(self, lines: Iterable[SheetLine]) -> list[Group]:
        """Bring together the rows of one new hamlet: same commune, same new name."""
        groups: dict[tuple, Group] = {}
        for line in lines:
            line.group = groups.setdefault((line.home.pk, fold(line["new"])), Group(line.home))
            line.group.lines.append(line)
            refuse_contradiction(line, line.group.first)
        return list(groups.values())

    def _find_hamlets(self, groups: list[Group], places: PlacesOfDays) -> None:
        for group in groups:
            for line in group.lines:
                there = places.on(line.day - ONE_DAY)
                there.load_hamlets([line.home])
                group.old += [(line, hamlet) for hamlet in hamlets_of_row(line, there.hamlets_of(line.home))]
        for group in groups:
            for line in group.lines:
                found = [str(hamlet) for its, hamlet in group.old if its is line]
                line.values["commune"] = str(line.home)
                # What was understood is what is shown, and what is not to be another when it is written.
                line.values["old"] = ", ".join(found) if found else line["old"]

    @staticmethod
    def _refuse_repeated(groups: list[Group]) -> None:
        first: dict[int, int] = {}
        for line, hamlet in sorted(
            (pair for group in groups for pair in group.old), key=lambda pair: pair[0].number
        ):
            if hamlet.pk in first:
                line.fault(
                    "old",
                    _("%(hamlet)s stands in row %(row)d already. One hamlet goes into one.")
                    % {"hamlet": hamlet, "row": first[hamlet.pk]},
                )
            first.setdefault(hamlet.pk, line.number)

    def _draft(self, group: Group) -> None:
        old = [hamlet for _line, hamlet in group.old]
        kind, name = new_hamlet_of(group, old)
        given = {"on": group.first.day, "decision": self._paper(group)}
        named = [hamlet for hamlet in old if kind and is_called(hamlet, kind, name)]
        meant = group.first["same_name"]
        if named and meant is None:
            group.first.fault(
                "same_name",
                _("The new name is that of an old hamlet. Say whether that hamlet stands on."),
            )
        if len(named) == 1 and meant == LineKind.ABSORB:
            others = [(hamlet, WHOLE) for hamlet in old if hamlet.pk != named[0].pk]
            group.draft = DraftLine(kind=LineKind.ABSORB, unit=named[0], units=others, **given)
        else:
            units = [(hamlet, WHOLE) for hamlet in old]
            group.draft = DraftLine(kind=LineKind.FOUND, unit_kind=kind, name=name, units=units, **given)

    def _note_holders_of_papers(self, groups: list[Group]) -> None:
        """A paper is that of its commune; one about several communes is that of their province."""
        self.holders: dict[tuple, set[Unit]] = defaultdict(set)
        for group in groups:
            self.holders[_paper_key(group)].add(group.commune)

    def _paper(self, group: Group) -> Decision | None:
        line = group.first
        if any(key in line.faults for key in DECISION_KEYS):
            return None
        said = [line[key] for key in DECISION_KEYS]
        if not any(said):
            return self.event.decision if self.event else None
        if not all(said):
            line.fault(
                DECISION_KEYS[said.index(None)],
                _("A decision is named by number, day and issuing body. Enter all three."),
            )
            return None
        is_shared = len(self.holders[_paper_key(group)]) > 1
        unit = group.commune.province if is_shared else group.commune
        return noted(line, DECISION_KEYS[0], self.papers.get, *said, unit=unit)

    def _refuse_nonsense(self, groups: list[Group]) -> None:
        for group, faults in zip(groups, refuse_nonsense(group.draft for group in groups), strict=True):
            for at, sentences in faults.items():
                for sentence in sentences:
                    group.first.fault(_COLUMN_OF_RULE.get(at, NON_FIELD_ERRORS), sentence)

    def _compare(self, groups: list[Group]) -> None:
        """A line that the draft holds already is no change; a hamlet that goes elsewhere there is refused."""
        recorded = list(self.event.lines.with_everything()) if self.event else []
        by_facts = {facts_of_line(line): line for line in recorded}
        gone = {
            source.unit_id: line for line in recorded for source in line.sources.all() if source.part == WHOLE
        }
        for group in groups:
            group.obj = by_facts.get(facts_of_draft(group.draft))
            if group.obj is not None:
                for line in group.lines:
                    line.current, line.obj = dict(line.values), group.obj
                continue
            into = {unit.pk for unit, _part in group.draft.units}
            for line, hamlet in group.old:
                if hamlet.pk in into and hamlet.pk in gone:
                    line.fault(
                        "old",
                        _("%(hamlet)s goes into another line of this draft already: %(line)s.")
                        % {"hamlet": hamlet, "line": lower_first(str(gone[hamlet.pk]))},
                    )


def _paper_key(group: Group) -> tuple:
    return tuple(fold(str(group.first[key] or "")) for key in DECISION_KEYS)


def _row(line: Line, old: list[Unit]) -> dict:
    stays = line.kind == LineKind.ABSORB
    kind, name = (line.unit.kind, line.unit.name) if stays else (line.unit_kind, line.name)
    return {
        "records": ((Line, line.pk),),
        "commune_code": old[0].commune.code,
        "commune": str(old[0].commune),
        "old": ", ".join(map(str, old)),
        "new": full_name(kind, name),
        "kind": kind,
        "on": line.on,
        **decision_row(line.decision),
    }
