"""Addresses of figures: quoted, reported, printed; and of what works well in hamlets."""

from django.utils import timezone

from accounts.models import Role
from cells.models import PracticeNote, Unit
from dashboards.models import FigureReport, Quote
from tests.addresses.statuses import (
    APPLIED,
    BUTTON,
    COUNTRY_ONLY,
    EVERYBODY,
    KEEP,
    READ,
    SAID,
    SAID_OF_COUNTRY,
)

CODE = "K4MT9X"

TABLE = {
    "dashboards:sheet": READ,
    "dashboards:sheet_country": COUNTRY_ONLY,
    "exporting:overview": READ,
    "exporting:overview_country": COUNTRY_ONLY,
    "figures:index": EVERYBODY,
    "figures:quote": BUTTON,
    "figures:quote_country": BUTTON,
    "figures:quoted": READ,
    "figures:reports": EVERYBODY,
    "figures:report": SAID,
    "figures:report_country": SAID_OF_COUNTRY,
    "figures:reported": READ,
    "figures:answer": KEEP,
    "figures:tiles": APPLIED,
    "dashboards:practice_list": EVERYBODY,
    "exporting:practice_list": EVERYBODY,
    "entry:practice_add": KEEP,
    "entry:practice_edit": KEEP,
}
# What the key in an address names, and what else it needs.
OF = {
    "dashboards:sheet": "commune",
    "exporting:overview": "commune",
    "figures:quote": "commune",
    "figures:report": "commune",
    "figures:reported": "figure_report",
    "figures:answer": "figure_report",
    "figures:tiles": "province",
    "entry:practice_add": "hamlet",
    "entry:practice_edit": "practice_note",
}
MORE = {
    "dashboards:sheet": {"kind": "png"},
    "dashboards:sheet_country": {"kind": "pdf"},
    "figures:quoted": {"code": CODE},
    "figures:report": {"code": "merged_role"},
    "figures:report_country": {"code": "merged_role"},
    "figures:tiles": {"role": Role.LEADER.value},
}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    today = timezone.localdate()
    commune = Unit.objects.get(pk=here["commune"])
    figure = {"figure": "merged_role", "unit": commune, "day": today, "numerator": 1, "denominator": 1}
    Quote.objects.create(code=CODE, quoted_by=clerk, **figure)
    said = FigureReport.objects.create(
        addressed_to=commune, text="Ấp Quới Hòa: trưởng ấp đã nghỉ", reported_by=officer, **figure
    )
    note = PracticeNote.objects.create(
        hamlet_id=here["hamlet"], noted_on=today, text="Họp chi bộ ngày 5 hằng tháng", written_by=clerk
    )
    return {"figure_report": said.pk, "practice_note": note.pk, "province": commune.parent_id}
