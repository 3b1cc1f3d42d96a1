"""Ratings of cells and people, levels of members, and titles of cells, as lists out and in."""

from evaluations.resources.leaders import LeaderRatingResource
from evaluations.resources.members import MemberLevelsResource
from evaluations.resources.ratings import CellRatingResource
from evaluations.resources.titles import TitleCaseResource

__all__ = ["CellRatingResource", "LeaderRatingResource", "MemberLevelsResource", "TitleCaseResource"]
