"""All figures of a frame, for the unit as a whole and for each unit below it.

One query per section, not per row: each counts every definition of its section, grouped by the
unit below; the whole is the sum over the groups.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import dropwhile

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from cells.kinds import Kind as HamletKind
from cells.meetings.months import full_months
from cells.models import CellKind, Meeting
from dashboards.figures import definitions as d
from dashboards.figures.counting import Counts, add_group, age_of_counts, sum_of, whole_of
from dashboards.figures.definitions import DEFINITIONS, Definition, Kind
from dashboards.figures.figure import Figure, LevelYear, TitleHolders, TitleTrend, TitleYear
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.kept import Kept
from dashboards.figures.merged_years import MergedYears
from dashboards.figures.results import Results
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
from sheets.numbers import format_count

# Sections whose figures are counted row by row, all that are asked for in one query.
STATES = (HAMLETS, CELLS, COMMUNES)
# Longer than the levels: a resolution about titles runs for a term, and is judged after it.
TITLE_YEARS = 10


class Board:
    """The figures of a frame; each section is counted when it is first asked for."""

    # Columns of a section whose values are counted along with its figures.
    BESIDE: Mapping[Section, tuple[str, ...]] = {}

    def __init__(self, frame: Frame, only: Collection[str] | None = None):
        """``only`` are the figures of hamlets, cells and communes that are asked for; None: all of them."""
        self.frame, self.only = frame, only
        # Past days for which titles and the merged role are counted too; see count_also_on.
        self._also: set[date] = set()
        self.kept = Kept.of(frame)
        self.results, self.merged_years = Results(frame, self.kept), MergedYears(frame, self.kept, self._also)

    def rows(self, section: Section) -> QuerySet:
        return section.rows(self.frame)

    def count_also_on(self, days: Iterable[date]) -> None:
        """Count titles held and merged roles on these days too, in the queries that are still to be made."""
        self._also |= set(days)

    def _asks(self, definition: Definition) -> bool:
        return self.only is None or definition.code in self.only or definition.section not in STATES

    # --- sections -------------------------------------------------------------------

    def _count(self, section: Section, figures: list[Definition], *, keys: tuple[str, ...] = ()):
        """Return {unit below: {code: counted, code + "_of": of}} in one query.

        Rows alike in every flag (and key) are counted together, so each is judged once per row.
        """
        figures = [one for one in figures if self._asks(one)]
        adds_up = next((one.adds_up for one in figures if one.adds_up), "")
        flags = sorted({flag for f in figures for flag in (f.flag, f.of_flag) if flag})
        keys = (*keys, *self.BESIDE.get(section, ()))
        days = ("counted_on",) if adds_up else ()
        place = self.frame.child_column(section.places(self.frame))
        rows = (
            self.rows(section)
            if self.only is None
            else section.rows(self.frame, only={*flags, *days, adds_up})
        )
        rows = rows.order_by().values(*flags, *keys, *days, place_key=F(place))
        sums = {"added_up": Sum(adds_up)} if adds_up else {}
        groups: dict[int | None, Counts] = defaultdict(lambda: defaultdict(int))
        for row in self.kept.rows(rows.annotate(row_count=Count("pk"), **sums)):
            add_group(groups[row["place_key"]], row, figures, keys)
        return groups

    @cached_property
    def hamlets(self):
        return self._count(HAMLETS, d.HAMLET_FIGURES, keys=("kind",))

    @cached_property
    def words(self) -> HamletWords:
        """How the hamlets of the frame are called: figures speak in their words."""
        total = sum_of(self.hamlets)
        kinds = [(-total[f"kind_{kind}"], kind) for kind in HamletKind.values if total[f"kind_{kind}"]]
        return HamletWords.of([kind for _count, kind in sorted(kinds)])

    @cached_property
    def cells(self):
        return self._count(CELLS, d.CELL_FIGURES)

    @cached_property
    def communes(self):
        return self._count(COMMUNES, d.COMMUNE_FIGURES)

    @cached_property
    def level_years(self) -> list[LevelYear]:
        """The levels of the years decided on or before the day, oldest first."""
        years: dict[int, LevelYear] = {}
        for row in self.results.ratings:
            if level := row["kind"]:
                year = years.setdefault(int(row["term"]), LevelYear(int(row["term"])))
                year.counts[level] = year.counts.get(level, 0) + row["of"]
        return [years[year] for year in sorted(years)]

    @cached_property
    def rating_year(self) -> int | None:
        """The latest year decided on or before the day."""
        return self.level_years[-1].year if self.level_years else None

    @cached_property
    def ratings(self) -> dict[int | None, Counts]:
        """The ratings of that year by unit below, in the codes of the figures."""
        groups: dict = defaultdict(lambda: defaultdict(int))
        for row in self.results.ratings:
            if row["term"] != str(self.rating_year):
                continue
            counts = groups[row["place_key"]]
            counts["rated_of"] += row["counted"]
            if level := row["kind"]:
                counts["rated"] += row["of"]
                counts[LEVEL_CODES[level]] += row["of"]
        for counts in groups.values():
            for code in LEVEL_CODES.values():
                counts[f"{code}_of"] = counts["rated"]
        return groups

    @property
    def streaks(self):
        """The latest rated year, and how many people were rated excellent in it and the two before."""
        year = next((int(row["term"]) for row in self.results.streaks), None)
        return year, sum(self._streaks_by_place.values())

    @property
    def _streaks_by_place(self) -> dict[int | None, int]:
        return {row["place_key"]: row["counted"] for row in self.results.streaks}

    @cached_property
    def meetings(self) -> dict[int | None, Counts]:
        """Present and expected of the regular meetings of the full months of the year, by unit below."""
        (code,) = (definition.code for definition in d.MEETING_FIGURES)
        return {
            row["place_key"]: {code: row["counted"], f"{code}_of": row["of"], f"{code}_known": 1}
            for row in self.results.of(MEETINGS)
            if row["kind"] == Meeting.Kind.REGULAR
        }

    @cached_property
    def contests(self) -> dict[str, tuple[str | None, dict]]:
        """Return {figure code: (latest term that has begun, {unit below: counts})}."""
        found = {}
        for definition in (*d.CONGRESS_FIGURES, *d.ELECTION_FIGURES):
            rows = self.results.of(definition.section)
            term = max((row["term"] for row in rows if row["first"] <= self.frame.day), default=None)
            found[definition.code] = (
                term,
                {
                    row["place_key"]: {definition.code: row["counted"], f"{definition.code}_of": row["of"]}
                    for row in rows
                    if row["term"] == term
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
    def _days_held(self) -> frozenset[date]:
        """The days on which it is counted how many cells hold each title."""
        return frozenset({*self._title_days.values(), *self._also})

    @cached_property
    def _title_rows(self) -> list[dict]:
        """Counts by title and unit below: won in each year, held at the end of each and on the other days."""
        place = self.frame.child_column(TITLES.places(self.frame))
        counts = {}
        for year in self._title_days:
            counts[f"recognised_{year}"] = Count("pk", filter=recognised_in(year))
        for day in self._days_held:
            counts[_held(day)] = Count("cell", filter=title_held_on(day), distinct=True)
        beside = title_held_on(self.frame.day) & ~Q(cell__kind=CellKind.HAMLET)
        counts["beside"] = Count("cell", filter=beside, distinct=True)
        rows = TITLES.rows(self.frame).order_by().values("title", "title__name", place_key=F(place))
        return self.kept.rows(rows.annotate(**counts))

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
            TitleYear(year, until, counts[f"recognised_{year}"], counts[_held(until)])
            for year, until in self._title_days.items()
        ]
        return tuple(dropwhile(lambda year: not (year.recognised or year.held), years))

    def title_holders(self, title: int | None) -> dict[int | None, TitleHolders]:
        """Return {unit below: how many cells there hold the title on the day}."""
        return {
            row["place_key"]: TitleHolders(row[_held(self.frame.day)], row["beside"])
            for row in self._title_rows
            if row["title"] == title
        }

    def titles_held_on(self, day: date, title: int | None) -> int | None:
        """Return how many cells held the title on one of the days counted; None for another day."""
        if day not in self._days_held:
            return None
        return sum(row[_held(day)] for row in self._title_rows if row["title"] == title)

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
        held = _held(self.frame.day)
        counts["titles"] = sum(row[held] for row in self._title_rows if row["place_key"] is None)
        return {code: count for code, count in counts.items() if count}

    # --- figures --------------------------------------------------------------------

    @cached_property
    def figures(self) -> "Figures":
        """Every figure of the unit by code."""
        return Figures(self)

    def figures_of(self, section: Section) -> dict[str, Figure]:
        """Return the figures of one section, of the unit as a whole."""
        definitions = [one for one in DEFINITIONS.values() if one.section is section and self._asks(one)]
        if section in (CONGRESSES, ELECTIONS):
            return self._contest_figures(definitions)
        if section is RATINGS:
            year = self.rating_year
            return self._figures(sum_of(self.ratings), definitions, year=year) if year else {}
        if section is STREAKS:
            year, people = self.streaks
            return self._figures({"excellent_streak": people}, definitions, year=year) if year else {}
        if section is MEETINGS:
            remarks = [_months(self.frame.day)]
            return self._figures(sum_of(self.meetings), definitions, remarks=remarks) if self.meetings else {}
        total, made = sum_of(getattr(self, section.code)), {}
        for definition in definitions:
            made |= self._figures(total, [definition], remarks=self._remarks(definition.code))
        return made

    def _contest_figures(self, definitions: list[Definition]) -> dict[str, Figure]:
        made: dict[str, Figure] = {}
        for definition in definitions:
            term, groups = self.contests[definition.code]
            if term:
                remark = _("term %(term)s") % {"term": term}
                made |= self._figures(sum_of(groups), [definition], remarks=[remark])
        return made

    def _figures(
        self, counts: Counts, definitions: list[Definition], *, year=None, remarks=None
    ) -> dict[str, Figure]:
        return {
            definition.code: Figure(
                code=definition.code,
                kind=definition.kind,
                label=self._said[definition.code][0],
                explanation=self._said[definition.code][1],
                numerator=counts.get(definition.code) or 0,
                denominator=counts.get(f"{definition.code}_of", 0) if definition.kind == Kind.SHARE else None,
                frame=self.frame,
                year=year,
                remarks=tuple(remarks or ()),
                is_known=not definition.adds_up or bool(counts.get(f"{definition.code}_known")),
            )
            for definition in definitions
        }

    @cached_property
    def _said(self) -> dict[str, tuple[str, str]]:
        """What each figure is called and how it is explained, in the words of the frame: said once for all units."""
        phrase = self.words.phrase
        return {code: (phrase(one.label), phrase(one.explanation)) for code, one in DEFINITIONS.items()}

    def _remarks(self, code: str) -> tuple[str, ...]:
        if code == "merged_role":
            interim = sum_of(self.hamlets)["merged_interim"]
            return (_("of which %(count)s interim") % {"count": format_count(interim)},) if interim else ()
        if code in ("members", "households"):
            return age_of_counts(self.cells if code == "members" else self.hamlets)
        return ()

    def all_figures(self) -> list[Figure]:
        """Every figure of the unit, in a fixed order."""
        return list(self.figures.values())

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
        if not self._asks(definition):
            raise KeyError(definition.code)
        if definition.section in (CONGRESSES, ELECTIONS):
            return self.contests[definition.code][1]
        if definition.section is STREAKS:
            return {place: {definition.code: count} for place, count in self._streaks_by_place.items()}
        return getattr(self, definition.section.code)


class Figures(Mapping):
    """The figures of a board by code; a section is counted when one of its figures is first looked at."""

    def __init__(self, board: Board):
        self._board = board
        self._made: dict[str, dict[str, Figure]] = {}

    def _of(self, section: Section) -> dict[str, Figure]:
        if section.code not in self._made:
            self._made[section.code] = self._board.figures_of(section)
        return self._made[section.code]

    def __getitem__(self, code: str) -> Figure:
        return self._of(DEFINITIONS[code].section)[code]

    def __iter__(self) -> Iterator[str]:
        return (code for code, one in DEFINITIONS.items() if code in self._of(one.section))

    def __len__(self) -> int:
        return sum(1 for _code in self)


def _held(day: date) -> str:
    """Name the count of the cells that hold a title on the day."""
    return f"held_{day:%Y_%m_%d}"


def _months(day: date) -> str:
    """Say which months are full ones of the year up to the day."""
    first, last = full_months(day)
    return _("months %(first)s to %(last)s") % {"first": f"{first:%m/%Y}", "last": f"{last:%m/%Y}"}
