"""The fields of the grid of meetings."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cells.meetings.grid import Row
from cells.meetings.wording import field_text, held_words, row_state, said
from cells.models import Meeting

register = template.Library()

_NUMBERS = frozenset({"expected", "present"})
_CHOICES = frozenset({"held", "committee_met", "grade"})


def _choices(name: str) -> list[tuple[str, str]]:
    if name == "held":
        return list(held_words().items())
    if name == "committee_met":
        return [("", "–"), ("1", _("yes")), ("0", _("no"))]
    return [("", "–"), *((grade.value, str(grade.label)) for grade in Meeting.Grade)]


@register.simple_tag
def meeting_field(row: Row, name: str, labels: dict) -> str:
    """Return one field of a row: an input where it is open, otherwise what is recorded; its faults below."""
    if not row.is_open:
        recorded = row.value(name) if row.meeting else None
        return format_html("<span>{}</span>", said(name, recorded) or "–")
    faults = row.faults.get(name, ())
    text = row.typed.get(name) if name in row.typed else field_text(row.value(name))
    field, label = f"{row.key}-{name}", f"{row.title} – {labels[name]}"
    about = format_html(' aria-invalid="true" aria-describedby="{}-e"', field) if faults else SafeString()
    if name == "grade":
        about = format_html('{} data-level="{}"', about, text)
    if name in _CHOICES:
        shown = _select(field, label, about, _choices(name), text)
    else:
        shown = _input(field, label, about, name, text)
    if not faults:
        return shown
    return shown + format_html(
        '<p class="field-error" id="{}-e"><span class="symbol" aria-hidden="true">!</span>{}</p>',
        field,
        " ".join(faults),
    )


def _select(field: str, label: str, about, choices, chosen: str) -> SafeString:
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", words) for value, words in choices),
    )
    return format_html('<select name="{}" aria-label="{}"{}>{}</select>', field, label, about, options)


def _input(field: str, label: str, about, name: str, text: str) -> SafeString:
    kind = mark_safe(' inputmode="numeric"') if name in _NUMBERS else SafeString()
    return format_html(
        '<input name="{}" value="{}" maxlength="{}" autocomplete="off" placeholder="{}" aria-label="{}"{}{}>',
        field,
        text,
        {"note": 500, "day": 10}.get(name, 9),
        {"note": _("Note"), "day": _("day")}.get(name, ""),
        label,
        kind,
        about,
    )


@register.simple_tag
def meeting_state(row: Row) -> str:
    """Return the state of a row in words; the script renews them."""
    return format_html('<span class="row-state is-{}">{}</span>', *row_state(row))


@register.simple_tag
def meeting_differs(row: Row, labels: dict) -> list[tuple[str, str, str]]:
    """Return of a row in conflict: each field with what was typed and what is recorded."""
    return [
        (labels[name], _words_of(name, text) or "–", said(name, row.value(name)) or "–")
        for name, text in row.typed.items()
    ]


def _words_of(name: str, text: str) -> str:
    """Return what was typed in words: of a list, the words of what was chosen."""
    return dict(_choices(name)).get(text, text) if name in _CHOICES else text
