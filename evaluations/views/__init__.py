"""The commune's pages of the annual review."""

from evaluations.views.deciding import correct, decide
from evaluations.views.grid import changes, fill_rest_view, grid, save
from evaluations.views.listing import review_list
from evaluations.views.steps import message, step
from evaluations.views.workbook import workbook_file

__all__ = [
    "changes",
    "correct",
    "decide",
    "fill_rest_view",
    "grid",
    "message",
    "review_list",
    "save",
    "step",
    "workbook_file",
]
