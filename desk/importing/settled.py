"""What is settled about a file, in words: each with the step at which it may still be said differently."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.importing.reading import UNICODE, Reading
from sheets.columns import Mapped
from sheets.text import says_nothing

LETTERS, TABLE, FORM, COLUMNS, LINES, ASKED, CHECK = (
    "letters",
    "table",
    "form",
    "columns",
    "lines",
    "asked",
    "check",
)
STEPS = (LETTERS, TABLE, FORM, COLUMNS, LINES, ASKED)


def letters_in_words(letters: str) -> str:
    if letters == UNICODE:
        return _("as they stand (Unicode)")
    return {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}.get(letters, letters)


def settled(reading: Reading, answers: Mapping[str, Any], user) -> list[dict[str, str]]:
    """Return (step, label, text, more) of what the file says by itself and of what was answered."""
    known = list(_of_the_file(reading, answers))
    if reading.mapped and reading.mapped.is_settled:
        known.append(_columns(reading.mapped, reading))
        known += _of_the_rows(reading, answers, user)
    return known


def _of_the_file(reading: Reading, answers: Mapping[str, Any]):
    if answers.get("letters"):
        yield _said(LETTERS, _("Letters"), letters_in_words(answers["letters"]))
    if reading.table:
        yield _said(TABLE if len(reading.tables) > 1 else "", _("Table"), _table(reading))
    if reading.form:
        yield _said(FORM, _("Form"), str(reading.form.label))


def _table(reading: Reading) -> str:
    table = reading.table
    return ngettext(
        "sheet “%(sheet)s”, header in row %(row)d, %(count)d row",
        "sheet “%(sheet)s”, header in row %(row)d, %(count)d rows",
        len(table.rows),
    ) % {"sheet": table.sheet.name, "row": table.header.top, "count": len(table.rows)}


def _columns(mapped: Mapped, reading: Reading) -> dict[str, str]:
    labels = {heading.column: heading.label for heading in mapped.table.headings}
    pairs = [
        f"{labels.get(column, '–')} → {reading.form.heading(key)}"
        for key, column in sorted(mapped.columns.items(), key=lambda pair: pair[1])
    ]
    count = len(pairs)
    text = ngettext("%(count)d column is read", "%(count)d columns are read", count) % {"count": count}
    left = [labels[column] for column in mapped.left_out if column in labels]
    if left:
        text += "; " + _("left out: %(columns)s") % {"columns": ", ".join(left)}
    return _said(COLUMNS, _("Columns"), text, pairs)


def _of_the_rows(reading: Reading, answers: Mapping[str, Any], user):
    stated = len(answers.get("kinds", {}))
    if stated:
        said = ngettext("%(count)d row was decided", "%(count)d rows were decided", stated)
        yield _said(LINES, _("Doubtful rows"), said % {"count": stated})
    for ask in reading.form.asks:
        text = answers.get("asked", {}).get(ask.key)
        if text is not None and not (says_nothing(text) and not ask.is_optional):
            label = capfirst(reading.form.heading(ask.key))
            options = dict(ask.options(user)) if ask.options else {}
            yield _said(ASKED, label, _("not said") if says_nothing(text) else options.get(text, text))


def _said(step: str, label: str, text: str, more: list[str] | None = None) -> dict:
    return {"step": step, "label": label, "text": text, "more": more or []}
