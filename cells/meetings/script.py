"""What the script of the grid is told: addresses, the words of choices, and every sentence it says."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.grid_words import grid_words
from cells.meetings.grid import Grid
from cells.meetings.posted import grade_names
from cells.meetings.wording import labels
from cells.models import Meeting

# Of the word that stands for a choice in a pasted block, diacritics aside: what stands in the field.
_HELD = {
    "x": "1",
    "co": "1",
    "da hop": "1",
    "co hop": "1",
    "khong": "0",
    "khong hop": "0",
    "0": "0",
    "1": "1",
}
_YES = {"x": "1", "co": "1", "khong": "0", "0": "0", "1": "1"}


def script_data(request, grid: Grid) -> dict:
    """Return the data of the script as plain values."""
    address = [grid.commune.pk, grid.month.year, grid.month.month]
    grades = [grade.value for grade in Meeting.Grade]
    return {
        "save": reverse("meetings:save", args=address),
        "changes": reverse("meetings:changes", args=address),
        "signIn": reverse("account_login"),
        "user": str(request.user.pk),
        "file": f"meetings-{grid.commune.pk}-{grid.month:%Y-%m}",
        "revision": 0,
        "stamp": grid.stamp,
        # In the order of the keys 1 to 4; the letters are those of the grades.
        "levels": [{"value": value} for value in grades],
        "letters": dict(zip("tkby", grades, strict=True)),
        "names": grade_names(),
        "vague": [],
        "answers": {"held": _HELD, "committee_met": _YES},
        "labels": labels(),
        "words": grid_words()
        | {
            "moved": _("The page is no longer as it was. Open it again."),
            "notALevel": _("“%(value)s” is no grade of a meeting."),
            "vagueLevel": _("“%(value)s” is no grade of a meeting."),
        },
    }
