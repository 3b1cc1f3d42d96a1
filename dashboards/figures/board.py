"""All figures of a frame, for the unit as a whole and for each unit below it.

One query per section, not per row: each counts every definition of its section, grouped by the
unit below; the whole is the sum over the groups.
"""

from collections import defaultdict
from datetime import date
from functools import cached_property
from itertools import dropwhile

from django.db.models import CharField, Count, F, Min, Q, Subquery, Sum, Value
from django.utils.translation import gettext as _

from cells.kinds import Kind as HamletKind
from cells.meetings.months import full_months
from cells.models import CellKind, Meeting
from dashboards.figures import definitions as d
from dashboards.figures.counting import Counts, add_group, age_of_counts, sum_of, whole_of
from dashboards.figures.definitions import DEFINITIONS, Definition, Kind
from dashboards.figures.figure import Figure, LevelYear, TitleHolders, TitleTrend, TitleYear
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.sections import (
    CELLS,
    COMMUNES,
    CONGRESSES,
    ELECTIONS,
    HAMLETS,
    LEVEL_CODES,
    MEETINGS,
    RATINGS,
    STREAKS,
    TITLES,
    Section,
    recognised_in,
    title_held_on,
)
from dashboards.wording import HamletWords
from leaders.models import Contest
from sheets.numbers import format_count

TREND_YEARS = 5
# Longer than the levels: a resolution about titles runs for a term, and is judged after it.
TITLE_YEARS = 10


