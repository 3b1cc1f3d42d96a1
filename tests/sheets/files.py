"""Files as users send them: whole ones, and ones made to do harm."""

import io
import struct
import zipfile

from openpyxl import Workbook as XlsxFile

SHEET = "xl/worksheets/sheet1.xml"
SHEET_START = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"
FIRST_ROW = '<row r="1"><c r="A1"><v>7</v></c></row>'

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="Biểu 1">'
)
ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_CELL = '<table:table-cell office:value-type="string"{}><text:p>Chi bộ</text:p></table:table-cell>'


def xlsx(*rows, name="Biểu 1") -> bytes:
    file = XlsxFile()
    file.active.title = name
    for row in rows:
        file.active.append(row)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def with_parts(parts: dict[str, str | bytes], data: bytes | None = None) -> bytes:
    """Return the archive with some of its parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or xlsx(["Chi bộ"]))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            if name not in parts:
                archive.writestr(name, source.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_rows(xml: str) -> bytes:
    return with_parts({SHEET: SHEET_START + xml + SHEET_END})


def ods(rows: str, manifest="<manifest/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", ODS_START + rows + ODS_END)
    return out.getvalue()


WEAK_LOCK = (0x2F, struct.pack("<HHH", 0, 1, 1))
STRONG_LOCK = (0x2F, struct.pack("<HHH48x", 1, 1, 1))


def xls(*records: tuple[int, bytes], lock=None) -> bytes:
    """Return an old workbook with one sheet, in the smallest compound file that holds one."""
    globals_bof = (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    locked = [lock] if lock else []
    head_size = sum(4 + len(body) for _, body in [globals_bof, *locked]) + 4 + 14 + 4
    sheet_entry = (0x85, struct.pack("<IBBBB", head_size, 0, 0, 6, 0) + b"Bieu 1")
    sheet = [(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)), *records, (0x0A, b"")]
    stream = b"".join(
        struct.pack("<HH", number, len(body)) + body
        for number, body in [globals_bof, *locked, sheet_entry, (0x0A, b""), *sheet]
    )
    return compound({"Workbook": stream})


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file: header, table of sectors, directory, then each stream."""
    sectors, table, entries = [], [0xFFFFFFFD, 0xFFFFFFFE], []
    entries.append(_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1))
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")  # smaller ones would live in a stream of their own
        count = -(-len(content) // 512)
        first = len(table)
        table += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors.append(content.ljust(count * 512, b"\0"))
        entries.append(_entry(name, 2, first, len(content)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    directory = b"".join(entries).ljust(512, b"\0")
    return header + fat + directory + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int, child=0xFFFFFFFF) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    return (
        entry
        + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def number_record(row: int, column: int, value: float) -> tuple[int, bytes]:
    return 0x203, struct.pack("<HHHd", row, column, 0, value)
