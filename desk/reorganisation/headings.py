"""What an event of one line is called, from when and by which paper it is: all as that line says."""

from cells.models import Line, LineSource, Reorganisation
from desk.reorganisation.wording import Then, in_words
from sheets.text import nfc

LONGEST = Reorganisation._meta.get_field("title").max_length


def heading_of(line: Line, sources: list[LineSource]) -> dict[str, object]:
    """Return title, day and paper as the line says them; its sources need not be recorded yet."""
    title = nfc(in_words(line, Then.about([line, *sources]), sources=sources))[:LONGEST]
    return {"title": title, "effective_on": line.on, "decision": line.decision}


def heading_of_only_line(event: Reorganisation) -> dict[str, object]:
    """Return the heading the event's line gives it; nothing where it has none or several."""
    lines = list(event.lines.with_everything()[:2])
    return heading_of(lines[0], list(lines[0].sources.all())) if len(lines) == 1 else {}


def followed(event: Reorganisation, was: dict, now: dict) -> dict[str, object]:
    """Return what changes in an event headed as its line said before; what somebody wrote himself stays."""
    return {name: now[name] for name in was if getattr(event, name) == was[name] != now[name]}
