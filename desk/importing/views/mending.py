"""Faults of a check, brought together by their cause, and what somebody decides about them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from desk.importing.reading import LEAVE_EMPTY, LEAVE_OUT_ROW, TAKE_FILE
from desk.models import ImportBatch

GROUPS_SHOWN, CELLS_SHOWN, ROWS_SHOWN, MENDS_SHOWN = 30, 40, 40, 60
NEAREST_SHOWN = 6
TO, OTHER = "to:", "other"


@dataclass(frozen=True)
class Choice:
    """Something that one may decide: its field on the page, what it is about, what may be said."""

    name: str
    label: str
    options: list[tuple[str, str]]
    rows: list[int] = field(default_factory=list)
    takes_text: bool = False


@dataclass(frozen=True)
class Group:
    """Faults of one cause: how many rows, and what may be decided about all or each of them."""

    heading: str
    said: str
    rows: list[int]
    is_conflict: bool
    choices: list[Choice]
    more: int


def groups_shown(result: dict[str, Any]) -> list[Group]:
    """Return the groups of faults, the largest first, as far as a page can show them."""
    return [_group(number, group) for number, group in _numbered(result)[:GROUPS_SHOWN]]


def _numbered(result: dict[str, Any]) -> list[tuple[int, dict]]:
    return sorted(enumerate(result["groups"]), key=lambda pair: -len(pair[1]["rows"]))


def _group(number: int, group: dict) -> Group:
    if group["is_conflict"]:
        choices = [_of_all_conflicts(number, group)] if len(group["rows"]) > 1 else []
        choices += [_of_conflict(number, row) for row in group["rows"][:ROWS_SHOWN]]
        more = len(group["rows"]) - ROWS_SHOWN
    elif group["cells"]:
        choices = [_of_cell(number, place, cell) for place, cell in enumerate(group["cells"][:CELLS_SHOWN])]
        more = len(group["cells"]) - CELLS_SHOWN
        if len(choices) > 1:
            choices.append(_of_rows(number, group))
    else:
        choices, more = [_of_rows(number, group)], 0
    is_one = len(group["rows"]) == 1 or len({cell["said"] for cell in group["cells"]}) == 1
    return Group(
        heading=group["heading"],
        said=group["said"] if is_one or not group["cause"] else _cause_in_words(group),
        rows=group["rows"],
        is_conflict=group["is_conflict"],
        choices=choices,
        more=max(0, more),
    )


def _cause_in_words(group: dict) -> str:
    """Return what the faults have in common; a cause that is a code is told by its first sentence."""
    cause = group["cause"]
    return cause if " " in cause else group["said"]


def _of_cell(number: int, place: int, cell: dict) -> Choice:
    options = [
        (TO + name, cell.get("labels", {}).get(name, name)) for name in cell["nearest"][:NEAREST_SHOWN]
    ]
    options += [(LEAVE_EMPTY, _("Leave this cell empty")), (LEAVE_OUT_ROW, _("Leave out these rows"))]
    label = cell["raw"] or _("empty cell")
    if cell["where"]:
        label = f"{label} ({cell['where']})"
    return Choice(
        f"cell-{number}-{place}", label, options, list(dict.fromkeys(cell["rows"])), takes_text=True
    )


def _of_rows(number: int, group: dict) -> Choice:
    options = [(LEAVE_OUT_ROW, _("Leave out these rows"))]
    return Choice(f"group-{number}", _("All rows of this fault"), options, group["rows"])


def _of_all_conflicts(number: int, group: dict) -> Choice:
    return Choice(f"group-{number}", _("All rows of this fault"), _conflict_options(), group["rows"])


def _of_conflict(number: int, row: int) -> Choice:
    return Choice(f"row-{number}-{row}", _("Row %(row)d") % {"row": row}, _conflict_options(), [row])


def _conflict_options() -> list[tuple[str, str]]:
    return [
        (LEAVE_OUT_ROW, _("Keep what is recorded")),
        (TAKE_FILE, _("Take what the file says")),
    ]


# --- What was decided -----------------------------------------------------------------


def decided(result: dict[str, Any], posted) -> dict[str, dict]:
    """Return the mends and the rows that were decided on the page of this check."""
    mends: dict[str, dict] = {}
    rows: dict[str, str] = {}
    for number, group in enumerate(result["groups"]):
        of_all = posted.get(f"group-{number}", "")
        if of_all == LEAVE_OUT_ROW or (of_all == TAKE_FILE and group["is_conflict"]):
            rows |= {str(row): of_all for row in group["rows"]}
        if group["is_conflict"]:
            single = {str(row): posted.get(f"row-{number}-{row}", "") for row in group["rows"]}
            rows |= {row: what for row, what in single.items() if what in (LEAVE_OUT_ROW, TAKE_FILE)}
        for place, cell in enumerate(group["cells"][:CELLS_SHOWN]):
            mend = _mend(cell, posted, f"cell-{number}-{place}")
            if mend:
                mends[cell["key"]] = mend | {"raw": cell["raw"], "heading": group["heading"]}
    return {name: said for name, said in (("mends", mends), ("rows", rows)) if said}


def _mend(cell: dict, posted, name: str) -> dict:
    text, chosen = posted.get(f"{name}-{OTHER}", "").strip()[:300], posted.get(name, "")
    if text:
        return {"to": text}
    if chosen.startswith(TO) and chosen.removeprefix(TO) in cell["nearest"]:
        return {"to": chosen.removeprefix(TO)}
    return {chosen: True} if chosen in (LEAVE_EMPTY, LEAVE_OUT_ROW) else {}


def mends_shown(batch: ImportBatch) -> list[tuple[str, str]]:
    """Return (name, words) of what was decided so far, so that it can be taken back."""
    found = [
        (f"mend:{key}", _mend_in_words(key, mend))
        for key, mend in batch.answers.get("mends", {}).items()
        if mend
    ]
    for row, what in batch.answers.get("rows", {}).items():
        words = {
            LEAVE_OUT_ROW: _("Row %(row)s: left out"),
            TAKE_FILE: _("Row %(row)s: what the file says is taken"),
        }
        if what in words:
            found.append((f"row:{row}", words[what] % {"row": row}))
    return found


def _mend_in_words(key: str, mend: dict) -> str:
    raw = mend.get("raw") or key.rpartition("|")[2]
    told = {"heading": mend.get("heading", ""), "raw": raw, "to": mend.get("to", "")}
    if "to" in mend:
        return _("%(heading)s: “%(raw)s” is read as “%(to)s”") % told
    if LEAVE_EMPTY in mend:
        return _("%(heading)s: “%(raw)s” is left empty") % told
    return _("%(heading)s: rows with “%(raw)s” are left out") % told


def forgotten(batch: ImportBatch, name: str) -> dict[str, dict]:
    """Return the answer that takes one decision back."""
    what, _colon, key = name.partition(":")
    if what == "mend" and key in batch.answers.get("mends", {}):
        return {"mends": {key: {}}}
    if what == "row" and key in batch.answers.get("rows", {}):
        return {"rows": {key: ""}}
    return {}
