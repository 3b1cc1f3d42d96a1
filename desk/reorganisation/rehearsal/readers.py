"""What of a rehearsal a reader is shown: it is kept once for everybody, also for those who see less."""

from dataclasses import replace

from cells.fates import CaseKind
from desk.reorganisation.rehearsal.findings import Finding
from desk.reorganisation.rehearsal.keeping import Said
from evaluations.models import Target


def for_reader(said: Said | None, user) -> Said | None:
    """Leave out targets of units the reader does not see: a commune is not told its province's numbers."""
    targets = {_target_of(case) for case in said.cases if case.kind == CaseKind.TARGET} if said else set()
    if not targets:
        return said
    seen = set(Target.objects.visible_to(user).filter(pk__in=targets).values_list("pk", flat=True))
    steps = []
    for step in said.steps:
        findings = [_without(finding, targets - seen) for finding in step.findings]
        steps.append(replace(step, findings=[finding for finding in findings if finding.rows]))
    return replace(said, steps=steps)


def _target_of(case) -> int:
    """Return the target that the key of a case names; see ``effects._targets``."""
    return int(case.key.split(":")[1])


def _without(finding: Finding, hidden: set[int]) -> Finding:
    if finding.code != CaseKind.TARGET:
        return finding
    shown = [
        (row, case)
        for row, case in zip(finding.rows, finding.cases, strict=True)
        if _target_of(case) not in hidden
    ]
    return replace(finding, rows=[row for row, _case in shown], cases=[case for _row, case in shown])
