"""Ratings of cells of past years, and titles of cells, as lists out and in."""

from evaluations.resources.ratings import CellRatingResource
from evaluations.resources.titles import TitleCaseResource

__all__ = ["CellRatingResource", "TitleCaseResource"]
