"""The text for the group chat: what the communes are asked for, until when, and where."""

from django.utils.translation import gettext as _

from cells.kinds import province_committee
from evaluations.models import ReviewCycle


def notice(cycle: ReviewCycle, address: str, by) -> str:
    """Return plain text that says what is to be done now, with deadlines and the address of the page."""
    words = {
        "year": cycle.year,
        "committee": f"{province_committee(cycle.province.kind)} {cycle.province.name}",
        "address": address,
        "roster_day": f"{cycle.roster_day:%d/%m/%Y}",
        "list_deadline": f"{cycle.list_deadline:%d/%m/%Y}" if cycle.list_deadline else "",
        "deadline": f"{cycle.deadline:%d/%m/%Y}" if cycle.deadline else "",
    }
    lines = [
        _("To the Party committees of communes and wards."),
        _(
            "The Organisation Board of the %(committee)s has opened the review of %(year)s; cells are rated as they"
            " stand on %(roster_day)s."
        )
        % words,
        *_tasks(cycle, words),
        _("Address: %(address)s") % words,
    ]
    asked = " – ".join(filter(None, [str(by), by.phone]))
    lines.append(_("Questions: %(who)s.") % {"who": asked})
    return "\n".join(lines)


def _tasks(cycle: ReviewCycle, words: dict) -> list[str]:
    tasks = []
    if cycle.state == ReviewCycle.State.PREPARING:
        until = _(" by %(list_deadline)s") % words if words["list_deadline"] else ""
        tasks.append(
            _(
                "Look through the list of cells, correct it, then press “Confirm that the list is right”%(until)s."
            )
            % {"until": until}
        )
    if words["deadline"]:
        tasks.append(
            _(
                "Enter the results with the decision of the standing committee of the Party committee and send them by"
                " %(deadline)s."
            )
            % words
        )
    return [f"{number}. {task}" for number, task in enumerate(tasks, 1)]