class Board:
    """The figures of a frame; each section is counted when it is first asked for."""

    def __init__(self, frame: Frame):
        self.frame = frame

    # --- sections -------------------------------------------------------------------

    def _count(
        self, section: Section, figures: list[Definition], *, keys: tuple[str, ...] = (), adds_up: str = ""
    ):
        """Return {unit below: {code: counted, code + "_of": of}} in one query.

        Rows alike in every flag (and key) are counted together, so each is judged once per row.
        """
        flags = sorted({flag for f in figures for flag in (f.flag, f.of_flag) if flag})
        if adds_up:
            keys = (*keys, "counted_on")
        place = self.frame.child_column(section.places(self.frame))
        rows = section.rows(self.frame).order_by().values(*flags, *keys, place_key=F(place))
        sums = {"added_up": Sum(adds_up)} if adds_up else {}
        groups: dict[int | None, Counts] = defaultdict(lambda: defaultdict(int))
        for row in rows.annotate(row_count=Count("pk"), **sums):
            add_group(groups[row["place_key"]], row, figures)
        return groups

    @cached_property
    def hamlets(self):
        return self._count(HAMLETS, d.HAMLET_FIGURES, keys=("kind",), adds_up="households")

    @cached_property
    def words(self) -> HamletWords:
        """How the hamlets of the frame are called: figures speak in their words."""
        total = sum_of(self.hamlets)
        kinds = [(-total[f"kind_{kind}"], kind) for kind in HamletKind.values if total[f"kind_{kind}"]]
        return HamletWords.of([kind for _count, kind in sorted(kinds)])

    @cached_property
    def cells(self):
        return self._count(CELLS, d.CELL_FIGURES, adds_up="members")

    @cached_property
    def communes(self):
        return self._count(COMMUNES, d.COMMUNE_FIGURES)

    @cached_property
    def _rating_rows(self) -> list[dict]:
        """Counts by unit below, year and level; of the last years, or of all where these are empty."""
        place = self.frame.child_column(RATINGS.places(self.frame))
        for since in (self.frame.day.year - TREND_YEARS, None):
            rows = list(
                RATINGS.rows(self.frame, since=since)
                .order_by()
                .values("cycle__year", "level", place_key=F(place))
                .annotate(count=Count("pk"), subject_count=Count("pk", filter=Q(subject=True)))
            )
            if any(row["level"] for row in rows):
                break
        return rows

    @cached_property
    def level_years(self) -> list[LevelYear]:
        """The levels of the years decided on or before the day, oldest first."""
        years: dict[int, LevelYear] = {}
        for row in self._rating_rows:
            if row["level"]:
                year = years.setdefault(row["cycle__year"], LevelYear(row["cycle__year"]))
                year.counts[row["level"]] = year.counts.get(row["level"], 0) + row["count"]
        return [years[year] for year in sorted(years)]

    @cached_property
    def rating_year(self) -> int | None:
        """The latest year decided on or before the day."""
        return self.level_years[-1].year if self.level_years else None

    @cached_property
    def ratings(self) -> dict[int | None, Counts]:
        """The ratings of that year by unit below, in the codes of the figures."""
        groups: dict = defaultdict(lambda: defaultdict(int))
        for row in self._rating_rows:
            if row["cycle__year"] != self.rating_year:
                continue
            counts = groups[row["place_key"]]
            counts["rated_of"] += row["subject_count"]
            if row["level"]:
                counts["rated"] += row["count"]
                counts[LEVEL_CODES[row["level"]]] += row["count"]
        for counts in groups.values():
            for code in LEVEL_CODES.values():
                counts[f"{code}_of"] = counts["rated"]
        return groups

    @cached_property
    def streaks(self):
        """The latest rated year, and how many people were rated excellent in it and the two before."""
        return self._streak_year, sum(self._streaks_by_place.values())

    @cached_property
    def _streak_rows(self) -> list[dict]:
        place = self.frame.child_column(STREAKS.places(self.frame))
        rows = STREAKS.rows(self.frame).order_by()
        latest = rows.order_by("-cycle__year").values("cycle__year")[:1]
        of_latest = rows.filter(cycle__year=Subquery(latest)).values("cycle__year", place_key=F(place))
        return list(of_latest.annotate(count=Count("pk", filter=Q(streak=True))))

    @property
    def _streak_year(self) -> int | None:
        return self._streak_rows[0]["cycle__year"] if self._streak_rows else None

    @cached_property
    def _streaks_by_place(self) -> dict[int | None, int]:
        return {row["place_key"]: row["count"] for row in self._streak_rows}

    def _contests_of(self, section: Section, definition: Definition):
        place = self.frame.child_column(section.places(self.frame))
        return (
            section.rows(self.frame)
            .filter(at__isnull=False)
            .order_by()
            .values("kind", "term", place_key=F(place))
            .annotate(of=Count("pk"), counted=Count("pk", filter=definition.counted()), first=Min("at"))
        )

    def _meeting_sums(self):
        place = self.frame.child_column(MEETINGS.places(self.frame))
        rows = MEETINGS.rows(self.frame).order_by()
        return rows.values("kind", term=Value("", CharField()), place_key=F(place)).annotate(
            of=Sum("expected"), counted=Sum("present"), first=Min("day")
        )

    @cached_property
    def _result_rows(self) -> list[dict]:
        """Congresses, elections and meetings by unit below: results of their own days, in one query."""
        contests = (self._contests_of(x.section, x) for x in (*d.CONGRESS_FIGURES, *d.ELECTION_FIGURES))
        congresses, elections = contests
        return list(congresses.union(elections, self._meeting_sums(), all=True))

    @cached_property
    def meetings(self) -> dict[int | None, Counts]:
        """Present and expected of the regular meetings of the full months of the year, by unit below."""
        (code,) = (definition.code for definition in d.MEETING_FIGURES)
        return {
            row["place_key"]: {code: row["counted"], f"{code}_of": row["of"], f"{code}_known": 1}
            for row in self._result_rows
            if row["kind"] == Meeting.Kind.REGULAR
        }

    @cached_property
    def contests(self) -> dict[str, tuple[str | None, dict]]:
        """Return {figure code: (latest term that has begun, {unit below: counts})}."""
        definitions = {
            Contest.Kind.CONGRESS: d.CONGRESS_FIGURES[0],
            Contest.Kind.HEAD_ELECTION: d.ELECTION_FIGURES[0],
        }
        rows = self._result_rows
        found = {}
        for kind, definition in definitions.items():
            begun = {row["term"] for row in rows if row["kind"] == kind and row["first"] <= self.frame.day}
            term = max(begun, default=None)
            found[definition.code] = (
                term,
                {
                    row["place_key"]: {definition.code: row["counted"], f"{definition.code}_of": row["of"]}
                    for row in rows
                    if row["kind"] == kind and row["term"] == term
                },
            )
        return found

    @cached_property
    def _title_days(self) -> dict[int, date]:
        """The last years with the last day of each that has come."""
        day = self.frame.day
        return {
            year: min(date(year, 12, 31), day) for year in range(day.year - TITLE_YEARS + 1, day.year + 1)
        }

    @cached_property
    def _title_rows(self) -> list[dict]:
        """Counts by title and unit below: won in each year, held at the end of each."""
        place = self.frame.child_column(TITLES.places(self.frame))
        counts = {}
        for year, until in self._title_days.items():
            counts[f"recognised_{year}"] = Count("pk", filter=recognised_in(year))
            counts[f"held_{year}"] = Count("cell", filter=title_held_on(until), distinct=True)
        beside = title_held_on(self.frame.day) & ~Q(cell__kind=CellKind.HAMLET)
        counts["beside"] = Count("cell", filter=beside, distinct=True)
        rows = TITLES.rows(self.frame).order_by().values("title", "title__name", place_key=F(place))
        return list(rows.annotate(**counts))

    @cached_property
    def title_trends(self) -> list[TitleTrend]:
        """Each title over the last years, from the first year in which a cell held it."""
        totals: dict[tuple[int, str], Counts] = defaultdict(lambda: defaultdict(int))
        for row in self._title_rows:
            for key, value in row.items():
                if key.startswith(("recognised_", "held_")):
                    totals[row["title"], row["title__name"]][key] += value
        return [
            TitleTrend(title, name, years)
            for (title, name), counts in sorted(totals.items(), key=lambda item: item[0][1])
            if (years := self._title_years(counts))
        ]

    def _title_years(self, counts: Counts) -> tuple[TitleYear, ...]:
        years = [
            TitleYear(year, until, counts[f"recognised_{year}"], counts[f"held_{year}"])
            for year, until in self._title_days.items()
        ]
        return tuple(dropwhile(lambda year: not (year.recognised or year.held), years))

    def title_holders(self, title: int | None) -> dict[int | None, TitleHolders]:
        """Return {unit below: how many cells there hold the title on the day}."""
        return {
            row["place_key"]: TitleHolders(row[f"held_{self.frame.day.year}"], row["beside"])
            for row in self._title_rows
            if row["title"] == title
        }

    def titles_held_at_end_of(self, year: int, title: int | None) -> int | None:
        """Return how many cells held the title at the end of a year that has come; None where it is not counted."""
        if self._title_days.get(year) != date(year, 12, 31):
            return None
        return sum(row[f"held_{year}"] for row in self._title_rows if row["title"] == title)

    @cached_property
    def left_out(self) -> dict[str, int]:
        """How many rows of each section stand in no unit below in today's borders, by a figure of the section."""
        if self.frame.borders != Borders.NOW:
            return {}
        groups = {
            "merged_role": self.hamlets,
            "cells": self.cells,
            "communes_confirmed": self.communes,
            "rated": self.ratings,
            **{code: counts for code, (_term, counts) in self.contests.items()},
            "meeting_attendance": self.meetings,
        }
        counts = {code: whole_of(group.get(None, {}), code) for code, group in groups.items()}
        counts["excellent_streak"] = self._streaks_by_place.get(None, 0)
        day = f"held_{self.frame.day.year}"
        counts["titles"] = sum(row[day] for row in self._title_rows if row["place_key"] is None)
        return {code: count for code, count in counts.items() if count}

    # --- figures --------------------------------------------------------------------

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure of the unit by code."""
        made: dict[str, Figure] = {}
        for groups, definitions in (
            (self.hamlets, d.HAMLET_FIGURES),
            (self.cells, d.CELL_FIGURES),
            (self.communes, d.COMMUNE_FIGURES),
        ):
            for definition in definitions:
                made |= self._figures(sum_of(groups), [definition], remarks=self._remarks(definition.code))
        if self.rating_year:
            made |= self._figures(sum_of(self.ratings), d.RATING_FIGURES, year=self.rating_year)
        for code, (term, groups) in self.contests.items():
            if term:
                remark = _("term %(term)s") % {"term": term}
                made |= self._figures(sum_of(groups), [DEFINITIONS[code]], remarks=[remark])
        if self.meetings:
            made |= self._figures(sum_of(self.meetings), d.MEETING_FIGURES, remarks=[_months(self.frame.day)])
        year, people = self.streaks
        if year:
            made |= self._figures({"excellent_streak": people}, d.STREAK_FIGURES, year=year)
        return made

    def _figures(
        self, counts: Counts, definitions: list[Definition], *, year=None, remarks=None
    ) -> dict[str, Figure]:
        return {
            definition.code: Figure(
                code=definition.code,
                kind=definition.kind,
                label=self.words.phrase(definition.label),
                explanation=self.words.phrase(definition.explanation),
                numerator=counts.get(definition.code) or 0,
                denominator=counts.get(f"{definition.code}_of", 0) if definition.kind == Kind.SHARE else None,
                frame=self.frame,
                year=year,
                remarks=tuple(remarks or ()),
                is_known=not definition.adds_up or bool(counts.get(f"{definition.code}_known")),
            )
            for definition in definitions
        }

    def _remarks(self, code: str) -> tuple[str, ...]:
        if code == "merged_role":
            interim = sum_of(self.hamlets)["merged_interim"]
            return (_("of which %(count)s interim") % {"count": format_count(interim)},) if interim else ()
        if code in ("members", "households"):
            return age_of_counts(self.cells if code == "members" else self.hamlets)
        return ()

    def all_figures(self) -> list[Figure]:
        """Every figure of the unit, in a fixed order."""
        order = {code: place for place, code in enumerate(DEFINITIONS)}
        return sorted(self.figures.values(), key=lambda f: order[f.code])

    def child_figures(self, codes: list[str]) -> dict[int | None, dict[str, Figure]]:
        """Return {unit below: {code: figure}} for these codes."""
        made: dict[int | None, dict[str, Figure]] = defaultdict(dict)
        for code in codes:
            definition = DEFINITIONS[code]
            year = self.rating_year if definition.section is RATINGS else None
            for place, counts in self.groups(definition).items():
                made[place] |= self._figures(counts, [definition], year=year)
        return made

    def groups(self, definition: Definition) -> dict[int | None, Counts]:
        """Return {unit below: counts} of a figure, and of no other section than its own."""
        if definition.section in (CONGRESSES, ELECTIONS):
            return self.contests[definition.code][1]
        if definition.section is STREAKS:
            return {place: {definition.code: count} for place, count in self._streaks_by_place.items()}
        return getattr(self, definition.section.code)


def _months(day: date) -> str:
    """Say which months are full ones of the year up to the day."""
    first, last = full_months(day)
    return _("months %(first)s to %(last)s") % {"first": f"{first:%m/%Y}", "last": f"{last:%m/%Y}"}
