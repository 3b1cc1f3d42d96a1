"""Which target a page is about, in which edition, as of which day; and who may change it."""

from dataclasses import dataclass, replace

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404

from dashboards.basis import DAY, frame_of
from dashboards.figures.frames import Frame
from evaluations.models import Target

adds_targets = permission_required("evaluations.add_target", raise_exception=True)
changes_targets = permission_required("evaluations.change_target", raise_exception=True)


@dataclass(frozen=True)
class Shown:
    """The edition of a target that a page shows, on its day, and all there are."""

    target: Target
    frame: Frame
    editions: list[Target]
    # The page was asked for no day, and the term or the unit has ended before today.
    is_of_last_day: bool = False

    @property
    def is_in_force(self) -> bool:
        day = self.frame.day
        begun = self.target.resolved_on is None or self.target.resolved_on <= day
        return begun and (self.target.superseded_on is None or self.target.superseded_on > day)

    @property
    def latest(self) -> Target:
        return self.editions[0]


def shown_target(request, pk: int) -> Shown:
    """Return what the address asks for: of whatever edition, the one in force on the day."""
    asked = get_object_or_404(
        Target.objects.visible_to(request.user).select_related("unit__province", "title"), pk=pk
    )
    editions = list(Target.objects.editions_of(asked).with_life().for_list().select_related("part_of__unit"))
    frame, is_of_last_day = frame_for(request, asked)
    in_force = [one for one in editions if Shown(one, frame, editions).is_in_force]
    # Before the first decision that one is shown, and said not to hold yet.
    target = in_force[0] if in_force else editions[-1]
    return Shown(target, frame, editions, is_of_last_day)


def frame_for(request, target: Target) -> tuple[Frame, bool]:
    """Return the frame of the address; without a day, of a term or a unit that has ended, its last day."""
    frame = frame_of(request, target.unit)
    last = min(filter(None, [target.unit.closed_on, target.ends_on]), default=frame.day)
    if DAY in request.GET or frame.day <= last:
        return frame, False
    return replace(frame, day=last), True
