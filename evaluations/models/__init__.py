"""The year: rules, ratings, titles, targets."""

from evaluations.models.ratings import Basis, CellRating, LeaderRating, Level, MemberLevels
from evaluations.models.rules import ReviewCycle, Rounding, RuleSet, ShareBase
from evaluations.models.targets import Target, TargetStep
from evaluations.models.titles import Title, TitleCase

__all__ = [
    "Basis",
    "CellRating",
    "LeaderRating",
    "Level",
    "MemberLevels",
    "ReviewCycle",
    "Rounding",
    "RuleSet",
    "ShareBase",
    "Target",
    "TargetStep",
    "Title",
    "TitleCase",
]
