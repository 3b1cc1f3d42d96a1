"""One number with everything a reader needs to believe it."""

from dataclasses import dataclass, field
from datetime import date

from dashboards.figures.frames import Frame
from evaluations.models import Target
from evaluations.models.ratings import SHORT_FORMS
from sheets.numbers import format_count, format_percent, percent


@dataclass(frozen=True)
class Figure:
    """One number with everything a reader needs to believe it."""

    code: str
    kind: str
    label: str
    explanation: str
    numerator: int
    denominator: int | None
    frame: Frame
    year: int | None = None
    remarks: tuple[str, ...] = ()
    target: Target | None = None
    # A sum of counts nobody has entered is not zero, it is not known.
    is_known: bool = True

    @property
    def percent(self) -> str | None:
        """The percentage as it is written: "47,5"; None for an amount."""
        return None if self.denominator is None else percent(self.numerator, self.denominator)

    @property
    def percent_sign(self) -> str:
        return "" if self.denominator is None else format_percent(self.numerator, self.denominator)

    @property
    def share(self) -> float | None:
        """The quotient as a number, for programs."""
        return round(self.numerator / self.denominator, 6) if self.denominator else None

    @property
    def fraction(self) -> str:
        """The figure as it is read: "28/59", or the amount alone."""
        top = format_count(self.numerator)
        return top if self.denominator is None else f"{top}/{format_count(self.denominator)}"

    @property
    def missing(self) -> int:
        """How many are left of the denominator; never negative."""
        return max((self.denominator or 0) - self.numerator, 0)

    def as_json(self) -> dict:
        """The public form of ``manage.py figures --json``."""
        return {
            "code": self.code,
            "kind": str(self.kind),
            "label": str(self.label),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": self.percent,
            "share": self.share,
            "year": self.year,
            "as_of": self.frame.day.isoformat(),
            "borders": str(self.frame.borders),
            "unit": self.frame.unit_code,
        }


@dataclass(frozen=True)
class TitleYear:
    """How many cells won a title in one year, and how many held it on the last day counted of it."""

    year: int
    until: date
    recognised: int
    held: int

    @property
    def is_whole(self) -> bool:
        """Whether the year has come to its end."""
        return self.until == date(self.year, 12, 31)


@dataclass(frozen=True)
class TitleHolders:
    """How many cells hold a title on a day, and how many of them are no hamlet cells."""

    held: int
    beside: int


@dataclass(frozen=True)
class TitleTrend:
    """One title over the years, oldest first."""

    key: int
    name: str
    years: tuple[TitleYear, ...]


@dataclass
class LevelYear:
    """How many cells had each level in one year."""

    year: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rated(self) -> int:
        return sum(self.counts.get(level, 0) for level in SHORT_FORMS)
