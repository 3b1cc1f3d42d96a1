"""Admin screens of places, cells, decisions and accounts."""

from cells.admin import accounts, cells, decisions, units

__all__ = ["accounts", "cells", "decisions", "units"]
