"""What is allowed and rare: one person elected head or secretary in two places, too few votes in a congress."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leaders.contests.checking import short_of_votes
from leaders.models import Contest, Office, Tenure

ALONE = (Office.SECRETARY, Office.HAMLET_HEAD)


class Unsure(ValidationError):
    """What was entered may be right, and is recorded once somebody has said that it is meant."""


def doubts(contest: Contest, user) -> list[str]:
    """Return what to ask before this result, already written, is kept."""
    return (
        short_of_votes(contest, contest.candidacies.select_related("person"))
        + elsewhere([contest], user)[contest.pk]
    )


def elsewhere(contests: Iterable[Contest], user) -> dict[int, list[str]]:
    """Return by contest who came into office by it and is head, or secretary, of another place at the same time."""
    seen = Tenure.objects.visible_to(user).filter(office__in=ALONE)
    elected = list(seen.filter(contest__in=[one.pk for one in contests]).select_related("person"))
    by_person: dict[tuple, list[Tenure]] = defaultdict(list)
    others = seen.filter(person__in={one.person_id for one in elected})
    for other in others.select_related("cell", "hamlet").order_by("pk"):
        by_person[other.person_id, other.office].append(other)
    found: dict[int, list[str]] = defaultdict(list)
    for one in elected:
        for other in by_person[one.person_id, one.office]:
            if _is_elsewhere(one, other):
                found[one.contest_id].append(
                    _("%(person)s is %(seat)s at the same time.")
                    % {"person": one.person, "seat": other.seat_name}
                )
    return found


def _is_elsewhere(one: Tenure, other: Tenure) -> bool:
    if (one.cell_id, one.hamlet_id) == (other.cell_id, other.hamlet_id):
        return False
    (first, last), (since, until) = one.known_days, other.known_days
    return first <= until and since <= last
