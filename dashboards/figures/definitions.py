"""What each figure counts, in which rows, and how it is explained to a reader.

A *share* has two lists, the first part of the second by construction. A *progress* is a
counted list against a number that was resolved and may pass 100%. An *amount* is a sum or a
count of its own.
"""

from dataclasses import dataclass

from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from dashboards.figures import sections as s
from dashboards.figures.sections import Section


class Kind(TextChoices):
    SHARE = "share", _("share")
    PROGRESS = "progress", _("progress")
    AMOUNT = "amount", _("amount")


@dataclass(frozen=True)
class Definition:
    """Which rows of a section a figure counts, and of which.

    Both are flags: columns of the section's rows (sections.py); no flag means every row.
    """

    code: str
    section: Section
    label: str
    explanation: str
    flag: str = ""
    of_flag: str = ""
    kind: str = Kind.SHARE
    # For amounts that add up a column instead of counting rows.
    adds_up: str = ""
    # Of a share of two sums: the column that the whole adds up. Its lists are the rows that bring something in.
    of_adds_up: str = ""

    def counted(self) -> Q:
        """Return the condition of the rows that are counted."""
        if self.of_adds_up:
            return Q(**{f"{self.adds_up}__gt": 0})
        if self.adds_up:
            return Q(**{f"{self.adds_up}__isnull": False})
        return Q(**{self.flag: True}) if self.flag else Q()

    def left(self) -> Q | None:
        """Return the condition of the rows that bring in what is left of a sum; None: those that are not counted."""
        return Q(**{f"{self.adds_up}__lt": F(self.of_adds_up)}) if self.of_adds_up else None

    def of(self) -> Q:
        """Return the condition of the rows they are counted of."""
        return Q(**{self.of_flag: True}) if self.of_flag else Q()


def _level(code: str, label) -> Definition:
    return Definition(
        code,
        s.RATINGS,
        label,
        _("Cells with this decided level, of all cells rated in that year."),
        code,
        of_flag="rated",
    )


HAMLET_FIGURES = [
    Definition(
        "merged_role",
        s.HAMLETS,
        _("Cell secretary who %(is_also)s %(head)s"),
        _("%(hamlets)s whose head (interim included) is also secretary of a cell there, of all %(hamlets)s."),
        "merged",
    ),
    Definition(
        "member_heads",
        s.HAMLETS,
        _("%(head)s is a Party member"),
        _("%(hamlets)s whose head is a Party member, of all %(hamlets)s."),
        "member_head",
    ),
    Definition(
        "front_merged",
        s.HAMLETS,
        _("Secretary who is also head of the Front committee"),
        _("%(hamlets)s whose head of the Front committee is secretary of a cell there, of all %(hamlets)s."),
        "front_merged",
    ),
    Definition(
        "vacant_heads",
        s.HAMLETS,
        _("Vacant: %(head)s"),
        _(
            "%(hamlets)s whose head's seat is known to be empty, of all %(hamlets)s. Not known is not counted as empty."
        ),
        "no_head",
    ),
    Definition(
        "hamlets_with_officer",
        s.HAMLETS,
        _("%(hamlets)s with a follow-up officer"),
        _("%(hamlets)s which an officer follows on that day, of all %(hamlets)s."),
        "has_officer",
    ),
    Definition(
        "posts_saved",
        s.HAMLETS,
        _("Posts saved by holding two"),
        _("%(hamlets)s in which one person holds two seats: one person fewer in each."),
        "merged",
        kind=Kind.AMOUNT,
    ),
    Definition(
        "interim_heads",
        s.HAMLETS,
        _("Interim: %(head)s"),
        _("%(hamlets)s with an interim head, of all %(hamlets)s."),
        "interim_head",
    ),
    Definition(
        "households",
        s.HAMLETS,
        _("Households"),
        _("Latest count of each of the %(hamlets)s on or before that day."),
        kind=Kind.AMOUNT,
        adds_up="households",
    ),
]

