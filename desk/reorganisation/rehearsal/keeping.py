"""Rehearsals kept as words, so that a page need not carry an event out each time it is opened.

What is shown belongs to one revision of the event and one day. Applying never reads it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.fates import Case, Option
from cells.models import Decision, Line, Reorganisation
from desk.models import KeptRehearsal
from desk.reorganisation.rehearsal.carrying_out import rehearse
from desk.reorganisation.rehearsal.findings import Cases, Finding, Rehearsal
from desk.reorganisation.wording import Then, in_words, paper
from sheets.writing import Column

# A rehearsal of more lines than this takes longer than a page may.
MOST_LINES_INLINE = 200
# What others enter meanwhile may change what a rehearsal shows: a short one is done again.
FRESH = timedelta(minutes=5)

Purpose = KeptRehearsal.Purpose


@dataclass(frozen=True)
class SaidLine:
    """One line in words, and the decision it rests on."""

    text: str
    decision: str


@dataclass
class SaidStep:
    """What one day brings, as people read it."""

    day: date
    lines: list[SaidLine]
    findings: list[Finding]
    number: int = 0

    @property
    def open_count(self) -> int:
        return sum(len(finding.open_cases) for finding in self.findings)


@dataclass
class Said(Cases):
    """A rehearsal as it was kept."""

    made_at: datetime
    revision: int
    steps: list[SaidStep] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    decided_since: int = 0

    def __post_init__(self):
        for number, step in enumerate(self.steps, 1):
            step.number = number

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to choose and nothing stands in the way."""
        return not self.open_cases and not self.problems

    def finding(self, number: int, code: str) -> tuple[SaidStep, Finding] | None:
        """Return one finding with its step, by the number of the step and its own code."""
        for step in self.steps:
            for finding in step.findings:
                if (step.number, finding.code) == (number, code):
                    return step, finding
        return None


def is_long(event: Reorganisation) -> bool:
    """Whether rehearsing and applying it is left to the worker."""
    return event.lines.waiting().count() > MOST_LINES_INLINE


def was_long(event: Reorganisation) -> bool:
    """Whether undoing it is left to the worker."""
    return event.lines.applied().count() > MOST_LINES_INLINE


def kept(event: Reorganisation, *, purpose: str = Purpose.SHOWN) -> Said | None:
    """Return the rehearsal kept for this revision of the event and today; None where there is none."""
    row = _kept_row(event, purpose)
    return row and _said(row)


def _kept_row(event: Reorganisation, purpose: str) -> KeptRehearsal | None:
    row = KeptRehearsal.objects.filter(event=event, purpose=purpose).first()
    if row is None or purpose == Purpose.DONE:
        return row
    is_of_today = timezone.localdate(row.made_at) == timezone.localdate()
    return row if is_of_today and row.revision == event.revision else None


def rehearsed(event: Reorganisation) -> Said | None:
    """Return what a page shows: what is kept, or a rehearsal made now; None where that takes too long."""
    row = _kept_row(event, Purpose.SHOWN)
    if row and (row.decided_since or row.made_at > timezone.now() - FRESH):
        return _said(row)
    if is_long(event):
        return row and _said(row)
    return rehearse_and_keep(event)


def rehearse_and_keep(event: Reorganisation, **how) -> Said:
    """Rehearse now, whatever is kept; ``report`` hears how far it is."""
    return keep(event, rehearse(event, **how))


def keep(event: Reorganisation, rehearsal: Rehearsal) -> Said:
    """Keep what a rehearsal of this revision has shown."""
    row, _created = KeptRehearsal.objects.update_or_create(
        event=event,
        purpose=Purpose.SHOWN,
        defaults={
            "revision": event.revision,
            "made_at": timezone.now(),
            "decided_since": 0,
            "result": _as_words(rehearsal, lines_in_words(event)),
        },
    )
    return _said(row)


def keep_done(event: Reorganisation, rehearsal: Rehearsal) -> None:
    """Keep what was carried out, beside what was carried out on earlier days."""
    row = KeptRehearsal.objects.filter(event=event, purpose=Purpose.DONE).first()
    row = row or KeptRehearsal(event=event, purpose=Purpose.DONE, result={"steps": [], "problems": []})
    row.result["steps"] += _as_words(rehearsal, lines_in_words(event))["steps"]
    row.revision, row.made_at = event.revision, timezone.now()
    row.save()


