"""What a day of a reorganisation brings about, question by question, for people to read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.kinds import Level
from cells.models import CellArea, CellKind, CellPeriod, UnitPeriod
from cells.rearranging import Outcome
from dashboards.figures.frames import Frame
from dashboards.figures.sections import HAMLETS
from dashboards.targets.measures import counts_hamlets
from dashboards.wording import HamletWords
from desk.reorganisation.rehearsal.findings import Finding
from evaluations.models import Target
from leaders.settling import vacant_seats
from sheets.numbers import format_count
from sheets.text import fold, lower_first
from sheets.writing import Column

KEEP = "keep"


def findings_of(outcome: Outcome, fates: Fates) -> list[Finding]:
    """Return one finding for each question people ask; those about nothing are left out."""
    words = _words(outcome)
    found = [
        _units(outcome, words),
        *[_asked(kind, fates) for kind in (CaseKind.GOES_TO, CaseKind.COVERS, CaseKind.FOLLOWS)],
        _cells_that_meet(outcome, fates),
        *[_asked(kind, fates) for kind in (CaseKind.SEAT, CaseKind.DEPUTY)],
        _vacant(outcome),
        _merged_roles(outcome, words),
        _asked(CaseKind.TITLE, fates),
        _targets(outcome, fates),
        *[
            _asked(kind, fates)
            for kind in (
                CaseKind.REVIEW,
                CaseKind.HOUSEHOLDS,
                CaseKind.MEMBERS,
                CaseKind.RECORDS,
                CaseKind.ACCOUNT,
                CaseKind.OFFICER,
            )
        ],
        _same_names(outcome, fates),
    ]
    for finding in found:
        finding.title = words.phrase(finding.title)
    return [finding for finding in found if finding.rows]


def _words(outcome: Outcome) -> HamletWords:
    """Return how the hamlets are called that the day touches, the commonest first."""
    days = (outcome.day, outcome.day - ONE_DAY)
    hamlets = [life for life in outcome.lives.units.values() if life.thing.level == Level.HAMLET]
    return HamletWords.of_each(period.kind for life in hamlets for day in days if (period := life.on(day)))


def _asked(kind: str, fates: Fates) -> Finding:
    """Return the cases of a kind as a finding: what each is about, and what was chosen."""
    cases = list(fates.of_kind(kind))
    return Finding(
        code=str(kind),
        title=str(CaseKind(kind).label),
        columns=[
            Column("subject", _("What it is about"), 36),
            Column("detail", _("Known of it"), 44),
            Column("choice", _("Chosen"), 36),
        ],
        rows=[
            {
                "subject": case.subject,
                "subject_url": case.url,
                "detail": case.detail,
                "choice": case.chosen.label if case.chosen else "",
            }
            for case in cases
        ],
        cases=cases,
    )


def _acknowledge(
    kind: str, key: str, subject: str, detail: str, outcome: Outcome, label: str, url=""
) -> Case:
    """Return a case with one choice: somebody has seen it and lets it be."""
    return Case(
        kind=kind,
        key=f"{kind}:{key}",
        subject=subject,
        detail=detail,
        options=(Option(KEEP, label),),
        day=outcome.day,
        url=url,
    )


# --- units before and after -----------------------------------------------------------------


def _units(outcome: Outcome, words: HamletWords) -> Finding:
    """Return every unit and cell that is not after the day what it was before."""
    rows = [*_unit_rows(outcome), *_cell_rows(outcome)]
    return Finding(
        code="units",
        title=_("Units and cells before and after"),
        columns=[
            Column("before", _("Until the day before"), 36),
            Column("after", _("From that day on"), 40),
            Column("commune", _("Belongs to"), 28),
        ],
        rows=rows,
        note=_standing(outcome, words),
    )


def _unit_rows(outcome: Outcome) -> Iterable[dict]:
    lives, day = outcome.lives.units, outcome.day
    names = _names_of({life.home_on(at) for life in lives.values() for at in (day, day - ONE_DAY)}, lives)
    made_of_others = _made_of_others(outcome)
    for pk, life in lives.items():
        before, after = life.on(day - ONE_DAY), life.on(day)
        if before is not None and after is not None and _alike(before, after) and pk not in outcome.gave:
            continue
        heirs = [str(outcome.units[line.pk]) for line in outcome.ended.get(pk, outcome.gave.get(pk, []))]
        if before is None and after is None:
            continue
        if before is None and pk in made_of_others:
            continue  # told by those that went into it
        yield {
            "before": _before(life, before, day, names),
            "before_url": life.thing.get_absolute_url() if before else "",
            "after": _after(after, heirs),
            "commune": names.get(life.home_on(day) or life.home_on(day - ONE_DAY), ""),
        }


def _made(outcome: Outcome) -> Iterable:
    return ((line, outcome.units[line.pk]) for line in outcome.lines if line.pk in outcome.units)


def _made_of_others(outcome: Outcome) -> set[int]:
    """Return the units that took in others, or parts of them."""
    takers = (*outcome.ended.values(), *outcome.gave.values())
    return {outcome.units[line.pk].pk for lines in takers for line in lines}


def _before(life, period, day, names: dict[int, str]) -> str:
    """Return what it was called, and where it stood if it stands elsewhere from the day on."""
    if period is None:
        return _("– (new)")
    name, home = getattr(period, "full_name", period.name), life.home_on(day - ONE_DAY)
    has_moved = life.on(day) is not None and home != life.home_on(day)
    return f"{name}, {lower_first(names[home])}" if has_moved and home in names else name


def _after(period, heirs: list[str]) -> str:
    if period is None:
        return "; ".join(heirs) or _("– (ends)")
    parts = [_("a part goes to %(unit)s") % {"unit": heir} for heir in heirs]
    return "; ".join([getattr(period, "full_name", period.name), *parts])


def _alike(one, other) -> bool:
    facts = (
        ("name", "kind", "code", "parent_id", "commune_id")
        if hasattr(one, "code")
        else ("name", "commune_id")
    )
    return all(getattr(one, name) == getattr(other, name) for name in facts)


def _names_of(units: set, lives) -> dict[int, str]:
    """Return the names of these units, those that begin on the day as well."""
    known = {pk: str(life.thing) for pk, life in lives.items()}
    rows = UnitPeriod.objects.filter(unit__in=units - known.keys() - {None}).order_by("starts_on")
    return {row.unit_id: row.full_name for row in rows} | known


def _cell_rows(outcome: Outcome) -> Iterable[dict]:
    lives, day = outcome.lives.cells, outcome.day
    names = _names_of({life.home_on(at) for life in lives.values() for at in (day, day - ONE_DAY)}, {})
    made_of_others = {outcome.cells[line.pk].pk for line in outcome.cells_ended.values() if line}
    for pk, life in lives.items():
        before, after = life.on(day - ONE_DAY), life.on(day)
        if (before is None and after is None) or (before and after and _alike(before, after)):
            continue
        if before is None and pk in made_of_others:
            continue  # told by those that went into it
        line = outcome.cells_ended.get(pk)
        yield {
            "before": _before(life, before, day, names),
            "before_url": life.thing.get_absolute_url() if before else "",
            "after": _after(after, [str(outcome.cells[line.pk])] if line else []),
            "commune": names.get(life.home_on(day) or life.home_on(day - ONE_DAY), ""),
        }


def _standing(outcome: Outcome, words: HamletWords) -> str:
    """Say how many there were and are, level by level."""
    parts = []
    lives = outcome.lives.units.values()
    for level in Level:
        of_level = [life for life in lives if life.thing.level == level]
        before, after = (sum(life.on(day) is not None for life in of_level) for day in _both_days(outcome))
        if before != after:
            name = capfirst(words.hamlet) if level == Level.HAMLET else level.label
            parts.append(f"{name}: {format_count(before)} → {format_count(after)}")
    cells = outcome.lives.cells.values()
    before, after = (sum(life.on(day) is not None for life in cells) for day in _both_days(outcome))
    if before != after:
        parts.append(f"{_('Party cells')}: {format_count(before)} → {format_count(after)}")
    return "; ".join(parts)


def _both_days(outcome: Outcome) -> tuple:
    return outcome.day - ONE_DAY, outcome.day


# --- what meets ---------------------------------------------------------------------------------


def _cells_that_meet(outcome: Outcome, fates: Fates) -> Finding:
    """Hamlets merged and cells not yet is a legal state; somebody has to want it."""
    hamlets = {unit.pk: (line, unit) for line, unit in _made(outcome) if unit.level == Level.HAMLET}
    areas = (
        CellArea.objects.on(outcome.day).filter(hamlet__in=hamlets).select_related("cell").order_by("cell")
    )
    cells = defaultdict(list)
    for area in areas:
        cells[area.hamlet_id].append(str(area.cell))
    label = _("the cells stay as they are, until the Party committee decides")
    for hamlet, names in cells.items():
        line, unit = hamlets[hamlet]
        if len(names) > 1:
            case = _acknowledge(
                CaseKind.CELLS_MEET, f"line{line.pk}", str(unit), ", ".join(names), outcome, label
            )
            fates.choose(case)
    return _asked(CaseKind.CELLS_MEET, fates)


def _same_names(outcome: Outcome, fates: Fates) -> Finding:
    """Two hamlets of one name in one commune: allowed, but somebody has to want it."""
    known = {made.pk: f"line{line.pk}" for line, made in _made(outcome) if made.pk in outcome.new_units}
    touched = set(outcome.lives.units)
    communes = {
        life.home_on(outcome.day) for life in outcome.lives.units.values() if life.thing.level == Level.HAMLET
    }
    periods = UnitPeriod.objects.on(outcome.day).hamlets().filter(parent__in=communes - {None})
    alike = defaultdict(list)
    for period in periods.select_related("parent").order_by("unit"):
        alike[period.parent_id, fold(period.full_name)].append(period)
    label = _("the names stay; they are told apart by their codes")
    for periods in alike.values():
        if len(periods) > 1 and any(period.unit_id in touched for period in periods):
            key = "+".join(known.get(period.unit_id, f"unit{period.unit_id}") for period in periods[:4])
            first = periods[0]
            detail = _("%(count)d of this name in %(commune)s") % {
                "count": len(periods),
                "commune": lower_first(str(first.parent)),
            }
            fates.choose(_acknowledge(CaseKind.SAME_NAME, key, first.full_name, detail, outcome, label))
    return _asked(CaseKind.SAME_NAME, fates)


# --- seats ----------------------------------------------------------------------------------------


def _vacant(outcome: Outcome) -> Finding:
    return Finding(
        code="vacant",
        title=_("Seats that stand vacant from that day on"),
        columns=[Column("seat", _("Seat"), 44)],
        rows=[{"seat": seat.seat_name} for seat in vacant_seats(outcome)],
    )


def _merged_roles(outcome: Outcome, words: HamletWords) -> Finding:
    """Hamlets in which one person held both seats the day before, or does from that day on."""
    before, after = (_merged_on(day, outcome) for day in _both_days(outcome))
    heirs = {pk: {unit.pk for unit in outcome.heirs(pk)} or {pk} for pk in outcome.lives.units}
    rows, kept = [], set()
    for pk, name in before.items():
        going_on = heirs[pk] & after.keys()
        kept |= going_on
        if going_on != {pk}:
            rows.append({"hamlet": name, "change": _merged_in(going_on, after)})
    rows += [{"hamlet": name, "change": _("gained")} for pk, name in after.items() if pk not in kept]
    return Finding(
        code="merged_roles",
        title=_("Secretaries who are %(head)s as well, before and after"),
        columns=[
            Column("hamlet", capfirst(words.hamlet), 44),
            Column("change", _("What becomes of it"), 44),
        ],
        rows=rows,
        note=f"{format_count(len(before))} → {format_count(len(after))}",
    )


def _merged_in(going_on: set[int], after: dict[int, str]) -> str:
    if not going_on:
        return _("lost")
    return _("goes on in %(hamlet)s") % {
        "hamlet": ", ".join(sorted(lower_first(after[pk]) for pk in going_on))
    }


def _merged_on(day, outcome: Outcome) -> dict[int, str]:
    hamlets = [pk for pk, life in outcome.lives.units.items() if life.thing.level == Level.HAMLET]
    rows = HAMLETS.rows(Frame(None, day)).filter(unit__in=hamlets, merged=True)
    return {
        row.unit_id: f"{row.full_name}, {lower_first(row.commune.full_name)}"
        for row in rows.select_related("commune")
    }


# --- targets ----------------------------------------------------------------------------------------


def _targets(outcome: Outcome, fates: Fates) -> Finding:
    """Targets of a share of another number of hamlets or cells than before, or whose unit ends; what was resolved stays."""
    hamlets, cells = UnitPeriod.objects.hamlets(), CellPeriod.objects.filter(cell__kind=CellKind.HAMLET)
    of_hamlets, of_cells = (
        [_by_unit(periods.on(day), kind) for day in _both_days(outcome)]
        for periods, kind in ((hamlets, "kind"), (cells, "cell__kind"))
    )
    touched = _changed(*of_hamlets) | _changed(*of_cells)
    targets = Target.objects.in_force_on(outcome.day).filter(Q(unit__in=touched) | Q(unit__in=outcome.ended))
    label = _("goal and base stay as resolved; a new resolution makes a new edition")
    for target in targets.select_related("unit", "title").order_by("pk"):
        is_of_hamlets = counts_hamlets(target)
        before, after = (by_unit[target.unit_id] for by_unit in (of_hamlets if is_of_hamlets else of_cells))
        if target.unit_id not in outcome.ended and before.total() == after.total():
            continue
        words = HamletWords.of_each((before + after).elements())
        detail = _("%(target)s; %(whole)s in all: %(before)s → %(after)s") % {
            "target": f"{target.term}: {format_count(target.goal)}/{format_count(target.base or 0)}",
            "whole": words.hamlet if is_of_hamlets else _("cells"),
            "before": format_count(before.total()),
            "after": format_count(after.total()),
        }
        key = f"{target.pk}:{outcome.day:%Y%m%d}"
        fates.choose(_acknowledge(CaseKind.TARGET, key, str(target.unit), detail, outcome, label))
    return _asked(CaseKind.TARGET, fates)


def _changed(before: Mapping, after: Mapping) -> set[int]:
    return {pk for pk in before.keys() | after.keys() if before[pk].total() != after[pk].total()}


def _by_unit(periods, kind: str) -> Mapping[int, Counter]:
    """Return how many of each kind every commune, district and province has."""
    counts: defaultdict[int, Counter] = defaultdict(Counter)
    rows = periods.order_by().values_list("commune", "district", "province", kind).annotate(Count("pk"))
    for *place, found, count in rows:
        for pk in filter(None, place):
            counts[pk][found] += count
    return counts
