"""What lists of ratings share, whether of cells or of people.

Of a past year a file brings the whole result with its decision. Of a year that is open it fills in what
the page of the review lets anybody enter, on the rows of its list alone: the levels are decided on that page.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, decimal_column, labels_of
from accounts.history import update_many
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS, decision_columns, decision_row
from cells.lookups import Decisions
from cells.models import Unit
from cells.resources.bodies import Bodies
from evaluations.models import ReviewCycle
from evaluations.models.ratings import NotSubject
from evaluations.reading import level_column
from evaluations.resources.filling import FillingResource
from evaluations.resources.years import Years, is_step
from evaluations.review.rows import disagreements, preset_proposal

DECIDED_HEADS = (
    "Mức xếp loại",
    "Mức XL",
    "KQXL",
    "Kết quả xếp loại",
    "Kết quả",
    "Xếp loại",
    "Quyết định xếp loại",
    "Ban Thường vụ Đảng ủy quyết định",
    "BTV quyết định",
)


def level_columns(*self_heads: str) -> list[SheetColumn]:
    return [
        level_column("self_level", gettext_lazy("Own level"), synonyms=self_heads),
        level_column(
            "proposed_level",
            gettext_lazy("Proposed level"),
            synonyms=(
                "Đề xuất xếp loại",
                "Đề xuất",
                "Mức đề xuất",
                "Đề xuất của Ban Xây dựng Đảng",
                "Đề xuất XL",
            ),
        ),
        level_column("decided_level", gettext_lazy("Decided level"), synonyms=DECIDED_HEADS),
        decimal_column("points", gettext_lazy("Points"), synonyms=("Số điểm", "Tổng điểm")),
    ]


def answer_column(key: str, header: str, **options) -> SheetColumn:
    """Return a column that is answered with yes or no; not answered is a third thing."""
    return SheetColumn(
        key, header, kind="yes", show=lambda value: _("yes") if value else _("no"), width=10, **options
    )


def disciplined_column() -> SheetColumn:
    return answer_column(
        "disciplined",
        gettext_lazy("Disciplined"),
        synonyms=("Kỷ luật", "Bị kỷ luật", "Có kỷ luật", "Có tổ chức, cá nhân bị kỷ luật"),
    )


def reason_columns() -> list[SheetColumn]:
    return [
        choice_column(
            "not_subject_reason",
            gettext_lazy("Not subject to rating"),
            labels_of(NotSubject),
            show=lambda value: str(NotSubject(value).label) if value else "",
            width=20,
        ),
        SheetColumn("reason", gettext_lazy("Reason"), synonyms=("Nguyên nhân",), width=26),
        SheetColumn("note", gettext_lazy("Note"), width=26),
        *decision_columns(),
    ]


class RatedResource(FillingResource):
    """One row for each rating in force."""

    NEEDED: tuple[str, ...] = ("year",)

    def find(self, lines: list[Line]) -> list[Line]:
        """Find whom or what the lines are about; return those where that, and its place, is known."""
        raise NotImplementedError

    def new(self, line: Line):
        """Return a rating of nothing but what it is about, unsaved."""
        raise NotImplementedError

    @staticmethod
    def row_of(line: Line):
        return line.known

    def record(self, cycle: ReviewCycle, ratings: list) -> None:
        raise NotImplementedError

    def look_up(self, lines: list[Line]) -> None:
        self.bodies = Bodies(self.user, lines)
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        for line in lines:
            line.cell = line.known = line.decision = line.cycle = None
            line.is_hidden = False
        dated = [line for line in lines if self.require(line, *self.NEEDED)]
        self.years = Years(self.user, (line["year"] for line in dated))
        found = self.find(dated)
        self.find_recorded(found)
        self._find_cycles(found)
        self.fill_in(found)
        self._find_decisions(found)
        for line in found:
            if not line.faults:
                self._follow_own_level(line)
                line.wanted = self._rating(line)
                if line.known:
                    # Counted here, once: what the database refuses is written again without its fault.
                    line.wanted.revision += 1
                self._check_rating(line)

    def _find_cycles(self, lines: list[Line]) -> None:
        """What is recorded keeps its review; what is new belongs to that of where it stood on the roster day."""
        for line in lines:
            if line.known:
                line.cycle = line.known.cycle
        self.compare(lines)
        self.years.place(line for line in lines if line.known is None)
        communes = Unit.objects.in_bulk(
            {line.place.commune for line in lines if line.known is None and line.place}
        )
        for line in lines:
            if line.known:
                line.home = line.known.commune
            elif line.place:
                line.home = communes[line.place.commune]

    def _find_decisions(self, lines: list[Line]) -> None:
        for line in lines:
            if line.faults or is_step(line):
                continue
            if line.known and line.known.is_decided:
                self._refuse_change(line)
            elif line.known is None or line.changed.keys() & set(DECISION_KEYS):
                self._find_decision(line)
        self.decisions.write_new()

    def _find_decision(self, line: Line) -> None:
        if any(line[key] is not None for key in DECISION_KEYS) and self.require(line, *DECISION_KEYS):
            try:
                line.decision = self.decisions.get(*(line[key] for key in DECISION_KEYS), unit=line.home)
            except ValidationError as error:
                line.fault("decision_number", error)

    @staticmethod
    def _refuse_change(line: Line) -> None:
        for key in line.changed:
            line.fault(
                key,
                _(
                    "The result was decided by %(decision)s. To change it, press “Correct” and enter the new decision."
                )
                % {"decision": line.known.decision},
            )

    @staticmethod
    def _follow_own_level(line: Line) -> None:
        """A proposal that the file does not name follows the own level, as on the page of the review."""
        line.follows = {}
        if is_step(line) and line["proposed_level"] is None:
            changes = dict(line.changed)
            preset_proposal(line.known, changes)
            line.follows = {key: changes[key] for key in changes.keys() - line.changed.keys()}
            if not line.is_hidden:
                line.values |= line.follows

    def _check_rating(self, line: Line) -> None:
        if self.clean(line, line.wanted) and is_step(line) and line.changed:
            for name, said in disagreements(line.wanted).items():
                line.fault(name, said)

    def _rating(self, line: Line):
        """Return the rating as the line wants it, unsaved."""
        rating = line.known or self.new(line)
        changed = line.changed | line.follows
        for name in self.FIELDS:
            if name in changed:
                setattr(rating, name, changed[name])
        if line.decision is not None:
            rating.decision, rating.decided_on = line.decision, line.decision.date
        return rating

    def write(self, lines: list[Line]) -> None:
        by_cycle = defaultdict(list)
        for line in lines:
            # One that was written and undone has a key already: it is made anew.
            line.obj = line.wanted if line.wanted.pk is None else self._rating(line)
            if line.known is None:
                by_cycle[line.cycle].append(line.obj)
        for cycle, ratings in by_cycle.items():
            self.record(cycle, ratings)
        known = [line.obj for line in lines if line.known]
        update_many(self.model, known, [*self.FIELDS, "decision", "decided_on", "revision"])


def rating_row(rating, fields: Iterable[str]) -> dict:
    """Return what a list says of any rating."""
    return {
        **own_row(type(rating), rating, fields),
        **year_row(rating.cycle),
        **decision_row(rating.decision),
    }


def own_row(model, rating, fields: Iterable[str]) -> dict:
    """Return what a list says of a rating alone, given as a row of the model or as its plain values."""
    return {"records": ((model, rating.pk),), **{name: getattr(rating, name) for name in fields}}


def year_row(cycle: ReviewCycle) -> dict:
    return {"year": cycle.year}
