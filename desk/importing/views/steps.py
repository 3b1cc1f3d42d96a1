"""The one open question about a file: what a page shows of it, and what was answered."""

from dataclasses import dataclass
from itertools import islice

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sheet_results import printed
from cells.kinds import Level
from cells.models import Unit
from desk.importing import batches
from desk.importing.papers import Ask, ImportForm
from desk.importing.reading import UNICODE, Reading, name_of
from desk.importing.settled import ASKED, CHECK, COLUMNS, FORM, LETTERS, LINES, STEPS, TABLE, letters_in_words
from desk.models import ImportBatch
from sheets.columns import LEAVE_OUT
from sheets.legacy import suspect

EXAMPLES, SAMPLES, DOUBTFUL_LINES, HEADINGS_SHOWN = 3, 5, 100, 8
# What a select sends for a column that nobody needs; an empty one was not answered.
NOT_NEEDED = "-"
COMMUNE_KEYS = ("commune", "keeper")
LIKELY, SURE, PERHAPS = 0.6, 0.8, 0.35

KINDS = {
    "data": gettext_lazy("a row of the list"),
    "group": gettext_lazy("the name of a group"),
    "total": gettext_lazy("a total"),
    "numbering": gettext_lazy("the numbers of the columns"),
    "repeated_header": gettext_lazy("the header once more"),
    "note": gettext_lazy("a note"),
    "signature": gettext_lazy("the signatures"),
    "blank": gettext_lazy("an empty row"),
    "left_out": gettext_lazy("left out on this page"),
}
WHY = {
    "unknown": gettext_lazy("no column of the form has this heading"),
    "ambiguous": gettext_lazy("several columns of the form have this heading"),
    "doubled": gettext_lazy("another column of the sheet says the same"),
    "nameless": gettext_lazy("the column has no heading"),
}


def open_step(reading: Reading, batch: ImportBatch) -> str:
    """Return what is to be asked next: before its columns are asked about, whether it is that form at all."""
    if reading.step not in (LETTERS, TABLE, "nothing") and other_form(reading, batch):
        return FORM
    return reading.step


def other_form(reading: Reading, batch: ImportBatch) -> str:
    """Return the form that the file surely looks like, where somebody chose another and has not insisted."""
    recognition = reading.recognition
    if not batch.kind or recognition is None or not recognition.is_sure:
        return ""
    best = recognition.best.form.key
    insisted = batch.answers.get("kept_form") == batch.kind
    return "" if insisted or reading.form is None or best == reading.form.key else best


def shown(reading: Reading, batch: ImportBatch, user, step: str) -> dict:
    """Return what the page needs for this step."""
    return SHOWN[step](reading, batch, user) if step in SHOWN else {}


def answers_from(reading: Reading, batch: ImportBatch, step: str, posted) -> dict:
    """Return what was answered, in the words of ``batches.answer``; nothing where nothing was chosen."""
    return TAKEN[step](reading, batch, posted) if step in TAKEN else {}


def may_go_back_to(step: str, reading: Reading) -> bool:
    """Whether this was settled already, so that it may be said differently."""
    if step not in STEPS:
        return False
    if step in (LETTERS, TABLE):
        return True
    return reading.mapped is not None if step != FORM else reading.table is not None


# --- Letters --------------------------------------------------------------------------


def _letters(reading: Reading, batch: ImportBatch, user) -> dict:
    suspicion = reading.suspicion or next(filter(None, map(suspect, reading.workbook.sheets)), None)
    likely = suspicion.encoding if suspicion else UNICODE
    choices = [likely, *(one for one in ("tcvn3", "vni", UNICODE) if one != likely)]
    return {
        "samples": suspicion.samples[:SAMPLES] if suspicion else (),
        "likely": letters_in_words(likely),
        "choices": [(one, letters_in_words(one)) for one in choices],
        "chosen": batch.answers.get("letters", likely),
    }


