"""The year: rules, ratings, titles, targets."""

from evaluations.models.criteria import CaseCheck, CaseCriterion, CaseMonth, CriteriaSet, Criterion
from evaluations.models.members import MemberLevels
from evaluations.models.ratings import Basis, CellRating, CommuneRating, LeaderRating, Level
from evaluations.models.review import KindGroup, Step, Submission
from evaluations.models.rules import ReviewCycle, Rounding, RuleSet, ShareBase
from evaluations.models.targets import FALLING, Target, TargetStep
from evaluations.models.titles import Title, TitleCase

__all__ = [
    "FALLING",
    "Basis",
    "CaseCheck",
    "CaseCriterion",
    "CaseMonth",
    "CellRating",
    "CommuneRating",
    "CriteriaSet",
    "Criterion",
    "KindGroup",
    "LeaderRating",
    "Level",
    "MemberLevels",
    "ReviewCycle",
    "Rounding",
    "RuleSet",
    "ShareBase",
    "Step",
    "Submission",
    "Target",
    "TargetStep",
    "Title",
    "TitleCase",
]
