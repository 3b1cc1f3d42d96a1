"""People with their tenures, as lists out and in."""

from leaders.resources.people import PersonResource

__all__ = ["PersonResource"]
