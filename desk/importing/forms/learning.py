"""Courses with who took part, and commendations."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of, year_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from leaders.resources import CommendationResource, ParticipationResource
from leaders.resources.participations import units_kept


def _units(user) -> list[tuple[str, str]]:
    return [(unit.code, unit.choice_label) for unit in units_kept(user)]


PARTICIPATIONS = ImportForm(
    key="participations",
    label=gettext_lazy("Courses and who took part"),
    columns=tuple(ParticipationResource.columns),
    parts=(Part(ParticipationResource, Row.whole),),
    permission="leaders.add_participation",
    asks=(
        Ask("held_for", options=_units, is_optional=True),
        Ask("course"),
        Ask("starts_on"),
    ),
    needs=(("full_name", "person"), ("course", "completed", "result", "organiser")),
    passed_over=("Ghi chú", "Chức vụ", "Điện thoại", "Số điện thoại"),
    titles=("bồi dưỡng", "tập huấn", "danh sách học viên", "danh sách tham gia lớp"),
)

COMMENDATIONS = ImportForm(
    key="commendations",
    label=gettext_lazy("Commendations"),
    columns=tuple(CommendationResource.columns),
    parts=(Part(CommendationResource, Row.whole),),
    permission="leaders.add_commendation",
    asks=(
        Ask("year", year_of),
        Ask("form"),
        Ask("merit"),
        Ask("commune", commune_of, unless=("commune_code", "cell_code", "person")),
        Ask("decision_number"),
        Ask("decision_day"),
        Ask("decision_body"),
    ),
    needs=(("full_name", "person", "cell", "cell_code"), ("form", "merit", "streak_years")),
    passed_over=("Ghi chú", "Chức vụ"),
    titles=("khen thưởng", "biểu dương", "tặng giấy khen", "tặng bằng khen"),
)
