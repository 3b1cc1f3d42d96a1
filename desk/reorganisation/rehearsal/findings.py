"""What a rehearsal shows: one finding for each thing people ask before they sign."""

from dataclasses import dataclass, field
from datetime import date

from cells.fates import Case
from cells.models import Line
from sheets.writing import Column


@dataclass
class Finding:
    """One question of the rehearsal, its number, the list behind it, and the cases to decide.

    Rows are plain values by column key; ``<key>_url`` leads to the record.
    """

    code: str
    title: str
    columns: list[Column]
    rows: list[dict]
    cases: list[Case] = field(default_factory=list)
    # What the number means, where the rows alone do not say it: "1.204 + 1.187 = 2.391 hộ".
    note: str = ""

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def open_cases(self) -> list[Case]:
        return [case for case in self.cases if case.is_open]


@dataclass
class Step:
    """The lines of one day, and what they bring about."""

    day: date
    lines: list[Line]
    findings: list[Finding]


class Cases:
    """What is asked in the steps of a rehearsal, be it made just now or kept as words."""

    steps: list

    @property
    def cases(self) -> list[Case]:
        return [case for step in self.steps for finding in step.findings for case in finding.cases]

    @property
    def open_cases(self) -> list[Case]:
        return [case for case in self.cases if case.is_open]


@dataclass
class Rehearsal(Cases):
    """The application of an event, as it went before it was rolled back."""

    steps: list[Step] = field(default_factory=list)
    # Why it cannot be done, each a sentence; findings may be missing then.
    problems: list[str] = field(default_factory=list)
