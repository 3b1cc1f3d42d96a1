"""The workbook back to its sender: faulty cells coloured, a remark at each, and a column of remarks.

An xlsx or xlsm file is edited in place: of its parts only the bytes that must change do, so
pictures, drawn lines, charts, macros, formats, widths and the other sheets are what they were.
What comes as xls, ods or csv goes back as an xlsx file of its values.
"""

import io
import posixpath
import re
import shutil
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sheets.comments import with_comments, with_shapes
from sheets.errors import SheetError
from sheets.limits import Limits
from sheets.marking import Marks, marked_sheet
from sheets.packages import attributes_of, sheet_titles
from sheets.parsing import Sheet
from sheets.places import Place
from sheets.plain import write_values
from sheets.reading import Workbook
from sheets.splicing import CannotSplice, Part, elements, local
from sheets.stretches import outer_elements
from sheets.styling import Styles
from sheets.tables import Table
from sheets.text import fold

_MB = 1024 * 1024
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORKBOOK = "xl/workbook.xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What follows the drawing of comments in a sheet.
_BEHIND_SHAPES = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst", "AlternateContent"),
)
_MOST_COMMENTS = 2000  # more make a workbook slow; the column of remarks has them all


@dataclass(frozen=True)
class Remark:
    """What is wrong with a cell, or with a whole row where ``column`` is None."""

    row: int
    column: int | None
    text: str


@dataclass(frozen=True)
class Returned:
    """A workbook with remarks. ``is_same_file`` is False where only its values were taken over."""

    data: bytes
    suffix: str
    is_same_file: bool


def is_written_anew(workbook: Workbook) -> bool:
    """Whether only the values of the workbook go back: its kind is none that is edited in place."""
    return workbook.kind != "xlsx"


def give_back(
    data: bytes,
    workbook: Workbook,
    table: Table,
    remarks: Sequence[Remark],
    *,
    heading: str,
    author: str,
    limits: Limits | None = None,
) -> Returned:
    """Return the workbook with the remarks on the rows of ``table``.

    ``data`` are the bytes that ``workbook`` was read from. ``heading`` stands over the column of
    remarks and ``author`` in the comments; by both the remarks of an earlier time are known, and
    taken away. No text becomes a formula.
    """
    limits = limits or Limits()
    marks, comments = _marks(table, remarks, heading)
    if not is_written_anew(workbook):
        try:
            done = _edited(data, table.sheet.name, marks, comments, author, limits)
            return Returned(done, ".xlsm" if _has_macros(data) else ".xlsx", True)
        except CannotSplice:
            pass  # a rare dialect: its values are better than nothing
    values = write_values(workbook.sheets, {table.sheet.name: table.header.bottom})
    return Returned(_edited(values, table.sheet.name, marks, comments, author, limits), ".xlsx", False)


def _marks(table: Table, remarks: Sequence[Remark], heading: str) -> tuple[Marks, dict[Place, str]]:
    by_row: dict[int, list[str]] = defaultdict(list)
    by_place: dict[Place, list[str]] = defaultdict(list)
    for remark in remarks:
        by_row[remark.row].append(remark.text)
        if remark.column is not None:
            by_place[_shown_at(table.sheet, Place(remark.row, remark.column))].append(remark.text)
    column, was_there = _column_of_remarks(table, heading)
    first, last = table.header.bottom + 1, table.lines[-1].row if table.lines else table.header.bottom
    marks = Marks(
        cells=frozenset(by_place),
        column=column,
        heading_row=table.header.top,
        heading=heading,
        texts={row: "\n".join(dict.fromkeys(texts)) for row, texts in by_row.items()},
        rows=range(first, last + 1) if was_there else range(0),
    )
    comments = {place: "\n".join(dict.fromkeys(texts)) for place, texts in sorted(by_place.items())}
    return marks, dict(list(comments.items())[:_MOST_COMMENTS])


def _shown_at(sheet: Sheet, place: Place) -> Place:
    """Return the cell that shows this one: of a merged area only the first is seen."""
    for area in sheet.merged:
        if place in area:
            return Place(area.top, area.left)
    return place


def _column_of_remarks(table: Table, heading: str) -> tuple[int, bool]:
    """Return the first free column right of the table, or the one where our remarks already stand."""
    for known in table.headings:
        if fold(known.label) == fold(heading):
            return known.column, True
    rows = table.sheet.rows[table.header.top - 1 :]
    width = len(rows[0])
    column = table.last_column + 1
    while column <= width and (
        any(values[column - 1] is not None for values in rows)
        or any(
            area.left <= column <= area.right and area.bottom >= table.header.top
            for area in table.sheet.merged
        )
    ):
        column += 1
    unread = {place.column for place in table.sheet.unread if place.row >= table.header.top}
    while column in unread:
        column += 1
    return column, False


def _has_macros(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.endswith("vbaProject.bin") for name in archive.namelist())


