"""A figure as it was quoted, beside what is counted for the same day now."""

from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dashboards.citing.asked import FigureKey
from dashboards.citing.codes import code_of, shown_code
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part
from dashboards.models import FigureReport, Quote
from dashboards.overview import list_url, unit_url
from dashboards.wording import words_for
from sheets.numbers import format_count, format_percent

# So many other figures would have to have the same code: then something is wrong with the codes.
ATTEMPTS = 20


def quote(figure: Figure, *, by) -> Quote:
    """Return the quote of this figure: the one there is of the same value, or a new one."""
    identity = _identity(figure)
    found = Quote.objects.filter(**identity).order_by("pk").first()
    return found or _made(identity, by)


def _identity(figure: Figure) -> dict:
    frame = figure.frame
    return {
        "figure": figure.code,
        "unit": frame.unit,
        "day": frame.day,
        "borders": frame.borders,
        "target": figure.target,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
    }


def _made(identity: dict, by) -> Quote:
    """Two who quote the same at once make the same code, and the second takes what the first has made."""
    said = "|".join(str(getattr(value, "pk", value)) for value in identity.values())
    for attempt in range(ATTEMPTS):
        code = code_of(said, attempt)
        try:
            with transaction.atomic():
                return Quote.objects.create(**identity, code=code, quoted_by=by)
        except IntegrityError:
            same = Quote.objects.filter(code=code, **identity).first()
            if same:
                return same
    raise RuntimeError("No free code was found for a quote.")


def value_in_words(numerator: int, denominator: int | None) -> str:
    """Return a figure as it is written: "1.432/1.452 (98,6%)", or the amount alone."""
    if denominator is None:
        return format_count(numerator)
    share = f" ({format_percent(numerator, denominator)})" if denominator else ""
    return f"{format_count(numerator)}/{format_count(denominator)}{share}"


def frame_of_record(record: Quote | FigureReport, user) -> Frame:
    """Return the frame in which the figure was looked at, for this reader."""
    return Frame(record.unit, record.day, user, record.borders)


def label_of(record: Quote | FigureReport, user) -> str:
    """Return what a figure is called where nothing is counted, in the words of whoever reads it."""
    label = TARGET_LABELS.get(record.figure) or DEFINITIONS[record.figure].label
    return words_for(user).phrase(label)


@dataclass
class Cited:
    """A quoted or reported figure as a page shows it: then, now, and what lies between."""

    record: Quote | FigureReport
    user: object

    @property
    def code(self) -> str:
        return shown_code(self.record.code)

    @cached_property
    def frame(self) -> Frame:
        return frame_of_record(self.record, self.user)

    @cached_property
    def now(self) -> Figure | None:
        """The same figure as it is counted now for the same day; None where it cannot be."""
        if self.record.figure not in DEFINITIONS and self.record.figure not in TARGET_LABELS:
            return None
        if not self.frame.exists:
            return None
        return FigureKey(self.record.figure, self.record.target_id).find(Board(self.frame))

    @property
    def label(self) -> str:
        return self.now.label if self.now else label_of(self.record, self.user)

    @property
    def name(self) -> str:
        """Return what the figure is called in lists, where nothing is counted."""
        return label_of(self.record, self.user)

    @property
    def unit_name(self) -> str:
        return str(self.record.unit) if self.record.unit else _("The whole country")

    @property
    def then_text(self) -> str:
        return value_in_words(self.record.numerator, self.record.denominator)

    @property
    def now_text(self) -> str:
        return value_in_words(self.now.numerator, self.now.denominator) if self.now else ""

    @property
    def difference(self) -> str:
        """Say in a sentence what has changed since, by entries made later for the same day."""
        if self.now is None:
            return _("This figure can no longer be counted for that day.")
        counted = self.now.numerator - self.record.numerator
        of = (self.now.denominator or 0) - (self.record.denominator or 0)
        if not counted and not of:
            return _("Counted again now for the same day it is the same.")
        parts = [_signed(_("those counted"), counted)] if counted else []
        parts += [_signed(_("of all"), of)] if of else []
        return _("Entries made since then for the same day have changed it: %(parts)s.") % {
            "parts": ", ".join(parts)
        }

    @property
    def list_url(self) -> str:
        """Return where the rows stand that are counted; what a resolution asks for counts none."""
        if self.now is None or self.now.code == "target_share":
            return ""
        return list_url(self.now, Part.COUNTED)

    @property
    def overview_url(self) -> str:
        return unit_url(self.frame, self.record.unit_id)

    @property
    def borders(self) -> str:
        return str(Borders(self.record.borders).label)

    @property
    def place(self) -> str:
        """Return what the unit was called on the day."""
        return self.frame.unit_name

    @property
    def sentence(self) -> str:
        """Return the quote as it is put into a paper, with the code behind it."""
        said = {
            "label": self.label,
            "place": self.place,
            "value": self.then_text,
            "day": f"{self.record.day:%d/%m/%Y}",
            "borders": self.borders,
            "code": self.code,
        }
        return _("%(label)s – %(place)s: %(value)s, as of %(day)s, %(borders)s (code %(code)s).") % said


def _signed(words: str, change: int) -> str:
    return f"{words} {'+' if change > 0 else '−'}{format_count(abs(change))}"
