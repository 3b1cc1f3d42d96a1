"""Exports on their way to the reader: short ones at once, long ones by the worker and kept until they are fetched."""
