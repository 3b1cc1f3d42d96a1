"""One choice for many cases: which options open cases have in common, and how that is said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.fates import Case, CaseKind, Option
from leaders.models import Office

# What options that name a person or a place have in common. Those of equal words need none.
_WORDS = {
    "incumbent": gettext_lazy("who holds the seat where the others come to goes on"),
    "follow": gettext_lazy("goes along with its hamlet"),
    "successor": gettext_lazy("goes to the unit that takes over"),
    "inherit": gettext_lazy("the cell that takes over inherits the title"),
    "appraise": gettext_lazy("the cell that takes over is appraised again"),
    "stay": gettext_lazy("goes on in the unit that takes over"),
    "stays": gettext_lazy("stays where it is"),
}
_PLACED = re.compile(r"(interim|stay)(\d+)")


@dataclass
class Alike:
    """An option that several open cases of a group have, and how many they are."""

    group: str
    likeness: str
    labels: set[str] = field(default_factory=set)
    count: int = 0

    @property
    def value(self) -> str:
        return f"{self.group}|{self.likeness}"

    @property
    def label(self) -> str:
        """Say the choice for all of them; empty where it cannot be said in one sentence."""
        said = _said(self.group, self.likeness) or (next(iter(self.labels)) if len(self.labels) == 1 else "")
        office = self.group.partition(":")[2]
        return f"{Office(office).label}: {said}" if said and office else said


def group_of(case: Case) -> str:
    """Return what is decided together: cases of one kind, of seats those of one office."""
    if case.kind == CaseKind.SEAT:
        office = case.key.split(":")[1]
        return f"{case.kind}:{office}" if office in Office.values else str(case.kind)
    return str(case.kind)


def alike_in(cases: Iterable[Case]) -> list[Alike]:
    """Return the choices that more than one open case of a group has."""
    found: dict[str, Alike] = {}
    for case in cases:
        if not case.is_open:
            continue
        group = group_of(case)
        for option in case.options:
            alike = Alike(group, option.likeness)
            alike = found.setdefault(alike.value, alike)
            alike.labels.add(option.label)
            alike.count += 1
    return [alike for alike in found.values() if alike.count > 1 and alike.label]


def chosen_alike(case: Case, value: str) -> Option | None:
    """Return the option that a button for all cases alike chooses in this one, if it has it."""
    group, _bar, likeness = value.partition("|")
    if group != group_of(case):
        return None
    return next((option for option in case.options if option.likeness == likeness), None)


def _said(group: str, likeness: str) -> str:
    placed = _PLACED.fullmatch(likeness)
    if placed is None:
        return str(_WORDS.get(likeness, ""))
    way, place = placed.groups()
    words = {"place": place}
    if way == "interim":
        return _("who held it in the unit named as number %(place)s, as interim") % words
    if group == f"{CaseKind.SEAT}:{Office.SECRETARY}":
        return _("who held it in the cell named as number %(place)s is appointed") % words
    return _("who held it in the unit named as number %(place)s goes on") % words
