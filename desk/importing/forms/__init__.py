"""The forms that the desk understands, in the order in which a province loads them first."""

from desk.importing.forms.assignments import ASSIGNMENTS
from desk.importing.forms.contests import CONTESTS
from desk.importing.forms.hamlets import COUNT_FORM, HAMLETS
from desk.importing.forms.learning import COMMENDATIONS, PARTICIPATIONS
from desk.importing.forms.meetings import MEETINGS
from desk.importing.forms.people import PEOPLE
from desk.importing.forms.ratings import LEADER_RATINGS, MEMBER_LEVELS, RATINGS
from desk.importing.forms.reorganisation import REORGANISATION
from desk.importing.forms.targets import TARGETS
from desk.importing.forms.titles import TITLES
from desk.importing.papers import ImportForm

FORMS: dict[str, ImportForm] = {
    form.key: form
    for form in (
        HAMLETS,
        COUNT_FORM,
        PEOPLE,
        RATINGS,
        LEADER_RATINGS,
        MEMBER_LEVELS,
        TITLES,
        TARGETS,
        CONTESTS,
        ASSIGNMENTS,
        MEETINGS,
        PARTICIPATIONS,
        COMMENDATIONS,
        REORGANISATION,
    )
}

__all__ = ["FORMS"]
