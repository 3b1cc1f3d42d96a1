"""What was typed of a contest whose result somebody else recorded meanwhile: it stays, beside what is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from leaders.contests.grid import Line, Row, fill, text_of
from leaders.contests.posted import read_into
from leaders.models import Contest

COMPARED = ("held_on", "method", "entitled", "present", "ballots", "outcome")


@dataclass(frozen=True)
class Late:
    """A row as it was typed, and the same row as it is recorded."""

    typed: Row
    row: Row

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """What was typed otherwise than it is recorded: what it is, as typed, as recorded."""
        found = []
        for name in COMPARED:
            mine, theirs = self.typed.texts[name], text_of(getattr(self.row.contest, name))
            if mine and mine != theirs:
                label = Contest._meta.get_field(name).verbose_name
                found.append((label, _said(name, mine), _said(name, theirs)))
        return found

    @property
    def stood(self) -> list[Line]:
        return [line for line in self.typed.lines if line.who or line.votes or line.elected]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """All that was typed as the page of the correction reads it, with the paper that is recorded."""
        key, contest = self.row.key, self.row.contest
        texts = self.typed.texts | {"planned_on": text_of(contest.planned_on)}
        fields = [(f"{key}-mark", self.row.mark), *((f"{key}-{name}", text) for name, text in texts.items())]
        for line in self.stood:
            fields += [
                (f"{key}-{name}{line.number}", getattr(line, name)) for name in ("who", "votes", "office")
            ]
            if line.elected:
                fields.append((f"{key}-elected{line.number}", "1"))
        return [*fields, *((name, text_of(value)) for name, value in paper_of(contest).items())]


def typed_late(row: Row, posted: Mapping[str, str]) -> Row | None:
    """Return what was typed into the row while it was still open, None where nothing was.

    Whom the page offered, and the day it was planned for, are no entry.
    """
    typed = Row(row.body, row.kind, row.term, heads=row.heads)
    fill(typed)
    touched = read_into(typed, posted)
    is_entry = touched - {"planned_on"} or any(line.is_touched for line in typed.lines)
    return typed if is_entry else None


def _said(name: str, text: str) -> str:
    if name == "held_on":
        return "/".join(reversed(text.split("-")))
    return str(dict(Contest._meta.get_field(name).flatchoices).get(text, text)) or "–"


def paper_of(contest: Contest) -> dict:
    """Return the paper of a contest as the fields of a page name it."""
    if contest.decision is None:
        return {}
    return {
        "decision_number": contest.decision.number,
        "decision_date": contest.decision.date,
        "decision_body": contest.decision.issuing_body,
    }
