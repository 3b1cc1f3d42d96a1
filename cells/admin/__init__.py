"""Admin screens of places, cells, decisions and accounts."""

from cells.admin import accounts, cells, decisions, meetings, units

__all__ = ["accounts", "cells", "decisions", "meetings", "units"]
