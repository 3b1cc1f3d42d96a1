"""What stands on the sheet of a unit, and the sheet as PDF and as a picture. Set by typst, with its own fonts alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboards.figures.figure import LevelYear
from dashboards.home.attention import concerns
from dashboards.home.sentences import ready_sentence
from dashboards.home.year_change import change_since, last_year_end
from dashboards.letterhead import PARTY, head_of, office_of, place_and_day
from dashboards.overview import LEVELS, figure_tile
from dashboards.overview_page import OverviewPage
from dashboards.papers.pdf import FONTS, fonts
from dashboards.tiles import shown
from dashboards.wording import fewer_words, more_words
from sheets.numbers import format_count
from sheets.text import fold

SOURCE = Path(__file__).parent / "sheet.typ"
# As many as fit beside everything else on one sheet.
MOST_TILES, MOST_TARGETS, LEVEL_YEARS = 12, 3, 2
# Dots of an inch: enough for a telephone and for a slide.
PIXELS = 160.0
# The palette of the site (static/css/tokens.css), ordered by lightness so that it holds in grey print.
COLOURS = {
    "EXCELLENT": ("#0b4f3a", True),
    "GOOD": ("#1f7a60", True),
    "COMPLETED": ("#f2c14e", False),
    "NOT_COMPLETED": ("#7a1f3d", True),
}
# A word needs so large a part of the bar, by its letters.
PART_OF_A_LETTER = 0.012


@dataclass(frozen=True)
class Sheet:
    """The texts and numbers of one sheet, plain values that the layout sets out."""

    title: str
    content: Mapping

    @property
    def file_name(self) -> str:
        return fold(self.title).replace(" ", "-").strip("-")[:100]

    def write(self, kind: str) -> bytes:
        """Return the sheet as a PDF, or as a PNG of its one page."""
        compiler = typst.Compiler(
            SOURCE.read_bytes(),
            root=str(FONTS),
            font_paths=fonts(),
            # Nothing lies there: a source that asked for a package would find none, and fetch none.
            package_path=str(FONTS),
            package_cache_path=str(FONTS),
        )
        inputs = {"sheet": json.dumps(self.content, ensure_ascii=False)}
        if kind == "png":
            made = compiler.compile(format="png", ppi=PIXELS, sys_inputs=inputs)
            return made[0] if isinstance(made, list) else made
        return compiler.compile(format="pdf", sys_inputs=inputs)


def sheet_of(page: OverviewPage, name: str, *, now: datetime) -> Sheet:
    """Return the sheet of the unit of this page, whose board is that of a first page."""
    frame, board, words = page.frame, page.board, page.board.words
    head = head_of(office_of(frame.user))
    since = last_year_end(frame.day)
    change = change_since(page.years, since)
    figures = shown(board.figures, page.chosen)[:MOST_TILES]
    title = _("Overview – %(unit)s") % {"unit": name}
    content = {
        "title": title.upper(),
        "left": [line for line in (head.above, head.office) if line] or [""],
        "party": PARTY,
        "place_and_day": place_and_day(head.place, now.date()),
        "basis": f"{page.basis}.",
        "sentence": ready_sentence(board, words, _moment(frame, now)),
        "change": _change(change, since, words),
        "tiles": [_tile(figure_tile(figure)) for figure in figures],
        "levels": [_levels(year) for year in reversed(board.level_years[-LEVEL_YEARS:])],
        "years": [_year(year) for year in page.years.whole],
        "targets": [target.sentence for target in page.targets][:MOST_TARGETS],
        "concerns": [concern.text for concern in concerns(board, words, since=since, change=change or 0)]
        or [_("Nothing stands out today.")],
        "explanations": [{"label": str(figure.label), "text": str(figure.explanation)} for figure in figures],
        "words": {
            "figures": _("Figures"),
            "levels": _("Levels of the cells"),
            "years": _("%(figure)s: over the years") % {"figure": board.figures["merged_role"].label},
            "targets": _("Targets of the resolution"),
            "concerns": _("Three things to note"),
            "explanations": _("How this is counted"),
        },
        "foot": _("For reading; it takes the place of no signed report."),
        "made": _("Made at %(time)s") % {"time": f"{now:%H:%M %d/%m/%Y}"},
    }
    return Sheet(f"{title} – {frame.day:%Y-%m-%d}", content)


def _moment(frame, now: datetime) -> datetime:
    """The sentence of a past day is that of its end; today's says the hour."""
    if frame.is_today:
        return now
    return datetime.combine(frame.day, datetime.max.time().replace(microsecond=0), now.tzinfo)


def _change(change: int | None, since, words) -> str:
    if change is None:
        return ""
    day = f"{since:%d/%m/%Y}"
    if not change:
        same = _("As many %(hamlets)s with one person in both seats as on %(day)s.")
        return same % {"hamlets": words.hamlet, "day": day}
    said = more_words(change, words) if change > 0 else fewer_words(-change, words)
    return _("%(change)s with one person in both seats since %(day)s.") % {
        "change": capfirst(said),
        "day": day,
    }


def _tile(tile: Mapping) -> dict:
    has_fraction = tile.get("denominator") is not None
    fraction = (
        f"{format_count(tile['numerator'])}/{format_count(tile['denominator'])}" if has_fraction else ""
    )
    year = _("Year %(year)s.") % {"year": tile["year"]} if tile["year"] else ""
    return {
        "label": str(tile["label"]),
        "value": str(tile["value"]),
        "fraction": fraction,
        "note": " ".join(filter(None, [year, tile["note"]])),
    }


def _levels(year: LevelYear) -> dict:
    parts = [_part(level, year.counts.get(level.key, 0), year.rated) for level in LEVELS]
    return {
        "label": _("Year %(year)s: %(rated)s cells") % {"year": year.year, "rated": format_count(year.rated)},
        "parts": [part for part in parts if part["count"]],
        "said": ", ".join(f"{level.code} {format_count(year.counts.get(level.key, 0))}" for level in LEVELS),
    }


def _part(level, count: int, rated: int) -> dict:
    colour, is_dark = COLOURS[level.key]
    room = count / rated / PART_OF_A_LETTER if rated else 0
    words = (f"{level.code} {count}", f"{level.brief} {count}", str(count))
    text = next((word for word in words if len(word) <= room), "")
    # On a hatch a word would not be read; it stands in the line below.
    return {
        "count": count,
        "colour": colour,
        "dark": is_dark,
        "hatched": level.hatched,
        "text": "" if level.hatched else text,
    }


def _year(year) -> dict:
    return {
        "label": str(year.year) if year.is_whole else f"{year.until:%d/%m/%Y}",
        "share": year.share,
        "percent": year.percent_sign,
        "fraction": f"{format_count(year.merged)}/{format_count(year.hamlets)}",
    }
