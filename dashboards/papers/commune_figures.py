"""The figures of a commune's papers: plain values, kept as they are when a paper is issued."""

from collections import Counter
from collections.abc import Iterable

from dashboards.papers.asking import Asked
from dashboards.papers.gathering import (
    FIELD_OF_LEVEL,
    CommuneYear,
    counts_of,
    gather_commune,
    paper_of,
    person_row,
    reason_of,
    short,
)
from dashboards.papers.sums import sum_of_levels, totals
from evaluations.models import CellRating, Level, ShareBase, Submission
from evaluations.models.ratings import NotSubject
from evaluations.reading import FULL_NAMES
from evaluations.review.share import shares_of
from leaders.models import Office, Tenure
from sheets.numbers import format_count, format_decimal, format_percent


def level_words(levels: Counter, *, of: int | None = None) -> str:
    """Return "HTXSNV 34 (26,4%); HTTNV 91 (70,5%); …", all four, in their order."""
    whole = sum(levels[level] for level in Level) if of is None else of
    return "; ".join(
        f"{level.short} {format_count(levels[level])} ({format_percent(levels[level], whole)})"
        if whole
        else f"{level.short} {levels[level]}"
        for level in Level
    )


def _base(year: CommuneYear) -> dict:
    return year.asked.head() | {"co_ca_nhan": bool(year.people)}


def _cell_rows(year: CommuneYear) -> list[dict]:
    return [
        {
            "khoa": f"chi_bo:{row.cell_id}",
            "tt": number,
            "chi_bo": year.name(row),
            "nam_truoc": short(year.before.get(row.cell_id, "")),
            "tu_xep_loai": short(row.self_level),
            "de_xuat": short(row.proposed_level),
            "quyet_dinh": short(row.decided_level),
            "muc": short(row.decided_level or row.proposed_level),
            "diem": format_decimal(row.points),
            "ly_do": reason_of(row),
            "so_phieu": row.votes,
            **_members_of(year, row),
        }
        for number, row in enumerate(year.cells, 1)
    ]


def _members_of(year: CommuneYear, row: CellRating) -> dict:
    one = year.members.get(row.cell_id)
    return {
        f"dv_{field}": getattr(one, level.lower()) if one else None for level, field in FIELD_OF_LEVEL.items()
    }


def _people_rows(year: CommuneYear) -> list[dict]:
    return [
        {"tt": number, **person_row(row, year.people_before, user=year.asked.user, cell=year.name(row))}
        for number, row in enumerate(year.people, 1)
    ]


def not_subject_notes(rows: Iterable, what: str = "chi bộ") -> list[str]:
    """Return the footnotes on who was not subject to rating, reason by reason."""
    reasons = Counter(row.not_subject_reason for row in rows if row.not_subject_reason)
    return [
        f"Không thuộc diện xếp loại: {format_count(reasons[reason])} {what} ({NotSubject(reason).label})."
        for reason in NotSubject
        if reasons[reason]
    ]


def _shares(year: CommuneYear, level: str) -> list:
    asked = year.asked
    file = asked.file
    if file is None:
        return []
    rows = asked.ratings(CellRating)
    return shares_of([file], asked.cycle, level=level, rows=rows)[asked.unit.pk]


def _share_lines(year: CommuneYear, level: str) -> list[str]:
    """Return how many may be excellent in each group of like function, and the reason for more."""
    lines = []
    for share in _shares(year, level):
        percent = format_decimal(share.percent)
        over = f"; vượt {share.over}" if share.over else ""
        lines.append(
            f"{share.group}: đề xuất HTXSNV: {share.excellent} – tối đa: {share.most} ({percent}%"
            f" {ShareBase(share.base).label}){over}."
        )
    if year.asked.file is not None and year.asked.file.share_reason:
        lines.append(f"Lý do vượt tỷ lệ: {year.asked.file.share_reason}")
    return lines


