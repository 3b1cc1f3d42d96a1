"""What becomes of the things a reorganisation touches: cases, the choices each has, and what was chosen.

Whoever carries a reorganisation out asks ``Fates.choose`` for each thing that has no single
natural fate. Nothing is chosen silently: an undecided case is noted as open, and the first
option only stands in for it while the rehearsal goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    """In the order in which people go through them; hamlets are called as where they stand."""

    GOES_TO = "goes_to", _("Where what stands in a divided unit goes")
    COVERS = "covers", _("Which of the parts a cell covers")
    FOLLOWS = "follows", _("Whether the cell goes along with its hamlet")
    CELLS_MEET = "cells_meet", _("Several cells in one %(hamlets)s")
    SEAT = "seat", _("Who holds the seat")
    DEPUTY = "deputy", _("Deputies and committee members")
    TITLE = "title", _("Titles of cells that are joined or dissolved")
    TARGET = "target", _("Targets whose counted base changes")
    REVIEW = "review", _("Review entries still open")
    HOUSEHOLDS = "households", _("Household counts added up")
    MEMBERS = "members", _("Member counts added up")
    RECORDS = "records", _("Records of people whose commune is divided")
    ACCOUNT = "account", _("Accounts whose unit ends")
    OFFICER = "officer", _("Follow-up officers whose unit ends")
    SAME_NAME = "same_name", _("Hamlets of one name in one commune")


@dataclass(frozen=True)
class Option:
    """One thing that may become of a case.

    ``alike`` is what it has in common with options of other cases, so that one choice can be
    made for all of them: "the head of the larger hamlet stays".
    """

    code: str
    label: str
    alike: str = ""

    @property
    def likeness(self) -> str:
        return self.alike or self.code


@dataclass
class Case:
    """One thing with more than one possible fate."""

    kind: str
    key: str
    # What it is about, and what there is to know before choosing.
    subject: str
    options: tuple[Option, ...]
    day: date
    detail: str = ""
    url: str = ""
    chosen: Option | None = None

    @property
    def is_open(self) -> bool:
        return self.chosen is None

    @property
    def is_confirmation(self) -> bool:
        """Whether there is nothing to choose from: somebody only has to have seen it."""
        return len(self.options) == 1


@dataclass
class Fates:
    """What was chosen, and every case that asked for a choice."""

    decided: Mapping[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def choose(self, case: Case) -> str:
        """Return the code chosen for the case; the first option stands in for an open one."""
        wanted = self.decided.get(case.key)
        case.chosen = next((option for option in case.options if option.code == wanted), None)
        self.cases.append(case)
        return (case.chosen or case.options[0]).code

    def of_kind(self, kind: str) -> Iterable[Case]:
        """Return the cases of one kind, in the order in which they were asked."""
        return (case for case in self.cases if case.kind == kind)