def _take_letters(reading: Reading, batch: ImportBatch, posted) -> dict:
    letters = posted.get("letters")
    return {"letters": letters} if letters in ("tcvn3", "vni", UNICODE) else {}


# --- Table and form -------------------------------------------------------------------


def _tables(reading: Reading, batch: ImportBatch, user) -> dict:
    tables = [
        {
            "name": name_of(table),
            "sheet": table.sheet.name,
            "row": table.header.top,
            "count": len(table.rows),
            "headings": [heading.label for heading in table.headings[:HEADINGS_SHOWN]],
        }
        for table in reading.tables
    ]
    chosen = name_of(reading.table) if reading.table else ""
    return {"tables": tables, "chosen": chosen or (tables[0]["name"] if tables else "")}


def _take_table(reading: Reading, batch: ImportBatch, posted) -> dict:
    name = posted.get("table")
    return {"table": name} if name in map(name_of, reading.tables) else {}


def _forms(reading: Reading, batch: ImportBatch, user) -> dict:
    forms = batches.forms_of(batches.author_of(batch, user))
    guesses = [
        {"key": guess.form.key, "label": guess.form.label, "likelihood": likelihood(guess.score)}
        for guess in (reading.recognition.guesses if reading.recognition else ())
    ]
    other = other_form(reading, batch)
    chosen = batch.kind or (guesses[0]["key"] if guesses and reading.recognition.best.score >= LIKELY else "")
    return {
        "guesses": guesses,
        "chosen": chosen,
        "other": other,
        "other_label": str(forms[other].label) if other in forms else "",
        "kind_label": str(reading.form.label) if reading.form else "",
    }


def likelihood(score: float) -> str:
    if score >= SURE:
        return _("very like it")
    if score >= LIKELY:
        return _("like it")
    return _("somewhat like it") if score >= PERHAPS else _("not like it")


def _take_form(reading: Reading, batch: ImportBatch, posted) -> dict:
    known = {guess.form.key for guess in reading.recognition.guesses} if reading.recognition else set()
    kind = posted.get("kind")
    if kind not in known:
        return {}
    # Who chooses in sight of what it looks like is not asked again.
    return {"kind": kind, "kept_form": kind}


# --- Columns --------------------------------------------------------------------------


def _columns(reading: Reading, batch: ImportBatch, user) -> dict:
    mapped, form = reading.mapped, reading.form
    fields = {column: key for key, column in mapped.columns.items()}
    questions = {question.column: question for question in mapped.questions}
    labels = {heading.column: heading.label for heading in reading.table.headings}
    rows = [
        {
            "number": column,
            "label": labels.get(column, ""),
            "examples": _examples(reading, column),
            "why": WHY[questions[column].why] if column in questions else "",
            "likely": _named(form, questions[column].candidates if column in questions else ()),
            "chosen": "" if column in questions else fields.get(column, NOT_NEEDED),
        }
        for column in sorted(mapped.keys)
    ]
    rows.sort(key=lambda row: not row["why"])
    missing = [" / ".join(form.heading(key) for key in group) for group in mapped.missing]
    return {
        "columns": rows,
        "fields": _named(form, form.by_key),
        "missing": missing,
        "NOT_NEEDED": NOT_NEEDED,
    }


def _named(form: ImportForm, keys) -> list[tuple[str, str]]:
    return [(key, capfirst(form.heading(key))) for key in keys]


def _examples(reading: Reading, column: int) -> list[str]:
    values = (line.values[column - 1] for line in reading.table.rows)
    texts = dict.fromkeys(printed(value)[:60] for value in islice(values, 200) if value is not None)
    return list(texts)[:EXAMPLES]


def _take_columns(reading: Reading, batch: ImportBatch, posted) -> dict:
    mapped = reading.mapped
    fields = {column: key for key, column in mapped.columns.items()}
    open_ones = {question.column for question in mapped.questions}
    said = {}
    for column, key in mapped.keys.items():
        to = posted.get(f"column-{column}", "")
        if to != NOT_NEEDED and to not in reading.form.by_key:
            continue
        before = fields.get(column, NOT_NEEDED)
        if column in open_ones or to != before:
            said[key] = LEAVE_OUT if to == NOT_NEEDED else to
    return {"columns": said} if said else {}


