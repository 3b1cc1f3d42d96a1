"""What the boards of a province answer, written by hand in SQL by somebody who knows this database.

Each board has its statements, with the province, the day and the words of its address as parameters.
"""

from bench.rivals import elections, follow_up, learning, meetings, review, seats, titles

STATEMENTS: dict[str, list[str]] = {
    **elections.STATEMENTS,
    **seats.STATEMENTS,
    **follow_up.STATEMENTS,
    **meetings.STATEMENTS,
    **titles.STATEMENTS,
    **learning.STATEMENTS,
    **review.STATEMENTS,
}
