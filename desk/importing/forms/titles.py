"""Titles of cells: registrations, and recognitions with their decision."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from evaluations.models import TitleCase
from evaluations.resources import TitleCaseResource


def _is_recognised(row: Row) -> bool:
    return row["recognised_on"] is not None or row["state"] == TitleCase.State.RECOGNISED


TITLES = ImportForm(
    key="titles",
    label=gettext_lazy("Titles of cells"),
    columns=tuple(TitleCaseResource.columns),
    parts=(Part(TitleCaseResource, Row.whole),),
    # A commune registers its cells itself; recognitions it proposes.
    permission="evaluations.recognise_titles",
    has_own_steps=True,
    asks=(
        Ask("title"),
        Ask("commune", commune_of, unless=("commune_code", "cell_code")),
        Ask("decision_number", concerns=_is_recognised),
        Ask("decision_day", concerns=_is_recognised),
        Ask("decision_body", concerns=_is_recognised),
    ),
    needs=(("cell", "cell_code"),),
    titles=("trong sạch vững mạnh", "danh hiệu", "chi bộ bốn tốt", "công nhận chi bộ"),
)
