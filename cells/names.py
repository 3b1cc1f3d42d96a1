"""What places and cells are called in workbooks: the same words, in whatever case and with their short forms.

A word may lack its marks altogether; with other marks it is another word. Nothing is found by a
prefix or a likeness, and what several rows answer to is asked back with all of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import gettext as _

from accounts.sheet_lines import Refusal
from cells.kinds import Kind, full_name
from sheets.headwords import SHORT_FORMS, heading_key, without_marks
from sheets.text import fold, nfc

MOST_SHOWN = 5
MOST_OFFERED = 3
ALIKE = 0.75  # of 1; below it a name is of something else
# A file of which so many different names are unknown is of another place: no likeness helps.
MOST_COMPARED = 300

CELL_WORD = "chi bộ"
_PLACE_WORDS = {fold(word) for word in (*Kind.labels, CELL_WORD)}
# What offices write for the word of a kind, by the folded word: {"khu pho": ("KP",)}.
SHORT_WORDS: dict[str, tuple[str, ...]] = {
    word: tuple(short.upper() for short, meaning in SHORT_FORMS.items() if fold(meaning) == word)
    for word in _PLACE_WORDS
}
# "KP3", "ấp2": the word and the number are two words, though nothing stands between them.
_GLUED = re.compile(
    r"(?<![^\W\d_])({})(?=\d)".format(
        "|".join(
            sorted(
                {
                    spelling
                    for word in (*Kind.labels, CELL_WORD)
                    for spelling in (word, fold(word), *(s.casefold() for s in SHORT_WORDS[fold(word)]))
                },
                key=len,
                reverse=True,
            )
        )
    ),
    re.IGNORECASE,
)
_KIND_OF = {short: label for label in Kind.labels for short in SHORT_WORDS[fold(label)]}
# "CB KP. 3": the words that stand first in the name of a cell or a place, with their short forms.
_FIRST_WORDS = re.compile(
    r"(?P<cell>(?:{cell}|{cell_word})\.?\s+)?(?P<kind>(?:{kinds})(?:\.\s*|\s+))?(?=\S)".format(
        cell="|".join(SHORT_WORDS[fold(CELL_WORD)]), cell_word=CELL_WORD, kinds="|".join(_KIND_OF)
    ),
    re.IGNORECASE,
)
# The longest first: "khu phố" begins with "khu".
_KIND_WORDS = sorted((fold(label).split() for label in Kind.labels), key=len, reverse=True)


@lru_cache(maxsize=50_000)
def words_of(name: str) -> str:
    """Return the words of a name with their marks, short forms written out: the form in which names are compared."""
    return heading_key(_GLUED.sub(r"\1 ", nfc(name).casefold()))


def written_out(name: str) -> str:
    """Return a name as it is recorded: "CB KP3" is "Chi bộ khu phố 3"; words in full stay as they are written."""
    name = _GLUED.sub(r"\1 ", nfc(name))
    first = _FIRST_WORDS.match(name)
    if first is None:
        return name
    cell, kind = first["cell"] or "", (first["kind"] or "").rstrip(" .").upper()
    if cell.rstrip(" .").upper() in SHORT_WORDS[fold(CELL_WORD)]:
        cell = f"{CELL_WORD.capitalize()} "
    word = f"{_KIND_OF[kind]} " if kind else ""
    return f"{cell}{word if cell else word.capitalize()}{name[first.end() :]}"


def is_spelled_alike(one: str, other: str) -> bool:
    """Say of two names of the same words whether each word has the same marks, or none in one of them."""
    return all(
        mine == yours or mine == fold(mine) or yours == fold(yours)
        for mine, yours in zip(one.split(), other.split(), strict=False)
    )


class Names:
    """Rows of one kind, found by code or by name."""

    def __init__(self):
        self.by_code: dict[str, list] = defaultdict(list)
        # What kind each place is called by.
        self.kinds: dict[object, str] = {}
        self._whole: dict[str, list[tuple[str, object]]] = defaultdict(list)
        self._shortened: dict[str, list[tuple[str, object]]] = defaultdict(list)
        self._spoken: dict[str, tuple[object, str]] = {}
        self._compared: dict[str, list[str]] = {}

    def add(self, row, *, code: str, names: Iterable[str], shortened: Iterable[str] = ()):
        """Take in a row. ``shortened`` are names by which it is meant where no other bears them as a whole."""
        self.by_code[code.upper()].append(row)
        names = list(dict.fromkeys(names))
        for kept, some in ((self._whole, names), (self._shortened, dict.fromkeys(shortened))):
            for name in some:
                words = words_of(name)
                kept[without_marks(words)].append((words, row))
                self._spoken.setdefault(
                    without_marks(words), (row, name if kept is self._whole else names[0])
                )

    def add_place(self, unit, *, code: str, kind: str, name: str):
        """Take in a unit, called with or without the word for its kind."""
        self.kinds[unit] = kind
        self.add(unit, code=code, names=[name, full_name(kind, name)], shortened=_without_kind(name, kind))

    def add_cell(self, cell, *, name: str):
        """Take in a cell, called with or without "chi bộ", or by its hamlet alone."""
        words = words_of(name).split()
        own = words_of(CELL_WORD).split()
        if not is_first(words, CELL_WORD):
            self.add(cell, code=cell.code, names=[name, f"{CELL_WORD} {name}"])
            return
        self.add(cell, code=cell.code, names=[name], shortened=_by_its_hamlet(words[len(own) :]))

    def with_code(self, code: str):
        return only(self.by_code.get(str(code).upper(), []), code)

    def with_name(self, name: str):
        """Return the row of this name; a code may stand in its place."""
        return only(self.named(name) or self.by_code.get(nfc(str(name)).upper(), []), name)

    def named(self, name: str) -> list:
        """Return all rows that are called so."""
        words = words_of(str(name))
        for kept in (self._whole, self._shortened):
            alike = [
                (other, row)
                for other, row in kept.get(without_marks(words), [])
                if is_spelled_alike(words, other)
            ]
            # Of "Tân Hoa" and "Tân Hòa" the marks tell which; who writes without marks has not told.
            exact = [row for other, row in alike if other == words] if words != without_marks(words) else []
            if alike:
                return list(dict.fromkeys(exact or [row for _words, row in alike]))
        return []

    def alike_but_for_marks(self, name: str) -> list:
        """Return the rows whose names have the same letters, whatever the marks."""
        rows = [row for _words, row in self._whole.get(without_marks(words_of(name)), [])]
        return list(dict.fromkeys(rows))

    def nearest(self, name: str) -> list[str]:
        """Return the names most like this one, each row of theirs once."""
        words = without_marks(words_of(str(name)))
        if words not in self._compared:
            if len(self._compared) >= MOST_COMPARED:
                return []
            close = get_close_matches(words, self._spoken, n=2 * MOST_OFFERED, cutoff=ALIKE)
            told_by: dict[object, str] = {}
            for row, name in (self._spoken[key] for key in close):
                told_by.setdefault(row, name)
            self._compared[words] = list(told_by.values())[:MOST_OFFERED]
        return self._compared[words]


def is_first(words: list[str], phrase: str) -> bool:
    """Say whether the words begin with this phrase, and go on after it."""
    first = fold(phrase).split()
    return len(words) > len(first) and [fold(word) for word in words[: len(first)]] == first


def _without_kind(name: str, kind: str) -> list[str]:
    words, word = words_of(name).split(), Kind(kind).label
    return [" ".join(words[len(word.split()) :])] if is_first(words, word) else []


def _by_its_hamlet(words: list[str]) -> Iterator[str]:
    """Yield what a cell is called by its hamlet: "ấp Phước Hậu", "Phước Hậu"; but no number alone."""
    yield " ".join(words)
    for kind in _KIND_WORDS:
        if is_first(words, " ".join(kind)):
            rest = " ".join(words[len(kind) :])
            if not rest.replace(" ", "").isdigit():
                yield rest
            return


def only(rows: list, what):
    """Return the one row, or none; refuse several."""
    rows = list(dict.fromkeys(rows))
    if len(rows) > 1:
        shown = ", ".join(_told_apart(row) for row in rows[:MOST_SHOWN]) + (
            " …" if len(rows) > MOST_SHOWN else ""
        )
        raise Refusal(
            _("“%(what)s” means several: %(rows)s. Enter the code.") % {"what": what, "rows": shown},
            cause=_("Several bear this name"),
            nearest={row.code: _told_apart(row) for row in rows[:MOST_SHOWN]},
        )
    return rows[0] if rows else None


def _told_apart(row) -> str:
    return f"{getattr(row, 'choice_label', row)} ({row.code})"