def forget(event: Reorganisation) -> None:
    """Remove what is kept of an event that was undone."""
    KeptRehearsal.objects.filter(event=event).delete()


def mark_choices(event: Reorganisation, said: Said, choices: dict[str, str]) -> None:
    """Note choices just made in what is kept, without rehearsing a long event for each of them."""
    row = KeptRehearsal.objects.get(event=event, purpose=Purpose.SHOWN)
    for step in row.result["steps"]:
        for finding in step["findings"]:
            for case in finding["cases"]:
                if case["key"] in choices:
                    case["chosen"] = choices[case["key"]]
    row.revision = event.revision
    row.decided_since = said.decided_since + len(choices)
    row.save()


def lines_in_words(event: Reorganisation) -> dict[int, list]:
    """Return each line of the event in words, with its decision, by key."""
    lines = list(Line.objects.filter(reorganisation=event).with_everything())
    then = Then.of(lines)
    return {line.pk: [in_words(line, then), _paper(line.decision or event.decision)] for line in lines}


def _paper(decision: Decision | None) -> str:
    return paper(decision) if decision else ""


# --- words and back -----------------------------------------------------------------------


def _as_words(rehearsal: Rehearsal, lines: dict[int, list]) -> dict:
    return {
        "problems": [str(problem) for problem in rehearsal.problems],
        "steps": [
            {
                "day": step.day.isoformat(),
                "lines": [lines[line.pk] for line in step.lines],
                "findings": [_finding_as_words(finding) for finding in step.findings],
            }
            for step in rehearsal.steps
        ],
    }


def _finding_as_words(finding: Finding) -> dict:
    return {
        "code": finding.code,
        "title": str(finding.title),
        "note": str(finding.note),
        "columns": [[c.key, str(c.header), c.width, c.kind] for c in finding.columns],
        "rows": [{key: _plain(value) for key, value in row.items()} for row in finding.rows],
        "cases": [_case_as_words(case) for case in finding.cases],
    }


def _plain(value):
    if value is None or isinstance(value, str | int | float):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _case_as_words(case: Case) -> dict:
    return {
        "kind": str(case.kind),
        "key": case.key,
        "subject": str(case.subject),
        "detail": str(case.detail),
        "url": case.url,
        "day": case.day.isoformat(),
        "options": [[option.code, str(option.label), str(option.alike)] for option in case.options],
        "chosen": case.chosen.code if case.chosen else "",
    }


def _said(row: KeptRehearsal) -> Said:
    return Said(
        made_at=row.made_at,
        revision=row.revision,
        decided_since=row.decided_since,
        problems=row.result["problems"],
        steps=[
            SaidStep(
                day=parse_date(step["day"]),
                lines=[SaidLine(*line) for line in step["lines"]],
                findings=[_finding(finding) for finding in step["findings"]],
            )
            for step in row.result["steps"]
        ],
    )


def _finding(words: dict) -> Finding:
    columns = [Column(*column) for column in words["columns"]]
    days = [column.key for column in columns if column.kind == "date"]
    cases = [_case(case) for case in words["cases"]]
    rows = [_with_days(row, days) for row in words["rows"]]
    if cases:
        # Choices may have been made since; the list says them as the cases do.
        for row, case in zip(rows, cases, strict=True):
            row["choice"] = capfirst(case.chosen.label) if case.chosen else _("not chosen yet")
    return Finding(
        code=words["code"],
        title=words["title"],
        note=words["note"],
        columns=columns,
        rows=rows,
        cases=cases,
    )


def _with_days(row: dict, days: list[str]) -> dict:
    """Turn days back into days; one of which only the year is known stays as it was written."""
    return row | {key: _day(row[key]) for key in days if row.get(key)}


def _day(text: str):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _case(words: dict) -> Case:
    options = tuple(Option(*option) for option in words["options"])
    return Case(
        kind=words["kind"],
        key=words["key"],
        subject=words["subject"],
        options=options,
        day=parse_date(words["day"]),
        detail=words["detail"],
        url=words["url"],
        chosen=next((option for option in options if option.code == words["chosen"]), None),
    )
