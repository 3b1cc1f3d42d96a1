"""Which steps a person can take now, the next one first."""

from dataclasses import dataclass

from evaluations.models import ReviewCycle, Step, Submission
from evaluations.review.authority import works_on
from evaluations.review.steps import ACTS, DECIDE, DECIDE_MORE
from evaluations.review.wording import step_label

Kind, State = Step.Kind, Submission.State
# Told what it means, and asked, before it is taken.
ASKED = frozenset({Kind.UNDECIDED, Kind.SENT, Kind.WITHDRAWN, Kind.RETURNED, Kind.RECEIVED, Kind.LOCKED})
_ORDER = (
    Kind.CHECKED,
    Kind.PUT,
    Kind.SENT,
    Kind.RECEIVED,
    Kind.LOCKED,
    Kind.RETURNED,
    Kind.PULLED,
    Kind.WITHDRAWN,
    Kind.UNDECIDED,
)


@dataclass(frozen=True)
class Button:
    """A step as it is offered. Recording a decision leads to its form, every other one is a post."""

    kind: str
    label: str
    is_main: bool = False

    @property
    def is_form(self) -> bool:
        return self.kind == Kind.DECIDED


def buttons_for(file: Submission, *, works: bool, receives: bool, undecided: int = 0) -> list[Button]:
    """Return the steps this person can take in the state the file is in."""
    if file.cycle.state != ReviewCycle.State.OPEN or not (works or receives):
        return []
    taken_by = {act.kind: works if act.may is works_on else receives for act in ACTS.values()}
    kinds = [kind for kind in _ORDER if taken_by[kind] and file.state in ACTS[kind].sources]
    decides_more = undecided and file.state in DECIDE_MORE.sources
    if works and (file.state in DECIDE.sources or decides_more):
        kinds.insert(0, Kind.DECIDED)
    main = Kind.PUT if Kind.PUT in kinds else next(iter(kinds), None)
    return [Button(kind, step_label(kind, file), kind == main) for kind in kinds]
