"""The sentences that the script of every grid says (static/js/review_grid.js)."""

from django.utils.translation import gettext as _


def grid_words() -> dict[str, str]:
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
        "notAChoice": _("“%(value)s” is none of the choices of this field."),
        "waiting": _("Saving what was entered, then going on…"),
        "nothing": _("nothing"),
    }
