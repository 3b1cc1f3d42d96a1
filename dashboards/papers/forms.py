"""Every paper there is: what it is called, for whom, which figures it holds and what it looks like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cells.kinds import Level
from dashboards.papers import commune_figures, commune_layouts, province_figures, province_layouts
from dashboards.papers.asking import Asked
from dashboards.papers.layout import Layout

DOCX, XLSX, PDF = "docx", "xlsx", "pdf"
CONTENT_TYPES = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}
KIND_NAMES = {DOCX: "Word", XLSX: "Excel", PDF: "PDF"}


@dataclass(frozen=True)
class Form:
    """One paper. ``code`` is its word in addresses and commands."""

    code: str
    label: str
    levels: tuple[str, ...]
    layout: Layout
    figures: Callable[[Asked], dict]
    kinds: tuple[str, ...] = (DOCX, PDF, XLSX)
    # "Biểu số 1": forms that add up have a number, others none.
    number: str = ""
    # Papers to be filled in by hand are printed, not issued.
    is_issued: bool = True
    # Fields that only who may see people's private data is shown.
    private: tuple[str, ...] = ()

    def figures_for(self, asked: Asked) -> dict:
        return {"bieu_so": self.number, **self.figures(asked)}

    @property
    def title(self) -> str:
        """What the paper is called once it is no draft."""
        return self.label.removesuffix(" (dự thảo)")

    @property
    def template_kinds(self) -> tuple[str, ...]:
        """The kinds of file a template can be put in place for."""
        return tuple(kind for kind in self.kinds if kind != PDF)


_COMMUNE, _PROVINCE = (Level.COMMUNE,), (Level.PROVINCE,)
_PRINTED = (DOCX, PDF)

_ALL = (
    Form(
        "tu-danh-gia",
        "Bản tự đánh giá, xếp loại của chi bộ",
        _COMMUNE,
        commune_layouts.SELF_RATING,
        commune_figures.self_rating,
        kinds=_PRINTED,
        is_issued=False,
    ),
    Form(
        "danh-sach-trinh",
        "Danh sách trình Ban Thường vụ Đảng ủy",
        _COMMUNE,
        commune_layouts.TO_COMMITTEE,
        commune_figures.to_committee,
    ),
    Form(
        "phieu-bieu-quyet",
        "Phiếu biểu quyết",
        _COMMUNE,
        commune_layouts.BALLOT,
        commune_figures.ballot,
        kinds=_PRINTED,
        is_issued=False,
    ),
    Form(
        "bien-ban-kiem-phieu",
        "Biên bản kiểm phiếu",
        _COMMUNE,
        commune_layouts.COUNT_OF_VOTES,
        commune_figures.count_of_votes,
        kinds=_PRINTED,
    ),
    Form(
        "danh-sach-xep-loai",
        "Danh sách kết quả xếp loại chi bộ",
        _COMMUNE,
        commune_layouts.LEVELS_OF_CELLS,
        commune_figures.levels_of_cells,
        number="Biểu số 1",
    ),
    Form(
        "quyet-dinh",
        "Quyết định công nhận kết quả (dự thảo)",
        _COMMUNE,
        commune_layouts.DECISION,
        commune_figures.decision,
        kinds=_PRINTED,
    ),
    Form(
        "dang-vien",
        "Tổng hợp xếp loại đảng viên theo chi bộ",
        _COMMUNE,
        commune_layouts.MEMBERS,
        commune_figures.members,
        number="Biểu số 2",
    ),
    Form(
        "ca-nhan",
        "Danh sách cá nhân được xếp loại",
        _COMMUNE,
        commune_layouts.PEOPLE,
        commune_figures.people,
        number="Biểu số 3",
        private=("nam_sinh",),
    ),
    Form(
        "tong-hop",
        "Biểu tổng hợp xếp loại chi bộ theo xã",
        _PROVINCE,
        province_layouts.SUMMARY,
        province_figures.summary,
        number="Biểu số 1",
    ),
    Form(
        "ty-le-xuat-sac",
        "Biểu tỷ lệ hoàn thành xuất sắc nhiệm vụ",
        _PROVINCE,
        province_layouts.SHARES,
        province_figures.shares,
        number="Biểu số 2",
    ),
    Form(
        "dang-vien-theo-xa",
        "Biểu tổng hợp xếp loại đảng viên theo xã",
        _PROVINCE,
        province_layouts.MEMBERS,
        province_figures.members,
        number="Biểu số 3",
    ),
    Form(
        "ca-nhan-toan-tinh",
        "Danh sách cá nhân được xếp loại toàn tỉnh",
        _PROVINCE,
        province_layouts.PEOPLE,
        province_figures.people,
        number="Biểu số 4",
        private=("nam_sinh",),
    ),
    Form(
        "xuat-sac-nhieu-nam",
        "Danh sách chi bộ, cá nhân xuất sắc nhiều năm liền",
        (Level.PROVINCE, Level.COMMUNE),
        province_layouts.STREAKS,
        province_figures.streaks,
        number="Biểu số 5",
    ),
)
FORMS: Mapping[str, Form] = {form.code: form for form in _ALL}


def forms_of(level: str) -> list[Form]:
    """Return the papers of a commune or of a province."""
    return [form for form in _ALL if level in form.levels]
