"""Which column of a table is which field of a form, and which form a table looks like.

A column is known by its exact heading alone, see ``sheets.headwords``: never by a prefix and
never by a likeness. What is not known becomes a question, with the likely fields beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sheets.forms import Form
from sheets.headings import PATH_SEPARATOR
from sheets.headwords import is_same_without_marks, path_key, without_marks
from sheets.places import column_letters
from sheets.tables import Table
from sheets.text import fold

LEAVE_OUT = ""  # the answer for a column that nobody needs

_SURE = 0.6
_APART = 0.15
_TITLE_IS_WORTH = 0.15


@dataclass(frozen=True)
class Question:
    """A column that somebody has to say the meaning of.

    ``unknown``: no field has this heading. ``ambiguous``: several have. ``doubled``: another column
    of the table has the same. ``key`` names the column in answers; ``candidates`` are likely
    fields, none of them taken.
    """

    key: str
    column: int
    label: str
    why: Literal["unknown", "ambiguous", "doubled", "nameless"]
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapped:
    """The columns of a table by field, with what is left out and what has to be asked."""

    table: Table
    form: Form
    columns: Mapping[str, int]
    left_out: tuple[int, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    keys: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Say whether the table can be read: nothing to ask, nothing missing."""
        return not self.questions and not self.missing

    @cached_property
    def answers(self) -> dict[str, str]:
        """Return what would lead to this mapping again, to be kept for the next file of the same look."""
        fields = {column: key for key, column in self.columns.items()}
        return {self.keys[column]: fields.get(column, LEAVE_OUT) for column in {*fields, *self.left_out}}


@dataclass(frozen=True)
class Guess:
    """How well a table fits a form, from 0 to 1."""

    form: Form
    mapped: Mapped
    score: float


@dataclass(frozen=True)
class Recognition:
    """The forms that a table may be, the likeliest first."""

    guesses: tuple[Guess, ...]

    @property
    def best(self) -> Guess | None:
        return self.guesses[0] if self.guesses else None

    @property
    def is_sure(self) -> bool:
        """Say whether nobody needs to be asked: the best has all it needs and leads by far.

        It does so too where it alone understands every heading.
        """
        if not self.guesses or self.guesses[0].score < _SURE or self.guesses[0].mapped.missing:
            return False
        if [guess for guess in self.guesses if guess.mapped.is_settled] == [self.guesses[0]]:
            return True
        return len(self.guesses) == 1 or self.guesses[0].score - self.guesses[1].score >= _APART


def map_columns(table: Table, form: Form, answers: Mapping[str, str] | None = None) -> Mapped:
    """Return which column is which field.

    ``answers`` say it for columns by their keys: the key of a field, or ``LEAVE_OUT``. They go
    before what the heading says, and one of another form or file does no harm.
    """
    keys = _keys(table)
    filled = {
        column for line in table.rows for column, value in enumerate(line.values, 1) if value is not None
    }
    filled |= {place.column for place in table.sheet.unread if place.row > table.header.bottom}
    choice = _Choice(form, answers or {})
    for column, (key, label, compared) in keys.items():
        choice.take(column, key, label, compared, is_filled=column in filled, order=table.header.order_column)
    return choice.mapped(table, {column: key for column, (key, _, _) in keys.items()})


def recognise(table: Table, forms: Iterable[Form]) -> Recognition:
    """Say which of the forms the table looks like."""
    guesses = [_guess(table, form) for form in forms]
    return Recognition(tuple(sorted(guesses, key=lambda guess: -guess.score)))


def _guess(table: Table, form: Form) -> Guess:
    mapped = map_columns(table, form)
    asked = len(mapped.questions)
    needs = form.needs
    has = 1 - len(mapped.missing) / len(needs) if needs else float(bool(mapped.columns))
    understood = len(mapped.columns) / (len(mapped.columns) + asked) if mapped.columns else 0
    above = f" {fold(' '.join(table.title_lines))} "
    titled = any(f" {fold(title)} " in above for title in form.titles)
    score = (0.55 * has + 0.45 * understood) * (1 - _TITLE_IS_WORTH) + _TITLE_IS_WORTH * titled
    return Guess(form, mapped, round(score if mapped.columns else 0, 3))