def self_rating(asked: Asked) -> dict:
    year = gather_commune(asked)
    rules = asked.cycle.rule_set
    counts = counts_of(asked, [row.cell_id for row in year.cells])
    secretaries = _secretaries(asked, [row.cell_id for row in year.cells])
    points = (
        f"{rules.code}: HTXSNV từ {rules.excellent_points} điểm, HTTNV từ {rules.good_points} điểm,"
        f" HTNV từ {rules.completed_points} điểm"
        if rules.uses_points
        else ""
    )
    cells = [
        {
            "khoa": f"chi_bo:{row.cell_id}",
            "ten_hoa": year.name(row).upper(),
            "ten": year.name(row),
            "bi_thu": secretaries.get(row.cell_id, "……………………………"),
            "nam_truoc": short(year.before.get(row.cell_id, "")) or "–",
            **_counted(counts.get(row.cell_id)),
        }
        for row in year.cells
        if not row.not_subject_reason
    ]
    return _base(year) | {
        "cac_chi_bo": cells,
        "co_diem": rules.uses_points,
        "nguong_diem": points,
        "co_dieu_kien": rules.uses_conditions,
        "vuot": rules.above_percent,
        "cham": rules.late_percent,
    }


def _secretaries(asked: Asked, cells: list[int]) -> dict[int, str]:
    seen = Tenure.objects.all() if asked.tells_the_file else Tenure.objects.visible_to(asked.user)
    seats = (
        seen.on(asked.cycle.roster_day)
        .filter(office=Office.SECRETARY, cell__in=cells)
        .select_related("person")
        .order_by("pk")
    )
    return {seat.cell_id: str(seat.person) for seat in seats}


def _counted(count) -> dict:
    known = {
        "dang_vien": "total",
        "chinh_thuc": "official",
        "du_bi": "probationary",
        "mien_sinh_hoat": "exempt",
    }
    values = {field: getattr(count, name) if count else None for field, name in known.items()}
    return {field: "……" if value is None else value for field, value in values.items()}


def to_committee(asked: Asked) -> dict:
    year = gather_commune(asked)
    proposed = year.levels("proposed_level")
    return _base(year) | {
        "cac_dong": _cell_rows(year),
        "cac_ca_nhan": _people_rows(year),
        "tong_hop": [
            f"Cộng: {len(year.cells)} chi bộ; thuộc diện xếp loại {sum(proposed.values())}: {level_words(proposed)}.",
            *([f"Chưa có đề xuất: {proposed['']} chi bộ."] if proposed[""] else []),
            *_share_lines(year, "proposed_level"),
        ],
        "ghi_chu": [*not_subject_notes(year.cells), *not_subject_notes(year.people, "cá nhân")],
    }


def ballot(asked: Asked) -> dict:
    year = gather_commune(asked)
    return _base(year) | {
        "cac_dong": _voted_on(_cell_rows(year), year.cells),
        "cac_ca_nhan": _voted_on(_people_rows(year), year.people),
    }


def _voted_on(rows: list[dict], ratings: list) -> list[dict]:
    """Return the rows of those that are voted on, numbered anew, with the boxes left open."""
    boxes = {f"trong_{number}": "" for number in range(1, 5)}
    kept = [row for row, rating in zip(rows, ratings, strict=True) if not rating.not_subject_reason]
    return [row | boxes | {"tt": number} for number, row in enumerate(kept, 1)]


def count_of_votes(asked: Asked) -> dict:
    year = gather_commune(asked)
    voters = asked.file.voters if asked.file else None
    return _base(year) | {
        "cac_dong": _voted_on(_counted_then(_cell_rows(year), year.cells, asked.file), year.cells),
        "cac_ca_nhan": _voted_on(_counted_then(_people_rows(year), year.people, asked.file), year.people),
        "so_phieu_thu_ve": "……" if voters is None else voters,
    }


def _counted_then(rows: list[dict], ratings: list, file: Submission | None) -> list[dict]:
    """Say beside the votes for each level how many were cast at all: those of the first decision of the file.

    What was decided by another paper was voted on at another meeting: its count is not in these minutes.
    """
    if file is None:
        return [row | {"tong_phieu": None} for row in rows]
    elsewhere = {"so_phieu": None, "tong_phieu": None}
    return [
        row | ({"tong_phieu": file.voters} if rating.decision_id == file.decision_id else elsewhere)
        for row, rating in zip(rows, ratings, strict=True)
    ]


