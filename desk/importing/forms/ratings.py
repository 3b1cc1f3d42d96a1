"""Ratings of cells: of past years with their decision, of an open year the steps that a user may do."""

from django.utils.translation import gettext_lazy

from desk.importing.guesses import commune_of, year_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from evaluations.resources import CellRatingResource


def _is_decided(row: Row) -> bool:
    return row["decided_level"] is not None


def _lines(row: Row) -> list[dict]:
    return [dict(row.values)]


RATINGS = ImportForm(
    key="ratings",
    label=gettext_lazy("Ratings of cells of a year"),
    columns=tuple(CellRatingResource.columns),
    parts=(Part(CellRatingResource, _lines),),
    permission="evaluations.add_cellrating",
    asks=(
        Ask("year", year_of),
        Ask("commune", commune_of, unless=("commune_code", "cell_code")),
        Ask("decision_number", concerns=_is_decided),
        Ask("decision_day", concerns=_is_decided),
        Ask("decision_body", concerns=_is_decided),
    ),
    needs=(("cell", "cell_code"), ("self_level", "proposed_level", "decided_level", "not_subject_reason")),
    passed_over=(
        "Tổng số đảng viên",
        "Số đảng viên",
        "Đảng viên",
        "Xếp loại năm trước",
        "Mức xếp loại năm trước",
    ),
    titles=("đánh giá xếp loại", "kết quả đánh giá", "xếp loại chi bộ", "xếp loại chất lượng"),
)
