"""The seats of a hamlet or a cell as a page shows them: who holds each, or that it is vacant."""

from dataclasses import dataclass
from datetime import date

from cells.kinds import deputy_head_title, head_title
from cells.models import Cell, Unit
from leaders.models import SINGLE_SEATS, Office, Tenure

# These are expected in every hamlet or cell of a hamlet; others only where somebody holds them.
EXPECTED_IN_HAMLETS = (Office.HAMLET_HEAD, Office.FRONT_HEAD)
EXPECTED_IN_CELLS = (Office.SECRETARY,)


@dataclass
class Seat:
    """One office of one body with those who hold it today."""

    office: str
    title: str
    holders: list[Tenure]
    is_unknown: bool
    is_expected: bool
    is_single: bool

    @property
    def is_vacant(self) -> bool:
        return self.is_expected and not self.holders and not self.is_unknown

    @property
    def takes_another(self) -> bool:
        """Whether somebody may be put into it without anybody leaving."""
        return not self.holders or not self.is_single


def seats_of_hamlet(unit: Unit, tenures, day: date) -> list[Seat]:
    titles = {
        Office.HAMLET_HEAD: head_title(unit.kind),
        Office.DEPUTY_HEAD: deputy_head_title(unit.kind),
        Office.FRONT_HEAD: Office.FRONT_HEAD.label,
    }
    return _seats(titles, EXPECTED_IN_HAMLETS, tenures, day)


def seats_of_cell(cell: Cell, tenures, day: date) -> list[Seat]:
    titles = {
        office: office.label
        for office in (Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER)
    }
    return _seats(titles, EXPECTED_IN_CELLS, tenures, day)


def _seats(titles, expected, tenures, day: date) -> list[Seat]:
    tenures = list(tenures)
    return [
        Seat(
            office=office,
            title=title,
            holders=[t for t in tenures if t.office == office and t.known_days[0] <= day <= t.known_days[1]],
            # Seen in office later only: whether the seat was empty before is not known.
            is_unknown=any(t.office == office and not t.starts_on and t.known_days[0] > day for t in tenures),
            is_expected=office in expected,
            is_single=office in SINGLE_SEATS,
        )
        for office, title in titles.items()
    ]
