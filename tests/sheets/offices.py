"""A model of how offices write their workbooks, with what they mean by them.

``papers()`` draws a form, the values of its rows and a layout, and writes them down with all
habits at once. ``Paper.meant`` is what a reader must find.
"""

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st
from openpyxl import Workbook as XlsxFile
from openpyxl.styles import Font

from sheets.dates import PartialDate
from sheets.forms import Choices, Field, Form
from tests.sheets.office_forms import FORMS, PEOPLE

# Fields that stand under a common heading, by the form.
_FAMILIES = {
    "hamlets": [("Trong đó", ("exempt", "away")), ("Đảng viên", ("members", "exempt", "away"))],
    "people": [
        ("Ngày, tháng, năm sinh", ("born_male", "born_female")),
        ("Trình độ", ("profession", "theory")),
        ("Chức vụ", ("party_office", "hamlet_office")),
    ],
    "ratings": [],
}
_LEAVES = {
    "members": "Tổng số", "exempt": "Miễn SH", "away": "Đi làm ăn xa", "born_male": "Nam", "born_female": "Nữ",
    "profession": "Chuyên môn", "theory": "LLCT", "party_office": "Đảng", "hamlet_office": "Chính quyền",
}  # fmt: skip
COMMUNES = ["Xã Tam Phước", "Xã Hữu Định", "Thị trấn Châu Thành", "Phường Phú Tân", "Xã An Hóa"]
NAMES = ["Phước Hậu", "Phước Hòa", "Cộng Hòa", "Tổng Cọp", "2", "10A", "Thới Thuỷ", "Đông", "Hoà Bình"]
PLACES = [*(f"Ấp {name}" for name in NAMES), "Khu phố 3", "Khu phố Bình An"]
_SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Võ"]
_GIVEN = ["Thị Yến", "Hữu Sơn", "Văn Ước", "Ngọc Quý", "Kim Hoà"]
_UNKNOWN = ["Nguồn gốc", "Mã phiếu in", "Tình trạng hồ sơ", "Cột phụ"]
_SIGNATURES = [
    ["T/M BAN THƯỜNG VỤ", "BÍ THƯ", None, "Nguyễn Văn A"],
    ["NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)", "Lê Thị B"],
    ["Châu Thành, ngày 31 tháng 12 năm 2021", "K/T CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    ["Nơi nhận:", "- Như trên;", "- Lưu: VT."],
]


@dataclass(repr=False)
class Paper:
    """A sheet as an office writes it, and what is meant by it."""

    form: Form
    grid: list[list] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    meant: list[tuple[int, tuple[str, ...], dict]] = field(default_factory=list)  # row, groups, values
    header: tuple[int, int] = (0, 0)
    paths: list[tuple[str, ...]] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    fields: dict[int, str] = field(default_factory=dict)  # what the columns hold
    kinds: dict[int, str] = field(default_factory=dict)  # rows that are no data
    markers: tuple[str, ...] = ("I", "II", "III")

    def __repr__(self) -> str:
        lines = [
            f"{number:3} {self.kinds.get(number, '')} {cells}" for number, cells in enumerate(self.grid, 1)
        ]
        return "\n".join([f"{self.form.key}, header {self.header}, merged {self.merged}", *lines])

    @property
    def row(self) -> int:
        return len(self.grid)

    def add(self, cells, kind: str = "") -> int:
        self.grid.append(list(cells))
        if kind:
            self.kinds[self.row] = kind
        return self.row

    def xlsx(self) -> bytes:
        file = XlsxFile()
        sheet = file.active
        sheet.title = "Biểu 1"
        for number, cells in enumerate(self.grid, 1):
            for column, value in enumerate(cells, 1):
                if value is not None:
                    cell = sheet.cell(number, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
                    cell.font = Font(name="Times New Roman", size=13, bold=number in self.kinds)
        for top, left, bottom, right in self.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        file.create_sheet("Danh mục").append(["HTXSNV"])
        file["Danh mục"].sheet_state = "hidden"
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()

    def csv(self) -> bytes:
        out = io.StringIO()
        width = max(map(len, self.grid))
        writer = csv.writer(out, delimiter=";")
        for cells in self.grid:
            padded = [*cells, *[None] * (width - len(cells))]
            writer.writerow([_as_text(value) for value in padded])
        return out.getvalue().encode("utf-8-sig")


def _as_text(value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


# What places are called


def cell_of(place: str) -> str:
    """Return the full name of the cell of a hamlet."""
    return f"Chi bộ {place[0].lower()}{place[1:]}"


def ways_to_write(place: str) -> list[str]:
    """Return what offices write for a hamlet: in full, in other letters, with the short form of its kind."""
    kind, name = (
        ("Khu phố" if place.startswith("Khu phố") else "Ấp"),
        place.removeprefix("Khu phố ").removeprefix("Ấp "),
    )
    ways = [place, f"{kind.lower()} {name}", f"{kind.upper()} {name}"]
    if kind == "Khu phố":
        ways.append(f"KP {name}")
    if name[0].isdecimal():
        ways.append(f"KP{name}" if kind == "Khu phố" else f"ấp{name}")
    return ways


def ways_to_write_its_cell(place: str) -> list[str]:
    return [f"{word} {way}" for word in ("Chi bộ", "CB", "chi bộ") for way in ways_to_write(place)]


# Every way to write a hamlet or a cell, and the full name that is meant by it.
MEANT_BY = {way: place for place in PLACES for way in ways_to_write(place)} | {
    way: cell_of(place) for place in PLACES for way in ways_to_write_its_cell(place)
}


# How a value is written: pairs of what stands in the cell and what it means


def _written_text(draw, text: str) -> str:
    if draw(st.booleans()):
        text = unicodedata.normalize("NFD", text)
    return draw(st.sampled_from(["{}", " {}", "{}  ", "{}\u00a0"])).format(text)


def _a_date(draw):
    day = draw(st.dates(date(1935, 1, 1), date(2024, 12, 31)))
    full = PartialDate(day.year, day.month, day.day)
    return draw(
        st.sampled_from(
            [
                (day, full),
                (f"{day:%d/%m/%Y}", full),
                (f"{day.day}/{day.month}/{day.year}", full),
                (f"{day:%d-%m-%Y}", full),
                (f"{day:%d.%m.%Y}", full),
                (f"ngày {day.day} tháng {day.month} năm {day.year}", full),
                (f"{day:%m/%Y}", PartialDate(day.year, day.month)),
                (day.year, PartialDate(day.year)),
                (str(day.year), PartialDate(day.year)),
            ]
        )
    )


def _a_count(draw):
    count = draw(st.integers(0, 2500))
    return draw(
        st.sampled_from([(count, count), (str(count), count), (f"{count:,}".replace(",", "."), count)])
    )


def _a_phone(draw):
    number = "09" + "".join(map(str, draw(st.lists(st.integers(0, 9), min_size=8, max_size=8))))
    spaced = f"{number[:4]} {number[4:7]} {number[7:]}"
    return draw(
        st.sampled_from(
            [(number, number), (int(number), number), (spaced, spaced), (f"+84{number[1:]}", number)]
        )
    )


def _a_choice(draw, choices: Choices):
    value = draw(st.sampled_from(list(choices.names)))
    name = draw(st.sampled_from(choices.names[value]))
    case = draw(st.sampled_from([str, str.upper, str.lower]))
    return _written_text(draw, case(name)), value


def _a_person(draw):
    name = f"{draw(st.sampled_from(_SURNAMES))} {draw(st.sampled_from(_GIVEN))}"
    title = draw(st.sampled_from(["", "", "Đ/c ", "Đ/c: ", "Ông ", "Bà ", "Ông/Bà ", "đồng chí "]))
    return _written_text(draw, title + name), name


def _points(draw):
    tenths = draw(st.integers(0, 1000))
    points = Decimal(tenths) / 10
    return draw(st.sampled_from([(tenths / 10, points), (f"{points:.1f}".replace(".", ","), points)]))


@dataclass(frozen=True)
class Asked:
    """What a cell with two meanings must lead to: a fault with this code, never a value."""

    code: str


_DOUBTFUL = {
    "date": [("19/5", "year_missing"), ("03/02/85", "year_needs_four_digits"), ("31/02/1985", "no_such_day")],
    "count": [("1,542", "ambiguous_count"), ("ba", "not_a_count")],
    "decimal": [("1.542", "ambiguous_number")],
    "choice": [("Khá", "not_a_choice"), ("Hoàn thành", "vague_choice"), ("HT", "vague_choice")],
    "phone": [("3822111", "not_a_phone"), ("0912345678, 0987654321", "several_phones")],
    "person": [("Nguyễn Văn 2", "not_a_name")],
    "text": [("-nt-", "ditto")],
}


def _cell(draw, by: Field):
    if draw(st.integers(0, 25)) == 25:
        has_vague = by.choices is None or by.choices.vague
        cell, code = draw(st.sampled_from(_DOUBTFUL[by.kind][: None if has_vague else 1]))
        return cell, Asked(code)
    return _value(draw, by)


def _value(draw, by: Field):
    match by.kind:
        case "date":
            return _a_date(draw)
        case "count":
            return _a_count(draw)
        case "phone":
            return _a_phone(draw)
        case "choice":
            return _a_choice(draw, by.choices)
        case "person":
            return _a_person(draw)
        case "decimal":
            return _points(draw)
    place = draw(st.sampled_from(PLACES))
    ways = {"hamlet": ways_to_write, "cell": ways_to_write_its_cell}.get(by.key)
    text = draw(st.sampled_from(ways(place))) if ways else "Trung cấp"
    return _written_text(draw, text), text


# How a heading is written


def _written_heading(draw, text: str, *, without_marks: bool) -> str:
    if without_marks:
        text = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
        text = "".join(char for char in text if not unicodedata.combining(char))
    text = draw(st.sampled_from([str, str.upper, str]))(text)
    if " " in text and draw(st.booleans()):
        text = text.replace(" ", draw(st.sampled_from(["\n", "  ", "\r\n"])), 1)
    text = draw(st.sampled_from(["{}", "{}", "{} ", "{}:", " {}"])).format(text)
    return unicodedata.normalize("NFD", text) if draw(st.booleans()) else text


@dataclass
class _Column:
    path: tuple[str, ...]
    field: Field | None = None
    is_order: bool = False


def _columns(draw, form: Form) -> list[_Column]:
    skipped = {"born_male", "born_female"} if draw(st.booleans()) else {"born"}
    fields = [
        one for one in form.fields if one.required or (one.key not in skipped and draw(st.integers(0, 4)))
    ]
    keys = {one.key for one in fields}
    family = {}
    for parent, members in draw(st.permutations(_FAMILIES[form.key])):
        if set(members) <= keys and not set(members) & set(family):
            for key in members:
                family[key] = parent
    columns = []
    is_deep = draw(st.booleans())
    for one in sorted(fields, key=lambda one: _place_in(one.key, family, [f.key for f in fields])):
        if one.key not in family:
            # A family's field out of its family keeps its full path, however flat the table is.
            flat = [head for head in (one.label, *one.synonyms) if " / " not in head]
            head = draw(st.sampled_from(flat)) if flat else None
            if head:
                columns.append(_Column((head,), one))
            continue
        path = (family[one.key], _LEAVES[one.key])
        if is_deep and family[one.key] == "Đảng viên" and one.key in ("exempt", "away"):
            path = ("Đảng viên", "Trong đó", _LEAVES[one.key])
        columns.append(_Column(path, one))
    if form is PEOPLE and not any(column.field and "born" in column.field.key for column in columns):
        columns.append(_Column(("Ngày sinh",), form.by_key["born"]))
    if draw(st.integers(0, 5)):
        columns.insert(
            0, _Column((draw(st.sampled_from(["STT", "TT", "Số TT", "Số thứ tự"])),), is_order=True)
        )
    for head in draw(st.lists(st.sampled_from([*_UNKNOWN, "Ghi chú"]), unique=True, max_size=2)):
        columns.append(_Column((head,)))
    return columns


def _place_in(key: str, family: dict[str, str], keys: list[str]) -> tuple[int, int]:
    first = min(keys.index(other) for other in keys if family.get(other, other) == family.get(key, key))
    return first, keys.index(key)


def _write_titles(draw, paper: Paper, width: int) -> None:
    if draw(st.booleans()):
        gap = [None] * max(0, width - 2)
        paper.add(["HUYỆN ỦY CHÂU THÀNH", *gap, "ĐẢNG CỘNG SẢN VIỆT NAM"])
        paper.add(["BAN TỔ CHỨC", *gap, "Châu Thành, ngày 31/12/2021"])
        for _ in range(draw(st.integers(0, 2))):
            paper.add([])
    if draw(st.integers(0, 4)):
        title = {
            "hamlets": "DANH SÁCH CHI BỘ ẤP, KHU PHỐ",
            "people": "DANH SÁCH TRÍCH NGANG BÍ THƯ CHI BỘ",
            "ratings": "KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHI BỘ NĂM 2022",
        }[paper.form.key]
        row = paper.add([title])
        if width > 1 and draw(st.booleans()):
            paper.merged.append((row, 1, row, width))
        if draw(st.booleans()):
            paper.add(["(Kèm theo Báo cáo số 12-BC/BTC ngày 05/01/2022)"])
        for _ in range(draw(st.integers(0, 2))):
            paper.add([])
    if draw(st.integers(0, 4)) == 0:
        paper.add([*[None] * (width - 1), "Đơn vị tính: người"])


def _write_header(draw, paper: Paper, columns: list[_Column], *, merges: bool) -> None:
    depth = max(len(column.path) for column in columns)
    without_marks = draw(st.integers(0, 5)) == 0
    top = paper.row + 1
    cells = [[None] * len(columns) for _ in range(depth)]
    written: dict[tuple[str, ...], str] = {}
    for number, column in enumerate(columns):
        # Without merging, the label of a narrow column stands in the first row, as a rule.
        for level in range(len(column.path)):
            prefix = column.path[: level + 1]
            if prefix not in written:
                written[prefix] = _written_heading(draw, prefix[-1], without_marks=without_marks)
            before = columns[number - 1].path[: level + 1] if number else ()
            if before != prefix or level == len(column.path) - 1:
                cells[level][number] = written[prefix]
        if merges and len(column.path) < depth:
            paper.merged.append((top + len(column.path) - 1, number + 1, top + depth - 1, number + 1))
    if merges:
        for level in range(depth - 1):
            start = 0
            while start < len(columns):
                prefix = columns[start].path[: level + 1]
                end = start
                while (
                    end + 1 < len(columns)
                    and len(columns[end + 1].path) > level + 1
                    and columns[end + 1].path[: level + 1] == prefix
                ):
                    end += 1
                if end > start:
                    paper.merged.append((top + level, start + 1, top + level, end + 1))
                start = end + 1
    for line in cells:
        paper.add(line)
    paper.header = (top, paper.row)
    paper.paths = [
        tuple(written[column.path[: n + 1]] for n in range(len(column.path))) for column in columns
    ]


def _write_numbering(draw, paper: Paper, columns: list[_Column]) -> None:
    style = draw(st.sampled_from(["", "", "({})", "{}", "letters"]))
    if style and len(columns) >= 3:
        if style == "letters":
            cells = ["A", "B", *range(1, len(columns) - 1)]
        else:
            cells = [style.format(number) for number in range(1, len(columns) + 1)]
            cells = [int(cell) if cell.isdecimal() and draw(st.booleans()) else cell for cell in cells]
        paper.add(cells, "numbering")


@st.composite
def papers(draw, form: Form | None = None, as_csv: bool = False) -> Paper:
    """Draw a paper. What is written in it can be read in one way only."""
    form = form or draw(st.sampled_from(FORMS))
    paper = Paper(form)
    columns = _columns(draw, form)
    assume(len(columns) >= 3)
    paper.fields = {place: one.field.key for place, one in enumerate(columns, 1) if one.field}
    merges = not as_csv and draw(st.booleans())
    _write_titles(draw, paper, len(columns))
    _write_header(draw, paper, columns, merges=merges)
    _write_numbering(draw, paper, columns)
    order = next((number for number, column in enumerate(columns) if column.is_order), None)
    paper.unknown = {
        number
        for number, column in enumerate(columns, 1)
        if column.path[0] in _UNKNOWN and draw(st.booleans())
    }
    counted = [n for n, column in enumerate(columns) if column.field and column.field.kind == "count"]
    groups = draw(st.lists(st.sampled_from(COMMUNES), unique=True, min_size=1, max_size=3))
    style = draw(st.sampled_from(["", "marker", "in_one", "bare_first", "bare_second", "across"]))
    if order is None or (style == "across" and not merges):
        style = ""
    paper.markers = draw(st.sampled_from([("I", "II", "III"), ("A", "B", "C"), ("I.", "II.", "III.")]))
    has_sums = draw(st.booleans())
    total_first = draw(st.integers(0, 5)) == 0
    totals: list[tuple[int, list]] = []
    if total_first and counted and order is not None:
        row = paper.add(["", "Tổng số", *[None] * (len(columns) - 2)], "total")
        totals.append((row, []))
    number = 0
    for place, commune in enumerate(groups if style else [""]):
        if style:
            _write_group(paper, style, commune, place, len(columns), merges=merges)
            number = 0 if draw(st.booleans()) else number
        covered = []
        for _ in range(draw(st.integers(2 if not style else 1, 4))):
            number += 1
            covered.append(_write_row(draw, paper, columns, number, (commune,) if style else ()))
            if draw(st.integers(0, 9)) == 0:
                paper.add([], "blank")
        if has_sums and counted and order is not None and style and draw(st.booleans()):
            _write_total(paper, columns, counted, covered, draw(st.sampled_from(["Cộng", f"Cộng {commune}"])))
    if totals:
        first = totals[0][0]
        for column in counted:
            paper.grid[first - 1][column] = sum(
                _addend(values[columns[column].field.key]) for _, _, values in paper.meant
            )
        paper.grid[first - 1][0] = None
    elif has_sums and counted and len(columns) > 1 and 0 not in counted:
        label = draw(st.sampled_from(["Tổng cộng", "TỔNG CỘNG", "Tổng cộng toàn huyện"]))
        _write_total(paper, columns, counted, [values for _, _, values in paper.meant], label)
    _write_foot(draw, paper, len(columns))
    return paper


def _write_group(paper: Paper, style: str, commune: str, place: int, width: int, *, merges: bool) -> None:
    marker = paper.markers[place]
    cells: list = [None] * width
    if style == "marker":
        cells[0], cells[1] = marker, commune
    elif style == "in_one":
        cells[0] = f"{marker.rstrip('.')}. {commune}"
    elif style == "bare_second":
        cells[1] = commune
    else:
        cells[0] = commune
    row = paper.add(cells, "group")
    if style == "across" and merges:
        paper.merged.append((row, 1, row, width))


def _write_row(draw, paper: Paper, columns: list[_Column], number: int, groups: tuple[str, ...]) -> dict:
    cells, values = [], {}
    for place, column in enumerate(columns, 1):
        if column.is_order:
            cells.append(draw(st.sampled_from([number, str(number), f"{number}."])))
        elif column.field:
            cell, meant = None, None
            if column.field.required or draw(st.integers(0, 4)):
                cell, meant = _cell(draw, column.field)
            cells.append(cell)
            values[column.field.key] = meant
        else:
            cells.append("có" if place in paper.unknown else None)
    row = paper.add(cells)
    paper.meant.append((row, groups, values))
    return values


def _write_total(
    paper: Paper, columns: list[_Column], counted: list[int], rows: list[dict], label: str
) -> None:
    cells: list = [None] * len(columns)
    cells[1 if columns[0].is_order and 1 not in counted else 0] = label
    for column in counted:
        cells[column] = sum(_addend(values[columns[column].field.key]) for values in rows)
    paper.add(cells, "total")


def _addend(meant) -> int:
    return meant if isinstance(meant, int) else 0


def _write_foot(draw, paper: Paper, width: int) -> None:
    if draw(st.booleans()):
        paper.add([], "blank")
        paper.add(["Ghi chú: số liệu tính đến ngày 31/12/2021"], "note")
    if draw(st.booleans()):
        for _ in range(draw(st.integers(1, 3))):
            paper.add([], "blank")
        column = draw(st.sampled_from([0, width - 1]))
        for text in draw(st.sampled_from(_SIGNATURES)):
            paper.add([*[None] * column, text], "signature" if text else "blank")
