"""Targets as they are set: with their path, by a new decision, broken down to the units below.

Nothing is written over: what a decision changes is a new edition beside the old one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import CHANGED, create_many, delete_many, record_many, update_many
from accounts.validation import clean_many
from cells.models import Decision, Unit
from evaluations.models import Target, TargetStep

Path = Mapping[int, int]


@transaction.atomic
def set_target(target: Target, path: Path) -> Target:
    """Record a target for the first time, with what is planned by the end of each year."""
    target.full_clean()
    target.save()
    _write_steps(target, path)
    return target


@transaction.atomic
def set_targets(new: Iterable[tuple[Target, Path]]) -> None:
    """Record many targets, each with its path, in a few queries; a part names its whole, which is recorded."""
    new = list(new)
    targets = [target for target, _path in new]
    clean_many(targets)
    create_many(Target, targets)
    steps = [
        TargetStep(target=target, year=year, planned=planned)
        for target, path in new
        for year, planned in sorted(path.items())
    ]
    clean_many(steps)
    create_many(TargetStep, steps)


@transaction.atomic
def change_path(target: Target, path: Path) -> None:
    """Plan the years of a target anew. The path is a plan of the office; goal and base stay as resolved."""
    if target.is_closed:
        raise ValidationError(_("A later decision has replaced this edition; its path stays as it is."))
    recorded = {step.year: step for step in target.steps.all()}
    changed = [step for year, step in recorded.items() if path.get(year, step.planned) != step.planned]
    for step in changed:
        step.planned = path[step.year]
    update_many(TargetStep, changed, ["planned"])
    _write_steps(target, {year: planned for year, planned in path.items() if year not in recorded})
    dropped = [step.pk for year, step in recorded.items() if year not in path]
    if dropped:
        delete_many(TargetStep.objects.filter(pk__in=dropped))


def _write_steps(target: Target, path: Path) -> None:
    steps = [TargetStep(target=target, year=year, planned=planned) for year, planned in sorted(path.items())]
    clean_many(steps)
    create_many(TargetStep, steps)


@transaction.atomic
def resolve_anew(target: Target, path: Path, **resolved) -> Target:
    """Record another decision about a target: a new edition with its own path, the old one stays."""
    new = target.resolve_anew(**resolved)
    _write_steps(new, path)
    return new


@dataclass(frozen=True)
class Share:
    """What one unit below is to reach of the whole; without a goal it gets no part."""

    unit: Unit
    goal: int | None
    base: int | None
    path: Path


@dataclass
class BrokenDown:
    """How many parts were given, changed by a new edition, and taken back."""

    given: int = 0
    changed: int = 0
    taken_back: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.given or self.changed or self.taken_back)


@transaction.atomic
def break_down(whole: Target, shares: Iterable[Share], *, decision: Decision, reason: str) -> BrokenDown:
    """Give the units below their parts of a target; parts that change become new editions.

    A part that says the same already is left alone, whatever decision it rests on.
    """
    if whole.is_closed:
        raise ValidationError(_("A later decision has replaced this edition. Break down the one in force."))
    editions = Target.objects.parts_of(whole).order_by("edition", "pk")
    latest = {part.unit_id: part for part in editions}
    told, new, replaced = BrokenDown(), [], []
    for share in shares:
        before = latest.get(share.unit.pk)
        # What was taken back is no part any more; given again, it goes on counting its editions.
        part = before if before and not before.is_closed else None
        if part and (part.goal, part.base) == (share.goal, share.base):
            continue
        if part:
            replaced.append(part)
        is_given = share.goal is not None
        if is_given:
            new.append((_part(whole, share, before, decision, reason), share.path))
        told.given += is_given and part is None
        told.changed += is_given and part is not None
        told.taken_back += part is not None and not is_given
    _replace(replaced, decision)
    set_targets(new)
    return told


def _part(whole: Target, share: Share, before: Target | None, decision: Decision, reason: str) -> Target:
    if before and not reason:
        raise ValidationError(_("A new edition needs its reason."))
    return Target(
        unit=share.unit,
        term=whole.term,
        starts_on=whole.starts_on,
        ends_on=whole.ends_on,
        figure=whole.figure,
        title=whole.title,
        part_of=whole,
        goal=share.goal,
        base=share.base,
        deadline=whole.deadline,
        resolution=decision,
        resolved_on=decision.date,
        edition=before.edition + 1 if before else 1,
        edition_reason=reason if before else "",
    )


def _replace(parts: list[Target], decision: Decision) -> None:
    """Close these editions at once; refused where one of them was replaced meanwhile."""
    later = [part for part in parts if part.resolved_on and part.resolved_on > decision.date]
    if later:
        raise ValidationError(
            _("The parts of these units are of a later day than the decision: %(units)s. Check the day.")
            % {"units": ", ".join(str(part.unit) for part in later[:5])}
        )
    rows = Target.objects.filter(pk__in=[part.pk for part in parts])
    if rows.latest_editions().update(superseded_on=decision.date) != len(parts):
        raise ValidationError(_("Somebody else has changed this target meanwhile. Open it again."))
    if parts:
        record_many(rows, CHANGED)
