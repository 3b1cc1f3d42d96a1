"""The board of a year: every commune with its state, what is late, and what has come out so far.

Levels are those of files that were sent; of the others the province knows how many cells are entered.
"""

from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import COMMUNE_ROLES
from cells.models import Grant
from evaluations.models import CellRating, Level, ReviewCycle, Submission
from evaluations.review.progress import Progress, days_left, flag_of, progress_by_commune, state_words
from evaluations.review.share import Share, SharesTogether, shares_of
from sheets.numbers import format_percent
from sheets.text import fold

State = Submission.State
# Nearest to the start first: what is not begun is asked about before what is decided.
_ORDER = (
    State.ENTERING,
    State.PUT,
    State.DECIDED,
    State.RETURNED,
    State.SENT,
    State.RECEIVED,
    State.LOCKED,
)


@dataclass
class BoardRow:
    """One commune on the board; what is not asked for is not looked up."""

    file: Submission
    board: "ReviewBoard"

    @property
    def progress(self) -> Progress:
        return self.board.progress.get(self.file.commune_id, Progress())

    @property
    def contacts(self) -> list[User]:
        return self.board.contacts.get(self.file.commune.commune_id, [])

    @property
    def shares(self) -> list[Share]:
        return self.board.shares.get(self.file.commune_id, [])

    @property
    def last_year(self) -> Counter:
        """The levels of the year before that are told of this commune."""
        return self.board.last_year.get(self.file.commune_id, Counter())

    @property
    def days_left(self) -> int | None:
        return days_left(self.file, self.board.today)

    @property
    def words(self) -> str:
        return state_words(self.file, self.progress)

    @property
    def flag(self) -> str:
        return flag_of(self.file, self.board.today)

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def is_due(self) -> bool:
        """Whether anything is awaited from the commune at all: no cell on its list, nothing to send."""
        return self.board.is_preparing or bool(self.progress.cells) or self.file.was_sent

    @property
    def is_begun(self) -> bool:
        return self.file.state != State.ENTERING or bool(self.progress.entered)

    @property
    def shows_levels(self) -> bool:
        return self.file.is_with_province

    @cached_property
    def levels(self) -> Counter:
        """How many cells were decided for each level; empty before the file was sent."""
        return sum((share.levels for share in self.shares), Counter())

    @property
    def level_counts(self) -> list[tuple[str, int, int]]:
        """The four levels in their order, this year and last year."""
        return [(level.value, self.levels[level], self.last_year[level]) for level in Level]

    @property
    def share(self) -> SharesTogether:
        return SharesTogether(tuple(self.shares))


Shown = Callable[[BoardRow], bool]


def _in(*states: str) -> Shown:
    return lambda row: row.file.state in states


# What the board may be narrowed to while files come in, by the words of the address.
SHOWN: dict[str, tuple[str, Shown]] = {
    "qua-han": (_("Overdue"), lambda row: row.is_late and row.is_due),
    "chua-thuc-hien": (_("Not begun"), lambda row: row.is_due and not row.is_begun),
    "dang-nhap": (
        _("In work, not sent yet"),
        lambda row: row.is_due and row.is_begun and not row.file.was_sent,
    ),
    "da-trinh": (_("Put, not decided yet"), _in(State.PUT)),
    "da-quyet-dinh": (_("Decided, not sent yet"), _in(State.DECIDED)),
    "bo-sung": (_("To be completed"), _in(State.RETURNED)),
    "da-gui": (_("Sent"), lambda row: row.file.was_sent),
    "cho-tiep-nhan": (_("Sent, to be received"), _in(State.SENT)),
    "da-tiep-nhan": (_("Received"), _in(State.RECEIVED, State.LOCKED)),
    "da-khoa": (_("Figures locked"), _in(State.LOCKED)),
    "vuot-ty-le": (_("More excellent ones than the share"), lambda row: bool(row.share.over)),
    "danh-sach-chua-xac-nhan": (_("Had not confirmed the list"), lambda row: not row.file.list_confirmed_at),
}
# The same while communes look through their lists.
SHOWN_PREPARING: dict[str, tuple[str, Shown]] = {
    "chua-xac-nhan": (_("List not confirmed yet"), lambda row: not row.file.list_confirmed_at),
    "da-xac-nhan": (_("List confirmed"), lambda row: bool(row.file.list_confirmed_at)),
    "qua-han": (_("Overdue"), lambda row: row.is_late),
}


