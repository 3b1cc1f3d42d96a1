"""Ratings of people: one row for each person, year and basis (as Party member, in office)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from accounts.columns import choice_column, labels_of, year_column
from accounts.history import batches
from accounts.sheet_lines import Line
from cells.columns import commune_columns
from cells.kinds import Level as UnitLevel
from cells.models import Unit
from cells.resources.bodies import (
    CELL_KEYS,
    COMMUNE_KEYS,
    cell_columns,
    cell_row,
    commune_row,
    drop_place,
)
from evaluations.actions import record_leader_ratings
from evaluations.models import LeaderRating
from evaluations.models.ratings import Basis
from evaluations.resources.rated import (
    RatedResource,
    disciplined_column,
    level_columns,
    rating_row,
    reason_columns,
)
from leaders.columns import office_column, person_columns
from leaders.lookups import People, drop_person
from leaders.privacy import may_see_private
from leaders.resources.of_people import OfPeopleResource

OTHER_WORDS = {
    Basis.MEMBER: ("Đảng viên", "Là đảng viên", "Tư cách đảng viên"),
    Basis.OFFICE: ("Chức vụ", "Theo chức vụ", "Cán bộ"),
}

# What a row shows of other rows.
_SHOWN = ("person__keeper__province", "cell", "cycle", "commune", "decision")


class LeaderRatingResource(OfPeopleResource, RatedResource):
    model = LeaderRating
    title = gettext_lazy("Ratings of people")
    columns = [
        year_column("year", gettext_lazy("Year"), required=True),
        *commune_columns(),
        *person_columns(),
        choice_column(
            "basis",
            gettext_lazy("Rated as"),
            labels_of(Basis, OTHER_WORDS),
            show=lambda value: str(Basis(value).label),
            synonyms=("Xếp loại theo", "Tư cách xếp loại"),
        ),
        office_column(),
        *cell_columns(),
        *level_columns("Tự xếp loại", "Cá nhân tự xếp loại", "Tự XL", "Tự nhận mức"),
        disciplined_column(),
        *reason_columns(),
    ]
    FIELDS = (
        "office",
        "self_level",
        "proposed_level",
        "decided_level",
        "points",
        "disciplined",
        "not_subject_reason",
        "reason",
        "note",
    )
    TOLD = FIELDS[1:]  # which office somebody holds is no secret
    NEEDED = ("year", "basis")

    def rows(self, queryset) -> Iterator[dict]:
        ratings = queryset.latest_editions().select_related(*_SHOWN)
        for rating in ratings.iterator(chunk_size=2000):
            yield self.row(rating)

    def row(self, rating: LeaderRating) -> dict:
        person = rating.person
        return {
            **rating_row(rating, self.FIELDS),
            **commune_row(rating.commune),
            **cell_row(rating.cell),
            "person": person.pk,
            "full_name": person.full_name,
            "born": person.born if may_see_private(self.user, person) else None,
            "basis": rating.basis,
        }

    def find(self, lines: list[Line]) -> list[Line]:
        people = People(self.user, lines, only_kept=True)
        for line in lines:
            line.who = people.find(line) if line["person"] is not None else None
        self.find_recorded([line for line in lines if line.who])
        self._find_places(lines)
        for line in lines:
            if line["person"] is None and self.require(line, "full_name"):
                line.who = people.find(line, commune=line.commune or (line.cell and line.cell.commune))
            if line.who and line.commune is None and line.who.keeper.level == UnitLevel.COMMUNE:
                line.commune = line.who.keeper
            if line.who and not (line.cell or line.commune or line.faults):
                self.require(line, "commune")
        return [line for line in lines if line.who and (line.cell or line.commune)]

    def _find_places(self, lines: list[Line]) -> None:
        """Find the cells; where none is named, the commune. What is recorded has its place."""
        in_cells, elsewhere = [], []
        for line in lines:
            if any(line[key] is not None for key in CELL_KEYS):
                in_cells.append(line)
            elif line.known is None and any(line[key] is not None for key in COMMUNE_KEYS):
                elsewhere.append((line, self.years.roster_day(line["year"])))
        self.find_cells(self.bodies, self.years, in_cells)
        self.bodies.find_communes(elsewhere)

    def find_recorded(self, lines: list[Line], *, locked: bool = False) -> None:
        recorded = {}
        years = {line["year"] for line in lines}
        for some in batches(sorted({line.who.pk for line in lines}), 1000):
            rows = LeaderRating.objects.filter(person__in=some, cycle__year__in=years).latest_editions()
            rows = rows.select_related(*_SHOWN)
            for rating in rows.select_for_update(of=("self",)).order_by("pk") if locked else rows:
                recorded[rating.person_id, rating.cycle.year, rating.basis] = rating
        for line in lines:
            line.known = recorded.get((line.who.pk, line["year"], line["basis"]))

    def new(self, line: Line) -> LeaderRating:
        home: Unit | None = None if line.cell else line.commune
        return LeaderRating(
            person=line.who, cell=line.cell, commune=home, cycle=line.cycle, basis=line["basis"]
        )

    def drop_names(self, line: Line) -> None:
        drop_place(line)
        drop_person(line)

    def identity(self, line: Line):
        return line.who.pk, line["year"], line["basis"]

    def record(self, cycle, ratings: list[LeaderRating]) -> None:
        record_leader_ratings(cycle, ratings)
