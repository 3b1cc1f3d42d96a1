"""Counts of the members of cells and of the households of hamlets: one row for each body and day."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, count_column, whole_day
from accounts.history import batches, update_many
from accounts.resources import SheetResource
from accounts.sheet_lines import Line
from cells.actions import record_counts
from cells.entry.forms import past_day
from cells.models import HouseholdCount, MemberCount
from cells.resources.bodies import (
    CELL,
    HAMLET,
    Bodies,
    cell_row,
    columns_of_cell,
    columns_of_hamlet,
    commune_row,
    drop_place,
    hamlet_row,
)
from sheets.dates import PartialDate


def _counted_on(value: PartialDate) -> date:
    return past_day(whole_day(value))


def _day_column() -> SheetColumn:
    return SheetColumn(
        "day",
        gettext_lazy("As of"),
        kind="date",
        then=_counted_on,
        synonyms=("Ngày", "Số liệu ngày", "Ngày số liệu", "Số liệu tính đến ngày", "Đến ngày", "Thời điểm"),
        width=14,
        shown_as="date",
        required=True,
    )


class CountResource(SheetResource):
    """A count exists once for each body and day: another one of the same day changes it."""

    OF: str

    @property
    def counted(self) -> list[str]:
        """Return the keys of the columns that hold numbers, which are the fields of the model."""
        return [column.key for column in self.columns if column.kind == "count"]

    def rows(self, queryset) -> Iterator[dict]:
        for count in queryset.select_related(f"{self.OF}__commune").iterator(chunk_size=2000):
            yield self._row(count)

    def _row(self, count) -> dict:
        body = getattr(count, self.OF)
        return {
            "records": ((self.model, count.pk),),
            "day": count.day,
            **commune_row(body.commune),
            **(cell_row(body) if self.OF == CELL else hamlet_row(body)),
            **{name: getattr(count, name) for name in self.counted},
        }

    def look_up(self, lines: list[Line]) -> None:
        bodies = Bodies(self.user, lines)
        dated = [line for line in lines if self.require(line, "day")]
        bodies.find((line, self.OF, line["day"]) for line in dated)
        recorded = self._recorded(line for line in dated if line.body)
        for line in dated:
            line.known = None
            if line.body is None:
                continue
            line.known = recorded.get((line.body.pk, line["day"]))
            self.add_what_follows(line)
            if line.known:
                drop_place(line)
                line.current = self._row(line.known)
            elif all(line[name] is None for name in self.counted) and not line.faults:
                line.fault(self.counted[0], _("Enter at least one number."))
            if not line.faults:
                self._check(line)

    def _recorded(self, lines: Iterable[Line]) -> dict:
        wanted = {(line.body.pk, line["day"]) for line in lines}
        days = {day for _body, day in wanted}
        return {
            key: count
            for some in batches(sorted({body for body, _day in wanted}), 500)
            for days_of in batches(sorted(days), 400)
            for count in self.model.objects.filter(**{f"{self.OF}__in": some}, day__in=days_of)
            .select_related(f"{self.OF}__commune")
            .iterator()
            if (key := (getattr(count, f"{self.OF}_id"), count.day)) in wanted
        }

    def add_what_follows(self, line: Line) -> None:
        """Add the numbers that follow from those of the row."""

    def _check(self, line: Line) -> None:
        count = self._count(line)
        try:
            count.clean_fields(exclude=[self.OF])
            count.clean_alone()
        except ValidationError as error:
            self.note(line, error)

    def _count(self, line: Line):
        """Return the count as the line wants it, unsaved."""
        count = line.known or self.model(day=line["day"], **{self.OF: line.body})
        for name in self.counted:
            if name in line.changed:
                setattr(count, name, line.changed[name])
        return count

    def identity(self, line: Line):
        return line.body.pk, line["day"]

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._count(line)
        known = [line.obj for line in lines if line.known]
        for count in known:
            count.clean_alone()
        update_many(self.model, known, self.counted)
        record_counts(line.obj for line in lines if line.known is None)


class MemberCountResource(CountResource):
    model = MemberCount
    OF = CELL
    title = gettext_lazy("Members of cells")
    columns = [
        _day_column(),
        *columns_of_cell(),
        count_column(
            "total",
            gettext_lazy("Members"),
            synonyms=(
                "Đảng viên",
                "Tổng số đảng viên",
                "Tổng số ĐV",
                "Tổng đảng viên",
                "Tổng ĐV",
                "Số ĐV",
                "TSĐV",
                "Đảng viên / Tổng số",
                "Số đảng viên / Tổng số",
                "Tổng số đảng viên / Tổng số",
            ),
        ),
        count_column(
            "official",
            gettext_lazy("Official members"),
            synonyms=(
                "ĐVCT",
                "ĐV chính thức",
                "Chính thức",
                "Đảng viên / Chính thức",
                "Số đảng viên / Chính thức",
            ),
        ),
        count_column(
            "probationary",
            gettext_lazy("Probationary members"),
            synonyms=("ĐVDB", "ĐV dự bị", "Dự bị", "Đảng viên / Dự bị", "Số đảng viên / Dự bị"),
        ),
        count_column(
            "active",
            gettext_lazy("Taking part"),
            synonyms=("Đang SH", "Đảng viên đang sinh hoạt", "Tham gia sinh hoạt", "Đang tham gia sinh hoạt"),
        ),
        count_column(
            "exempt",
            gettext_lazy("Exempt"),
            synonyms=(
                "Miễn SH",
                "Miễn SHĐ",
                "MSH",
                "ĐVMSH",
                "ĐVMSHĐ",
                "ĐV miễn SHĐ",
                "Miễn công tác và sinh hoạt",
                "Miễn công tác, sinh hoạt",
                "Miễn công tác và sinh hoạt đảng",
                "Được miễn sinh hoạt",
                "Được miễn sinh hoạt đảng",
            ),
        ),
        count_column(
            "away",
            gettext_lazy("Working away"),
            synonyms=("Làm ăn xa", "Đi làm xa", "ĐV đi làm ăn xa", "Đi làm ăn xa nơi cư trú"),
        ),
        count_column("women", gettext_lazy("Women members"), synonyms=("Nữ", "ĐV nữ", "Đảng viên / Nữ")),
        count_column(
            "admitted",
            gettext_lazy("Admitted this year"),
            synonyms=("Kết nạp", "Mới kết nạp", "Kết nạp mới", "Kết nạp đảng viên", "ĐV mới kết nạp"),
        ),
        count_column(
            "residence_linked",
            gettext_lazy("Linked by residence"),
            synonyms=(
                "ĐV 213",
                "Đảng viên theo 213",
                "213",
                "Đảng viên nơi cư trú",
                "ĐV sinh hoạt nơi cư trú",
            ),
        ),
    ]

    def add_what_follows(self, line: Line) -> None:
        """Where the row gives all parts of the members but one, that one follows, whatever was counted before."""
        count = MemberCount(**{name: line[name] for name in self.counted})
        count.fill_missing_parts()
        for parts in MemberCount.WAYS_TO_ADD_UP:
            line.values |= {name: getattr(count, name) for name in ("total", *parts)}


class HouseholdCountResource(CountResource):
    model = HouseholdCount
    OF = HAMLET
    title = gettext_lazy("Households of hamlets")
    columns = [
        _day_column(),
        *columns_of_hamlet(),
        count_column(
            "households",
            gettext_lazy("Households"),
            synonyms=("Tổng số hộ", "Tổng hộ", "Hộ dân", "Số hộ dân", "Tổng số hộ dân", "Số hộ / Tổng số"),
        ),
        count_column(
            "people",
            gettext_lazy("Residents"),
            synonyms=("Nhân khẩu", "Số khẩu", "Khẩu", "Dân số", "Số dân", "Tổng số nhân khẩu", "Số người"),
        ),
        count_column(
            "poor",
            gettext_lazy("Poor households"),
            synonyms=("Số hộ nghèo", "Nghèo", "Số hộ / Hộ nghèo", "Số hộ / Nghèo"),
        ),
        count_column(
            "near_poor",
            gettext_lazy("Near-poor households"),
            synonyms=("Cận nghèo", "Số hộ cận nghèo", "Số hộ / Hộ cận nghèo", "Số hộ / Cận nghèo"),
        ),
        count_column(
            "with_member_in_charge",
            gettext_lazy("Households with a member in charge"),
            synonyms=("Hộ có ĐV phụ trách", "Số hộ có đảng viên phụ trách", "Hộ được đảng viên phụ trách"),
        ),
    ]
