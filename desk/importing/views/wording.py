"""What becomes of rows, in words."""

from django.utils.translation import gettext_lazy

from accounts.sheet_lines import CHANGED, NEW, SAME
from desk.importing.checking import FAULTY, SKIPPED

# In the order in which a page counts them.
TILES = (
    (NEW, gettext_lazy("New")),
    (CHANGED, gettext_lazy("Changed")),
    (SAME, gettext_lazy("Unchanged")),
    (SKIPPED, gettext_lazy("Not taken in")),
    (FAULTY, gettext_lazy("To be corrected")),
)


def outcome_in_words(outcome: str) -> str:
    return dict(TILES).get(outcome, "")
