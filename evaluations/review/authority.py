"""Who takes part in a review: the commune enters and decides, the province opens and receives.

Not even an administrator steps in for either of them.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from evaluations.models import ReviewCycle, Submission

WORK = "evaluations.work_on_reviews"
RECEIVE = "evaluations.receive_reviews"


def may(user, permission: str) -> bool:
    """Whether the person's role takes this part in a review at all."""
    return not user.is_superuser and user.has_perm(permission)


def works_on(user, file: Submission) -> bool:
    """Whether the person enters and decides for this commune."""
    return may(user, WORK) and Submission.objects.kept_by(user).filter(pk=file.pk).exists()


def receives(user, file: Submission) -> bool:
    """Whether the person receives the file of this commune for its province."""
    return may(user, RECEIVE) and Submission.objects.kept_by(user).filter(pk=file.pk).exists()


def filled_in_by(user, files: Iterable[Submission]) -> frozenset[int]:
    """Return the keys of the files this person fills in: for the commune, or for the province that takes in
    the workbook of one.
    """
    if not (may(user, WORK) or may(user, RECEIVE)):
        return frozenset()
    keys = [file.pk for file in files]
    return frozenset(Submission.objects.kept_by(user).filter(pk__in=keys).values_list("pk", flat=True))


def runs(user, cycle: ReviewCycle) -> bool:
    """Whether the person runs the review of this province."""
    return may(user, RECEIVE) and ReviewCycle.objects.kept_by(user).filter(pk=cycle.pk).exists()


def need_receiver(user, cycle: ReviewCycle) -> None:
    """Refuse whoever does not run the review of this province."""
    if not runs(user, cycle):
        raise PermissionDenied


def need_worker(user, file: Submission) -> None:
    """Refuse whoever does not work on the file of this commune."""
    if not works_on(user, file):
        raise PermissionDenied
