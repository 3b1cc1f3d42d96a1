"""Addresses of records of people."""

from desk.people.merging import merge
from leaders.models import PersonRequest, TwoPeople
from tests import factories
from tests.addresses.statuses import (
    APPLIED,
    BUTTON,
    DRAFTERS,
    EVERYBODY,
    FORBIDDEN,
    KEEP,
    LOGIN,
    OK,
    READ_HAMLET,
)

# Only whoever keeps both records in a province sets them side by side.
COMPARED = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK, OK)

TABLE = {
    "records:paper": READ_HAMLET,
    "records:file": READ_HAMLET,
    "records:list": EVERYBODY,
    "records:list_file": EVERYBODY,
    "records:duplicates": COMPARED,
    "records:merge": APPLIED,
    "records:merged": APPLIED,
    "records:undo_merge": APPLIED,
    "records:set_apart": BUTTON,
    "records:set_together": BUTTON,
    "records:recall": BUTTON,
    "records:requests": DRAFTERS,
    "records:ask": KEEP,
    "records:request": KEEP,
    "records:decline": APPLIED,
    "records:accesses": DRAFTERS,
    "records:accesses_export": DRAFTERS,
}
# What the key in an address names, and what else it needs.
OF = {
    "records:paper": "person",
    "records:file": "person",
    "records:merge": "person",
    "records:merged": "merging",
    "records:set_apart": "person",
    "records:set_together": "two_people",
    "records:recall": "person_request",
    "records:undo_merge": "merging",
    "records:ask": "commune",
    "records:request": "person_request",
    "records:decline": "person_request",
}
MORE = {
    "records:set_apart": {"other": "another_person"},
    "records:file": {"kind": "docx"},
    "records:list_file": {"kind": "docx"},
    "records:merge": {"other": "another_person"},
}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    commune = clerk.grants.get().unit
    kept, merged, another = (factories.person(keeper=commune) for _number in range(3))
    asked = PersonRequest.objects.create(
        asked_by=commune, full_name="Trần Văn Bảy", purpose="Bầu bí thư chi bộ"
    )
    return {
        "merging": merge(kept, merged, fields={}, by=officer).pk,
        "another_person": another.pk,
        "two_people": TwoPeople.objects.create(one=kept, other=another).pk,
        "person_request": asked.pk,
    }
