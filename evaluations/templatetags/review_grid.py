"""The fields of the grid. A page has some thousands of them: what is the same in many rows is made once."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.typed import NO, YES, text_of
from evaluations.models import Level
from evaluations.models.ratings import SHORT_FORMS, NotSubject
from evaluations.review.grid import Row
from evaluations.review.rows import CONDITIONS, LEVELS, MEMBERS, TASKS
from evaluations.review.wording import label_of, row_state

register = template.Library()

_ANSWERS = frozenset({*CONDITIONS, "disciplined"})
_CHOICES = frozenset({*LEVELS, *_ANSWERS, "not_subject_reason"})
_NUMBERS = frozenset({*MEMBERS, *TASKS, "points"})
_FOLDED = frozenset({"note", "not_subject_reason", *_ANSWERS, *TASKS})
# Which count a field of a card is: on a wide screen the head of the column says it.
_HINTS = {"excellent": "XS", "good": "T", "completed": "HT", "not_completed": "KHT", "not_rated": "–"}


def _choices(name: str) -> list[tuple[str, str, str]]:
    """Return value, text and full name of each option."""
    if name in LEVELS:
        # Every office knows the short forms, and the columns are narrow: the full name is told beside them.
        return [("", "–", ""), *((level.value, level.short, _full_name(level)) for level in Level)]
    if name in _ANSWERS:
        return [("", "–", ""), (YES, _("yes"), ""), (NO, _("no"), "")]
    return [("", "–", ""), *((reason.value, str(reason.label), "") for reason in NotSubject)]


def _full_name(level: Level) -> str:
    return str(level.label).partition(" – ")[2]


@lru_cache(maxsize=500)
def _options(name: str, chosen: str, language: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}{}>{}</option>',
        (
            (
                value,
                mark_safe(" selected") if value == chosen else "",
                format_html(' title="{}"', full_name) if full_name else "",
                label,
            )
            for value, label, full_name in _choices(name)
        ),
    )


@register.simple_tag
def entry(row: Row, name: str, labels: dict) -> str:
    """Return one field of a row: an input where it is open, otherwise what is recorded; its faults below."""
    if name not in row.open:
        return _shown(row, name)
    faults = row.faults.get(name, ())
    text = row.typed.get(name) if row.needs_a_look and name in row.typed else text_of(row.value(name))
    about = (
        format_html(' aria-invalid="true" aria-describedby="{}-{}-e"', row.key, name)
        if faults
        else SafeString()
    )
    label = f"{row.title} – {label_of(labels, row, name)}"
    field = f"{row.key}-{name}"
    if name in _CHOICES:
        if name in LEVELS:
            about = format_html('{} data-level="{}"', about, text)
        shown = format_html(
            '<select name="{}" aria-label="{}"{}>{}</select>',
            field,
            label,
            about,
            _options(name, text, get_language()),
        )
    elif name in _NUMBERS:
        shown = format_html(
            '<input name="{}" value="{}" inputmode="{}" maxlength="9" autocomplete="off" placeholder="{}" aria-label="{}"{}>',
            field,
            text,
            "decimal" if name == "points" else "numeric",
            _HINTS.get(name, ""),
            label,
            about,
        )
    else:
        shown = format_html(
            '<input name="{}" value="{}" maxlength="500" autocomplete="off" placeholder="{}" aria-label="{}"{}>',
            field,
            text,
            label_of(labels, row, name),
            label,
            about,
        )
    return shown + _faults(field, faults) if faults else shown


def _faults(field: str, faults) -> str:
    return format_html(
        '<p class="field-error" id="{}-e"><span class="symbol" aria-hidden="true">!</span>{}</p>',
        field,
        " ".join(faults),
    )


def said(name: str, value) -> str:
    """Return a value in words: the short form of a level, yes or no, a number."""
    if name in (*LEVELS, "decided_level"):
        return SHORT_FORMS.get(value, "")
    if name in _ANSWERS:
        return "" if value is None else _("yes") if value else _("no")
    if name == "not_subject_reason":
        return str(NotSubject(value).label) if value in NotSubject.values else ""
    return text_of(value)


def _shown(row: Row, name: str) -> str:
    value = row.value(name)
    if name in LEVELS:
        return level_tag(value)
    words = said(name, value)
    if name not in _CHOICES and name not in _NUMBERS:
        return format_html('<p class="said-words">{}</p>', words) if words else ""
    return format_html("<span>{}</span>", words or "–")


@dataclass(frozen=True)
class More:
    """What the folded part of a row holds."""

    count: int
    has_faults: bool

    @property
    def said(self) -> str:
        """How many fields are filled in, beside the words of the fold; the script renews it."""
        return f"({self.count})" if self.count else ""


@register.simple_tag
def more_about(row: Row) -> More:
    """Count what is recorded or typed in the folded part, so that nothing in it is overlooked."""
    folded = [name for name in row.fields if name in _FOLDED and (name != "note" or name in row.open)]
    filled = [name for name in folded if row.typed.get(name) or row.value(name) not in ("", None)]
    return More(len(filled), any(name in row.faults for name in folded))


@register.filter
def level_tag(level: str) -> str:
    """Return a level as its short code on its colour, a dash where there is none."""
    if not level:
        return mark_safe('<span class="quiet">–</span>')
    return format_html('<span class="level level-{}">{}</span>', level, SHORT_FORMS[level])


@register.simple_tag
def state_tag(row: Row) -> str:
    """Return the state of a row in words; the script renews them."""
    return format_html('<span class="row-state is-{}">{}</span>', *row_state(row))


@register.simple_tag
def differing(row: Row, labels: dict) -> list[tuple[str, str, str]]:
    """Return of a row in conflict: each field with what was typed and what is recorded."""
    return [
        (
            label_of(labels, row, name),
            said(name, _typed(name, typed)) or "–",
            said(name, row.value(name)) or "–",
        )
        for name, typed in row.typed.items()
    ]


def _typed(name: str, text: str):
    return {YES: True, NO: False}.get(text) if name in _ANSWERS else text
