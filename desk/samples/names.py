"""Synthetic people: names by chance from common ones, the same with every load."""

import json
from datetime import date
from pathlib import Path
from random import Random

from cells.models import Unit
from leaders.models import Gender, MembershipStatus, Person, Precision, TheoryLevel

DATA = Path(__file__).resolve().parent / "data"


class People:
    """Makes up people, one after the other."""

    def __init__(self, seed: int):
        self.seed = seed
        self.chance = Random(seed)  # noqa: S311 - nothing secret hangs on it
        self.names = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
        self.made = 0

    def member(self, keeper: Unit) -> Person:
        """Make up a Party member whose record this commune keeps."""
        person = self.anybody(keeper)
        admitted = self.chance.randint(person.born_on.year + 20, 2014)
        person.membership = MembershipStatus.YES
        person.admitted_on = date(admitted, self.chance.randint(1, 12), self.chance.randint(1, 28))
        person.official_on = person.admitted_on.replace(year=admitted + 1)
        person.admitted_on_precision = person.official_on_precision = Precision.DAY
        person.theory_level = self.chance.choice((TheoryLevel.PRIMARY, TheoryLevel.INTERMEDIATE))
        return person

    def no_member(self, keeper: Unit) -> Person:
        """Make up somebody outside the Party."""
        person = self.anybody(keeper)
        person.membership = MembershipStatus.NO
        return person

    def anybody(self, keeper: Unit) -> Person:
        gender = Gender.FEMALE if self.chance.random() < 0.3 else Gender.MALE
        words = [self.names["family"], self.names[f"{gender}_middle"], self.names[f"{gender}_given"]]
        self.made += 1
        person = Person(
            full_name=" ".join(self.chance.choice(some) for some in words),
            gender=gender,
            education="12/12",
            phone=self._phone(),
            keeper=keeper,
            is_synthetic=True,
        )
        self._bear(person)
        return person

    def _phone(self) -> str:
        """Return a number that nobody has, another one for everybody."""
        block, number = divmod(self.made, 1000)
        return f"0900 {(self.seed * 7 + block) % 1000:03} {number:03}"

    def _bear(self, person: Person):
        """Many papers give only the year of birth."""
        year = self.chance.randint(1958, 1990)
        if self.chance.random() < 0.3:
            person.born_on, person.born_on_precision = date(year, 1, 1), Precision.YEAR
        else:
            person.born_on = date(year, self.chance.randint(1, 12), self.chance.randint(1, 28))
            person.born_on_precision = Precision.DAY