# --- Doubtful lines -------------------------------------------------------------------


def _lines(reading: Reading, batch: ImportBatch, user) -> dict:
    stated = {line for line in reading.table.lines if line.why == "stated"}
    lines = [line for line in reading.table.lines if line.is_doubtful or line in stated]
    return {
        "lines": [
            {
                "row": line.row,
                "text": " · ".join(printed(value) for value in line.values if value is not None)[:160],
                "kind": line.kind,
            }
            for line in lines[:DOUBTFUL_LINES]
        ],
        "more": max(0, len(lines) - DOUBTFUL_LINES),
        "kinds": [(kind, KINDS[kind]) for kind in KINDS if kind != "left_out"],
    }


def _take_lines(reading: Reading, batch: ImportBatch, posted) -> dict:
    kinds = {
        str(line.row): posted[f"line-{line.row}"]
        for line in reading.table.lines
        if posted.get(f"line-{line.row}") in KINDS.keys() - {"left_out"}
    }
    return {"kinds": kinds} if kinds else {}


# --- What the sheet does not say ------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """One thing that is asked about all rows."""

    name: str
    label: str
    value: str
    help_text: str
    error: str
    is_optional: bool
    choices: list[tuple[str, str]]
    takes_commune: bool


def _asked(reading: Reading, batch: ImportBatch, user) -> dict:
    said = batch.answers.get("asked", {})
    fields = [_field(reading, ask, said, batches.author_of(batch, user)) for ask in _asks(reading, batch)]
    communes = []
    if any(field.takes_commune for field in fields):
        kept = Unit.objects.kept_by(user).filter(level=Level.COMMUNE, closed_on=None).in_order()
        communes = [str(unit) for unit in kept]
    return {"asked": fields, "communes": communes}


def _asks(reading: Reading, batch: ImportBatch) -> list[Ask]:
    """Return what is open, and what was answered before."""
    said, still = batch.answers.get("asked", {}), {ask.key for ask in reading.asks}
    return [ask for ask in reading.form.asks if ask.key in still or ask.key in said]


def _field(reading: Reading, ask: Ask, said: dict, user) -> Field:
    column = reading.form.by_key[ask.key]
    error = reading.wrong.get(ask.key, "")
    if not error and ask.key in said and ask in reading.asks:
        error = _("Fill in this field.")
    return Field(
        name=f"asked-{ask.key}",
        label=capfirst(str(column.header)),
        value=said.get(ask.key, ask.guess(reading.table)),
        help_text=str(ask.help_text) or (_("dd/mm/yyyy") if column.kind == "date" else ""),
        error=error,
        is_optional=ask.is_optional,
        choices=_choices(column, ask, user),
        takes_commune=ask.key in COMMUNE_KEYS,
    )


def _choices(column, ask: Ask, user) -> list[tuple[str, str]]:
    if ask.options:
        return ask.options(user)
    return [(names[0], names[0]) for names in column.choices().names.values()] if column.choices else []


def _take_asked(reading: Reading, batch: ImportBatch, posted) -> dict:
    asked = {
        ask.key: posted[f"asked-{ask.key}"].strip()[:300]
        for ask in _asks(reading, batch)
        if f"asked-{ask.key}" in posted
    }
    return {"asked": asked} if asked else {}


SHOWN = {
    LETTERS: _letters,
    TABLE: _tables,
    FORM: _forms,
    COLUMNS: _columns,
    LINES: _lines,
    ASKED: _asked,
}
TAKEN = {
    LETTERS: _take_letters,
    TABLE: _take_table,
    FORM: _take_form,
    COLUMNS: _take_columns,
    LINES: _take_lines,
    ASKED: _take_asked,
}
__all__ = ["CHECK", "KINDS", "answers_from", "may_go_back_to", "open_step", "shown"]
