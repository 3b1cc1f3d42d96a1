"""The sheet of one case, and the list that goes with the draft of a decision, as Word and PDF."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import ExportLog
from dashboards.letterhead import head_of, place_and_day
from dashboards.papers.commune_layouts import WRITER
from dashboards.papers.forms import DOCX, PDF
from dashboards.papers.layout import Column, Head, Layout, Line, Lines, Signatures, Table, fitted
from dashboards.papers.pdf import write_pdf
from dashboards.papers.word import write_word
from dashboards.papers.word_building import word_template
from evaluations.models import TitleCase
from evaluations.titling.appraising import Row
from evaluations.titling.score import Score
from sheets.numbers import format_decimal
from sheets.text import fold

KINDS = (DOCX, PDF)
_LONGEST_NAME = 100
WIDE = 26.7

SHEET = Layout(
    (
        Head(),
        Line("PHIẾU THEO DÕI, THẨM ĐỊNH", "title"),
        Line("danh hiệu “{{ danh_hieu }}” năm {{ nam }}", "subtitle"),
        Line("{{ chi_bo }}, {{ xa }}", "centre"),
        Line(
            "Trạng thái: {{ trang_thai }}. Ngày đăng ký: {{ ngay_dang_ky }}. Bộ tiêu chí: {{ bo_tieu_chi }}."
        ),
        Table(
            fitted(
                (
                    Column("tt", "TT", 1, "short"),
                    Column("tieu_chi", "Tiêu chí", 9),
                    Column("diem_toi_da", "Điểm tối đa", 1.8, "short"),
                    Column("phu_trach", "Đồng chí, đơn vị phụ trách", 4.5),
                    Column("tu_cham", "Chi bộ tự chấm", 1.9, "short"),
                    Column("tham_dinh", "Thẩm định", 1.9, "short"),
                    Column("nhan_xet", "Nhận xét", 5),
                ),
                WIDE,
            ),
            total="cong",
            name="Tiêu chí",
        ),
        Line("Tổ thẩm định (ngày {{ ngay_tham_dinh }})", "heading"),
        Lines("to_tham_dinh", "plain"),
        Line("Nhận xét chung: {{ nhan_xet_chung }}"),
        Line("Kế hoạch giữ vững danh hiệu", "heading"),
        Lines("ke_hoach", "plain"),
        Signatures(("T/M CHI BỘ", "BÍ THƯ"), ("T/M TỔ THẨM ĐỊNH", "")),
    )
)

TO_DECIDE = Layout(
    (
        Head(),
        Line("DANH SÁCH CHI BỘ ĐỀ NGHỊ CÔNG NHẬN", "title"),
        Line("danh hiệu “{{ danh_hieu }}”", "subtitle"),
        Line("(Số liệu tính đến ngày {{ ngay_so_lieu }})", "centre"),
        Table(
            fitted(
                (
                    Column("tt", "TT", 1, "short"),
                    Column("chi_bo", "Chi bộ", 6),
                    Column("xa", "Đảng bộ xã, phường", 5),
                    Column("nam", "Năm đăng ký", 1.8, "short"),
                    Column("ngay_tham_dinh", "Ngày thẩm định", 2.4, "short"),
                    Column("tu_cham", "Chi bộ tự chấm", 1.9, "short"),
                    Column("tham_dinh", "Thẩm định", 1.9, "short"),
                    Column("luu_y", "Lưu ý", 6),
                ),
                WIDE,
            ),
            name="Danh sách",
        ),
        Line("Tổng cộng: {{ so_chi_bo }} chi bộ."),
        Signatures(WRITER, ("K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN")),
    )
)


def _head(unit) -> dict:
    head, today = head_of(unit), timezone.localdate()
    return {
        "co_quan_tren": head.above,
        "co_quan": head.office,
        "dia_danh_ngay": place_and_day(head.place, today),
        "ngay_so_lieu": f"{today:%d/%m/%Y}",
    }


def _day(day) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"


def sheet_figures(case: TitleCase, rows: Iterable[Row], score: Score, names: dict[int, str]) -> dict:
    """Return what the sheet of a case says; ``names`` are those in charge whom the reader may see."""
    return {
        **_head(case.cell.commune),
        "danh_hieu": str(case.title),
        "nam": str(case.year or "…"),
        "chi_bo": str(case.cell),
        "xa": str(case.cell.commune or ""),
        "trang_thai": str(case.get_state_display()),
        "ngay_dang_ky": _day(case.registered_on),
        "bo_tieu_chi": str(case.criteria_set or "…"),
        "ngay_tham_dinh": _day(case.appraised_on),
        "to_tham_dinh": list(filter(None, case.appraisal_team.splitlines())) or ["…"],
        "nhan_xet_chung": case.appraisal_remark or "…",
        "ke_hoach": case.keep_plan.splitlines() or ["…"],
        "cac_dong": [
            {
                "tt": number,
                "tieu_chi": row.criterion.text,
                "diem_toi_da": format_decimal(row.criterion.points),
                "phu_trach": "; ".join(
                    filter(None, [names.get(row.entered.in_charge_id, ""), row.entered.organisation])
                ),
                "tu_cham": format_decimal(row.entered.self_points),
                "tham_dinh": format_decimal(row.entered.appraised_points),
                "nhan_xet": row.entered.remark,
            }
            for number, row in enumerate(rows, 1)
        ],
        "cong": {
            "tt": "",
            "tieu_chi": "Tổng cộng",
            "diem_toi_da": format_decimal(score.most),
            "phu_trach": "",
            "tu_cham": format_decimal(score.own),
            "tham_dinh": format_decimal(score.appraised),
            "nhan_xet": "",
        },
    }


def list_figures(title, unit, cases: Iterable[TitleCase], scores: dict[int, Score]) -> dict:
    """Return the list of the cells that were appraised and wait for the decision."""
    cases = list(cases)
    return {
        **_head(unit),
        "danh_hieu": str(title),
        "so_chi_bo": len(cases),
        "cac_dong": [
            {
                "tt": number,
                "chi_bo": str(case.cell),
                "xa": str(case.cell.commune or ""),
                "nam": str(case.year or ""),
                "ngay_tham_dinh": _day(case.appraised_on),
                "tu_cham": format_decimal(scores[case.pk].own),
                "tham_dinh": format_decimal(scores[case.pk].appraised),
                "luu_y": " ".join(scores[case.pk].objections),
            }
            for number, case in enumerate(cases, 1)
        ],
    }


def write(layout: Layout, figures: dict, *, name: str, kind: str) -> bytes:
    if kind == PDF:
        return write_pdf(layout, figures, title=name)
    return write_word(layout, figures, template=word_template(layout, title=name))


def file_name(name: str, kind: str) -> str:
    return f"{fold(name).replace(' ', '-')[:_LONGEST_NAME].strip('-')}.{kind}"


def note(name: str, kind: str, figures: dict, *, by) -> ExportLog:
    """Note who took the paper out."""
    return ExportLog.note(by=by, what=name, filters=kind, rows=len(figures["cac_dong"]))
