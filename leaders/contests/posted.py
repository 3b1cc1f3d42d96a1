"""Reading what was typed about contests: into facts and candidates where it can be read, into faults where it cannot."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cells.models import Unit
from leaders.contests.grid import TEXTS, Line, Row
from leaders.contests.results import Stood
from leaders.lookups import choose
from leaders.models import Contest, ContestOffice, Person
from leaders.models.people import validate_name
from sheets.errors import SheetError
from sheets.numbers import parse_count
from sheets.text import fold, nfc

NUMBER = re.compile(r"(?:^|[\s·])N([0-9]{1,15})\s*$", re.IGNORECASE)
Outcome, Method = Contest.Outcome, Contest.Method


@dataclass
class Entry:
    """What was entered of one contest."""

    row: Row
    seen: int
    # The doubts that were answered with a tick, as they were told.
    sure: str
    facts: dict
    stood: list[Stood]
    is_only_planned: bool = False


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValidationError(_("This is not a day. Enter day, month and year.")) from None


def _read_count(text: str) -> int | None:
    try:
        count = parse_count(text) if text else None
    except SheetError:
        count = -1
    if count is not None and not 0 <= count <= 1_000_000:
        raise ValidationError(
            _("“%(value)s” is no count. Enter a whole number, for example 12.") % {"value": text}
        )
    return count


def _one_of(choices) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and text not in choices:
            raise ValidationError(_("Choose from the list."))
        return text

    return read


READERS: dict[str, Callable] = {
    **dict.fromkeys(("planned_on", "held_on"), _read_day),
    **dict.fromkeys(("entitled", "present", "ballots"), _read_count),
    "method": _one_of(Method.values),
    "outcome": _one_of((Outcome.HELD, Outcome.FAILED)),
}


# What a page answers where a name is nobody's who has a record.
NEW = "new"
MOST_NEAREST, ALIKE = 3, 0.75


class Names:
    """The people that fields name: by the number behind the name, or by the name among those of the commune."""

    def __init__(
        self, user, commune: Unit | None, texts: Iterable[str], contests: Iterable[Contest | None] = ()
    ):
        """``contests`` are those on the page: who stands there is known wherever the record is kept by now."""
        self._user, self._commune = user, commune
        texts = [text for text in texts if text]
        numbers = {int(found[1]) for text in texts if (found := NUMBER.search(text))}
        self._by_number = Person.objects.visible_to(user).in_bulk(numbers) if numbers else {}
        if unseen := numbers - self._by_number.keys():
            recorded = [contest.pk for contest in contests if contest is not None]
            standing = Person.objects.filter(candidacies__contest__in=recorded).distinct()
            self._by_number |= standing.in_bulk(unseen)
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        names = {fold(text) for text in texts if not NUMBER.search(text)}
        if names and commune is not None:
            for person in Person.objects.visible_to(user).filter(keeper=commune, search_key__in=names):
                self._by_name[person.search_key].append(person)

    def find(self, text: str) -> tuple[Person | None, str]:
        """Return the person, or the name of somebody without a record; raise ValidationError for neither."""
        if found := NUMBER.search(text):
            person = self._by_number.get(int(found[1]))
            if person is None:
                raise ValidationError(
                    _("There is no record %(number)s in your scope.") % {"number": f"N{found[1]}"}
                )
            return person, ""
        name = nfc(text)
        person = choose(self._by_name[fold(name)], name, None)
        if person is None:
            validate_name(name)
        return person, "" if person else name

    def nearest(self, name: str) -> list[Person]:
        """Return those of the commune whose names are most like this one."""
        by_key: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.visible_to(self._user).filter(keeper=self._commune).order_by("pk"):
            by_key[person.search_key].append(person)
        close = get_close_matches(fold(name), by_key, n=MOST_NEAREST, cutoff=ALIKE)
        return [person for key in close for person in by_key[key]][:MOST_NEAREST]


def texts_of(keys: Iterable[str], posted: Mapping[str, str]) -> list[str]:
    """Return everything that was typed as a name."""
    keys = tuple(f"{key}-{name}" for key in keys for name in ("who", "answer"))
    return [text for name, text in posted.items() if name.startswith(keys)]


def take(row: Row, posted: Mapping[str, str], names: Names, *, always: bool = False) -> Entry | None:
    """Return what was entered in the row, None where nothing was (unless it is wanted ``always``).

    Faults and what was typed stay on the row.
    """
    touched = read_into(row, posted)
    if not (always or touched or any(line.is_touched for line in row.lines)):
        return None
    facts = _facts(row)
    stood = _stood(row, names, is_offered=not touched - {"planned_on"})
    if row.is_refused:
        return None
    _say_outcome(row, facts, stood)
    is_only_planned = touched <= {"planned_on"} and not stood
    is_as_read = posted.get(f"{row.key}-mark") == row.mark
    sure = posted.get(f"{row.key}-sure", "")
    return Entry(row, row.seen if is_as_read else -1, sure, facts, stood, is_only_planned)


def read_into(row: Row, posted: Mapping[str, str]) -> set[str]:
    """Put what was typed into the fields of the row; return which of its texts are others than before."""
    before = dict(row.texts)
    row.texts = {name: posted.get(f"{row.key}-{name}", row.texts[name]).strip() for name in TEXTS}
    for line in row.lines:
        line.who = posted.get(f"{row.key}-who{line.number}", line.who).strip()[:200]
        line.votes = posted.get(f"{row.key}-votes{line.number}", line.votes).strip()[:20]
        line.office = posted.get(f"{row.key}-office{line.number}", line.office)
        line.elected = f"{row.key}-elected{line.number}" in posted
        line.asked = posted.get(f"{row.key}-asked{line.number}", "").strip()[:200]
        line.answer = posted.get(f"{row.key}-answer{line.number}", "").strip()[:200]
    return {name for name in TEXTS if row.texts[name] != before[name]}


def _facts(row: Row) -> dict:
    facts = {}
    for name, read in READERS.items():
        try:
            facts[name] = read(row.texts[name])
        except ValidationError as error:
            row.faults[name] = " ".join(error.messages)
    return facts


def _stood(row: Row, names: Names, *, is_offered: bool) -> list[Stood]:
    """Return who stood. Whom the page only offers has not stood while nothing else is entered."""
    stood = []
    for line in row.lines:
        if is_offered and not line.is_touched and row.is_open:
            continue
        if not line.who:
            if line.votes or line.elected:
                line.faults["who"] = _("Enter whose result this is.")
            continue
        try:
            person, name = _find(line, names)
        except ValidationError as error:
            line.faults["who"] = " ".join(error.messages)
            continue
        try:
            votes = _read_count(line.votes)
        except ValidationError as error:
            line.faults["votes"] = " ".join(error.messages)
            continue
        office = line.office if line.office in ContestOffice.values else ""
        stood.append(Stood(person, name, office, votes, line.elected))
        line.place = len(stood) - 1
    return stood


def _find(line: Line, names: Names) -> tuple[Person | None, str]:
    """Return who was typed. Whoever was elected gets a record only where somebody has said that it is a new person."""
    person, name = names.find(line.who)
    if person is not None or not line.elected:
        return person, name
    answer = line.answer if line.asked == line.who else ""
    if answer and answer != NEW:
        line.who = answer
        return names.find(answer)
    line.is_unknown, line.answer, line.asked = True, answer, line.who
    line.nearest = names.nearest(name)
    if not answer:
        line.question = (
            _("%(name)s has no record yet. Make a new record, or is it one of these people?")
            if line.nearest
            else _("%(name)s has no record yet. Make a new record?")
        ) % {"name": name}
    return None, name


def ask(row: Row) -> bool:
    """Put the questions that were not answered beside the names; return whether there are any.

    The rest of the row is judged all the same: everything that is wrong is told at once.
    """
    asked = [line for line in row.lines if line.question]
    for line in asked:
        line.faults["who"] = line.question
    return bool(asked)


def _say_outcome(row: Row, facts: dict, stood: list[Stood]) -> None:
    """Who marks somebody as elected has said that it was held."""
    if not facts["outcome"]:
        has_elected = any(one.elected for one in stood)
        facts["outcome"] = Outcome.HELD if facts["held_on"] and has_elected else Outcome.PLANNED


def tell(row: Row, by_field: Mapping[object, list[str]]) -> None:
    """Put what was refused beside the fields it is about."""
    for at, sentences in by_field.items():
        said = " ".join(sentences)
        if isinstance(at, tuple):
            line = next(one for one in row.lines if getattr(one, "place", None) == at[0])
            line.faults[at[1]] = said
        else:
            row.faults[at] = said
