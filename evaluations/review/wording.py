"""What the pages of the review call columns, steps and states; who is meant follows from the unit's kind."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.kinds import commune_board, province_committee
from evaluations.models import CellRating, LeaderRating, MemberLevels, Step, Submission
from evaluations.review.grid import Row
from evaluations.review.rows import CONDITIONS, MEMBERS, TASKS

Kind = Step.Kind
# Told to everybody who sees the file; the words of the others may speak of levels not sent yet.
_PLAIN_WORDS = frozenset(
    {Kind.RETURNED, Kind.WITHDRAWN, Kind.MESSAGE, Kind.DEADLINE, Kind.OUTSTANDING, Kind.ADDED, Kind.EXCLUDED}
)


def labels_for(file: Submission) -> dict[str, str]:
    """Return what each field of the grid is called on the pages of this commune."""
    board = commune_board(file.commune.kind)
    plain = {
        name: capfirst(str(CellRating._meta.get_field(name).verbose_name))
        for name in ("points", "disciplined", "not_subject_reason", "reason", "note", *CONDITIONS, *TASKS)
    }
    members = {name: str(MemberLevels._meta.get_field(name).verbose_name) for name in MEMBERS}
    return {
        **plain,
        **{name: _("Members: %(level)s") % {"level": label} for name, label in members.items()},
        "self_level": _("Own level of the cell"),
        "person_level": _("Own level of the person"),
        "proposed_level": _("Proposed by the %(board)s") % {"board": board},
        "decided_level": _("Decided by the standing committee"),
        "last_level": _("Level of the year before"),
    }


def label_of(labels: dict[str, str], row: Row, name: str) -> str:
    """Return the label of a field: a person's own level is not the cell's."""
    is_persons = name == "self_level" and isinstance(row.rating, LeaderRating)
    return labels["person_level" if is_persons else name]


def committee_of(file: Submission) -> str:
    """Return "Tỉnh ủy" or "Thành ủy": the committee whose board receives the file."""
    return province_committee(file.cycle.province.kind)


def row_state(row: Row) -> tuple[str, str]:
    """Return the state of a row, for the style sheet and in words."""
    if row.needs_a_look:
        return "look", capfirst(_("to be looked at"))
    if row.is_empty or row.changed_at is None:
        return "new", capfirst(_("not entered"))
    at = timezone.localtime(row.changed_at)
    is_today = at.date() == timezone.localdate()
    time = f"{at:%H:%M}" if is_today else f"{at:%d/%m/%Y}"
    return "saved", capfirst(_("saved %(time)s") % {"time": time})


def step_label(kind: str, file: Submission) -> str:
    """Return the words on the button of a step."""
    return {
        Kind.CHECKED: _("Check before it is put"),
        Kind.PUT: _("Put to the standing committee"),
        Kind.PULLED: _("Take it back from the standing committee"),
        Kind.DECIDED: _("Record the decision of the standing committee"),
        Kind.UNDECIDED: _("Take back the record of the decision"),
        Kind.SENT: _("Send to the organisation board of the %(committee)s")
        % {"committee": committee_of(file)},
        Kind.WITHDRAWN: _("Withdraw it to mend it"),
        Kind.RETURNED: _("Ask to complete"),
        Kind.RECEIVED: _("Receive"),
        Kind.LOCKED: _("Lock the figures"),
    }[kind]


def step_question(kind: str, file: Submission) -> str:
    """Return what the step means, told before it is taken."""
    return {
        Kind.PUT: _("While the standing committee has it, nothing is entered. It can be taken back."),
        Kind.UNDECIDED: _(
            "The number of the decision and all decided levels are taken out again; what was entered stays."
        ),
        Kind.SENT: _(
            "From now on the province sees every level. It can be withdrawn as long as it is not received."
        ),
        Kind.WITHDRAWN: _("The province does not see the levels any more, until the file is sent again."),
        Kind.RETURNED: _(
            "The commune reads these words at the top of its page, mends the file and sends it again."
        ),
        Kind.RECEIVED: _("The commune cannot withdraw the file any more."),
        Kind.LOCKED: _("After this a level changes only by a correction with its decision."),
    }.get(kind, "")


def step_done(kind: str) -> str:
    """Return what is said after a step."""
    return {
        Kind.CHECKED: _("Checked: nothing is missing. The file can be put to the standing committee."),
        Kind.PUT: _("Put to the standing committee. Print the list and the voting slips from this page."),
        Kind.PULLED: _("Taken back; the rows can be changed again."),
        Kind.UNDECIDED: _("The record of the decision was taken back."),
        Kind.SENT: _("Sent to the province."),
        Kind.WITHDRAWN: _("Withdrawn. Mend it, then send it again."),
        Kind.RETURNED: _("The commune has been asked to complete its file."),
        Kind.RECEIVED: _("Received."),
        Kind.LOCKED: _("The figures are locked."),
    }[kind]


def timeline_of(file: Submission, *, tells_levels: bool) -> list[Step]:
    """Return the steps of a file, each with the words (``shown_text``) that this reader is told."""
    steps = list(file.steps.on_timeline())
    for step in steps:
        step.shown_text = step.text if tells_levels or step.kind in _PLAIN_WORDS else ""
    return steps