def levels_of_cells(asked: Asked) -> dict:
    year = gather_commune(asked)
    decided = year.levels("decided_level")
    papers = sorted({paper_of(row) for row in year.cells if row.decision_id})
    return _base(year) | {
        "cac_dong": _cell_rows(year),
        "tong_hop": [
            f"Cộng: {len(year.cells)} chi bộ; được xếp loại {sum(decided[level] for level in Level)}:"
            f" {level_words(decided)}.",
            *([f"Chưa có quyết định: {decided['']} chi bộ."] if decided[""] else []),
            *_share_lines(year, "decided_level"),
        ],
        "ghi_chu": [
            *([f"Quyết định của Ban Thường vụ Đảng ủy: {'; '.join(papers)}."] if papers else []),
            *not_subject_notes(year.cells),
        ],
    }


def decision(asked: Asked) -> dict:
    year = gather_commune(asked)
    cells = _voted_on(_cell_rows(year), year.cells)
    people = _voted_on(_people_rows(year), year.people)
    return _base(year) | {
        "can_cu": [
            f"- Căn cứ {line.strip()};"
            for line in asked.cycle.rule_set.legal_basis.split(";")
            if line.strip()
        ],
        "so_chi_bo": len(cells),
        "cac_muc": _spelled(row["muc"] for row in cells),
        "so_ca_nhan": len(people),
        "cac_muc_ca_nhan": _spelled(row["muc"] for row in people),
        "cac_dong": cells,
        "cac_ca_nhan": people,
        "ghi_chu": [*not_subject_notes(year.cells), *not_subject_notes(year.people, "cá nhân")],
    }


def _spelled(levels: Iterable[str]) -> str:
    """Return "Hoàn thành xuất sắc nhiệm vụ 3; …": a decision names the levels in full."""
    found = Counter(levels)
    parts = [f"{FULL_NAMES[level]} {found[level.short]}" for level in Level]
    return "; ".join([*parts, *([f"chưa có mức {found['']}"] if found[""] else [])])


def members(asked: Asked) -> dict:
    year = gather_commune(asked)
    counts = counts_of(asked, [row.cell_id for row in year.cells])
    rows, warnings = [], []
    for number, rating in enumerate(year.cells, 1):
        one, count = year.members.get(rating.cell_id), counts.get(rating.cell_id)
        row = {"khoa": f"chi_bo:{rating.cell_id}", "tt": number, "chi_bo": year.name(rating)}
        row |= members_of_cell(one, count.total if count else None)
        warnings += [f"{row['chi_bo']}: {fault}" for fault in sum_of_levels(row)]
        rows.append(row)
    fields = ("tong_so", "duoc_xep_loai", *FIELD_OF_LEVEL.values(), "chua_xep_loai")
    unknown = sum(row["duoc_xep_loai"] is None for row in rows)
    return _base(year) | {
        "cac_dong": rows,
        "cong": {"tt": "", "chi_bo": "Cộng", **totals(rows, fields), "ghi_chu_dong": ""},
        "ghi_chu": [
            *([f"Chưa có số liệu xếp loại đảng viên: {unknown} chi bộ."] if unknown else []),
            *warnings,
        ],
    }


def members_of_cell(one, counted: int | None) -> dict:
    """Return how the members of a cell were rated; what is not known is empty, and a difference is told."""
    names = [level.lower() for level in FIELD_OF_LEVEL]
    levels = {
        field: getattr(one, name) if one else None
        for field, name in zip(FIELD_OF_LEVEL.values(), names, strict=True)
    }
    rated = one.rated if one else None
    not_rated = one.not_rated if one else None
    total = None if one is None else rated + (not_rated or 0)
    note = ""
    if total is not None and counted is not None and total != counted:
        note = f"Số liệu đảng viên đang quản lý: {format_count(counted)}"
    return {
        "tong_so": counted if total is None else total,
        "duoc_xep_loai": rated,
        **levels,
        "chua_xep_loai": not_rated,
        "ghi_chu_dong": note,
    }


def people(asked: Asked) -> dict:
    year = gather_commune(asked)
    decided = Counter(row.decided_level for row in year.people if not row.not_subject_reason)
    return _base(year) | {
        "cac_dong": _people_rows(year),
        "tong_hop": [
            f"Cộng: {len(year.people)} cá nhân; được xếp loại {sum(decided[level] for level in Level)}:"
            f" {level_words(decided)}."
        ],
        "ghi_chu": not_subject_notes(year.people, "cá nhân"),
    }