CELL_FIGURES = [
    Definition(
        "merged_cells",
        s.CELLS,
        _("Cells of %(hamlets)s whose secretary %(is_also)s %(head)s"),
        _(
            "Cells of %(hamlets)s whose secretary is %(head)s in the area of the cell, of all cells of %(hamlets)s."
        ),
        "merged",
        of_flag="hamlet_cell",
    ),
    Definition(
        "vacant_secretaries",
        s.CELLS,
        _("Without a secretary"),
        _("Cells of %(hamlets)s whose secretary's seat is known to be empty, of all cells of %(hamlets)s."),
        "no_secretary",
        of_flag="hamlet_cell",
    ),
    Definition(
        "cells",
        s.CELLS,
        _("Party cells"),
        _("Cells that exist on that day, of every kind."),
        kind=Kind.AMOUNT,
    ),
    Definition(
        "members",
        s.CELLS,
        _("Party members"),
        _("Latest count of each cell on or before that day."),
        kind=Kind.AMOUNT,
        adds_up="members",
    ),
]

RATING_FIGURES = [
    Definition(
        "rated",
        s.RATINGS,
        _("Cells rated"),
        _("Cells with a decided level, of the cells subject to rating in that year."),
        "rated",
        of_flag="subject",
    ),
    _level("level_excellent", _("HTXSNV")),
    _level("level_good", _("HTTNV")),
    _level("level_completed", _("HTNV")),
    _level("level_not_completed", _("KHTNV")),
]

COMMUNE_FIGURES = [
    Definition(
        "communes_confirmed",
        s.COMMUNES,
        _("Communes that confirmed their records"),
        _("Communes that confirmed within the 30 days before, of all communes."),
        "confirmed",
    ),
    Definition(
        "communes_with_officer",
        s.COMMUNES,
        _("Communes with a supporting officer"),
        _("Communes which a committee member supports on that day, of all communes."),
        "has_officer",
    ),
]

CONGRESS_FIGURES = [
    Definition(
        "congress_held",
        s.CONGRESSES,
        _("Cell congresses held"),
        _("Cells that have held the congress of the latest term, of the cells called to hold it."),
        "held",
    ),
]

ELECTION_FIGURES = [
    Definition(
        "head_elected",
        s.ELECTIONS,
        _("%(hamlets)s that elected the %(head)s"),
        _(
            "%(hamlets)s that have elected the head for the latest term, of those called to elect. Where it is not"
            " recorded who was elected, the election is not counted."
        ),
        "held",
    ),
]

MEETING_FIGURES = [
    Definition(
        "meeting_attendance",
        s.MEETINGS,
        _("Attendance of cell meetings"),
        _(
            "Members present of members expected, added over the monthly regular meetings of the full months of"
            " the year up to the day of which both numbers are known. What is not known is not counted as absent."
        ),
        adds_up="present",
        of_adds_up="expected",
    ),
]

STREAK_FIGURES = [
    Definition(
        "excellent_streak",
        s.STREAKS,
        _("Rated excellent three years running"),
        _("People rated HTXSNV in office in the latest rated year and the two years before it."),
        "streak",
        kind=Kind.AMOUNT,
    ),
]

# Worked out against what a resolution says; the list counted is the cells that hold the title, or that of the figure.
TARGET_LABELS = {
    "title_of_goal": _("Recognised, of the goal"),
    "title_of_base": _("Recognised, of the base as resolved"),
    "target_of_goal": _("Done, of the goal"),
    "target_of_base": _("Done, of the base as resolved"),
    "target_at_most": _("Still there"),
    "target_at_most_of_base": _("Still there, of the base as resolved"),
    "target_share": _("Goal, of the base as resolved"),
}
TARGET_EXPLANATIONS = {
    "title_of_goal": _("Cells that hold the title on that day, against the goal of the resolution."),
    "title_of_base": _("Cells that hold the title on that day, against the base named in the resolution."),
    "target_of_goal": _("What is counted on that day, against the goal of the resolution."),
    "target_of_base": _("What is counted on that day, against the base named in the resolution."),
    "target_at_most": _(
        "What is counted on that day of what there should be fewer of, against the most the resolution allows."
    ),
    "target_at_most_of_base": _(
        "What is counted on that day of what there should be fewer of, against the base named in the resolution."
    ),
    "target_share": _("What the resolution asks for: its goal against its base."),
}
DEFINITIONS: dict[str, Definition] = {
    definition.code: definition
    for definition in (
        *HAMLET_FIGURES,
        *CELL_FIGURES,
        *RATING_FIGURES,
        *COMMUNE_FIGURES,
        *CONGRESS_FIGURES,
        *ELECTION_FIGURES,
        *MEETING_FIGURES,
        *STREAK_FIGURES,
    )
}
