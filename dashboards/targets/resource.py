"""Targets of resolutions out and in: set, planned anew, decided anew, broken down – as on their pages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, code_column, count_column, day_column, yes_column
from accounts.history import batches
from accounts.resources import SheetResource
from accounts.sheet_lines import SAME, Line
from cells.columns import COMMUNE_HEADS, DECISION_KEYS, decision_columns, decision_row
from cells.entry.forms import past_day
from cells.lookups import Decisions
from cells.models import Unit
from dashboards.targets.breaking_down import Sum
from dashboards.targets.measures import label_of
from dashboards.targets.rules import faults_of, no_term_words, path_faults, term_years
from dashboards.targets.sheet import Measures, Units, path_in, path_words
from dashboards.wording import words_for
from evaluations.models import Target, TargetStep, Title
from evaluations.resolving import change_path, resolve_anew, set_targets
from sheets.text import nfc

# What a decision says of a target; whatever of it changes is another edition.
RESOLVED = ("goal", "base", "deadline", *DECISION_KEYS)
# By these a row names its target; they are no change of it.
NAMED = ("unit_code", "unit", "what", "term", "part_of", "edition")


def term_in(text) -> str:
    years = term_years(str(text))
    if years is None:
        raise ValidationError(no_term_words())
    return f"{years[0]}-{years[1]}"


class TargetResource(SheetResource):
    """One row for each target and each part of one. Goal and base change by another decision alone, as on the page."""

    model = Target
    title = gettext_lazy("Targets of resolutions")
    columns = [
        code_column("unit_code", gettext_lazy("Code of the unit"), synonyms=("Mã ĐVHC",), width=10),
        SheetColumn(
            "unit", gettext_lazy("Unit"), kind="text", synonyms=(*COMMUNE_HEADS, "Địa phương"), width=26
        ),
        SheetColumn(
            "what", gettext_lazy("Target"), synonyms=("Tên chỉ tiêu", "Chỉ tiêu nghị quyết"), width=40
        ),
        SheetColumn("term", gettext_lazy("Term"), synonyms=("Nhiệm kỳ nghị quyết",), then=term_in, width=12),
        count_column("goal", gettext_lazy("Goal"), synonyms=("Chỉ tiêu giao", "Số chỉ tiêu", "Mục tiêu")),
        count_column("base", gettext_lazy("Base as resolved"), synonyms=("Tổng số",)),
        day_column("deadline", gettext_lazy("Deadline"), synonyms=("Hạn hoàn thành", "Thời hạn")),
        SheetColumn(
            "path",
            gettext_lazy("Path: planned by the end of each year"),
            synonyms=("Lộ trình từng năm",),
            then=path_in,
            show=path_words,
            width=36,
        ),
        SheetColumn("part_of", gettext_lazy("Part of the target of"), width=24),
        *decision_columns(),
        SheetColumn("reason", gettext_lazy("Reason of the new edition"), width=30),
        count_column("edition", gettext_lazy("Edition")),
        yes_column("as_it_is", gettext_lazy("Save although the parts do not come to the goal")),
    ]

    # --- Out --------------------------------------------------------------------------

    def rows(self, targets: Iterable[Target]) -> Iterator[dict]:
        """Yield a row for each target, in their order; units, papers, wholes and steps are loaded together."""
        words = words_for(self.user)
        # SQLite takes no thousand things to be loaded with others at once.
        for some in batches(list(targets), 500):
            prefetch_related_objects(some, "unit", "title", "resolution", "part_of__unit", "steps")
            yield from (_row(target, label_of(target, words)) for target in some)

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        self.units = Units(self.user)
        self.measures = Measures(Title.objects.visible_to(self.user).order_by("name"), words_for(self.user))
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        for line in lines:
            line.whole = line.known = line.decision = None
            line.before, line.as_it_is = None, line.values.pop("as_it_is", None)
            line.place = self.units.of(line, "unit_code", "unit")
            line.measure = self._measure(line)
            line.above = self._above(line)
        found = [line for line in lines if not line.faults]
        for line in found:
            figure, title = line.measure
            line.term = line["term"]
            line.key = (line.place.pk, line.term, figure, title and title.pk, line.above is not None)
        self._find_recorded(found)
        self._find_wholes(found)
        for line in found:
            if not line.faults and line.outcome != SAME:
                self._check(line)
        self.decisions.write_new()

    def _measure(self, line: Line):
        if self.require(line, "what", "term"):
            try:
                return self.measures.named(line["what"])
            except ValidationError as error:
                line.fault("what", error)
        return None

    def _above(self, line: Line) -> Unit | None:
        """Return the unit whose target the line is a part of; its own row in such a file is that of the whole."""
        if line["part_of"] is None:
            return None
        try:
            above = self.units.named(line["part_of"])
            return None if above == line.place else above
        except ValidationError as error:
            line.fault("part_of", error)
        return None

    def _find_recorded(self, lines: list[Line]) -> None:
        """Find the edition that each line is about: the one it names, else the latest."""
        editions: dict[tuple, list[Target]] = defaultdict(list)
        rows = Target.objects.filter(unit__in={line.place.pk for line in lines})
        rows = rows.filter(term__in={line["term"] for line in lines}).for_list()
        rows = rows.select_related("part_of__unit").prefetch_related("steps").order_by("-edition", "-pk")
        for target in rows:
            editions[_key_of(target)].append(target)
        for line in lines:
            known = editions[line.key]
            named = [one for one in known if one.edition == line["edition"]]
            line.before = next(iter(known), None)
            for key in NAMED if known else ():
                line.values.pop(key, None)
            # The latest says the same already where a file is taken in for the second time.
            for line.known in (*named, *known[:1]):
                line.current = _row(line.known, "")
                if not line.changed:
                    break
            if line.known and line.known.is_closed and line.changed:
                # What was taken back is no part any more; given again, it goes on counting its editions.
                line.known = line.current = None

    def _find_wholes(self, lines: list[Line]) -> None:
        """Find what each part is a part of now: recorded already, or in another row of the file."""
        parts = [line for line in lines if line.above and line.outcome != SAME]
        for line in parts:
            if line.known is None and line.above.pk not in (line.place.parent_id, line.place.province_id):
                line.fault(
                    "part_of", _("%(unit)s does not lie in %(above)s.") % _names(line.place, line.above)
                )
        above = {line.above.pk for line in parts}
        rows = Target.objects.filter(unit__in=above, part_of__isnull=True).latest_editions().for_list()
        recorded = {_key_of(target): target for target in rows}
        in_file = {line.key: line for line in lines if not line.above}
        for line in parts:
            key = (line.above.pk, *line.key[1:4], False)
            line.whole = in_file.get(key) or recorded.get(key)
            if line.whole is None and line.known is None and not line.faults:
                line.fault(
                    "part_of",
                    _("%(above)s has no such target in this term. Set it first, or add its row to the file.")
                    % _names(line.place, line.above),
                )

    # --- What is wrong with a row -------------------------------------------------------

    def _check(self, line: Line) -> None:
        target = self._wanted(line)
        if line.known is None:
            self.require(line, "goal")
        if line.known is None or line.changed.keys() & {*RESOLVED}:
            self._check_decision(line)
        elif "reason" in line.changed:
            line.fault(
                "reason", _("The reason stays with its edition. It is changed by a new decision only.")
            )
        for key, said in faults_of(target).items():
            line.fault(key, said)
        for said in path_faults(target, self._path(line)).values() if target.goal is not None else ():
            line.fault("path", said)
        if not line.faults:
            self.clean(line, target)

    def _check_decision(self, line: Line) -> None:
        known = line.known
        if known and not line.changed.keys() & {*DECISION_KEYS}:
            said = _("Goal, base and deadline stay as resolved (%(paper)s). Enter the new decision and why.")
            line.fault(
                next(key for key in RESOLVED if key in line.changed),
                said % {"paper": known.resolution or "–"},
            )
            return
        if line.before and "reason" not in line.changed:
            line.fault("reason", _("A new edition needs its reason."))
        if not self.require(line, *DECISION_KEYS):
            return
        try:
            past_day(line["decision_day"])
            (line.before or Target()).check_replaced_on(line["decision_day"])
        except ValidationError as error:
            line.fault("decision_day", error)
            return
        try:
            named = (line[key] for key in DECISION_KEYS)
            line.decision = self.decisions.get(*named, unit=line.above or line.place)
        except ValidationError as error:
            line.fault("decision_number", " ".join(error.messages))

    def _wanted(self, line: Line) -> Target:
        """Return the target as the line wants it, unsaved."""
        known = line.known or line.before
        figure, title = line.measure
        target = Target(unit=line.place, figure=figure, title=title, term=line.term)
        if known:
            target.starts_on, target.ends_on = known.starts_on, known.ends_on
        for key in ("goal", "base", "deadline"):
            setattr(target, key, self._said(line, key))
        if line.before:
            target.edition, target.edition_reason = line.before.edition + 1, nfc(line["reason"] or "")
        return target

    @staticmethod
    def _said(line: Line, key: str):
        """Return what the line says, and where it says nothing what is recorded."""
        return line[key] if line[key] is not None else (line.current or {}).get(key)

    def _path(self, line: Line) -> dict[int, int]:
        return self._said(line, "path") or {}

    def identity(self, line: Line):
        return line.key

    # --- Writing -------------------------------------------------------------------------

    def _place(self, lines: list[Line]) -> None:
        # A part names its whole, which may come further down in the file.
        super()._place(sorted(lines, key=lambda line: line.above is not None))

    def write(self, lines: list[Line]) -> None:
        for some in ([x for x in lines if not x.above], [x for x in lines if x.above]):
            self._set([line for line in some if line.known is None])
            for line in some:
                if line.known:
                    line.obj = self._changed(line)

    def _set(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj, whole = self._wanted(line), self._whole_of(line)
            line.obj.resolution, line.obj.part_of = line.decision, whole
            if whole:
                line.obj.deadline = line.obj.deadline or whole.deadline
        set_targets((line.obj, self._path(line)) for line in lines)

    @staticmethod
    def _whole_of(line: Line) -> Target | None:
        """Return what the target is to be a part of, as it was just written where it is a row of the file."""
        if not isinstance(line.whole, Line):
            return line.whole
        if line.whole.faults:
            raise ValidationError(_("The row of the whole target has a fault. Correct it first."))
        return line.whole.obj or line.whole.known

    def _changed(self, line: Line) -> Target:
        if line.decision is None:
            change_path(line.known, self._path(line))
            return line.known
        wanted = self._wanted(line)
        return resolve_anew(
            line.known,
            self._path(line),
            goal=wanted.goal,
            base=wanted.base,
            deadline=None if wanted.deadline == line.known.due_on else wanted.deadline,
            decision=line.decision,
            reason=wanted.edition_reason,
            part_of=self._whole_of(line),
        )

    def check_written(self, lines: list[Line]) -> None:
        """Refuse parts that do not come to the goal of their whole, unless the file says that they may."""
        given: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if line.obj.part_of_id and line.decision is not None:
                given[line.obj.part_of_id].append(line)
        wholes = Target.objects.select_related("unit").in_bulk(given)
        for key, some in given.items():
            whole = Target.objects.editions_of(wholes[key]).first()
            parts = Target.objects.parts_of(whole).latest_editions().values_list("goal", flat=True)
            summed = Sum(sum(parts), whole.goal)
            if summed.difference and not any(line.as_it_is for line in some):
                said = _("Correct the goals, or write x in the column “%(column)s”.") % {
                    "column": self.by_key["as_it_is"].header
                }
                for line in some:
                    line.fault("goal", f"{summed.words} {said}")


def _names(unit: Unit, above: Unit) -> dict[str, str]:
    return {"unit": str(unit), "above": str(above)}


def _key_of(target: Target) -> tuple:
    return target.unit_id, target.term, target.figure, target.title_id, target.is_part


def _row(target: Target, label: str) -> dict:
    steps = target.steps.all()
    return {
        "records": ((Target, target.pk), *((TargetStep, step.pk) for step in steps)),
        "unit_code": target.unit.code,
        "unit": target.unit.full_name,
        "what": label,
        "term": target.term,
        "goal": target.goal,
        "base": target.base,
        "deadline": target.due_on,
        "path": target.path or None,
        "part_of": str(target.part_of.unit) if target.part_of else None,
        **decision_row(target.resolution),
        "reason": target.edition_reason or None,
        "edition": target.edition,
    }
