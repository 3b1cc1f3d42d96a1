"""What the script of the grid is told: addresses, the exact names of levels, and every sentence it says."""

from django.urls import reverse
from django.utils.translation import gettext as _

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
    return {
        "saving": _("Saving…"),
        "kept": _("not sent yet, kept on this machine"),
        "look": _("to be looked at"),
        "offline": _(
            "No connection. Rows kept on this machine: %(n)s; they are sent when the line is back. Do not close the window."
        ),
        "ended": _("The session has ended. Sign in again; what was entered is still here."),
        "signIn": _("Sign in again (in a new window)"),
        "sendAgain": _("Send again"),
        "drop": _("Discard what is kept on this machine"),
        "moved": _("The file has moved on meanwhile. Open the page again to see where it is."),
        "reload": _("Open the page again"),
        "broughtBack": _("Rows brought back from this machine, not sent before: %(n)s."),
        "allSaved": _("Everything is saved."),
        "savedRow": _("%(row)s: saved."),
        "changedByOthers": _("%(row)s was changed by somebody else."),
        "mine": _("Keep what I entered"),
        "theirs": _("Take what is saved"),
        "choice": _("%(field)s: entered %(mine)s, saved %(theirs)s"),
        "pasted": _("Pasted: %(cells)s fields in %(rows)s rows."),
        "pastedTooMany": _("Rows of the pasted block that found no row here: %(n)s."),
        "notALevel": str(SENTENCES["not_a_choice"]),
        "vagueLevel": str(SENTENCES["vague_choice"]),
        "notAChoice": _("“%(value)s” is none of the choices of this field."),
        "waiting": _("Saving what was entered, then going on…"),
        "nothing": _("nothing"),
    }
