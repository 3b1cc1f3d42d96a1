"""Titles on their way: sets of criteria, and a cell in every state in the commune with the fullest pages."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from accounts.history import create_many
from cells.models import Decision, Unit
from cells.months import month_before, month_of
from desk.samples.places import Settlement
from evaluations.actions import record_title_cases
from evaluations.models import CaseCheck, CaseCriterion, CaseMonth, CriteriaSet, Criterion, Title, TitleCase
from leaders.models import Tenure

State = TitleCase.State
TEAM = (
    "Đồng chí Trần Thị Thẩm Định (mẫu), Tổ trưởng\nĐồng chí Lê Văn Theo Dõi (mẫu), Ban Xây dựng Đảng"
    "\nĐồng chí Phạm Thị Mặt Trận (mẫu), Ủy ban Mặt trận"
)
ORGANISATIONS = ("Hội Nông dân xã (mẫu)", "Đoàn Thanh niên xã (mẫu)", "Hội Cựu chiến binh xã (mẫu)")
KEEP_PLAN = (
    "Giữ nếp sinh hoạt định kỳ ngày 05 hằng tháng; mỗi quý một chuyên đề.\n"
    "Mỗi đảng viên phụ trách một nhóm hộ; cuối quý chi ủy kiểm lại từng việc."
)
LEARNED = (
    "Phân từng tiêu chí cho một đồng chí phụ trách, ghi tiến độ hằng tháng tại cuộc họp chi ủy.\n"
    "Mời ban, ngành huyện giúp đúng tiêu chí còn yếu."
)


def set_criteria(province: Unit, *, starts_on: date, ends_on: date | None = None) -> dict[str, CriteriaSet]:
    """Give a province sets of its own, copied from the examples that come with the software."""
    made = {}
    for example in CriteriaSet.objects.filter(province=None).select_related("title"):
        own = CriteriaSet(
            title=example.title,
            province=province,
            name=f"Bộ tiêu chí mẫu danh hiệu {example.title}",
            legal_basis="Dữ liệu mẫu; tiêu chí và điểm chính thức do tỉnh quy định",
            least_points=example.least_points,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        own.save()
        copied = [
            Criterion(
                criteria_set=own,
                position=one.position,
                group=one.group,
                text=one.text,
                points=one.points,
                least_points=one.least_points,
            )
            for one in example.criteria.all()
        ]
        create_many(Criterion, copied)
        made[example.title.code] = own
    return made


def give_points(case: TitleCase, *, appraised: bool) -> None:
    """Assign each criterion, to the secretary or an organisation in turn, with the points that came out."""
    holders = Tenure.objects.filter(cell=case.cell).select_related("person").order_by("starts_on", "pk")
    person = next((tenure.person for tenure in holders), None)
    rows = []
    for turn, criterion in enumerate(case.criteria_set.criteria.all()):
        has_member = turn % 2 == 0 and person is not None
        # Where no least is asked, a little is missing.
        lacks = criterion.least_points is None
        rows.append(
            CaseCriterion(
                case=case,
                criterion=criterion,
                in_charge=person if has_member else None,
                organisation="" if has_member else ORGANISATIONS[turn % len(ORGANISATIONS)],
                self_points=criterion.points - (Decimal("0.5") if lacks else 0),
                appraised_points=criterion.points - (1 if lacks else 0) if appraised else None,
                remark="Cần giữ đều các tháng cuối năm (mẫu)" if appraised and lacks else "",
            )
        )
    create_many(CaseCriterion, rows)


def write_months(case: TitleCase, months: Iterable[date]) -> None:
    lines = ("Sinh hoạt đúng kỳ, đủ nội dung (mẫu).", "Hoàn thành tiêu chí về hộ nghèo (mẫu).")
    rows = [
        CaseMonth(case=case, month=month, line=lines[turn % len(lines)]) for turn, month in enumerate(months)
    ]
    create_many(CaseMonth, rows)


class Titles:
    """Cells of one commune on their way to "chi bộ bốn tốt", as of the day of loading."""

    def __init__(self, places: list[Settlement], day: date):
        self.places, self.day = places, day
        self.province = places[0].home.province
        self.title = Title.objects.get(code="BON_TOT")

    def fill(self, reform: date) -> None:
        self.criteria = set_criteria(self.province, starts_on=reform)[self.title.code]
        registered = self.day - timedelta(days=60)
        last_year = date(self.day.year - 1, 12, 20)
        team = {"appraisal_team": TEAM, "appraisal_remark": "Đề nghị công nhận (mẫu)"}
        appraised = {**team, "state": State.APPRAISED, "appraised_on": self.day - timedelta(days=20)}
        held = {
            **team,
            "registered_on": date(self.day.year - 1, 8, 10),
            "appraised_on": last_year - timedelta(days=20),
            "recognised_on": last_year,
            "recognition": self._paper("31-QĐ/MẪU", last_year, "Công nhận chi bộ bốn tốt (mẫu)"),
            "keep_plan": KEEP_PLAN,
        }
        revoked_on = self.day - timedelta(days=10)
        revoked = {
            **held,
            "state": State.REVOKED,
            "revoked_on": revoked_on,
            "revocation": self._paper("12-QĐ/MẪU", revoked_on, "Thu hồi danh hiệu (mẫu)"),
            "revocation_reason": "Ba tháng liền không sinh hoạt định kỳ (mẫu)",
        }
        declined = {
            "state": State.DECLINED,
            "declined_on": self.day - timedelta(days=15),
            "declined_reason": "Chưa đạt điểm tối thiểu (mẫu)",
        }
        begun = {"registered_on": registered, "year": registered.year}
        wanted = [
            begun,
            begun,
            {**begun, **appraised},
            {**held, "state": State.RECOGNISED, "year": last_year.year},
            {**held, "state": State.RECOGNISED, "year": last_year.year},
            {**revoked, "year": last_year.year},
            {**begun, **declined},
        ]
        cases = record_title_cases(
            TitleCase(cell=place.cell, title=self.title, criteria_set=self.criteria, **facts)
            for place, facts in zip(self.places[5:], wanted, strict=False)
        )
        self._work(cases)

    def _paper(self, number: str, day: date, subject: str) -> Decision:
        paper = Decision(
            number=number,
            date=day,
            issuing_body="Ban Thường vụ Tỉnh ủy (dữ liệu mẫu)",
            unit=self.province,
            subject=subject,
        )
        paper.save()
        return paper

    def _work(self, cases: list[TitleCase]) -> None:
        worked_on, _just_registered, appraised, kept, at_risk, *_others = cases
        give_points(worked_on, appraised=False)
        for case in (appraised, kept, at_risk):
            give_points(case, appraised=True)
        month = month_of(self.day)
        write_months(kept, [month_before(month), month])
        checks = [
            CaseCheck(case=kept, year=self.day.year, outcome=CaseCheck.Outcome.KEPT, checked_on=self.day),
            CaseCheck(
                case=at_risk,
                year=self.day.year,
                outcome=CaseCheck.Outcome.AT_RISK,
                remark="Một số kỳ sinh hoạt vắng nhiều (mẫu)",
                checked_on=self.day,
            ),
        ]
        create_many(CaseCheck, checks)