def _edited(
    data: bytes, title: str, marks: Marks, comments: Mapping[Place, str], author: str, limits: Limits
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        edit = _Edit(archive, _part_of(archive, title))
        edit.mark(marks)
        if comments:
            edit.comment(comments, author)
        elif marks.rows:
            edit.comment({}, author)
        return edit.written(limits)


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """Return the part that holds a sheet. The workbook was opened and checked before, when it was read."""
    names = set(archive.namelist())
    told = {name: archive.read(name) for name in (_WORKBOOK, _links_of(_WORKBOOK)) if name in names}
    part = next((part for part, name in sheet_titles(told).items() if name == title), None)
    if part not in names:
        raise CannotSplice("The part of the sheet is not found.")
    return part


class _Edit:
    """The parts of an archive that change."""

    def __init__(self, archive: zipfile.ZipFile, sheet: str):
        self.archive, self.sheet = archive, sheet
        self.names = set(archive.namelist())
        self.changed: dict[str, bytes] = {}

    def mark(self, marks: Marks) -> None:
        styles_part = next(
            (link.target for link in self._links(_WORKBOOK) if link.kind == "styles"), "xl/styles.xml"
        )
        if styles_part not in self.names:
            raise CannotSplice("The workbook has no styles.")
        styles = Styles(self.archive.read(styles_part))
        self.part = marked_sheet(self.archive.read(self.sheet), marks, styles)
        self.changed[self.sheet] = self.part.spliced()
        self.changed[styles_part] = styles.spliced()

    def comment(self, texts: Mapping[Place, str], author: str) -> None:
        """Put the remarks at their cells; where comments are kept in an unknown way, leave them out."""
        links = {link.kind: link.target for link in self._links(self.sheet)}
        notes, shapes = links.get("comments"), self._drawing_of_comments()
        if bool(notes) != bool(shapes) and notes:
            return
        if not texts and not notes:
            return
        try:
            content, gone = with_comments(self._read(notes), texts, author)
            drawn = with_shapes(self._read(shapes), texts, gone)
        except CannotSplice:
            return
        notes_part = notes or self._free("xl/comments{}.xml")
        shapes_part = shapes or self._free("xl/drawings/vmlDrawing{}.vml")
        self.changed |= {notes_part: content, shapes_part: drawn}
        if not notes:
            self._link("comments", notes_part)
            self._state_type(
                f'<{{}}Override PartName="/{notes_part}" ContentType="{_COMMENTS_TYPE}"/>', notes_part
            )
        if not shapes:
            self._show_drawing(self._link("vmlDrawing", shapes_part))
            self._state_type(
                f'<{{}}Default Extension="vml" ContentType="{_SHAPES_TYPE}"/>', 'Extension="vml"'
            )

    def written(self, limits: Limits) -> bytes:
        """Return the archive with its parts in their order, the changed ones new."""
        entries = self.archive.infolist()
        if sum(entry.file_size for entry in entries) > limits.unpacked_mb * _MB:
            raise SheetError("unpacked_too_large", limit=limits.unpacked_mb)
        out = io.BytesIO()
        try:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for entry in entries:
                    if entry.filename in self.changed:
                        archive.writestr(entry.filename, self.changed.pop(entry.filename))
                    else:
                        with self.archive.open(entry) as source, archive.open(entry.filename, "w") as target:
                            shutil.copyfileobj(source, target)
                for name, content in self.changed.items():
                    archive.writestr(name, content)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise SheetError("damaged_workbook") from None
        return out.getvalue()

    # Links between parts

    def _read(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        if name not in self.names:
            raise CannotSplice("A part is missing.")
        return self.changed.get(name) or self.archive.read(name)

    def _links(self, part: str) -> list["_Link"]:
        name = _links_of(part)
        if name not in self.names:
            return []
        return [
            _Link(link.get("Id", ""), link["Type"].rpartition("/")[2], _target(part, link.get("Target", "")))
            for link in attributes_of("Relationship", self.archive.read(name))
            if link.get("TargetMode") != "External" and "Type" in link
        ]

    def _drawing_of_comments(self) -> str | None:
        drawing = next((one for one in self._outer() if local(one.name) == "legacyDrawing"), None)
        if drawing is None:
            return None
        number = next((value for key, value in drawing.attributes.items() if local(key) == "id"), "")
        return next((link.target for link in self._links(self.sheet) if link.number == number), None)

    def _outer(self) -> list:
        return outer_elements(self.changed[self.sheet])

    def _link(self, kind: str, target: str) -> str:
        name = _links_of(self.sheet)
        content = self.changed.get(name) or (
            self.archive.read(name)
            if name in self.names
            else f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_LINKS}"></Relationships>'.encode()
        )
        used = {link.get("Id") for link in attributes_of("Relationship", content)}
        number = next(f"rIdRemark{n}" for n in range(1, len(used) + 2) if f"rIdRemark{n}" not in used)
        self.changed[name] = _with_last(
            content, f'<{{}}Relationship Id="{number}" Type="{_OFFICE}/{kind}" Target="/{escape(target)}"/>'
        )
        return number

    def _show_drawing(self, number: str) -> None:
        part = Part(self.changed[self.sheet])
        root, *outer = self._outer()
        prefix = root.name.removesuffix("worksheet")
        markup = f'<{prefix}legacyDrawing xmlns:rm="{_OFFICE}" rm:id="{number}"/>'.encode()
        data = next(one for one in outer if local(one.name) == "sheetData")
        later = [one.start for one in outer if local(one.name) in _BEHIND_SHAPES and one.start > data.start]
        part.insert(min(later, default=part.before_end_tag(root)), markup)
        self.changed[self.sheet] = part.spliced()

    def _state_type(self, markup: str, unless: str) -> None:
        name = "[Content_Types].xml"
        content = self.changed.get(name) or self.archive.read(name)
        if unless.encode() not in content:
            self.changed[name] = _with_last(content, markup)

    def _free(self, pattern: str) -> str:
        number = 1
        while pattern.format(number) in self.names or pattern.format(number) in self.changed:
            number += 1
        return pattern.format(number)


@dataclass(frozen=True)
class _Link:
    number: str
    kind: str
    target: str


def _links_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _target(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _with_last(content: bytes, markup: str) -> bytes:
    """Return a part with one more element at its end, ``{}`` standing for the prefix of its names."""
    part = Part(content)
    root = elements(content, lambda _name, _attributes, depth: depth == 1)[0]
    prefix = re.match(r"(?:[^:]*:)?", root.name)[0]
    part.append_to(root, markup.format(prefix).encode())
    return part.spliced()
