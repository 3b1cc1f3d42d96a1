"""Who took part in which course: one row for each person and course, or for a course alone."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, day_column
from accounts.history import batches, create_many, update_many
from accounts.sheet_lines import SAME, Line
from cells.columns import commune_columns
from cells.kinds import Level
from cells.lookups import not_found, your_scope
from cells.models import Unit
from cells.resources.bodies import COMMUNE_KEYS, Bodies, commune_row, drop_place
from leaders.columns import person_columns
from leaders.lookups import People, drop_person
from leaders.models import Course, Participation
from leaders.privacy import may_see_private
from leaders.resources.of_people import OfPeopleResource
from sheets.forms import Choices
from sheets.text import fold, nfc

COURSE_FIELDS = ("ends_on", "organiser", "place")
COURSE_KEYS = ("held_for", "course", "starts_on", *COURSE_FIELDS)


def _completed() -> Choices:
    return Choices(
        {
            True: (_("yes"), "x", "hoàn thành", "đã hoàn thành", "đạt"),
            False: (_("no"), "không hoàn thành", "chưa hoàn thành", "không đạt", "vắng"),
        }
    )


def units_kept(user) -> list[Unit]:
    """Return the provinces and communes that somebody may hold a course for."""
    kept = Unit.objects.kept_by(user).standing().filter(level__in=[Level.PROVINCE, Level.COMMUNE])
    return list(kept.select_related("province").order_by("-level", "sort_key", "pk"))


def _names(unit: Unit) -> set[str]:
    """Return by what a file may call the unit that a course was held for."""
    return {fold(name) for name in (str(unit), unit.code) if name}


class ParticipationResource(OfPeopleResource):
    """A course that is not recorded yet is recorded by the rows that name it; its data are changed on its page."""

    model = Participation
    title = gettext_lazy("Courses and who took part")
    columns = [
        SheetColumn(
            "held_for",
            gettext_lazy("Held for"),
            synonyms=("Cấp mở lớp", "Đơn vị tổ chức lớp"),
            width=24,
        ),
        SheetColumn(
            "course",
            gettext_lazy("Training course"),
            synonyms=("Lớp bồi dưỡng", "Tên lớp", "Lớp tập huấn", "Nội dung bồi dưỡng"),
            width=40,
        ),
        day_column(
            "starts_on",
            gettext_lazy("First day of the course"),
            synonyms=("Ngày khai giảng", "Ngày bắt đầu", "Từ ngày"),
        ),
        day_column(
            "ends_on",
            gettext_lazy("Last day of the course"),
            synonyms=("Ngày bế giảng", "Ngày kết thúc", "Đến ngày"),
        ),
        SheetColumn(
            "organiser", gettext_lazy("Organised by"), synonyms=("Đơn vị tổ chức", "Cơ sở đào tạo"), width=24
        ),
        SheetColumn("place", gettext_lazy("Place of the course"), synonyms=("Địa điểm",), width=20),
        *commune_columns(),
        *person_columns(),
        choice_column(
            "completed",
            gettext_lazy("Completed"),
            _completed,
            synonyms=("Kết quả hoàn thành", "Đã hoàn thành"),
            show=lambda done: _("yes") if done else _("no"),
            width=12,
        ),
        SheetColumn(
            "result",
            gettext_lazy("Result, certificate"),
            synonyms=("Kết quả học tập", "Chứng chỉ", "Giấy chứng nhận"),
            width=24,
        ),
    ]

    # --- Out --------------------------------------------------------------------------

    def rows(self, queryset) -> Iterator[dict]:
        rows = queryset.select_related("course__unit", "person__keeper__province", "person__keeper__commune")
        for one in rows.iterator(chunk_size=2000):
            yield self._row(one)

    def _row(self, one: Participation) -> dict:
        person, course = one.person, one.course
        return {
            "records": ((Participation, one.pk),),
            "held_for": self._called(course.unit),
            "course": course.name,
            "starts_on": course.starts_on,
            "ends_on": course.ends_on,
            "organiser": course.organiser or None,
            "place": course.place or None,
            **commune_row(person.keeper if person.keeper.level == Level.COMMUNE else None),
            "person": person.pk,
            "full_name": person.full_name,
            "born": person.born if may_see_private(self.user, person) else None,
            "completed": one.completed,
            "result": one.result or None,
        }

    def _called(self, unit: Unit) -> str:
        """Return the name of the unit; where another one bears it, the code, so that the file comes in again."""
        name = str(unit)
        bearers = {unit, *self._units[fold(name)]}
        return unit.code if unit.code and len(bearers) > 1 else name

    @cached_property
    def _units(self) -> dict[str, list[Unit]]:
        """The units that the user may hold a course for, by what a file may call them."""
        called: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._kept:
            for name in _names(unit):
                called[name].append(unit)
        return called

    @cached_property
    def _kept(self) -> list[Unit]:
        return units_kept(self.user)

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        self._find_courses(lines)
        people, bodies = People(self.user, lines), Bodies(self.user, lines)
        named = [
            line
            for line in lines
            if line["person"] is None and any(line[key] is not None for key in COMMUNE_KEYS)
        ]
        bodies.find_communes((line, timezone.localdate()) for line in named)
        for line in lines:
            line.who = None
            if line["person"] is None and line["full_name"] is None:
                self.require(line, "full_name")
            elif not line.faults:
                line.who = people.find(line, commune=line.commune)
        found = [line for line in lines if line.who and line.meant]
        self._find_recorded(found)
        asking = [line for line in found if line.outcome != SAME]
        people.refuse_kept_elsewhere(asking)
        self._refuse_courses_kept_elsewhere(asking)
        for line in lines:
            if not line.faults:
                self.clean(line, self._participation(line))

    def _find_courses(self, lines: list[Line]) -> None:
        for line in lines:
            line.meant = line.unit = line.known = None
        named = [line for line in lines if self.require(line, "course", "starts_on")]
        recorded = self._recorded_courses(sorted({line["starts_on"] for line in named}))
        new: dict[tuple, Course] = {}
        for line in named:
            of_units = recorded[fold(line["course"]), line["starts_on"]]
            line.unit = self._unit_of(line, [course.unit for course in of_units.values()])
            if line.unit is None:
                continue
            key = (line.unit.pk, fold(line["course"]), line["starts_on"])
            line.meant = of_units.get(line.unit.pk) or new.get(key)
            if line.meant is None:
                line.meant = new[key] = self._new_course(line)
            elif line.unit.pk in of_units:
                self._compare_course(line)
        create_many(Course, [course for course in new.values() if course is not None])

    def _recorded_courses(self, days: list[date]) -> dict[tuple, dict[int, Course]]:
        """Return the courses that began on these days and the user sees: by name and day, by key of the unit."""
        recorded: dict[tuple, dict[int, Course]] = defaultdict(dict)
        for some in batches(days, 500):
            seen = Course.objects.visible_to(self.user).filter(starts_on__in=some)
            for course in seen.select_related("unit"):
                recorded[fold(course.name), course.starts_on][course.unit_id] = course
        return recorded

    def _unit_of(self, line: Line, holding: list[Unit]) -> Unit | None:
        """Return whose course it is: one of those that held such a course, or one that the user may hold it for.

        Where several are called so it is asked which one. Whoever keeps one unit alone need not say it.
        """
        if line["held_for"] is None:
            units = self._kept
            if len(units) == 1 or (
                units and units[0].level == Level.PROVINCE and units[1].level != Level.PROVINCE
            ):
                return units[0]
            self.require(line, "held_for")
            return None
        name = fold(line["held_for"])
        meant = [unit for unit in holding if name in _names(unit)]
        if not any(fold(unit.code) == name for unit in meant):
            # That one of them held such a course does not tell it from the others of its name.
            meant = list(dict.fromkeys([*meant, *self._units[name]]))
        if not meant:
            line.fault("held_for", not_found(line["held_for"], where=your_scope()))
        elif len(meant) > 1:
            codes = ", ".join(unit.code for unit in meant)
            line.fault(
                "held_for", _("Several units are called so. Enter the code: %(codes)s.") % {"codes": codes}
            )
        return meant[0] if len(meant) == 1 else None

    def _new_course(self, line: Line) -> Course | None:
        course = Course(unit=line.unit, name=nfc(line["course"]), starts_on=line["starts_on"])
        for name in COURSE_FIELDS:
            if line[name] is not None:
                setattr(course, name, line[name])
        if course.ends_on and course.ends_on < course.starts_on:
            line.fault("ends_on", _("The last day is before the first day."))
            return None
        try:
            course.clean_fields(exclude=["unit"])
        except ValidationError as error:
            self.note(line, error)
            return None
        return course

    @staticmethod
    def _compare_course(line: Line) -> None:
        for name in COURSE_FIELDS:
            recorded = getattr(line.meant, name) or None
            if line[name] is not None and line[name] != recorded:
                line.fault(name, _("The course is recorded otherwise; its data are changed on its page."))

    def _find_recorded(self, lines: list[Line]) -> None:
        recorded = {}
        for some in batches(sorted({line.who.pk for line in lines}), 500):
            rows = Participation.objects.filter(person__in=some, course__in={line.meant.pk for line in lines})
            for one in rows.select_related("course__unit", "person__keeper__province"):
                recorded[one.course_id, one.person_id] = one
        for line in lines:
            line.known = recorded.get((line.meant.pk, line.who.pk))
            if line.known is not None:
                drop_place(line, *COURSE_KEYS)
                drop_person(line)
                line.current = self._row(line.known)

    def _refuse_courses_kept_elsewhere(self, lines: list[Line]) -> None:
        courses = {line.meant.pk for line in lines}
        kept = set(Course.objects.kept_by(self.user).filter(pk__in=courses).values_list("pk", flat=True))
        for line in lines:
            if line.meant.pk not in kept:
                line.fault("course", _("Others keep this course; a file does not change it."))

    @staticmethod
    def _participation(line: Line) -> Participation:
        """Return who took part as the line wants it, unsaved."""
        one = line.known or Participation(course=line.meant, person=line.who)
        for name in ("completed", "result"):
            if name in line.changed:
                setattr(one, name, line.changed[name])
        return one

    def identity(self, line: Line):
        return line.meant.pk, line.who.pk

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._participation(line)
        update_many(Participation, [line.obj for line in lines if line.known], ["completed", "result"])
        create_many(Participation, [line.obj for line in lines if line.known is None])
