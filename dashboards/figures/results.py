"""Results: what was so on a day of its own, counted by unit below. Five kinds of rows in one query."""

from functools import cached_property

from django.db.models import CharField, Count, DateField, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from dashboards.figures import definitions as d
from dashboards.figures.definitions import Definition
from dashboards.figures.frames import Frame
from dashboards.figures.kept import Kept
from dashboards.figures.sections import MEETINGS, RATINGS, STREAKS, Section

TREND_YEARS = 5


class Results:
    """Rows of {section, kind, term, place_key, of, counted, first}.

    Of ratings the kind is the level and the term the year; of streaks the term is a year rated.
    """

    def __init__(self, frame: Frame, kept: Kept):
        self.frame, self.kept = frame, kept

    def of(self, section: Section) -> list[dict]:
        return [row for row in self._rows if row["section"] == section.code]

    @cached_property
    def ratings(self) -> list[dict]:
        """The ratings of the last years; where none of these has a level, those of all years."""
        rows = self.of(RATINGS)
        return rows if any(row["kind"] for row in rows) else self.kept.rows(self._ratings())

    @cached_property
    def streaks(self) -> list[dict]:
        """The streaks of the latest year in which people were rated, among the last years."""
        rows = self.of(STREAKS)
        latest = max((row["term"] for row in rows), default=None)
        return [row for row in rows if row["term"] == latest]

    @cached_property
    def _rows(self) -> list[dict]:
        (congresses,), (elections,) = d.CONGRESS_FIGURES, d.ELECTION_FIGURES
        since = self.frame.day.year - TREND_YEARS
        others = [
            *(self._contests(elections), self._meetings()),
            *(self._ratings(since=since), self._streaks(since)),
        ]
        return self.kept.rows(self._contests(congresses).union(*others, all=True))

    def _where(self, section: Section) -> dict:
        place = self.frame.child_column(section.places(self.frame))
        return {"section": Value(section.code, CharField()), "place_key": F(place)}

    def _contests(self, definition: Definition) -> QuerySet:
        section = definition.section
        rows = section.rows(self.frame).filter(at__isnull=False).order_by()
        return rows.values("kind", "term", **self._where(section)).annotate(
            of=Count("pk"), counted=Count("pk", filter=definition.counted()), first=Min("at")
        )

    def _meetings(self) -> QuerySet:
        rows = MEETINGS.rows(self.frame).order_by()
        return rows.values("kind", term=Value("", CharField()), **self._where(MEETINGS)).annotate(
            of=Sum("expected"), counted=Sum("present"), first=Min("day")
        )

    def _ratings(self, since: int | None = None) -> QuerySet:
        rows = RATINGS.rows(self.frame, since=since).order_by()
        return rows.values(kind=F("level"), term=_YEAR, **self._where(RATINGS)).annotate(
            of=Count("pk"), counted=Count("pk", filter=Q(subject=True)), first=_NO_DAY
        )

    def _streaks(self, since: int) -> QuerySet:
        rows = STREAKS.rows(self.frame, since=since).order_by()
        return rows.values(kind=Value("", CharField()), term=_YEAR, **self._where(STREAKS)).annotate(
            of=Count("pk"), counted=Count("pk", filter=Q(streak=True)), first=_NO_DAY
        )


_YEAR = Cast("cycle__year", CharField())
_NO_DAY = Value(None, DateField())
