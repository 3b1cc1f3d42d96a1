"""The four levels as people write them: an exact table, because three of four begin alike."""

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column
from evaluations.models import Level
from evaluations.models.ratings import SHORT_FORMS
from sheets.forms import Choices

FULL_NAMES = {
    Level.EXCELLENT: "Hoàn thành xuất sắc nhiệm vụ",
    Level.GOOD: "Hoàn thành tốt nhiệm vụ",
    Level.COMPLETED: "Hoàn thành nhiệm vụ",
    Level.NOT_COMPLETED: "Không hoàn thành nhiệm vụ",
}
_OTHER_FORMS = {
    Level.EXCELLENT: ("HTXS", "Hoàn thành xuất sắc"),
    Level.GOOD: ("HTT", "HTTTNV", "Hoàn thành tốt"),
    Level.COMPLETED: (),
    Level.NOT_COMPLETED: ("KHT", "Không hoàn thành"),
}
# "Completed" may be the third level, or the beginning of any of three: it is asked about.
_MAY_BE = (Level.EXCELLENT, Level.GOOD, Level.COMPLETED)
LEVELS = Choices(
    {
        level: (level.short, FULL_NAMES[level], f"{level.short} – {FULL_NAMES[level]}", *_OTHER_FORMS[level])
        for level in Level
    },
    vague={"HT": _MAY_BE, "Hoàn thành": _MAY_BE},
)
SENTENCES = {
    "vague_choice": gettext_lazy(
        "“%(value)s” may mean several levels. Enter one of the four: HTXSNV, HTTNV, HTNV, KHTNV."
    ),
    "not_a_choice": gettext_lazy(
        "“%(value)s” is no level of the year. Choose one of the four: HTXSNV, HTTNV, HTNV, KHTNV."
    ),
}


def level_column(key: str, header: str, **options) -> SheetColumn:
    """Return a column that holds one of the four levels."""
    return choice_column(
        key,
        header,
        lambda: LEVELS,
        sentences=SENTENCES,
        show=lambda value: SHORT_FORMS[value] if value else "",
        width=12,
        **options,
    )