def _keys(table: Table) -> dict[int, tuple[str, str, str]]:
    """Return for each column its key in answers, what people read, and what is compared."""
    named = {heading.column: (heading.label, path_key(heading.path)) for heading in table.headings}
    named |= {column: (column_letters(column), "") for column in table.nameless}
    times: Counter[str] = Counter()
    found = {}
    for column, (label, compared) in sorted(named.items()):
        key = without_marks(path_key(label.split(PATH_SEPARATOR))) if compared else f"#{label}"
        times[key] += 1
        found[column] = (key if times[key] == 1 else f"{key} #{times[key]}", label, compared)
    return found


class _Choice:
    def __init__(self, form: Form, answers: Mapping[str, str]):
        self.form = form
        self.answers = {key: to for key, to in answers.items() if to == LEAVE_OUT or to in form.by_key}
        self.passed_over = {path_key(head.split(PATH_SEPARATOR)) for head in form.passed_over}
        self.taken: dict[str, list[tuple[int, str, str]]] = {}
        self.answered: set[str] = set()
        self.left_out: list[int] = []
        self.questions: list[Question] = []

    def take(self, column: int, key: str, label: str, compared: str, *, is_filled: bool, order: int | None):
        if key in self.answers:
            to = self.answers[key]
            if to == LEAVE_OUT:
                self.left_out.append(column)
            else:
                self.taken.setdefault(to, []).append((column, key, label))
                self.answered.add(key)
            return
        fields = self._fields_named(compared)
        if len(fields) == 1:
            self.taken.setdefault(fields[0], []).append((column, key, label))
        elif len(fields) > 1:
            self.questions.append(Question(key, column, label, "ambiguous", fields))
        elif column == order or not is_filled or self._is_passed_over(compared):
            self.left_out.append(column)
        else:
            why = "unknown" if compared else "nameless"
            self.questions.append(Question(key, column, label, why, self._likely(compared)))

    def mapped(self, table: Table, keys: dict[int, str]) -> Mapped:
        columns: dict[str, int] = {}
        for to, takers in self.taken.items():
            # What somebody has said goes before what a heading says.
            stated = [taker for taker in takers if taker[1] in self.answered] or takers
            if len(stated) == 1:
                columns[to] = stated[0][0]
            rest = takers if len(stated) > 1 else [taker for taker in takers if taker != stated[0]]
            self.questions += [Question(key, column, label, "doubled", (to,)) for column, key, label in rest]
        asked = {to for question in self.questions if question.why == "doubled" for to in question.candidates}
        missing = tuple(
            group for group in self.form.needs if not any(to in columns or to in asked for to in group)
        )
        questions = tuple(sorted(self.questions, key=lambda question: question.column))
        return Mapped(table, self.form, columns, tuple(self.left_out), questions, missing, keys)

    def _fields_named(self, compared: str) -> tuple[str, ...]:
        """Return the fields with this heading; one written with the same marks goes before the others."""
        if not compared:
            return ()
        exact = tuple(one.key for one in self.form.fields if compared in one.keys)
        return exact or tuple(
            one.key
            for one in self.form.fields
            if any(is_same_without_marks(compared, key) for key in one.keys)
        )

    def _is_passed_over(self, compared: str) -> bool:
        return any(compared == key or is_same_without_marks(compared, key) for key in self.passed_over)

    def _likely(self, compared: str) -> tuple[str, ...]:
        """Return fields worth offering: those that share the last words of the heading, whatever its marks."""
        if not compared:
            return ()
        mine = without_marks(compared)
        last = mine.rpartition(" / ")[2]
        return tuple(
            one.key
            for one in self.form.fields
            if any(
                without_marks(key) == mine or without_marks(key).rpartition(" / ")[2] == last
                for key in one.keys
            )
        )