class ReviewBoard:
    """The communes of one review as somebody may see them; each part is asked for once, when it is needed."""

    def __init__(self, cycle: ReviewCycle, user, today: date):
        self.cycle, self.user, self.today = cycle, user, today

    @property
    def is_preparing(self) -> bool:
        return self.cycle.state == ReviewCycle.State.PREPARING

    @property
    def shown(self) -> dict[str, tuple[str, Shown]]:
        return SHOWN_PREPARING if self.is_preparing else SHOWN

    @cached_property
    def files(self) -> list[Submission]:
        files = Submission.objects.visible_to(self.user).filter(cycle=self.cycle).for_board()
        found = list(files.order_by("commune__sort_key", "pk"))
        for file in found:
            file.cycle = self.cycle
        return found

    @cached_property
    def progress(self) -> dict[int, Progress]:
        return progress_by_commune(self.cycle)

    @cached_property
    def contacts(self) -> dict[int, list[User]]:
        """Whom to call in each commune of today, for those who may see telephone numbers."""
        if not self.user.sees_private_data:
            return {}
        return contacts_of({file.commune.commune_id for file in self.files}, self.today)

    @cached_property
    def shares(self) -> dict[int, list[Share]]:
        if self.is_preparing:
            return {}
        seen = CellRating.objects.visible_beside(self.user).filter(cycle=self.cycle)
        return shares_of(self.files, self.cycle, level="decided_level", rows=seen)

    @cached_property
    def last_year(self) -> dict[int, Counter]:
        if self.is_preparing:
            return {}
        return levels_of_last_year(self.cycle, self.user, {file.commune_id for file in self.files})

    @cached_property
    def rows(self) -> list[BoardRow]:
        """All communes, the latest ones first, then by how far they are and by name."""
        return sorted(map(self.row_of, self.files), key=_lateness)

    def row_of(self, file: Submission) -> BoardRow:
        return BoardRow(file, self)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many communes each choice shows."""
        return {slug: sum(map(test, self.rows)) for slug, (_label, test) in self.shown.items()}

    @property
    def due(self) -> int:
        """How many communes have something to send."""
        return sum(row.is_due for row in self.rows)

    def narrowed(self, slug: str = "", words: str = "") -> list[BoardRow]:
        """Return the rows of one choice whose commune's name holds the words."""
        wanted = fold(words).split()
        test = self.shown[slug][1] if slug else lambda row: True
        return [
            row
            for row in self.rows
            if test(row) and all(word in fold(str(row.file.commune)) for word in wanted)
        ]


def _lateness(row: BoardRow) -> tuple:
    late = min(row.days_left, 0) if row.days_left is not None else 0
    return (late, _ORDER.index(row.file.state), row.is_begun)


@dataclass(frozen=True)
class Total:
    """What the rows of a board add up to."""

    cells: int
    subject: int
    entered: int
    levels: Counter
    last_year: Counter
    excellent: int
    most: int
    over: int
    # Cells whose level the province knows, of those that are to be rated.
    known: int

    @classmethod
    def of(cls, rows: list[BoardRow]) -> "Total":
        levels = sum((row.levels for row in rows), Counter())
        return cls(
            cells=sum(row.progress.cells for row in rows),
            subject=sum(row.progress.subject for row in rows),
            entered=sum(row.progress.entered for row in rows),
            levels=levels,
            last_year=sum((row.last_year for row in rows), Counter()),
            excellent=sum(row.share.excellent for row in rows),
            most=sum(row.share.most for row in rows),
            over=sum(row.share.over for row in rows),
            known=sum(levels[level] for level in Level),
        )

    @property
    def level_counts(self) -> list[tuple[str, int, int]]:
        return [(level.value, self.levels[level], self.last_year[level]) for level in Level]

    @property
    def completeness(self) -> str:
        """The share of the cells that are to be rated whose level the province has."""
        return format_percent(self.known, self.subject)


def contacts_of(communes: set[int], today: date) -> dict[int, list[User]]:
    """Return the people who keep the data of each commune, those with a telephone number first."""
    grants = Grant.objects.on(today).filter(
        unit__in=communes,
        access=Grant.Access.KEEP,
        user__role__in=COMMUNE_ROLES,
        user__is_active=True,
    )
    found: dict[int, list[User]] = {}
    for grant in grants.select_related("user").order_by("pk"):
        users = found.setdefault(grant.unit_id, [])
        if grant.user not in users:
            users.append(grant.user)
    for users in found.values():
        users.sort(key=lambda user: not user.phone)
    return found


def place_on_list(then: int | None, now: int | None, listed: Container[int]) -> int | None:
    """Return the commune of this year's list to which a result of the year before belongs, if any.

    It is that of then; where that is not on the list any more, what has become of it. So each result is told once.
    """
    return next((pk for pk in (then, now) if pk in listed), None)


def levels_of_last_year(cycle: ReviewCycle, user, listed: Container[int]) -> dict[int, Counter]:
    """Return the levels of the year before by commune of the list; what belongs to none is left out."""
    rows = CellRating.objects.visible_beside(user).latest_editions()
    counts = (
        rows.filter(cycle__year=cycle.year - 1, not_subject_reason="", commune__province=cycle.province_id)
        .order_by()
        .values_list("commune", "commune__commune", "decided_level")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Counter] = {}
    for then, now, level, count in counts:
        if (commune := place_on_list(then, now, listed)) is not None:
            found.setdefault(commune, Counter())[level] += count
    return found
