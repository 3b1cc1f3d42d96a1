"""A province with two communes whose year was recorded, and one that goes step by step."""

from datetime import date

from dashboards.papers.asking import asked_for
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, Level, MemberLevels
from evaluations.review.rows import Entry, mark_of, save_rows
from leaders.models import Office
from tests import factories
from tests.worlds import kept

YEAR = 2025
# Every letter with every tone, small and large: what fonts and encodings lose first.
LETTERS = (
    "a á à ả ã ạ ă ắ ằ ẳ ẵ ặ â ấ ầ ẩ ẫ ậ e é è ẻ ẽ ẹ ê ế ề ể ễ ệ i í ì ỉ ĩ ị o ó ò ỏ õ ọ ô ố ồ ổ ỗ ộ"
    " ơ ớ ờ ở ỡ ợ u ú ù ủ ũ ụ ư ứ ừ ử ữ ự y ý ỳ ỷ ỹ ỵ đ"
)


@kept
def year(province):
    return factories.cycle(province=province, year=YEAR)


@kept
def last_year(province):
    return factories.cycle(province=province, year=YEAR - 1)


@kept
def decision(commune):
    return factories.decision(number="15-QĐ/ĐU", date=date(2026, 1, 8), unit=commune)


@kept
def cells(commune):
    names = ("ấp Phước Hậu", "ấp Quới Hòa", "ấp Thuận Điền", "khu phố Mỹ Đức", "ấp Hưỡn Nghĩa")
    return [
        factories.cell(of=factories.hamlet(parent=commune, name=name), name=f"Chi bộ {name}")
        for name in names
    ]


@kept
def rated(commune, cells, year, last_year, decision):
    """The commune's year: one excellent, two good, one not completed with its reason, one not subject."""
    levels = (Level.EXCELLENT, Level.GOOD, Level.GOOD, Level.NOT_COMPLETED)
    for cell, level in zip(cells, levels, strict=False):
        factories.rating(
            of=cell,
            cycle=year,
            level=level,
            decision=decision,
            self_level=level,
            proposed_level=level,
            reason=LETTERS if level == Level.NOT_COMPLETED else "",
        )
        factories.rating(of=cell, cycle=last_year, level=Level.GOOD, decision=decision, reason="")
        MemberLevels.objects.create(cell=cell, cycle=year, excellent=2, good=10, completed=1, not_completed=0)
    record_cell_ratings(year, [CellRating(cell=cells[4], not_subject_reason="new")])
    return cells


@kept
def person(commune, cells, year, decision):
    one = factories.person(keeper=commune, full_name="Nguyễn Thị Huyền Trân")
    factories.tenure(office=Office.SECRETARY, cell=cells[0], person=one, starts_on=date(2020, 1, 1))
    factories.leader_rating(
        of=one, cycle=year, cell=cells[0], level=Level.EXCELLENT, decision=decision, office=Office.SECRETARY
    )
    return one


@kept
def asked(clerk, commune, rated, person):
    return asked_for(clerk, commune, YEAR)


@kept
def asked_of_province(officer, province, rated, person):
    return asked_for(officer, province, YEAR)


@kept
def stepwise(officer, commune, cells):
    """A review of this year that the commune has begun to enter: nothing is sent."""
    return factories.open_review(by=officer)


def enter(file, by, **values):
    """Let the commune enter the same in all its cells."""
    rows = CellRating.objects.filter(cycle=file.cycle, commune=file.commune)
    entries = [Entry(CellRating, row.pk, mark_of(row, None), values) for row in rows]
    assert all(one.is_saved for one in save_rows(file, entries, by=by))
