"""The criteria of one case, row by row: who looks after each, its own points, those of the appraisal.

Rows are made when something is entered first, so that registering a hundred cells writes a hundred rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.asked import key_in
from accounts.history import create_many, update_many
from accounts.typed import Unreadable, text_of
from accounts.validation import CleanFields
from evaluations.models import CaseCriterion, Criterion, TitleCase
from evaluations.titling.score import Score, score_of
from leaders.models import Person
from sheets.errors import SheetError
from sheets.numbers import parse_decimal
from sheets.text import nfc

State = TitleCase.State
ASSIGNED = ("in_charge_id", "organisation", "self_points")
APPRAISED = ("appraised_points", "remark")
# Who looks after a criterion may change as long as the title is worked for or kept; points are closed earlier.
OPEN_IN = {
    "in_charge_id": frozenset({State.REGISTERED, State.APPRAISED, State.RECOGNISED}),
    "organisation": frozenset({State.REGISTERED, State.APPRAISED, State.RECOGNISED}),
    "self_points": frozenset({State.REGISTERED}),
    "appraised_points": frozenset({State.REGISTERED}),
    "remark": frozenset({State.REGISTERED}),
}


@dataclass
class Row:
    """A criterion with what is entered for it, and what somebody typed that is not saved."""

    criterion: Criterion
    entered: CaseCriterion
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""
    is_saved: bool = False

    @property
    def key(self) -> str:
        return f"c{self.criterion.pk}"

    @property
    def mark(self) -> int:
        """The revision as it is read; 0 where nothing was entered yet."""
        return self.entered.revision if self.entered.pk else 0

    def text(self, name: str) -> str:
        if name in self.typed:
            return self.typed[name]
        return text_of(getattr(self.entered, name))


def rows_of(case: TitleCase) -> list[Row]:
    """Return every criterion of the case in its order; two queries."""
    if case.criteria_set_id is None:
        return []
    entered = CaseCriterion.objects.filter(case=case).select_related("in_charge")
    known = {row.criterion_id: row for row in entered}
    criteria = Criterion.objects.filter(criteria_set=case.criteria_set_id).select_related("criteria_set")
    rows = []
    for criterion in criteria:
        row = known.get(criterion.pk) or CaseCriterion(case=case)
        row.criterion = criterion
        rows.append(Row(criterion, row))
    return rows


def score_of_rows(case: TitleCase, rows: Iterable[Row]) -> Score:
    rows = list(rows)
    entered = {(case.pk, row.criterion.pk): row.entered for row in rows}
    return score_of(case, [row.criterion for row in rows], entered)


def open_fields(case: TitleCase, names: Iterable[str]) -> list[str]:
    """Return which of the fields may be entered in the state the case is in."""
    return [name for name in names if case.state in OPEN_IN[name]]


def _read_points(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        points = parse_decimal(text)
    except SheetError as error:
        raise Unreadable(
            _("“%(value)s” is no number of points. Enter a number, for example 8,5.") % {"value": text}
        ) from error
    # How large it is comes first: what has too many digits cannot be rounded.
    if abs(points) > 9999 or points != points.quantize(Decimal("0.1")):
        raise Unreadable(_("Points have at most one decimal, for example 8,5."))
    return points


def readers(people) -> dict[str, Callable]:
    """Return how each field is read; ``people`` are those who may be chosen."""

    def read_person(text: str) -> int | None:
        if not text:
            return None
        key = key_in(text)
        if key is None or not people.filter(pk=key).exists():
            raise Unreadable(_("Choose somebody from the list."))
        return key

    return {
        "in_charge_id": read_person,
        "organisation": nfc,
        "self_points": _read_points,
        "appraised_points": _read_points,
        "remark": nfc,
    }


@transaction.atomic
def save_rows(case: TitleCase, names: Iterable[str], posted: Mapping[str, str], *, user) -> list[Row]:
    """Save each row that is still as it was read and without fault; tell of the others why not.

    ``posted`` names fields "c12-self_points" and marks "c12-mark". The case is locked first, so two who enter
    something for a criterion for the first time stand in line.
    """
    current = TitleCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    names = open_fields(current, names)
    if not names:
        raise ValidationError(
            _("The case is %(state)s. Its points are closed.") % {"state": current.get_state_display()}
        )
    rows, fields = rows_of(current), CleanFields()
    read = readers(Person.objects.visible_to(user))
    changed = [row for row in rows if _take(row, names, posted, read, fields)]
    for row in changed:
        if row.entered.pk:
            row.entered.revision += 1
    known = [row.entered for row in changed if row.entered.pk]
    update_many(CaseCriterion, known, [*(name.removesuffix("_id") for name in names), "revision"])
    create_many(CaseCriterion, [row.entered for row in changed if not row.entered.pk])
    _tell_who_was_first(rows)
    return rows


def _take(row: Row, names: list[str], posted, read, fields: CleanFields) -> bool:
    """Take what was typed into the row; return whether it is to be written."""
    values = {}
    for name in names:
        text = posted.get(f"{row.key}-{name}")
        if text is None:
            continue
        text = text.strip()
        try:
            value = _same_or_read(row, name, text, read[name])
        except Unreadable as fault:
            row.faults[name], row.typed[name] = [str(fault)], text
            continue
        if value != getattr(row.entered, name):
            values[name], row.typed[name] = value, text
    if not values:
        return False
    if posted.get(f"{row.key}-mark") != str(row.mark):
        row.conflict = _("Somebody has changed this row after it was opened here.")
        return False
    before = {name: getattr(row.entered, name) for name in values}
    for name, value in values.items():
        setattr(row.entered, name, value)
    try:
        fields.clean(row.entered, editable_only=True)
        row.entered.clean()
    except ValidationError as error:
        for name, said in error.error_dict.items():
            row.faults.setdefault(name, []).extend(ValidationError(said).messages)
    if row.faults:
        for name, value in before.items():
            setattr(row.entered, name, value)
        return False
    row.typed, row.is_saved = {}, True
    return True


def _same_or_read(row: Row, name: str, text: str, reader: Callable):
    """What stands there already is not looked up again: its person may be out of sight of who saves."""
    return getattr(row.entered, name) if text == row.text(name) else reader(text)


def _tell_who_was_first(rows: list[Row]) -> None:
    """Say in each conflict who has changed the row meanwhile, and when."""
    late = {row.entered.pk: row for row in rows if row.conflict and row.entered.pk}
    if not late:
        return
    history = CaseCriterion.history.filter(id__in=list(late)).select_related("change_set")
    for change in history.order_by("history_id"):
        late[change.id].conflict = _(
            "%(who)s changed this row at %(time)s, after it was opened here. Compare, then save again."
        ) % {
            "who": change.change_set.by_name or _("Somebody"),
            "time": f"{timezone.localtime(change.history_date):%H:%M}",
        }
