"""The rows of one new hamlet, taken together: which hamlets go into it, what it is called, what contradicts."""

from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from accounts.sheet_lines import Line as SheetLine
from accounts.sheet_lines import Refusal
from cells.columns import DECISION_KEYS
from cells.lookups import not_found
from cells.models import Line, LineKind, Unit
from cells.names import Names, words_of
from desk.reorganisation.drafting.rules import DraftLine
from desk.reorganisation.drafting.sheet_columns import parts_of
from desk.reorganisation.wording import kind_and_name
from sheets.text import fold, lower_first

# The cause of what is wrong with a row only because another row of its new hamlet is.
WAITS_FOR_ANOTHER = "waits_for_another_row"


@dataclass(eq=False)
class Group:
    """All rows of one new hamlet: what goes into it, the line they draft, and the one that is written."""

    commune: Unit
    lines: list[SheetLine] = field(default_factory=list)
    old: list[tuple[SheetLine, Unit]] = field(default_factory=list)
    draft: DraftLine | None = None
    obj: Line | None = None

    @property
    def first(self) -> SheetLine:
        return self.lines[0]

    @property
    def is_good(self) -> bool:
        return not any(line.faults for line in self.lines)


def noted(line: SheetLine, key: str, act, *args, **kwargs):
    """Return what the act gives; what it refuses is noted at the column."""
    try:
        return act(*args, **kwargs)
    except ValidationError as error:
        line.fault(key, error)
    return None


def refuse_contradiction(line: SheetLine, first: SheetLine) -> None:
    if words_of(line["new"]) != words_of(first["new"]):
        line.fault(
            "new",
            _("Row %(row)d writes this name as “%(name)s”. Write it in one way.")
            % {"row": first.number, "name": first["new"]},
        )
    if line.day != first.day or any(line[key] != first[key] for key in ("kind", *DECISION_KEYS)):
        line.fault(
            NON_FIELD_ERRORS,
            _("Day, kind or decision differ from row %(row)d, which names the same new hamlet.")
            % {"row": first.number},
        )


def hamlets_of_row(line: SheetLine, names: Names) -> list[Unit]:
    """Return the old hamlets of the row; those that cannot be found are noted, each with its nearest."""
    # A comma may stand in the name of one hamlet.
    whole = line["old"] is not None and "\n" not in line["old"] and names.named(line["old"])
    parts = [line["old"]] if whole else parts_of(line["old"] or "")
    return [
        found
        for place in range(len(parts))
        if (found := noted(line, "old", _hamlet, line, names, parts, place)) is not None
    ]


def _hamlet(line: SheetLine, names: Names, parts: list[str], place: int) -> Unit:
    name = parts[place]
    try:
        hamlet = names.with_code(name) or names.with_name(name)
        if hamlet is None:
            raise not_found(name, where=lower_first(str(line.home)), nearest=names.nearest(name))
    except Refusal as refusal:
        # What may stand in the cell instead names its other hamlets as well.
        instead = [", ".join([*parts[:place], other, *parts[place + 1 :]]) for other in refusal.nearest]
        raise Refusal(" ".join(refusal.messages), cause=refusal.cause, nearest=instead) from None
    return hamlet


def new_hamlet_of(group: Group, old: list[Unit]) -> tuple[str, str]:
    """Return kind and name of the new hamlet; the kind as written, else that of all old ones."""
    line = group.first
    said_kind, own_name = kind_and_name(line["new"])
    kind = line["kind"] or ("" if "kind" in line.faults else said_kind)
    if not kind and "kind" not in line.faults:
        kinds = {hamlet.kind for hamlet in old}
        kind = kinds.pop() if len(kinds) == 1 else ""
        if not kind and old:
            line.fault("kind", _("The old hamlets are of several kinds. Enter the kind of the new one."))
    return kind, own_name if said_kind and said_kind == kind else line["new"]


def let_wait(lines: list[SheetLine], groups: list[Group]) -> None:
    """Note at the good rows of a new hamlet that a faulty row is of it as well, or may be."""
    # In which commune a row stands may be its very fault: all new hamlets of that name wait for it.
    homeless = {fold(line["new"]): line for line in lines if line.group is None and line["new"]}
    unnamed = [line for line in lines if line["new"] is None]
    for group in groups:
        there = [line for line in unnamed if line.home in (None, group.commune)]
        if faulty := [line for line in group.lines if line.faults]:
            _wait(group, _same_hamlet(faulty[0]))
        elif other := homeless.get(fold(group.first["new"])):
            _wait(group, _same_hamlet(other))
        elif there:
            said = _("Row %(row)d, whose new name cannot be read, has to be corrected first.")
            _wait(group, said % {"row": there[0].number})


def _same_hamlet(line: SheetLine) -> str:
    return _("Row %(row)d, which names the same new hamlet, has to be corrected first.") % {
        "row": line.number
    }


def _wait(group: Group, sentence: str) -> None:
    for line in group.lines:
        if not line.faults:
            line.fault(NON_FIELD_ERRORS, Refusal(sentence, cause=WAITS_FOR_ANOTHER))


def facts_of_draft(draft: DraftLine) -> tuple:
    units = frozenset((unit.pk, part) for unit, part in draft.units)
    return (
        draft.kind,
        draft.on,
        draft.decision and draft.decision.pk,
        draft.unit and draft.unit.pk,
        draft.unit_kind,
        draft.name,
        units,
    )


def facts_of_line(line: Line) -> tuple:
    units = frozenset((source.unit_id, source.part) for source in line.sources.all())
    # What a founded unit is called once it stands is the line's too.
    unit = line.unit_id if line.kind == LineKind.ABSORB else None
    return line.kind, line.on, line.decision_id, unit, line.unit_kind, line.name, units
