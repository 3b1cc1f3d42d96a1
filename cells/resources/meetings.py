"""Meetings of cells: one row for each, by the month it is of."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, count_column, day_column, labels_of
from accounts.history import batches, create_many, update_many
from accounts.resources import SheetResource
from accounts.sheet_lines import Line
from cells.meetings.posted import OTHER_GRADES
from cells.meetings.rows import WRITTEN, disagreements, is_over
from cells.models import Cell, Meeting
from cells.models.lifetimes import lives, lock_bodies
from cells.months import last_day_of, month_of
from cells.resources.bodies import CELL, Bodies, cell_row, columns_of_cell, commune_row, drop_place
from sheets.dates import PartialDate
from sheets.forms import Choices

Kind = Meeting.Kind
SAID = ("held", "day", "present", "committee_met", "grade", "note")
OTHER_KINDS = {
    Kind.REGULAR: ("định kỳ", "thường kỳ", "sinh hoạt định kỳ", "sinh hoạt thường kỳ"),
    Kind.THEMATIC: ("chuyên đề", "sinh hoạt chuyên đề"),
    Kind.EXTRAORDINARY: ("bất thường", "đột xuất", "sinh hoạt bất thường"),
}


def _month(value: PartialDate) -> date:
    if value.precision == "year":
        raise ValidationError(_("Enter the month with its year, for example 11/2026."))
    month = month_of(value.first_day)
    if not is_over(month):
        raise ValidationError(_("That month has not come yet."))
    return month


def _held() -> Choices:
    return Choices(
        {
            True: (_("was held"), "có họp", "đã họp", "đã sinh hoạt", "x", "có"),
            False: (_("was not held"), "không họp", "không sinh hoạt", "không"),
        }
    )


def _yes() -> Choices:
    return Choices({True: (_("yes"), "x", "có họp", "đã họp"), False: (_("no"), "không họp", "chưa họp")})


class MeetingResource(SheetResource):
    """A regular meeting is known by its cell and month, another one by its cell, kind and day."""

    model = Meeting
    title = gettext_lazy("Meetings of cells")
    columns = [
        SheetColumn(
            "month",
            gettext_lazy("Month"),
            kind="date",
            then=_month,
            show=lambda month: f"{month:%m/%Y}",
            synonyms=("Tháng sinh hoạt", "Kỳ sinh hoạt", "Tháng họp"),
            width=10,
        ),
        *columns_of_cell(),
        choice_column(
            "kind",
            gettext_lazy("Kind of meeting"),
            labels_of(Kind, OTHER_KINDS),
            synonyms=("Loại sinh hoạt", "Hình thức sinh hoạt"),
            show=lambda value: str(Kind(value).label),
            width=22,
        ),
        choice_column(
            "held",
            gettext_lazy("Regular meeting"),
            _held,
            synonyms=("Có họp",),
            show=lambda held: _("was held") if held else _("was not held"),
            width=12,
        ),
        day_column(
            "day", gettext_lazy("Day of the meeting"), synonyms=("Ngày họp", "Ngày", "Ngày sinh hoạt chi bộ")
        ),
        count_column(
            "expected",
            gettext_lazy("Expected to come"),
            synonyms=(
                "Phải dự",
                "Số phải dự",
                "Đảng viên phải dự",
                "Số đảng viên phải dự",
                "Triệu tập",
                "Tổng số phải dự",
            ),
        ),
        count_column(
            "present",
            gettext_lazy("Present there"),
            synonyms=("Có mặt", "Số có mặt", "Dự họp", "Đảng viên dự", "Số đảng viên dự", "Số dự"),
        ),
        choice_column(
            "committee_met",
            gettext_lazy("Committee met before"),
            _yes,
            synonyms=("Họp chi ủy", "Chi ủy họp trước", "Họp chi ủy trước"),
            show=lambda met: _("yes") if met else _("no"),
            width=10,
        ),
        choice_column(
            "grade",
            gettext_lazy("Grade of the meeting"),
            labels_of(Meeting.Grade, OTHER_GRADES),
            synonyms=("Chất lượng", "Chất lượng sinh hoạt", "Đánh giá chất lượng", "Xếp loại sinh hoạt"),
            show=lambda value: str(Meeting.Grade(value).label),
            width=12,
        ),
        SheetColumn("note", gettext_lazy("Note"), width=26),
    ]

    # --- Out --------------------------------------------------------------------------

    def rows(self, queryset) -> Iterator[dict]:
        for meeting in queryset.select_related("cell__commune").iterator(chunk_size=2000):
            yield self._row(meeting)

    def _row(self, meeting: Meeting) -> dict:
        return {
            "records": ((Meeting, meeting.pk),),
            "month": meeting.month,
            **commune_row(meeting.cell.commune),
            **cell_row(meeting.cell),
            "kind": meeting.kind,
            "held": meeting.was_held,
            "day": meeting.day if meeting.was_held else None,
            **{name: getattr(meeting, name) for name in ("expected", "present", "committee_met")},
            "grade": meeting.grade or None,
            "note": meeting.note or None,
        }

    def blank(self, cell: Cell, month: date, expected: int | None) -> dict:
        """Return the row of a cell of which nothing is recorded in the month, as it is written, to be filled in."""
        said = {
            "month": month,
            **commune_row(cell.commune),
            **cell_row(cell),
            "kind": Kind.REGULAR,
            "expected": expected,
        }
        shown = {key: self.shown(self.by_key[key], value) for key, value in said.items()}
        return dict.fromkeys(self.by_key) | shown

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        bodies = Bodies(self.user, lines)
        dated = [line for line in lines if self._has_month(line)]
        bodies.find((line, CELL, line["day"] or last_day_of(line.month)) for line in dated)
        found = [line for line in dated if line.body]
        self._find_recorded(found)
        for line in found:
            if line.known is None and not line.faults and not self._says_something(line):
                # A row of our workbook that nobody has filled in.
                line.current = dict(line.values)
            elif not line.faults and (line.known is None or line.changed):
                self._check(line)
        self._refuse_outside_life(line for line in found if not line.faults)

    def _has_month(self, line: Line) -> bool:
        line.known = line.month = line.body = None
        if line["kind"] is None and "kind" not in line.faults:
            line.values["kind"] = Kind.REGULAR
        if line["day"] is not None and (line["month"] is None or line["kind"] != Kind.REGULAR):
            line.values["month"] = month_of(line["day"])
        if not self.require(line, "month"):
            return False
        line.month = line["month"]
        return not line.faults.keys() & {"kind", "day"}

    @staticmethod
    def _says_something(line: Line) -> bool:
        return any(line[name] is not None for name in SAID)

    def _find_recorded(self, lines: list[Line]) -> None:
        recorded = {}
        for some in batches(sorted({line.body.pk for line in lines}), 500):
            months = sorted({line.month for line in lines})
            rows = Meeting.objects.filter(cell__in=some, month__gte=months[0], month__lte=months[-1])
            for one in rows.select_related("cell__commune"):
                recorded[self._key(one.cell_id, one.kind, one.month, one.day)] = one
        for line in lines:
            line.key = self._key(line.body.pk, line["kind"], line.month, line["day"])
            line.known = recorded.get(line.key)
            if line.known is not None:
                drop_place(line, "month", "kind")
                line.current = self._row(line.known)

    @staticmethod
    def _key(cell: int, kind: str, month: date, day: date | None) -> tuple:
        return cell, kind, month if kind == Kind.REGULAR else day

    def _check(self, line: Line) -> None:
        meeting = self._meeting(line)
        for name, said in disagreements(meeting, today=timezone.localdate()).items():
            line.fault(name, said)
        if not line.faults:
            try:
                meeting.clean_fields(exclude=["cell"])
                meeting.clean_alone()
            except ValidationError as error:
                self.note(line, error)

    def _meeting(self, line: Line) -> Meeting:
        """Return the meeting as the line wants it, unsaved."""
        meeting = line.known or Meeting(cell=line.body, kind=line["kind"], month=line.month)
        changed = line.changed
        meeting.was_held = changed.get("held", meeting.was_held)
        if line.known is not None and "held" not in changed and {"day", "present"} & changed.keys():
            # Whoever gives a day or a number means that it was held.
            meeting.was_held = True
        meeting.day = changed.get("day", meeting.day) if meeting.was_held else meeting.month
        if meeting.was_held and "held" in changed and line.known is not None and "day" not in changed:
            meeting.day = None
        for name in ("expected", "present", "committee_met", "grade", "note"):
            if name in changed:
                setattr(meeting, name, changed[name])
        return meeting

    def _refuse_outside_life(self, lines: Iterable[Line]) -> None:
        lines = [line for line in lines if self._says_something(line)]
        known = {
            key: life
            for some in batches(sorted({line.body.pk for line in lines}), 500)
            for key, life in lives(Cell, some).items()
        }
        for line in lines:
            first, last = line["day"] or line.month, line["day"] or last_day_of(line.month)
            begins, ends = known[line.body.pk]
            if last < begins or first > ends:
                line.fault(
                    "day" if line["day"] else "month",
                    _("%(body)s did not exist on %(day)s. Check the day.")
                    % {"body": line.body, "day": f"{first:%d/%m/%Y}"},
                )

    def identity(self, line: Line):
        return line.key if self._says_something(line) or line.known else None

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._meeting(line)
        lock_bodies(line.obj for line in lines)
        known = [line.obj for line in lines if line.known]
        for meeting in known:
            meeting.revision += 1
        update_many(Meeting, known, list(WRITTEN))
        create_many(Meeting, [line.obj for line in lines if line.known is None])
