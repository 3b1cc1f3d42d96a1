"""Mergers of hamlets, into the lines of a draft: a row for each old hamlet, or all of them in one cell."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, count_column
from cells.codes import DIGITS, HAMLET_PREFIX
from cells.columns import DECISION_KEYS
from cells.models import LineKind
from desk.importing.guesses import commune_of, day_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from desk.reorganisation.drafting.sheet_columns import COLUMNS, parts_of
from desk.reorganisation.drafting.workbooks import LineResource
from desk.reorganisation.events import PROPOSES, events_to_draft
from desk.reorganisation.wording import kind_and_name
from sheets.forms import Choices
from sheets.tables import Table
from sheets.text import fold, nfc

_COMMUNE = ("commune_code", "commune")
_OF_THE_NEW_HAMLET = ("new", "kind", "on", *DECISION_KEYS)
_NUMBER = re.compile(r"\bsố[:\s]+([0-9]+[^\s,;)]*)", re.IGNORECASE)
_CODE = re.compile(rf"{HAMLET_PREFIX}[0-9]{{{DIGITS}}}", re.IGNORECASE)
_ABOUT = ("sap xep", "sap nhap")


def _meanings_of_a_known_name() -> Choices:
    return Choices(
        {
            LineKind.ABSORB: (
                _("that hamlet stands on and takes the others in"),
                LineKind.ABSORB,
            ),
            LineKind.FOUND: (
                _("a new hamlet is founded that bears the old name"),
                LineKind.FOUND,
            ),
        }
    )


# What stands in no column of the list and holds for all of it.
_OF_THE_FILE = (
    count_column("event", gettext_lazy("Draft of a reorganisation")),
    SheetColumn("title", gettext_lazy("subject of the reorganisation")),
    choice_column(
        "same_name",
        gettext_lazy("where the new name is that of one of the old hamlets"),
        _meanings_of_a_known_name,
    ),
)


def _lines(row: Row) -> list[dict]:
    says = any(_is_said(row, key) for key in ("old", "new"))
    return [dict(row.values)] if says else []


# --- What an empty cell means ---------------------------------------------------------


def _go_on(rows: list[Row]) -> None:
    """Let empty cells say what stood above them: all of it within one new hamlet, else the commune alone."""
    above = None
    for row in rows:
        if not _lines(row):
            continue
        if above is not None:
            _take_over(row, above)
        above = row


def _take_over(row: Row, above: Row) -> None:
    keys = () if any(_is_said(row, key) for key in _COMMUNE) else _COMMUNE
    if _is_of_the_same_hamlet(row, above):
        keys = (*keys, *_OF_THE_NEW_HAMLET)
    for key in keys:
        if _is_said(row, key):
            continue
        if key in above.faults:
            row.faults[key] = above.faults[key]
        elif above[key] is not None:
            row.values[key] = above[key]


def _is_of_the_same_hamlet(row: Row, above: Row) -> bool:
    elsewhere = any(_is_said(row, key) and _key(row, key) != _key(above, key) for key in _COMMUNE)
    renamed = _is_said(row, "new") and _key(row, "new") != _key(above, "new")
    return not elsewhere and not renamed


def _is_said(row: Row, key: str) -> bool:
    return row[key] is not None or key in row.faults


def _key(row: Row, key: str) -> str:
    return fold(str(row[key] or ""))


# --- What is asked --------------------------------------------------------------------


def _bears_an_old_name(row: Row) -> bool:
    """Say whether the new name may be that of an old hamlet; what a code is called nobody knows here."""
    if row["new"] is None or row["old"] is None:
        return False
    new = _own_name(row["new"])
    return any(_own_name(old) == new or _CODE.fullmatch(old) for old in parts_of(row["old"]))


def _own_name(name: str) -> str:
    return fold(kind_and_name(name)[1])


def _needs_a_paper(row: Row) -> bool:
    """A draft that exists has its paper, unless the row names another one by half."""
    return row["event"] is None or any(_is_said(row, key) for key in DECISION_KEYS)


def _title_of(table: Table) -> str:
    return next((line for line in table.title_lines if any(word in fold(line) for word in _ABOUT)), "")


def _number_of(table: Table) -> str:
    found = (_NUMBER.search(nfc(line)) for line in table.title_lines)
    return next((match[1] for match in found if match), "")


def _drafts(user) -> list[tuple[str, str]]:
    """Return the drafts whose lines the user may change, the latest first."""
    return [
        (str(event.pk), f"{event} ({event.effective_on:%d/%m/%Y}{f', {event.unit}' if event.unit else ''})")
        for event in events_to_draft(user)
    ]


_OTHER_FIGURES = (
    "Số hộ",
    "Hộ",
    "Tổng số hộ",
    "Số nhân khẩu",
    "Nhân khẩu",
    "Số khẩu",
    "Diện tích",
    "Diện tích (ha)",
)

REORGANISATION = ImportForm(
    key="reorganisation",
    label=gettext_lazy("Mergers of hamlets (lines of a reorganisation)"),
    columns=(*COLUMNS, *_OF_THE_FILE),
    parts=(Part(LineResource, _lines),),
    permission=PROPOSES,
    may_propose=False,
    asks=(
        Ask(
            "event",
            is_optional=True,
            help_text=gettext_lazy("Without a choice a new draft is begun."),
            options=_drafts,
        ),
        Ask("title", _title_of, unless=("event",)),
        Ask("on", unless=("event",), help_text=gettext_lazy("First day of the new state.")),
        Ask(
            "commune",
            commune_of,
            unless=("commune_code",),
            is_optional=True,
            help_text=gettext_lazy("Empty: the commune of the draft."),
        ),
        Ask("same_name", concerns=_bears_an_old_name),
        Ask("decision_number", _number_of, concerns=_needs_a_paper, is_optional=True),
        Ask("decision_day", day_of, concerns=_needs_a_paper, is_optional=True),
        Ask("decision_body", concerns=_needs_a_paper, is_optional=True),
    ),
    needs=(("old",), ("new",)),
    passed_over=(
        "Ghi chú",
        "Số đảng viên",
        *_OTHER_FIGURES,
        *(
            f"{above} / {below}"
            for above in (
                "Trước sắp xếp",
                "Sau sắp xếp",
                "Trước sáp nhập",
                "Sau sáp nhập",
                "Hiện trạng",
                "Phương án sắp xếp",
            )
            for below in _OTHER_FIGURES
        ),
    ),
    titles=(
        "sắp xếp, sáp nhập",
        "sáp nhập ấp",
        "sắp xếp ấp",
        "sáp nhập thôn",
        "sắp xếp thôn",
        "sáp nhập khóm",
        "sắp xếp khóm",
        "sắp xếp các ấp",
        "sáp nhập các ấp",
        "sắp xếp tổ dân phố",
        "sáp nhập tổ dân phố",
    ),
    fill_down=_go_on,
    lone_keys=("old", "new"),
)
