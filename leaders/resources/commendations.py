"""Commendations of people and of cells: one row for each, with its decision."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, count_column, labels_of, year_column
from accounts.history import batches, update_many
from accounts.sheet_lines import SAME, Line
from cells.columns import DECISION_KEYS, commune_columns, decision_columns, decision_row
from cells.kinds import Level
from cells.lookups import Decisions, paper_key
from cells.models import Decision, Unit
from cells.resources.bodies import CELL, COMMUNE_KEYS, Bodies, cell_columns, cell_row, commune_row, drop_place
from leaders.columns import person_columns
from leaders.learning.actions import commend
from leaders.lookups import People, drop_person
from leaders.models import Commendation
from leaders.privacy import may_see_private
from leaders.resources.of_people import OfPeopleResource

Form = Commendation.Form
FIELDS = ("year", "form", "merit", "streak_years")
OTHER_FORMS = {
    Form.PRAISED: ("Biểu dương", "Tuyên dương"),
    Form.PAPER: ("Giấy khen",),
    Form.DIPLOMA: ("Bằng khen",),
    Form.BADGE: ("Kỷ niệm chương", "Huy hiệu", "Huân chương", "Huy chương"),
}
_SHOWN = ("person__keeper__province", "person__keeper__commune", "cell__commune", "decision")


class CommendationResource(OfPeopleResource):
    """A row with a person is about that one, one without is about the cell."""

    model = Commendation
    title = gettext_lazy("Commendations")
    columns = [
        *commune_columns(),
        *person_columns(),
        *cell_columns(),
        year_column("year", gettext_lazy("Year"), synonyms=("Năm khen thưởng",), required=True),
        choice_column(
            "form",
            gettext_lazy("Form of commendation"),
            labels_of(Form, OTHER_FORMS),
            synonyms=("Hình thức khen thưởng", "Hình thức khen"),
            show=lambda value: str(Form(value).label),
            width=20,
        ),
        SheetColumn(
            "merit",
            gettext_lazy("For what"),
            synonyms=("Thành tích", "Nội dung khen thưởng", "Lý do khen thưởng", "Thành tích khen thưởng"),
            width=40,
        ),
        count_column(
            "streak_years", gettext_lazy("Years running"), synonyms=("Số năm liền", "Số năm liên tục")
        ),
        *decision_columns(),
    ]

    # --- Out --------------------------------------------------------------------------

    def rows(self, queryset) -> Iterator[dict]:
        for one in queryset.select_related(*_SHOWN).iterator(chunk_size=2000):
            yield self._row(one)

    def _row(self, one: Commendation) -> dict:
        person = one.person
        home = _home(one)
        return {
            "records": ((Commendation, one.pk),),
            **commune_row(home if home and home.level == Level.COMMUNE else None),
            **cell_row(one.cell),
            "person": person and person.pk,
            "full_name": person and person.full_name,
            "born": person.born if person and may_see_private(self.user, person) else None,
            **{name: getattr(one, name) for name in FIELDS},
            **decision_row(one.decision),
        }

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        people, bodies = People(self.user, lines), Bodies(self.user, lines)
        of_people = [line for line in lines if line["person"] is not None or line["full_name"] is not None]
        of_cells = [line for line in lines if line not in of_people]
        self._find_people(of_people, people, bodies)
        dated = [line for line in of_cells if self.require(line, "decision_day")]
        bodies.find((line, CELL, line["decision_day"]) for line in dated)
        for line in lines:
            line.who = getattr(line, "who", None)
            line.known = line.decision = None
        found = [line for line in lines if line.who or line.body]
        self._find_decisions(found)
        self._find_recorded([line for line in found if not line.faults])
        people.refuse_kept_elsewhere(line for line in found if line.who and line.outcome != SAME)
        for line in found:
            if not line.faults and self.require(
                line, *(("year", "form", "merit") if line.known is None else ())
            ):
                self.clean(line, self._commendation(line))

    @staticmethod
    def _find_people(lines: list[Line], people: People, bodies: Bodies) -> None:
        named = [
            line
            for line in lines
            if line["person"] is None and any(line[key] is not None for key in COMMUNE_KEYS)
        ]
        bodies.find_communes((line, line["decision_day"]) for line in named if line["decision_day"])
        for line in lines:
            line.who = None if line.faults else people.find(line, commune=line.commune)

    def _find_decisions(self, lines: list[Line]) -> None:
        homes = {}
        for line in lines:
            home = line.who.keeper if line.who else line.body.commune
            if home is not None and home.pk not in homes:
                homes[home.pk] = home
        deciding, given = self._deciding(list(homes.values())), self._given(lines)
        for line in lines:
            home = line.who.keeper if line.who else line.body.commune
            if self.require(line, *DECISION_KEYS):
                paper = [line[key] for key in DECISION_KEYS]
                try:
                    line.decision = given.get((paper_key(*paper), _subject(line))) or self.decisions.get(
                        *paper, unit=deciding.get(home and home.pk)
                    )
                except ValidationError as error:
                    line.fault("decision_number", " ".join(error.messages))
        self.decisions.write_new()

    def _given(self, lines: list[Line]) -> dict[tuple, Decision]:
        """Return the papers of commendations the user sees: a province's paper is found by its words."""
        days = sorted({line["decision_day"] for line in lines if line["decision_day"]})
        given = {}
        for some in batches(days, 500):
            seen = Commendation.objects.visible_to(self.user).filter(decision__date__in=some)
            for one in seen.select_related("decision"):
                paper = one.decision
                words = paper_key(paper.number, paper.date, paper.issuing_body)
                given[words, (one.person_id, one.cell_id)] = paper
        return given

    def _deciding(self, homes: list[Unit]) -> dict[int, Unit]:
        """Return whose body decides for each commune: the province's, or its own where only that is kept."""
        wanted = {key for home in homes for key in (home.pk, home.province_id)}
        kept = Unit.objects.kept_by(self.user).in_bulk(wanted)
        return {home.pk: kept.get(home.province_id) or kept.get(home.pk) for home in homes}

    def _find_recorded(self, lines: list[Line]) -> None:
        recorded = {}
        papers = sorted({line.decision.pk for line in lines if line.decision.pk})
        for some in batches(papers, 500):
            for one in Commendation.objects.filter(decision__in=some).select_related(*_SHOWN):
                recorded[one.decision_id, one.person_id, one.cell_id] = one
        for line in lines:
            line.key = (line.decision.pk, *_subject(line))
            line.known = recorded.get(line.key)
            if line.known is not None:
                drop_place(line, *DECISION_KEYS)
                drop_person(line)
                line.current = self._row(line.known)
        self._refuse_what_others_gave([line for line in lines if line.known is not None])

    def _refuse_what_others_gave(self, lines: list[Line]) -> None:
        """A file changes what the user may change on its page; what others gave it may only repeat."""
        kept = set()
        for some in batches(sorted({line.known.pk for line in lines}), 500):
            kept |= set(
                Commendation.objects.kept_by(self.user).filter(pk__in=some).values_list("pk", flat=True)
            )
        for line in lines:
            if line.known.pk not in kept and line.changed:
                line.fault("decision_number", _("Others gave this commendation; a file does not change it."))

    @staticmethod
    def _commendation(line: Line) -> Commendation:
        """Return the commendation as the line wants it, unsaved."""
        one = line.known or Commendation(
            person=line.who, cell=None if line.who else line.body, decision=line.decision
        )
        for name in FIELDS:
            if name in line.changed:
                setattr(one, name, line.changed[name])
        return one

    def identity(self, line: Line):
        return line.key

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._commendation(line)
        update_many(Commendation, [line.obj for line in lines if line.known], list(FIELDS))
        commend(line.obj for line in lines if line.known is None)


def _subject(line: Line) -> tuple[int | None, int | None]:
    """Return the keys of the person and of the cell that the row commends: one of them is empty."""
    return (line.who.pk, None) if line.who else (None, line.body.pk)


def _home(one: Commendation) -> Unit | None:
    return one.person.keeper if one.person else one.cell.commune
