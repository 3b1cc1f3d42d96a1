"""Meetings of cells: regular ones month by month, thematic and extraordinary ones by their day."""

import re

from django.utils.translation import gettext_lazy

from cells.resources import MeetingResource
from desk.importing.guesses import commune_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from sheets.tables import Table
from sheets.text import fold

_MONTH = re.compile(r"\bthang ([0-9]{1,2})(?: nam)? ((?:19|20)[0-9]{2})\b")


def _month_of(table: Table) -> str:
    """Return the month that the title names ("THÁNG 11/2026", "tháng 11 năm 2026"), where it names one only."""
    months = {match.groups() for line in table.title_lines for match in _MONTH.finditer(fold(line))}
    return "/".join(months.pop()) if len(months) == 1 else ""


MEETINGS = ImportForm(
    key="meetings",
    label=gettext_lazy("Meetings of cells"),
    columns=tuple(MeetingResource.columns),
    parts=(Part(MeetingResource, Row.whole),),
    permission="cells.add_meeting",
    asks=(
        Ask("month", _month_of, unless=("day",)),
        Ask("commune", commune_of, unless=("commune_code", "cell_code")),
    ),
    needs=(("cell", "cell_code"), ("held", "day", "present", "expected")),
    passed_over=("Tỷ lệ", "Tỷ lệ (%)", "Tỷ lệ dự họp"),
    titles=("sinh hoạt chi bộ", "sinh hoạt định kỳ", "họp chi bộ"),
)
