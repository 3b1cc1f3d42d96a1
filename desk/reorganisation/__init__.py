"""Reorganisations: drafted, rehearsed, applied, waited for, undone, corrected."""
