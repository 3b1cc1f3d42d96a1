"""What an event brings about: carried out, told question by question, and rolled back or kept for good."""

from desk.reorganisation.rehearsal.carrying_out import (
    carry_out,
    due,
    hold_lock,
    missing,
    rehearse,
    rolled_back,
    strays,
    waiting_lines,
)

__all__ = ["carry_out", "due", "hold_lock", "missing", "rehearse", "rolled_back", "strays", "waiting_lines"]
