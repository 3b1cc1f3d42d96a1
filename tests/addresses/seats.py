"""Addresses of hand-overs, vacancies and the monthly word."""

from tests.addresses.statuses import (
    APPLIED,
    COUNTRY_ONLY,
    FORBIDDEN,
    HIDDEN,
    LOGIN,
    MOVED,
    OK,
    READ,
)

# Whoever keeps seats somewhere finds a list, be it an empty one.
KEEPERS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, OK)
# What became of the seats of somebody who left.
SUCCESSORS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Each is led to the own unit; an officer of single hamlets has none with a board.
OWN_UNIT = (LOGIN, MOVED, MOVED, MOVED, HIDDEN, MOVED, MOVED, HIDDEN)
TO_THE_COMMUNE = (LOGIN, MOVED, MOVED, MOVED, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWN_LIMITS = (LOGIN, FORBIDDEN, MOVED, FORBIDDEN, FORBIDDEN, FORBIDDEN, MOVED, HIDDEN)

TABLE = {
    "leaders:hand_over": KEEPERS,
    "leaders:successors": SUCCESSORS,
    "seats:board": OWN_UNIT,
    "seats:board_unit": READ,
    "seats:list": READ,
    "seats:list_country": COUNTRY_ONLY,
    "exporting:seat_list": READ,
    "exporting:seat_list_country": COUNTRY_ONLY,
    "seats:monitor": OWN_UNIT,
    "seats:monitor_unit": READ,
    "seats:monitor_changes": READ,
    "exporting:monitor_changes": READ,
    "exporting:monitor_months": READ,
    "seats:monitor_interim": READ,
    "exporting:monitor_interim": READ,
    "seats:monitor_breaks": READ,
    "exporting:monitor_breaks": READ,
    "seats:confirmations": OWN_UNIT,
    "exporting:confirmations": COUNTRY_ONLY,
    "seats:confirmations_unit": TO_THE_COMMUNE,
    "exporting:confirmations_unit": READ,
    "seats:confirmed_months": READ,
    "entry:limits_index": OWN_LIMITS,
    "entry:limits": APPLIED,
}
# What the key in an address names, and what else it needs.
OF = {
    "leaders:successors": "person",
    "entry:limits": "province",
    **dict.fromkeys(
        (
            *(f"seats:{name}" for name in ("board_unit", "list", "monitor_unit", "monitor_changes")),
            *("seats:monitor_interim", "exporting:monitor_interim", "exporting:monitor_months"),
            *("seats:monitor_breaks", "seats:confirmations_unit", "seats:confirmed_months"),
            *("exporting:seat_list", "exporting:monitor_changes", "exporting:monitor_breaks"),
            "exporting:confirmations_unit",
        ),
        "commune",
    ),
}
_ITEM = {"slug": "khuyet-truong"}
MORE = {
    "seats:list": _ITEM,
    "seats:list_country": _ITEM,
    "exporting:seat_list": _ITEM,
    "exporting:seat_list_country": _ITEM,
}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    return {"province": officer.grants.get().unit_id}
