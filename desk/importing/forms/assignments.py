"""Who follows which hamlets and communes."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from leaders.resources import AssignmentResource

ASSIGNMENTS = ImportForm(
    key="assignments",
    label=gettext_lazy("Follow-up assignments"),
    columns=tuple(AssignmentResource.columns),
    parts=(Part(AssignmentResource, Row.whole),),
    permission="leaders.add_assignment",
    asks=(
        Ask("kind"),
        Ask("commune", commune_of, unless=("commune_code", "hamlet_code")),
        Ask(
            "starts_on",
            is_optional=True,
            help_text=gettext_lazy("The day since which they follow. Leave it empty if it is not known."),
        ),
    ),
    needs=(("full_name", "person", "organisation"), ("hamlet", "hamlet_code", "commune", "commune_code")),
    passed_over=("Ghi chú", "Điện thoại", "Số điện thoại"),
    titles=("phân công theo dõi", "cán bộ theo dõi", "phân công phụ trách", "phân công cán bộ"),
)
