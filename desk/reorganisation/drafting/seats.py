"""Who holds the seats of hamlets and cells that are to be merged, and whom a draft lets stay."""

from datetime import date

from django.utils.translation import gettext as _

from cells.kinds import head_title
from cells.models import Line, Reorganisation
from leaders.models import Office, Tenure

SEATS = (Office.HAMLET_HEAD, Office.SECRETARY)
NOBODY = "none"


def holders(bodies, *, office: str, day: date) -> dict[int, Tenure]:
    """Return who holds the office in each of these hamlets (or cells) on the day, by its key: one query."""
    body = "hamlet" if office == Office.HAMLET_HEAD else "cell"
    tenures = Tenure.objects.on(day).filter(office=office, **{f"{body}__in": bodies}).select_related("person")
    return {getattr(tenure, f"{body}_id"): tenure for tenure in tenures}


def chosen_leaders(event: Reorganisation, lines: list[Line]) -> dict[int, str]:
    """Return by line whom the draft lets lead what it makes, in words: two queries."""
    keys = {f"seat:{office}:line{line.pk}": (line.pk, office) for line in lines for office in SEATS}
    chosen = {keys[fate.key]: fate.choice for fate in event.fates.all() if fate.key in keys}
    wanted = {choice.rpartition(":")[2] for choice in chosen.values()} - {NOBODY}
    tenures = Tenure.objects.select_related("person").in_bulk([int(key) for key in wanted if key.isdecimal()])
    by_key = {line.pk: line for line in lines}
    return {
        line: _said(_seat(by_key[line], office), choice, tenures) for (line, office), choice in chosen.items()
    }


def _seat(line: Line, office: str) -> str:
    """Return what the seat is called by the kind of the hamlet: "Trưởng ấp"."""
    if office == Office.SECRETARY:
        return str(Office.SECRETARY.label)
    return head_title(line.unit_kind or (line.unit.kind if line.unit else ""))


def _said(label: str, choice: str, tenures: dict[int, Tenure]) -> str:
    how, _separator, key = choice.rpartition(":")
    tenure = tenures.get(int(key)) if key.isdecimal() else None
    if tenure is None:
        return _("%(office)s: nobody yet") % {"office": label}
    words = {"office": label, "person": tenure.person}
    if how == "interim":
        return _("%(office)s: đ/c %(person)s, interim") % words
    return _("%(office)s: đ/c %(person)s stays") % words
