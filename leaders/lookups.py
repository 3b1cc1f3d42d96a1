"""Finding people by what a workbook says of them: by number, else by name and birth date.

One name is borne by several people: who of them is meant is asked back with their numbers, which may
stand in the place of the name.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches
from accounts.sheet_lines import Line, Refusal
from cells.lookups import not_found, your_scope
from cells.models import Unit
from cells.names import words_of
from leaders.columns import PERSON_NUMBER
from leaders.models import Person
from sheets.dates import PartialDate
from sheets.text import fold

MOST_SHOWN = 5


def number_of(person: Person) -> str:
    """Return what our lists call a person: "N12"."""
    return f"N{person.pk}"


def take_number_for_name(line: Line) -> None:
    """Where a number stands in the place of the name, it is the number."""
    found = PERSON_NUMBER.fullmatch(line["full_name"] or "")
    if found:
        del line.values["full_name"]
        line.values["person"] = int(found[1])


def may_be_one_day(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Say whether two dates agree in all that is known of both."""
    if one is None or other is None:
        return True
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(mine is None or yours is None or mine == yours for mine, yours in pairs)


def says_less(one: PartialDate, other: PartialDate) -> bool:
    """Say whether of one date less is known than of the other."""
    return sum(part is not None for part in (one.month, one.day)) < sum(
        part is not None for part in (other.month, other.day)
    )


def is_one_name(one: str, other: str) -> bool:
    """Say whether two names of people are one: with the same marks, or one of them wholly without.

    Hoa is not Hòa, unless who wrote it uses no marks at all.
    """
    mine, yours = words_of(one), words_of(other)
    return mine == yours or (fold(one) == fold(other) and (mine == fold(mine) or yours == fold(yours)))


def choose(people: Iterable[Person], name: str, born: PartialDate | None) -> Person | None:
    """Return the one who bears this name, or none; refuse several."""
    alike = [person for person in people if is_one_name(name, person.full_name)]
    alike = [person for person in alike if may_be_one_day(person.born, born)]
    if born is not None and len(alike) > 1:
        # Those of whom the date is known go before those of whom it is not.
        alike = [person for person in alike if person.born is not None] or alike
    if len(alike) > 1:
        shown = [f"{number_of(person)} {person.choice_label}" for person in alike[:MOST_SHOWN]]
        raise Refusal(
            _("Several people bear this name: %(people)s. Enter the number.") % {"people": ", ".join(shown)},
            cause=_("Several people bear this name"),
            nearest={number_of(person): person.choice_label for person in alike[:MOST_SHOWN]},
        )
    return alike[0] if alike else None


class People:
    """The people that lines name: by number among those a user sees, by name among those the user keeps.

    ``only_kept`` leaves out by number as well whose record others keep.
    """

    def __init__(self, user, lines: Iterable[Line], *, only_kept: bool = False):
        self._user = user
        kept = Person.objects.kept_by(user).select_related("keeper__province")
        seen = kept if only_kept else Person.objects.visible_to(user).select_related("keeper__province")
        lines = list(lines)
        for line in lines:
            take_number_for_name(line)
        self._by_number: dict[int, Person] = {}
        for some in batches(sorted({line["person"] for line in lines if line["person"]}), 1000):
            self._by_number |= seen.in_bulk(some)
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        names = {fold(line["full_name"]) for line in lines if line["full_name"] and not line["person"]}
        for some in batches(sorted(names), 500):
            for person in kept.filter(search_key__in=some):
                self._by_name[person.search_key].append(person)

    def find(self, line: Line, *, commune: Unit | None = None) -> Person | None:
        """Return whom the line names, by name among those of the commune where one is given; note faults."""
        if line["person"] is not None:
            return self._by_its_number(line)
        try:
            person = self.named(line["full_name"], born=line["born"], commune=commune)
            if person is None:
                raise not_found(line["full_name"], where=commune or your_scope())
        except ValidationError as error:
            line.fault("full_name", error)
            return None
        return person

    def named(
        self, name: str, *, born: PartialDate | None = None, commune: Unit | None = None
    ) -> Person | None:
        """Return who bears this name, if anybody does; refuse several."""
        bearers = self._by_name[fold(name)]
        # A commune that was closed keeps no records any more: they went where it went.
        if commune is not None and commune.closed_on is None:
            bearers = [person for person in bearers if person.keeper_id == commune.pk]
        return choose(bearers, name, born)

    def bearing(self, name: str) -> list[Person]:
        """Return those who bear this name, whenever they were born."""
        bearers = [person for person in self._by_name[fold(name)] if is_one_name(name, person.full_name)]
        return bearers[:MOST_SHOWN]

    def refuse_kept_elsewhere(self, lines: Iterable[Line]) -> None:
        """Note at these lines, whose people are found, that only who keeps the record enters what they say."""
        lines, kept = list(lines), set()
        for some in batches(sorted({line.who.pk for line in lines}), 1000):
            kept |= set(Person.objects.kept_by(self._user).filter(pk__in=some).values_list("pk", flat=True))
        for line in lines:
            if line.who.pk not in kept:
                line.fault("person", not_found(number_of(line.who), where=your_scope()))

    def _by_its_number(self, line: Line) -> Person | None:
        person = self._by_number.get(line["person"])
        if person is None:
            line.fault("person", not_found(f"N{line['person']}", where=your_scope()))
        elif line["full_name"] is not None and fold(line["full_name"]) != person.search_key:
            line.fault(
                "person",
                _("%(number)s is %(person)s, not “%(name)s”. Correct one of the two.")
                % {"number": number_of(person), "person": person, "name": line["full_name"]},
            )
        return person


def drop_person(line: Line) -> None:
    """The words by which a person was found are no change of the row."""
    for key in ("person", "full_name", "born"):
        line.values.pop(key, None)
