"""The yearly look at titles that are held: what speaks against one, and whether it was kept.

What is found goes into the record, which more people read than work in the commune. So levels count here
from when the province has received them, and are told to nobody before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import CHANGED, create_many, record_many
from accounts.validation import clean_many
from cells.models import CellArea, HouseholdCount, Limits, Meeting
from evaluations.models import CaseCheck, CellRating, LeaderRating, Level, ReviewCycle, Submission, TitleCase
from evaluations.models.titles import won_before
from sheets.numbers import format_percent

CHECK = "evaluations.change_casecheck"
Outcome = CaseCheck.Outcome
_RANK = {level: number for number, level in enumerate(Level)}
# Of each cell the province of today; what is found is said by cell.
Homes = Mapping[int, int]


def to_check(user, year: int, day: date):
    """Return the titles held on the day that were won before the year: these are looked at again in it."""
    held = TitleCase.objects.visible_to(user).held_on(day).filter(won_before(year))
    standing = held.filter(cell__closed_on__isnull=True)
    return standing.select_related("cell__commune", "title", "recognition").order_by(
        "cell__commune__sort_key", "cell__commune", "cell__sort_key", "pk"
    )


def received(rows):
    """Return the ratings that their commune cannot withdraw any more: received, or of a year that is over."""
    settled = [ReviewCycle.State.RECORDED, ReviewCycle.State.CLOSED]
    files = Submission.objects.filter(
        cycle=OuterRef("cycle"),
        commune=OuterRef("commune"),
        state__in=[Submission.State.RECEIVED, Submission.State.LOCKED],
    )
    return rows.filter(Q(cycle__state__in=settled) | Exists(files), withheld=False)


def findings_of(cases: Iterable[TitleCase], year: int, *, user, day: date) -> dict[int, list[str]]:
    """Return what speaks against each title, in sentences; the number of queries does not grow with them."""
    cases = list(cases)
    homes = {case.cell_id: case.cell.province_id for case in cases}
    found = findings_by_cell(homes, year, user=user, day=day)
    return {case.pk: found.get(case.cell_id, []) for case in cases}


def findings_by_cell(homes: Homes, year: int, *, user, day: date) -> dict[int, list[str]]:
    """Return what speaks against a title of each cell; a cell of which nothing is found is left out."""
    found: dict[int, list[str]] = defaultdict(list)
    if homes:
        for about in (_levels, _discipline, _attendance, _poor_households):
            for cell, sentences in about(homes, year, user, day).items():
                found[cell] += sentences
    return {cell: sentences for cell, sentences in found.items() if sentences}


def _levels(homes: Homes, year: int, user, day: date) -> Mapping[int, list[str]]:
    """A level lower than the year before, or lower than good; a cell disciplined."""
    rows = received(CellRating.objects.visible_to(user)).in_force_on(day).exclude(decided_level="")
    rows = rows.filter(cell__in=list(homes), cycle__year__lte=year, cycle__year__gte=year - 2).order_by()
    by_cell: dict[int, dict[int, tuple[str, bool | None]]] = defaultdict(dict)
    for cell, of_year, level, disciplined in rows.values_list(
        "cell", "cycle__year", "decided_level", "disciplined"
    ):
        by_cell[cell][of_year] = level, disciplined
    return {cell: _of_levels(years) for cell, years in by_cell.items()}


def _of_levels(years: dict[int, tuple[str, bool | None]]) -> list[str]:
    latest = max(years)
    decided, disciplined = years[latest]
    before, _before_disciplined = years.get(latest - 1, ("", None))
    level, sentences = Level(decided), []
    words = {"year": latest, "level": level.short}
    if before and _RANK[level] > _RANK[before]:
        words["before"] = Level(before).short
        sentences.append(_("Rated %(level)s in %(year)s, lower than the year before (%(before)s).") % words)
    elif _RANK[level] > _RANK[Level.GOOD]:
        sentences.append(_("Rated %(level)s in %(year)s, lower than HTTNV.") % words)
    if disciplined:
        sentences.append(_("Discipline in the cell in %(year)s.") % words)
    return sentences


def _discipline(homes: Homes, year: int, user, day: date) -> Mapping[int, list[str]]:
    """Somebody in office was disciplined; who it was is not told here."""
    rows = received(LeaderRating.objects.visible_to(user)).in_force_on(day)
    rows = rows.filter(cell__in=list(homes), cycle__year__in=[year, year - 1], disciplined=True)
    found: dict[int, int] = {}
    for cell, of_year in rows.values_list("cell", "cycle__year").distinct():
        found[cell] = max(of_year, found.get(cell, 0))
    return {
        cell: [_("Somebody in office was disciplined in %(year)s.") % {"year": of_year}]
        for cell, of_year in found.items()
    }


def _attendance(homes: Homes, year: int, user, day: date) -> Mapping[int, list[str]]:
    """Fewer members came to the meetings of the year than the province wants."""
    held = Meeting.objects.visible_to(user).filter(
        cell__in=list(homes),
        day__year=year,
        day__lte=day,
        was_held=True,
        expected__gt=0,
        present__isnull=False,
    )
    sums = held.order_by().values_list("cell").annotate(Sum("present"), Sum("expected"))
    limits = dict(Limits.objects.values_list("province", "least_attendance"))
    usual = Limits().least_attendance
    least = {cell: limits.get(province, usual) for cell, province in homes.items()}
    return {
        cell: [
            _("Attendance of meetings in %(year)s: %(share)s, the least is %(least)d%%.")
            % {"year": year, "share": format_percent(present, expected), "least": least[cell]}
        ]
        for cell, present, expected in sums
        if present * 100 < least[cell] * expected
    }


def _poor_households(homes: Homes, year: int, user, day: date) -> Mapping[int, list[str]]:
    """More poor households than at the end of the year before, in the hamlets that were counted both times."""
    hamlets: dict[int, set[int]] = defaultdict(set)
    for cell, hamlet in CellArea.objects.on(day).filter(cell__in=list(homes)).values_list("cell", "hamlet"):
        hamlets[hamlet].add(cell)
    counts = HouseholdCount.objects.visible_to(user).filter(
        hamlet__in=list(hamlets), day__lte=min(day, date(year, 12, 31)), poor__isnull=False
    )
    before: dict[int, int] = {}
    now: dict[int, int] = {}
    for hamlet, counted_on, poor in counts.order_by("day").values_list("hamlet", "day", "poor"):
        (now if counted_on.year >= year else before)[hamlet] = poor
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for hamlet in before.keys() & now.keys():
        for cell in hamlets[hamlet]:
            sums[cell][0] += before[hamlet]
            sums[cell][1] += now[hamlet]
    return {
        cell: [
            _("Poor households rose from %(before)d to %(now)d in %(year)s.")
            % {"before": old, "now": new, "year": year}
        ]
        for cell, (old, new) in sums.items()
        if new > old
    }


@dataclass(frozen=True)
class Look:
    """What somebody says about a title in a year, and the revision of what was said before (0: nothing yet)."""

    outcome: str
    remark: str = ""
    revision: int = 0


@transaction.atomic
def record_check(case: TitleCase, year: int, look: Look, *, by) -> CaseCheck:
    """Record the look of a year at a title, with what the software finds at this time."""
    day = timezone.localdate()
    _need_keeper([case.pk], by)
    current = TitleCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not to_check(by, year, day).filter(pk=current.pk).exists() or year > day.year:
        raise ValidationError(_("This title is not held any more, or was won in the year itself."))
    found = "\n".join(findings_of([current], year, user=by, day=day)[current.pk])
    check = CaseCheck.objects.filter(case=current, year=year).first()
    if (check.revision if check else 0) != look.revision:
        raise ValidationError(_told_check(check))
    said = {"outcome": look.outcome, "remark": look.remark, "found": found, "checked_on": day}
    if check is None:
        check = CaseCheck(case=current, year=year, **said)
        check.full_clean(exclude=["case"])
        check.save()
        return check
    for name, value in said.items():
        setattr(check, name, value)
    check.full_clean(exclude=["case"])
    as_read = CaseCheck.objects.filter(pk=check.pk, revision=look.revision)
    if not as_read.update(**said, revision=F("revision") + 1):
        raise ValidationError(_told_check(check))
    record_many(CaseCheck.objects.filter(pk=check.pk), CHANGED)
    check.revision += 1
    return check


def _need_keeper(keys: list[int], by) -> None:
    kept = TitleCase.objects.kept_by(by).filter(pk__in=keys)
    if not by.has_perm(CHECK) or kept.count() != len(keys):
        raise PermissionDenied


def _told_check(check: CaseCheck | None) -> str:
    last = check and CaseCheck.history.filter(id=check.pk).select_related("change_set").latest("history_id")
    if not last:
        return _("Open this page again.")
    return _("%(who)s recorded the check of this year at %(time)s. Look at it again, then decide.") % {
        "who": last.change_set.by_name or _("Somebody"),
        "time": f"{timezone.localtime(last.history_date):%H:%M %d/%m/%Y}",
    }


def without_findings(cases: Iterable[TitleCase], year: int, *, user, day: date) -> list[TitleCase]:
    """Return the cases of which nothing was found and that were not looked at in the year."""
    cases = list(cases)
    keys = [case.pk for case in cases]
    looked_at = set(CaseCheck.objects.filter(year=year, case__in=keys).values_list("case", flat=True))
    found = findings_of(cases, year, user=user, day=day)
    return [case for case in cases if case.pk not in looked_at and not found[case.pk]]


@transaction.atomic
def keep_rest(cases: Iterable[TitleCase], year: int, *, by) -> list[CaseCheck]:
    """Record "kept" for each of these with nothing found and nothing said yet; the others stay as they are."""
    day = timezone.localdate()
    keys = [case.pk for case in cases]
    _need_keeper(keys, by)
    list(TitleCase.objects.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk"))
    rest = without_findings(to_check(by, year, day).filter(pk__in=keys), year, user=by, day=day)
    checks = [CaseCheck(case=case, year=year, outcome=Outcome.KEPT, checked_on=day) for case in rest]
    clean_many(checks)
    return create_many(CaseCheck, checks)
