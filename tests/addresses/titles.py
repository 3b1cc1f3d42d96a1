"""Addresses of titles."""

from datetime import date

from cells.models import Cell, Unit
from tests import factories
from tests.addresses.statuses import (
    APPLIED,
    EVERYBODY,
    HANDED_IN,
    KEEP,
    LISTED_FOR_PROVINCE,
    OF_PROVINCE,
    READ_HAMLET,
    RECOGNISED_BY_PROVINCE,
)

TABLE = {
    "titles:board": EVERYBODY,
    "titles:list": EVERYBODY,
    "titles:checks": EVERYBODY,
    "titles:sets": EVERYBODY,
    "titles:set": OF_PROVINCE,
    "titles:copy_set": APPLIED,
    "titles:edit_set": APPLIED,
    "titles:register": HANDED_IN,
    "titles:recognise": RECOGNISED_BY_PROVINCE,
    "titles:decision_list": LISTED_FOR_PROVINCE,
    "titles:keep_all": HANDED_IN,
    "titles:case": READ_HAMLET,
    "titles:sheet": READ_HAMLET,
    "titles:edit": KEEP,
    "titles:criteria": KEEP,
    "titles:appraise": KEEP,
    "titles:month": KEEP,
    "titles:check": KEEP,
    "titles:step": KEEP,
    "exporting:title_board": EVERYBODY,
    "exporting:title_cases": EVERYBODY,
    "exporting:title_checks": EVERYBODY,
}
# What the key in an address names, and what else it needs.
OF = {
    **dict.fromkeys(("titles:set", "titles:copy_set", "titles:edit_set"), "criteria_set"),
    **dict.fromkeys(
        (f"titles:{name}" for name in ("case", "sheet", "edit", "criteria", "appraise", "month", "step")),
        "case",
    ),
    "titles:check": "held",
    "titles:decision_list": "title",
}
MORE = {
    "titles:sheet": {"kind": "pdf"},
    "titles:decision_list": {"kind": "docx"},
    "titles:step": {"kind": "rut-dang-ky"},
    "titles:check": {"year": 2025},
    "titles:keep_all": {"year": 2025},
}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    cell = Cell.objects.get(pk=here["cell"])
    province = Unit.objects.get(pk=here["commune"]).province
    case = factories.title_case(of=cell, registered_on=date(2025, 2, 1), year=2025)
    held = factories.title_case(of=cell, title="BON_TOT", recognised_on=date(2021, 5, 1))
    return {
        "criteria_set": factories.criteria_set(province=province).pk,
        "case": case.pk,
        "held": held.pk,
        "title": case.title_id,
    }
