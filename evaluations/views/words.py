"""What the script of the grid is told: addresses, the exact names of levels, and every sentence it says."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.grid_words import grid_words
from evaluations.models import Level, Submission
from evaluations.models.ratings import SHORT_FORMS
from evaluations.reading import LEVELS, SENTENCES
from evaluations.review.grid import Grid
from evaluations.review.wording import labels_for


def script_data(request, file: Submission, shown: Grid) -> dict:
    """Return the data of the script as plain values."""
    address = [file.cycle.year, file.pk]
    return {
        "save": reverse("review:save", args=address),
        "changes": reverse("review:changes", args=address),
        "signIn": reverse("account_login"),
        "user": str(request.user.pk),
        "file": f"{file.pk}",
        "revision": file.revision,
        "stamp": shown.stamp,
        # In the order of the keys 1 to 4; the letters are those of the short forms.
        "levels": [{"value": level.value, "short": SHORT_FORMS[level]} for level in Level],
        "letters": {"x": Level.EXCELLENT, "t": Level.GOOD, "h": Level.COMPLETED, "k": Level.NOT_COMPLETED},
        "names": LEVELS.by_key,
        "vague": list(LEVELS.vague_by_key),
        "labels": {name: str(label) for name, label in labels_for(file).items()},
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return grid_words() | {
        "moved": _("The file has moved on meanwhile. Open the page again to see where it is."),
        "notALevel": str(SENTENCES["not_a_choice"]),
        "vagueLevel": str(SENTENCES["vague_choice"]),
    }
