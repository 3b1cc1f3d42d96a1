"""Finding people by a list of names that somebody pastes: each line is found, asked about, or not found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.sheet_lines import Line
from leaders.lookups import People
from leaders.models import Person
from sheets.dates import PartialDate, parse_date
from sheets.errors import SheetError
from sheets.text import nfc

MOST_LINES = 1000
_NUMBER = re.compile(r"^\s*[0-9]{1,4}\s*[.)/:-]?\s*(?=\D)")
_DATED = re.compile(r"(\D+?)\s+([0-9][0-9./-]*)")
_SEPARATORS = re.compile(r"\t|;|,")


@dataclass
class Found:
    """One line of the list: who is meant, or who may be."""

    number: int
    text: str
    person: Person | None = None
    # Those who bear the name, where it is borne by several: key and label.
    candidates: list[tuple[int, str]] = field(default_factory=list)
    # Nobody of the name was born in the year that stands beside it.
    is_other_year: bool = False

    @property
    def is_unknown(self) -> bool:
        return self.person is None and not self.candidates


def find_pasted(text: str, user) -> list[Found]:
    """Return what each line of the text means among the people whose records the user keeps.

    A line is a name, after it perhaps a birth date or year; the cells of a pasted table stand side by side.
    """
    lines = [Line(number, raw={"text": nfc(said)}, values=_values(said)) for number, said in _lines_of(text)]
    people = People(user, lines, only_kept=True)
    return [_found(line, people) for line in lines]


def _lines_of(text: str) -> Iterable[tuple[int, str]]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if nfc(line)]
    if len(lines) > MOST_LINES:
        raise ValidationError(
            _("The list has %(count)d lines; at most %(most)d are taken at once.")
            % {"count": len(lines), "most": MOST_LINES}
        )
    return lines


def _values(text: str) -> dict:
    said = [nfc(cell) for cell in _SEPARATORS.split(_NUMBER.sub("", text))]
    # A year may stand behind the name with nothing between them.
    cells = [part for cell in said for part in _parts(cell) if part]
    names = [cell for cell in cells if not any(sign.isdigit() for sign in cell)]
    number = next((cell for cell in cells if re.fullmatch(r"[Nn][0-9]{1,15}", cell)), None)
    values = {"full_name": number or (names[0] if names else None), "born": _born(cells)}
    return {key: value for key, value in values.items() if value is not None}


def _parts(cell: str) -> tuple[str, ...]:
    match = _DATED.fullmatch(cell)
    return match.groups() if match else (cell,)


def _born(cells: list[str]) -> PartialDate | None:
    for cell in cells:
        if any(sign.isdigit() for sign in cell):
            try:
                return parse_date(cell)
            except SheetError:
                continue
    return None


def _found(line: Line, people: People) -> Found:
    found = Found(line.number, line.raw["text"])
    if line["person"] is not None:
        found.person = people.find(line)
    elif line["full_name"] is not None:
        try:
            found.person = people.named(line["full_name"], born=line["born"])
        except ValidationError as error:
            labels = getattr(error, "labels", {})
            found.candidates = [(int(number[1:]), label) for number, label in labels.items()]
        if found.is_unknown and line["born"] is not None:
            found.candidates = [(one.pk, one.choice_label) for one in people.bearing(line["full_name"])]
            found.is_other_year = bool(found.candidates)
    return found


def chosen(found: list[Found], choices: dict[int, str]) -> tuple[list[Person], list[Found]]:
    """Return the people meant, and the lines that are still to be decided; ``choices`` are keys by line."""
    wanted, open_lines, people = {}, [], []
    for one in found:
        if one.person is not None:
            people.append(one.person)
        elif one.candidates:
            keys = {str(key) for key, _label in one.candidates}
            choice = choices.get(one.number, "")
            if choice in keys:
                wanted[one.number] = int(choice)
            elif choice != "-":
                open_lines.append(one)
    known = Person.objects.in_bulk(set(wanted.values()))
    people += [known[key] for key in wanted.values() if key in known]
    return list({person.pk: person for person in people}.values()), open_lines
