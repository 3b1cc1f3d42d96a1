"""Ratings of cells, of those who lead them and of their members.

Of past years they come with their decision; of an open year a file fills in the steps that a user may do.
"""

from django.utils.translation import gettext_lazy

from accounts.resources import REVISION
from desk.importing.guesses import commune_of, year_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from evaluations.models import CellRating, MemberLevels
from evaluations.resources import CellRatingResource, LeaderRatingResource, MemberLevelsResource
from evaluations.resources.members import columns_beside_levels, mark_apart


def _is_decided(row: Row) -> bool:
    return row["decided_level"] is not None


_LEVELS = ("self_level", "proposed_level", "decided_level", "not_subject_reason")
_MEMBER_LEVELS = tuple(column.key for column in MemberLevelsResource.columns if column.kind == "count")
_PLACE = ("year", "commune_code", "commune", "cell_code", "cell")
_DECISION = (
    Ask("decision_number", concerns=_is_decided),
    Ask("decision_day", concerns=_is_decided),
    Ask("decision_body", concerns=_is_decided),
)
_PAST = ("Mức xếp loại tại thời điểm đó", "Quyết định tại thời điểm đó")


def _rating(row: Row) -> list[dict]:
    return [row.only(*(column.key for column in CellRatingResource.columns)) | _mark(row, CellRating)]


def _member_levels(row: Row) -> list[dict]:
    counts = row.only(*_MEMBER_LEVELS)
    return [counts | row.only(*_PLACE) | _mark(row, MemberLevels)] if counts else []


def _mark(row: Row, model) -> dict[str, str]:
    """Return what the row says of the record of this model when the file was made."""
    mark = mark_apart(row[REVISION.key], model)
    return {REVISION.key: mark} if mark else {}


RATINGS = ImportForm(
    key="ratings",
    label=gettext_lazy("Ratings of cells of a year"),
    columns=(*CellRatingResource.columns, *columns_beside_levels()),
    parts=(Part(CellRatingResource, _rating), Part(MemberLevelsResource, _member_levels)),
    permission="evaluations.add_cellrating",
    has_own_steps=True,
    asks=(
        Ask("year", year_of),
        Ask("commune", commune_of, unless=("commune_code", "cell_code")),
        *_DECISION,
    ),
    needs=(("cell", "cell_code"), _LEVELS),
    passed_over=(
        "Tổng số đảng viên",
        "Số đảng viên",
        "Đảng viên",
        "Xếp loại năm trước",
        "Mức xếp loại năm trước",
        *_PAST,
    ),
    titles=("đánh giá xếp loại", "kết quả đánh giá", "xếp loại chi bộ", "xếp loại chất lượng"),
)

LEADER_RATINGS = ImportForm(
    key="leader_ratings",
    label=gettext_lazy("Ratings of people of a year"),
    columns=tuple(LeaderRatingResource.columns),
    parts=(Part(LeaderRatingResource, Row.whole),),
    permission="evaluations.add_leaderrating",
    has_own_steps=True,
    asks=(
        Ask("year", year_of),
        Ask("commune", commune_of, unless=("commune_code", "cell_code", "person")),
        Ask(
            "basis",
            help_text=gettext_lazy("Whether the list rates them as Party members or in their office."),
        ),
        *_DECISION,
    ),
    needs=(("full_name", "person"), _LEVELS),
    passed_over=("Xếp loại năm trước", *_PAST),
    titles=("xếp loại bí thư", "xếp loại cán bộ", "xếp loại cá nhân", "đánh giá cán bộ"),
)

MEMBER_LEVELS = ImportForm(
    key="member_levels",
    label=gettext_lazy("Levels of the members of cells"),
    columns=tuple(MemberLevelsResource.columns),
    parts=(Part(MemberLevelsResource, Row.whole),),
    permission="evaluations.add_memberlevels",
    has_own_steps=True,
    asks=(
        Ask("year", year_of),
        Ask("commune", commune_of, unless=("commune_code", "cell_code")),
    ),
    needs=(("cell", "cell_code"), _MEMBER_LEVELS),
    passed_over=("Tổng số đảng viên", "Số đảng viên", "Được xếp loại", "Ghi chú"),
    titles=("xếp loại đảng viên", "đánh giá đảng viên", "chất lượng đảng viên"),
)
