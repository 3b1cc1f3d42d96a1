"""The shares of a year as a table: each commune and group judged by itself, then added up."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dashboards.review.board import BoardRow, ReviewBoard
from evaluations.models import ShareBase
from evaluations.review.share import Share, SharesTogether


@dataclass(frozen=True)
class ShareLine:
    """One group of one commune."""

    row: BoardRow
    share: Share

    @property
    def reason(self) -> str:
        return self.row.file.share_reason


class ShareTable:
    """The lines of the communes whose files were sent, by one base, with the sums of all three."""

    def __init__(self, board: ReviewBoard, *, base: str, over_only: bool = False, commune: int | None = None):
        self.board, self.base, self.over_only, self.commune = board, base, over_only, commune

    @cached_property
    def rows(self) -> list[BoardRow]:
        # Not the rows in the board's order, for which it asks how far each commune is.
        rows = [row for row in map(self.board.row_of, self.board.files) if row.shows_levels]
        rows.sort(key=lambda row: row.file.commune.sort_key)
        return [row for row in rows if self.commune in (None, row.file.commune_id)]

    @cached_property
    def lines(self) -> list[ShareLine]:
        return [line for line in self._all() if line.share.over or not self.over_only]

    def _all(self) -> Iterator[ShareLine]:
        for row in self.rows:
            for share in row.shares:
                yield ShareLine(row, share.by(self.base))

    @cached_property
    def total(self) -> SharesTogether:
        """All groups of the communes shown, by the base that is chosen."""
        return SharesTogether(tuple(line.share for line in self._all()))

    @property
    def sums(self) -> list[tuple[str, str, SharesTogether]]:
        """The same by each of the three bases that are in use."""
        shares = [share for row in self.rows for share in row.shares]
        return [
            (base.value, base.label, SharesTogether(tuple(share.by(base) for share in shares)))
            for base in ShareBase
        ]
