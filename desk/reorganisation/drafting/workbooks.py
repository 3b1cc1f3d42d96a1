"""Mergers of hamlets out of a workbook: each row an old hamlet, or all old hamlets of one new one.

Every fault is told at once, with its row; nothing is guessed: a name that fits several hamlets,
a kind nobody wrote, a paper named by half are asked back.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.columns import read_day
from accounts.sheet_errors import sentence_of
from cells.dated import ONE_DAY
from cells.kinds import KINDS_OF_LEVEL, Kind, Level, full_name
from cells.lookups import Decisions, Places, not_found
from cells.models import Decision, Line, LineKind, Reorganisation, Unit
from desk.reorganisation.drafting.rules import WHOLE, DraftLine, day_of_our_time, refuse_nonsense
from desk.reorganisation.drafting.writing import add_lines
from desk.reorganisation.wording import kind_and_name
from sheets.errors import SheetError
from sheets.limits import Limits
from sheets.parsing import Sheet
from sheets.reading import Workbook, read_workbook
from sheets.text import fold, lower_first, nfc
from sheets.writing import Column

LIMITS = Limits(file_mb=5, unpacked_mb=60, sheets=20, rows=10_000, columns=60, cells=300_000, memory_mb=700)
# Titles and signatures stand above and below a table; so far down its head is looked for.
HEAD_WITHIN = 30

# What a column may be headed, folded. "TT" and remarks are passed over.
HEADS = {
    "commune": "xa phuong|xa|phuong|ten xa|ten xa phuong|xa phuong dac khu|don vi cap xa|xa cu|xa phuong cu|ma xa",
    "old": "ap khom cu|thon cu|ap cu|khom cu|thon to dan pho cu|ap khom to dan pho cu|ap khom sap nhap"
    "|thon to dan pho sap nhap|cac ap khom sap nhap|ten cu|thon to dan pho truoc sap xep|truoc sap xep",
    "new": "ten moi|ap khom moi|thon moi|ap moi|khom moi|thon to dan pho moi|ten ap moi|ten ap khom moi"
    "|ten thon moi|ten thon to dan pho moi|sau sap xep|thon to dan pho sau sap xep",
    "kind": "loai|loai hinh|loai don vi",
    "on": "ngay hieu luc|hieu luc tu|hieu luc tu ngay|tu ngay|ngay thuc hien|ngay sap nhap",
    "number": "so van ban|so nghi quyet|so quyet dinh|nghi quyet so|quyet dinh so|so nghi quyet quyet dinh",
    "date": "ngay ky|ngay ban hanh|ngay nghi quyet|ngay quyet dinh|ngay van ban",
    "body": "co quan ban hanh|noi ban hanh|co quan",
}
PASSED_OVER = "tt|stt|so tt|so thu tu|ghi chu|"
COLUMNS = {head: key for key, heads in HEADS.items() for head in heads.split("|")}
NEEDED = ("old", "new")
KINDS = {fold(Kind(kind).label): kind for kind in KINDS_OF_LEVEL[Level.HAMLET]}

_SEPARATORS = re.compile(r"[,;\n\r+]|(?<=\s)và(?=\s)|(?<=\s)&(?=\s)", re.IGNORECASE)


def template_columns() -> list[Column]:
    """Return the columns of the form to fill in; a file made from it is always understood."""
    return [
        Column("number_of_row", "TT", 6),
        Column("commune", "Xã, phường", 24),
        Column("old", "Ấp, khóm, tổ dân phố cũ", 36),
        Column("new", "Tên mới", 26),
        Column("kind", "Loại", 14),
        Column("on", "Ngày hiệu lực", 16, "date"),
        Column("number", "Số văn bản", 20),
        Column("date", "Ngày ký", 16, "date"),
        Column("body", "Cơ quan ban hành", 36),
    ]


@dataclass
class Group:
    """All rows of one new hamlet: what goes into it, and the first row that says so."""

    row: int
    commune: Unit
    new: str
    day: date
    old: list[tuple[int, Unit]] = field(default_factory=list)
    said: dict = field(default_factory=dict)


@transaction.atomic
def add_from_workbook(
    event: Reorganisation, user, *, data: bytes, filename: str, same_name: str, seen: int | None = None
) -> list[Line]:
    """Add the lines of the workbook; raise ValidationError with every fault, and write nothing then.

    ``same_name`` says what is meant where a new hamlet is called like one that goes into it:
    LineKind.ABSORB (that one takes the others in) or LineKind.FOUND (a new one of that name).
    """
    try:
        workbook = read_workbook(data, filename, LIMITS)
    except SheetError as error:
        raise ValidationError(sentence_of(error)) from None
    reader = _Reader(event, user, same_name)
    drafts = reader.drafts(workbook)
    if reader.faults:
        raise ValidationError(reader.told())
    reader.papers.write_new()
    return add_lines(event, drafts, seen=seen, reason=f"{filename}: {event}")


class _Reader:
    def __init__(self, event: Reorganisation, user, same_name: str):
        self.event, self.user, self.same_name = event, user, same_name
        self.faults: dict[int, list[str]] = defaultdict(list)
        self.papers = Decisions(user)
        self.places: dict[date, Places] = {}

    def told(self) -> list[str]:
        return [
            _("Row %(row)d: %(fault)s") % {"row": row, "fault": fault} if row else fault
            for row in sorted(self.faults)
            for fault in dict.fromkeys(self.faults[row])
        ]

    def drafts(self, workbook: Workbook) -> list[DraftLine]:
        """Return the lines; where there are faults they are noted, and the lines are worth nothing."""
        sheet, head, columns = self._table(workbook)
        if sheet is None:
            return []
        rows = list(self._rows(sheet, head, columns))
        if not rows and not self.faults:
            self.faults[0].append(_("The file has no row with an old hamlet."))
        self._load(rows)
        groups = self._groups(rows)
        drafts = [self._draft(group) for group in groups]
        self._twice(groups)
        if not self.faults:
            for group, faults in zip(groups, refuse_nonsense(drafts), strict=True):
                self.faults_of(group.row, [said for several in faults.values() for said in several])
        return drafts

    def faults_of(self, row: int, sentences: list[str]) -> None:
        if sentences:
            self.faults[row] += sentences

    def _noted(self, row: int, act, *args, **kwargs):
        """Return what the act gives; what it refuses is noted with the row."""
        try:
            return act(*args, **kwargs)
        except SheetError as error:
            self.faults[row].append(sentence_of(error))
        except ValidationError as error:
            self.faults[row] += error.messages
        return None

    # --- the table in the file -------------------------------------------------------

    def _table(self, workbook: Workbook) -> tuple[Sheet | None, int, dict[str, int]]:
        """Find the sheet and the row that heads the table; more than one table is asked back."""
        found = [
            (sheet, number, columns)
            for sheet in workbook.sheets
            if sheet.is_visible
            for number, columns in _heads(sheet)
        ]
        if len(found) == 1:
            sheet, number, columns = found[0]
            self._refuse_unknown(sheet.rows[number - 1])
            return sheet, number, columns
        if found:
            names = ", ".join(f"“{sheet.name}”" for sheet, _number, _columns in found)
            self.faults[0].append(
                _("Several tables have these columns: %(names)s. Leave one in the file.") % {"names": names}
            )
        else:
            wanted = ", ".join(f"“{column.header}”" for column in template_columns()[1:])
            self.faults[0].append(
                _("No row heads a table with the columns %(columns)s. Use the form of this page.")
                % {"columns": wanted}
            )
        return None, 0, {}

    def _refuse_unknown(self, head: tuple) -> None:
        known = {*COLUMNS, *PASSED_OVER.split("|")}
        unknown = [nfc(str(cell)) for cell in head if cell is not None and fold(str(cell)) not in known]
        if unknown:
            self.faults[0].append(
                _("Columns that are not understood: %(columns)s. Rename or remove them.")
                % {"columns": ", ".join(f"“{name[:60]}”" for name in unknown)}
            )

    def _rows(self, sheet: Sheet, head: int, columns: dict[str, int]) -> Iterator[tuple[int, dict]]:
        """Give each row that names an old hamlet; empty cells go on with what stood above them."""
        carried: dict = {}
        for number, cells in enumerate(sheet.rows[head:], start=head + 1):
            said = dict.fromkeys(HEADS, "") | {
                key: _text(cells[place]) if key == "old" else nfc(_text(cells[place]))
                for key, place in columns.items()
            }
            if not said["old"]:
                if said["new"]:
                    self.faults[number].append(_("The old hamlets are missing."))
                continue
            above = self._goes_on(said, carried)
            said = {key: value or above.get(key, "") for key, value in said.items()}
            carried = said
            yield number, said

    @staticmethod
    def _goes_on(said: dict, above: dict) -> dict:
        """Return what an empty cell takes from the row above: all of it within one new hamlet, else the commune."""
        if not said["new"] and said["commune"] in ("", above.get("commune")):
            return above
        return {"commune": above.get("commune", "")}

    # --- what the rows mean ----------------------------------------------------------

    def _load(self, rows: list[tuple[int, dict]]) -> None:
        """Load communes, hamlets and papers for the whole file at once."""
        days = defaultdict(list)
        signed = set()
        for number, said in rows:
            said["on_day"] = self._noted(number, self._day, said)
            said["signed"] = self._noted(number, read_day, said["date"]) if said["date"] else None
            if said["signed"]:
                signed.add(said["signed"])
            if said["on_day"]:
                days[said["on_day"]].append((number, said))
        self.papers.load(signed)
        for day, some in days.items():
            places = self.places.setdefault(day, Places(self.user, day - ONE_DAY))
            for number, said in some:
                said["unit"] = self._noted(number, self._commune, places, said["commune"])
            places.load_hamlets({said["unit"] for _number, said in some if said["unit"]})

    def _day(self, said: dict) -> date:
        return day_of_our_time(read_day(said["on"]) if said["on"] else self.event.effective_on)

    def _commune(self, places: Places, named: str) -> Unit:
        own = self.event.unit
        if not named:
            if own is not None and own.level == Level.COMMUNE:
                return own
            raise ValidationError(_("The commune is missing."))
        code = named.zfill(5) if named.isdecimal() else None
        commune = places.commune(code, None if code else named)
        outside = own is not None and own.pk not in (commune.pk, commune.province_id)
        if outside:
            raise not_found(named, where=str(own))
        return commune

    def _groups(self, rows: list[tuple[int, dict]]) -> list[Group]:
        """Bring together the rows of one new hamlet: same commune, same new name."""
        groups: dict[tuple, Group] = {}
        for number, said in rows:
            if not said.get("unit"):
                continue
            if not said["new"]:
                self.faults[number].append(_("The new name is missing."))
                continue
            key = (said["unit"].pk, fold(said["new"]))
            group = groups.setdefault(
                key, Group(number, said["unit"], said["new"], said["on_day"], said=said)
            )
            self._refuse_contradiction(number, said, group)
            group.old += [(number, hamlet) for hamlet in self._hamlets(number, said)]
        return list(groups.values())

    def _refuse_contradiction(self, number: int, said: dict, group: Group) -> None:
        for key in ("on_day", "signed", "number", "body", "kind"):
            if said[key] != group.said[key]:
                self.faults[number].append(
                    _("Day, kind or decision differ from row %(row)d, which names the same new hamlet.")
                    % {"row": group.row}
                )
                return

    def _hamlets(self, number: int, said: dict) -> Iterator[Unit]:
        names = self.places[said["on_day"]].hamlets_of(said["unit"])

        def one(name: str) -> Unit:
            hamlet = names.with_code(name) or names.with_name(name)
            if hamlet is None:
                raise not_found(name, where=lower_first(str(said["unit"])), nearest=names.nearest(name))
            return hamlet

        for name in self._names(number, said["old"], names):
            hamlet = self._noted(number, one, name)
            if hamlet is not None:
                yield hamlet

    def _names(self, number: int, text: str, names) -> list[str]:
        """Part "Ấp 1, 2 và 3" at its commas, unless that is the name of one hamlet."""
        if names.named(text) and "\n" not in text:
            return [text]
        return [part for part in map(nfc, _SEPARATORS.split(text)) if part]

    def _twice(self, groups: list[Group]) -> None:
        first: dict[int, int] = {}
        for group in groups:
            for number, hamlet in group.old:
                if hamlet.pk in first:
                    self.faults[number].append(
                        _("%(hamlet)s stands in row %(row)d already. One hamlet goes into one.")
                        % {"hamlet": hamlet, "row": first[hamlet.pk]}
                    )
                first.setdefault(hamlet.pk, number)

    def _draft(self, group: Group) -> DraftLine:
        old = [hamlet for _number, hamlet in group.old]
        kind, name = self._kind_and_name(group, old)
        given = {"on": group.day, "decision": self._noted(group.row, self._paper, group)}
        named = [hamlet for hamlet in old if kind and fold(str(hamlet)) == fold(full_name(kind, name))]
        if named and self.same_name == LineKind.ABSORB and len(named) == 1:
            others = [(hamlet, WHOLE) for hamlet in old if hamlet.pk != named[0].pk]
            return DraftLine(kind=LineKind.ABSORB, unit=named[0], units=others, **given)
        units = [(hamlet, WHOLE) for hamlet in old]
        return DraftLine(kind=LineKind.FOUND, unit_kind=kind, name=name, units=units, **given)

    def _kind_and_name(self, group: Group, old: list[Unit]) -> tuple[str, str]:
        """Return kind and name of the new hamlet; the kind as written, else that of all old ones."""
        said_kind, own_name = kind_and_name(group.new)
        column = group.said["kind"]
        kind = KINDS.get(fold(column), "") if column else said_kind
        if column and not kind:
            self.faults[group.row].append(
                _("“%(kind)s” is no kind of hamlet. Known: %(known)s.")
                % {"kind": column, "known": ", ".join(Kind(one).label for one in KINDS.values())}
            )
        kinds = {hamlet.kind for hamlet in old}
        if not column and not kind and len(kinds) == 1:
            kind = kinds.pop()
        if not kind and not column and old:
            self.faults[group.row].append(
                _("The old hamlets are of several kinds. Enter the kind of the new one.")
            )
        return kind, own_name if said_kind and said_kind == kind else group.new

    def _paper(self, group: Group) -> Decision | None:
        number, signed, body = (group.said[key] for key in ("number", "signed", "body"))
        if not (number or group.said["date"] or body):
            return self.event.decision
        if not (number and body and group.said["date"]):
            raise ValidationError(_("A decision is named by number, day and issuing body. Enter all three."))
        return self.papers.get(number, signed, body, unit=group.commune) if signed else None


def _heads(sheet: Sheet) -> Iterator[tuple[int, dict[str, int]]]:
    """Give each row (from 1) that heads a table of ours, with the place of its columns."""
    for number, cells in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            key = COLUMNS.get(fold(str(cell))) if cell is not None else None
            if key:
                columns.setdefault(key, place)
        if all(key in columns for key in NEEDED):
            yield number, columns


def _text(value) -> str:
    """Return a cell as text: a number without its ".0", lines kept apart, for they part names."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return "\n".join(filter(None, (nfc(line) for line in str(value).splitlines())))
