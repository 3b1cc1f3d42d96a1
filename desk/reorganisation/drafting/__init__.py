"""Drafts: what a line must say, and the ways to write one – line by line, from a workbook, in six fields."""

from desk.reorganisation.drafting.proposals import draft_cell_join, draft_merger
from desk.reorganisation.drafting.rules import PART, WHOLE, DraftLine, refuse_nonsense
from desk.reorganisation.drafting.writing import (
    add_lines,
    begin,
    change_event,
    change_line,
    discard,
    remove_line,
)

__all__ = [
    "PART",
    "WHOLE",
    "DraftLine",
    "add_lines",
    "begin",
    "change_event",
    "change_line",
    "discard",
    "draft_cell_join",
    "draft_merger",
    "refuse_nonsense",
    "remove_line",
]
