"""The four levels as people write them: an exact table, because three of four begin alike."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from evaluations.models import Level
from sheets.text import fold, nfc

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
_LEVELS = {
    fold(word): level
    for level in Level
    for word in (
        level.short,
        FULL_NAMES[level],
        f"{level.short} – {FULL_NAMES[level]}",
        *_OTHER_FORMS[level],
    )
}
# "Completed" may be the third level, or the beginning of any of three: it is asked about.
_AMBIGUOUS = {fold("HT"), fold("Hoàn thành")}


def parse_level(value) -> Level:
    """Return the level that is meant; what is no level, or could be several, is refused."""
    word = fold(str(value))
    if word in _AMBIGUOUS:
        raise ValidationError(
            _("“%(value)s” may mean several levels. Enter one of the four: HTXSNV, HTTNV, HTNV, KHTNV.")
            % {"value": nfc(str(value))}
        )
    if word not in _LEVELS:
        raise ValidationError(
            _("“%(value)s” is no level of the year. Choose one of the four: HTXSNV, HTTNV, HTNV, KHTNV.")
            % {"value": nfc(str(value))}
        )
    return _LEVELS[word]
