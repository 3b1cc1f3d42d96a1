"""The steps of a title. Every one is written here, once, and only from where it may be taken.

A step states the revision of the case as the person read it. A double click, a stale page, two people at
once: one of them writes, the others are told what has happened meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import CHANGED, record_many
from evaluations.models import TitleCase
from evaluations.review.deciding import Paper, check_day, recorded_paper
from evaluations.titling.score import scores_of
from evaluations.titling.standing import (
    last_day_of_recognition,
    refusals_to_correct_recognition,
    refusals_to_undo,
    state_before,
)
from evaluations.titling.twice import refuse_held_twice

State = TitleCase.State
KEEP, RECOGNISE = "evaluations.change_titlecase", "evaluations.recognise_titles"


class Kind(TextChoices):
    APPRAISED = "tham-dinh", gettext_lazy("Record the appraisal")
    REOPENED = "tham-dinh-lai", gettext_lazy("Appraise again")
    WITHDRAWN = "rut-dang-ky", gettext_lazy("Withdraw the registration")
    RECOGNISED = "cong-nhan", gettext_lazy("Recognise")
    DECLINED = "khong-cong-nhan", gettext_lazy("Do not recognise")
    REVOKED = "thu-hoi", gettext_lazy("Revoke the title")
    RECOGNITION_CORRECTED = "dinh-chinh-cong-nhan", gettext_lazy("Correct the recognition")
    REVOCATION_CORRECTED = "dinh-chinh-thu-hoi", gettext_lazy("Correct the revocation")
    UNDONE = "hoan-tac", gettext_lazy("Take back the last step")


@dataclass(frozen=True)
class Act:
    """One step: which permission it needs, from which states it leads where, what must be there."""

    kind: Kind
    permission: str
    sources: frozenset[str]
    # Where it leads, or how that is told from the case.
    target: str | Callable[[TitleCase], str]
    needs_words: bool = False
    needs_paper: bool = False
    # Returns everything that is missing, all at once.
    missing: Callable[[TitleCase], list[str]] = lambda case: []

    def leads_to(self, case: TitleCase) -> str:
        return self.target(case) if callable(self.target) else self.target


def _missing_for_appraisal(case: TitleCase) -> list[str]:
    """Say what an appraisal cannot do without: who was there, and points (or a remark where there are none)."""
    faults = []
    if not case.appraisal_team.strip():
        faults.append(_("Enter who was there at the appraisal."))
    score = scores_of([case])[case.pk]
    if score.without_appraised:
        faults.append(_("%(count)d criteria have no points yet.") % {"count": score.without_appraised})
    if not score.points and not case.appraisal_remark.strip():
        faults.append(_("The case has no set of criteria. Enter at least the remark of the appraisal."))
    return faults


ACTS = {
    act.kind: act
    for act in (
        Act(
            Kind.APPRAISED,
            KEEP,
            frozenset({State.REGISTERED}),
            State.APPRAISED,
            missing=_missing_for_appraisal,
        ),
        Act(Kind.REOPENED, KEEP, frozenset({State.APPRAISED}), State.REGISTERED, needs_words=True),
        Act(Kind.WITHDRAWN, KEEP, frozenset({State.REGISTERED}), State.DECLINED, needs_words=True),
        Act(Kind.RECOGNISED, RECOGNISE, frozenset({State.APPRAISED}), State.RECOGNISED, needs_paper=True),
        Act(
            Kind.DECLINED,
            RECOGNISE,
            frozenset({State.REGISTERED, State.APPRAISED}),
            State.DECLINED,
            needs_words=True,
        ),
        Act(
            Kind.REVOKED,
            RECOGNISE,
            frozenset({State.RECOGNISED}),
            State.REVOKED,
            needs_words=True,
            needs_paper=True,
        ),
        Act(
            Kind.RECOGNITION_CORRECTED,
            RECOGNISE,
            frozenset({State.RECOGNISED, State.REVOKED}),
            attrgetter("state"),
            needs_words=True,
            needs_paper=True,
            missing=refusals_to_correct_recognition,
        ),
        Act(
            Kind.REVOCATION_CORRECTED,
            RECOGNISE,
            frozenset({State.REVOKED}),
            State.REVOKED,
            needs_words=True,
            needs_paper=True,
        ),
        Act(
            Kind.UNDONE,
            RECOGNISE,
            frozenset({State.RECOGNISED, State.REVOKED, State.DECLINED}),
            state_before,
            needs_words=True,
            missing=refusals_to_undo,
        ),
    )
}


def may_take(user, case: TitleCase, kind: str) -> bool:
    """Whether this person may take the step with this case, in whatever state it is."""
    kept = TitleCase.objects.kept_by(user).filter(pk=case.pk)
    return user.has_perm(ACTS[kind].permission) and kept.exists()


def acts_for(user, case: TitleCase, *, is_kept: bool) -> list[Kind]:
    """Return the steps that this person may take from where the case stands."""
    return [
        act.kind
        for act in ACTS.values()
        if is_kept and case.state in act.sources and user.has_perm(act.permission)
    ]


@transaction.atomic
def take(case: TitleCase, kind: str, *, by, day: date, text: str = "", paper: Paper | None = None):
    """Take a step with one case; return it as it is then.

    Raises ValidationError, with every reason, where the step cannot be taken; PermissionDenied where this
    person may not take it.
    """
    act, text = ACTS[kind], text.strip()
    if not may_take(by, case, kind):
        raise PermissionDenied
    if act.needs_words and not text:
        raise ValidationError(_("Say why, in a sentence."))
    _check_paper(act, paper)
    (current,) = _as_read(act, {case.pk: case.revision})
    if missing := act.missing(current):
        raise ValidationError(missing)
    _check_order(current, act, paper.day if paper else day)
    decision = recorded_paper(paper, current.cell.commune.province) if paper else None
    _move(current, act, _values(act, current, day, text, decision))
    _write([current], act)
    return current


@transaction.atomic
def recognise_many(
    read: Mapping[int, int], paper: Paper, *, by, reasons: Mapping[int, str] | None = None
) -> list[TitleCase]:
    """Record the decision that recognises these cases, all or none.

    ``read`` gives the revision of each case as the page showed it; ``reasons`` why one is recognised although
    its points speak against it.
    """
    act, reasons = ACTS[Kind.RECOGNISED], reasons or {}
    if not by.has_perm(act.permission):
        raise PermissionDenied
    if TitleCase.objects.kept_by(by).filter(pk__in=list(read)).count() != len(read):
        raise PermissionDenied
    if not read:
        raise ValidationError(_("Choose at least one cell."))
    _check_paper(act, paper)
    cases = _as_read(act, read)
    provinces = {case.cell.commune.province for case in cases}
    if len(provinces) > 1:
        raise ValidationError(_("One decision recognises cells of one province."))
    _refuse_without_reason(cases, reasons)
    decision = recorded_paper(paper, provinces.pop())
    for case in cases:
        _check_order(case, act, paper.day)
        _move(case, act, _values(act, case, paper.day, reasons.get(case.pk, ""), decision))
    _write(cases, act)
    return cases


def _refuse_without_reason(cases: list[TitleCase], reasons: Mapping[int, str]) -> None:
    scores = scores_of(cases)
    faults = [
        _("%(cell)s: %(objections)s Enter why it is recognised all the same, or leave it out.")
        % {"cell": case.cell, "objections": " ".join(scores[case.pk].objections)}
        for case in cases
        if scores[case.pk].objections and not reasons.get(case.pk, "").strip()
    ]
    if faults:
        raise ValidationError(faults)


def _check_paper(act: Act, paper: Paper | None) -> None:
    if act.needs_paper:
        if paper is None:
            raise ValidationError(_("Name the decision: number, day, issuing body."))
        check_day(paper.day)


def _as_read(act: Act, read: Mapping[int, int]) -> list[TitleCase]:
    """Return the cases, locked, where they are as they were read; otherwise say which are not, and why."""
    rows = TitleCase.objects.filter(pk__in=list(read)).select_for_update(of=("self",)).order_by("pk")
    cases = list(rows.select_related("cell__commune__province", "title").prefetch_related("cell__periods"))
    changed = [case for case in cases if case.state not in act.sources or case.revision != read.get(case.pk)]
    if changed:
        raise ValidationError([told_meanwhile(case, act) for case in changed])
    return cases


def told_meanwhile(case: TitleCase, act: Act) -> str:
    """Say what has happened to the case since the page was opened, and who did it."""
    last = TitleCase.history.filter(id=case.pk).select_related("change_set").order_by("history_id").last()
    words = {
        "cell": case.cell,
        "state": case.get_state_display(),
        "who": (last and last.change_set.by_name) or _("Somebody"),
        "at": f"{timezone.localtime(last.history_date):%H:%M %d/%m/%Y}" if last else "",
    }
    if case.state == act.target and case.state not in act.sources:
        return _("%(cell)s: %(state)s already (%(who)s, %(at)s). Nothing was done twice.") % words
    return (
        _("%(cell)s was changed meanwhile: %(state)s (%(who)s, %(at)s). Look at it again, then decide.")
        % words
    )


def _check_order(case: TitleCase, act: Act, day: date) -> None:
    """Refuse a day before that of the step before, or one that has not come."""
    if day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Enter today or an earlier day."))
    before = {
        Kind.APPRAISED: case.registered_on,
        Kind.RECOGNISED: case.appraised_on or case.registered_on,
        Kind.DECLINED: case.appraised_on or case.registered_on,
        Kind.WITHDRAWN: case.registered_on,
        Kind.REVOKED: case.recognised_on,
        Kind.RECOGNITION_CORRECTED: case.appraised_on or case.registered_on,
        Kind.REVOCATION_CORRECTED: case.recognised_on,
    }.get(act.kind)
    is_of_revocation = act.kind in (Kind.REVOKED, Kind.REVOCATION_CORRECTED)
    is_too_early = before and (day <= before if is_of_revocation else day < before)
    last = last_day_of_recognition(case) if act.kind == Kind.RECOGNITION_CORRECTED else None
    if last and day > last:
        raise ValidationError(
            _("%(cell)s: what came after the recognition asks for a day up to %(last)s. Check the day.")
            % {"cell": case.cell, "last": f"{last:%d/%m/%Y}"}
        )
    if is_too_early:
        raise ValidationError(
            _("%(cell)s: %(day)s is before the step before it (%(before)s). Check the day.")
            % {"cell": case.cell, "day": f"{day:%d/%m/%Y}", "before": f"{before:%d/%m/%Y}"}
        )


def _values(act: Act, case: TitleCase, day: date, text: str, decision) -> dict:
    if act.kind == Kind.APPRAISED:
        return {"appraised_on": day}
    if act.kind == Kind.REOPENED:
        return {"appraised_on": None, "note": _with_line(case.note, _("Appraised again: %(why)s"), text)}
    if act.kind in (Kind.DECLINED, Kind.WITHDRAWN):
        why = _("registration withdrawn: %(why)s") % {"why": text} if act.kind == Kind.WITHDRAWN else text
        return {"declined_on": day, "declined_reason": why[:500]}
    if act.kind == Kind.RECOGNISED:
        note = _with_line(case.note, _("Recognised although points speak against it: %(why)s"), text)
        return {"recognised_on": decision.date, "recognition": decision, "note": note}
    if act.kind == Kind.RECOGNITION_CORRECTED:
        note = _corrected(case.note, act, case.recognition, text)
        return {"recognised_on": decision.date, "recognition": decision, "note": note}
    if act.kind == Kind.REVOCATION_CORRECTED:
        note = _corrected(case.note, act, case.revocation, text)
        return {"revoked_on": decision.date, "revocation": decision, "note": note}
    if act.kind == Kind.UNDONE:
        return _without_last_step(case, text)
    return {"revoked_on": decision.date, "revocation": decision, "revocation_reason": text}


def _corrected(note: str, act: Act, was, why: str) -> str:
    sentence = _("%(act)s, was decision %(was)s: %(why)s")
    return _with_line(note, sentence, why, act=act.kind.label, was=was)


def _without_last_step(case: TitleCase, why: str) -> dict:
    """Return the case as it was before; what stood there is told in its note."""
    nothing = {
        State.RECOGNISED: {"recognised_on": None, "recognition": None},
        State.REVOKED: {"revoked_on": None, "revocation": None, "revocation_reason": ""},
        State.DECLINED: {"declined_on": None, "declined_reason": ""},
    }[case.state]
    what = case.get_state_display()
    if paper := case.revocation or case.recognition:
        what = f"{what}, {paper}"
    return nothing | {"note": _with_line(case.note, _("Taken back (%(what)s): %(why)s"), why, what=what)}


def _with_line(note: str, sentence: str, why: str, **more) -> str:
    return "\n".join(filter(None, [note, sentence % {"why": why, **more}])) if why else note


def _move(case: TitleCase, act: Act, values: dict) -> None:
    """Change the case where it is still as it was read; its own rules are asked before."""
    to = act.leads_to(case)
    for name, value in values.items():
        setattr(case, name, value)
    state, case.state = case.state, to
    case.clean_fields(exclude=["cell", "title", "recognition", "revocation", "criteria_set"])
    case.clean()
    as_read = TitleCase.objects.filter(pk=case.pk, revision=case.revision, state=state)
    if not as_read.update(state=to, revision=F("revision") + 1, **values):
        raise ValidationError(told_meanwhile(TitleCase.objects.get(pk=case.pk), act))
    case.revision += 1


def _write(cases: Iterable[TitleCase], act: Act) -> None:
    refuse_held_twice(cases)
    record_many(TitleCase.objects.filter(pk__in=[case.pk for case in cases]), CHANGED)
