"""What the lines above a table tell: the year, the day, the commune. Proposals, which somebody confirms."""

import re

from leaders.models import Contest
from sheets.dates import PartialDate, parse_date
from sheets.errors import SheetError
from sheets.tables import Table
from sheets.text import fold, nfc

_YEAR = re.compile(r"\bnam (20[0-9]{2}|19[0-9]{2})\b")
_DAY = re.compile(
    r"(?:[0-9]{1,2}\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*[0-9]{4})|(?:[0-9]{1,2} tháng [0-9]{1,2},? năm [0-9]{4})",
    re.IGNORECASE,
)
_COMMUNE = re.compile(
    r"(?:ĐẢNG ỦY|ĐẢNG UỶ|ĐẢNG BỘ|BCH ĐẢNG BỘ)?\s*((?:XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+[^\W\d_].*)", re.IGNORECASE
)
_TERM = re.compile(r"\b((?:19|20)[0-9]{2})\s*[-–]\s*((?:19|20)[0-9]{2})\b")


def year_of(table: Table) -> str:
    """Return the year that the title names ("… NĂM 2022"), where it names one only; else that of its day."""
    years = set(_YEAR.findall(" ".join(fold(line) for line in table.title_lines if not _DAY.search(line))))
    if len(years) == 1:
        return years.pop()
    day = _day(table)
    return str(day.year) if day and not years else ""


def day_of(table: Table) -> str:
    day = _day(table)
    return str(day) if day else ""


def _day(table: Table) -> PartialDate | None:
    for line in table.title_lines:
        if match := _DAY.search(nfc(line)):
            try:
                return parse_date(match[0])
            except SheetError:
                continue
    return None


def commune_of(table: Table) -> str:
    """Return the commune that a line of the head names: "ĐẢNG ỦY XÃ TAM PHƯỚC"."""
    for line in table.title_lines:
        if match := _COMMUNE.fullmatch(nfc(line)):
            return " ".join(word.capitalize() for word in match[1].split())
    return ""


def term_of(table: Table) -> str:
    for line in table.title_lines:
        if match := _TERM.search(line):
            return f"{match[1]}-{match[2]}"
    return ""


def contest_of(table: Table) -> str:
    """Return whether the title speaks of congresses or of elections; nothing where it does of both."""
    said = fold(" ".join(table.title_lines))
    is_congress, is_election = "dai hoi" in said, "bau truong" in said or "bau cu truong" in said
    if is_congress == is_election:
        return ""
    return str((Contest.Kind.CONGRESS if is_congress else Contest.Kind.HEAD_ELECTION).label)
