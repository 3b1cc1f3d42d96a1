"""The review of this year, half done: one commune at work, one that has sent its file, the others not begun."""

from datetime import date, timedelta

from accounts.models import User
from cells.models import Unit
from desk.samples.accounts import CLERK, CLERK_THAT_HAS_SENT, LEAD, VINH_LONG
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle, Step, Submission
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.opening import Plan, confirm_list, fix_lists, open_year
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.steps import take, write_message

POINTS = {Level.EXCELLENT: 93, Level.GOOD: 82, Level.COMPLETED: 64}
# Every sixth excellent, every fifteenth completed, the others good.
PATTERN = (Level.EXCELLENT, *(Level.GOOD,) * 5)


def review_this_year(province: Unit, users: dict[str, User], *, today: date) -> None:
    """Open the year, and let the sample clerks do what they would have done by now."""
    if not {VINH_LONG.username, CLERK.username} <= users.keys():
        return
    officer, clerk = users[VINH_LONG.username], users[CLERK.username]
    plan = Plan(
        year=today.year,
        roster_day=today,
        deadline=today + timedelta(days=12),
        list_deadline=today,
        groups={"hamlet": "Chi bộ ấp, khu phố"},
    )
    cycle = open_year(province, plan, by=officer)
    at_work = _file(cycle, clerk)
    confirm_list(at_work, by=users.get(LEAD.username, clerk))
    fix_lists(cycle, by=officer)
    at_work = _file(cycle, clerk)
    rows = list(
        CellRating.objects.filter(cycle=cycle, commune=at_work.commune).order_by("cell__sort_key", "pk")
    )
    _enter(at_work, rows[: len(rows) * 6 // 10], by=clerk)
    write_message(at_work, "Đề nghị xã gửi trước hạn hai ngày để kịp tổng hợp (mẫu).", by=officer)
    if CLERK_THAT_HAS_SENT.username in users:
        _send(_file(cycle, users[CLERK_THAT_HAS_SENT.username]), users[CLERK_THAT_HAS_SENT.username], today)


def _file(cycle: ReviewCycle, clerk: User) -> Submission:
    return Submission.objects.kept_by(clerk).select_related("cycle__rule_set", "commune").get(cycle=cycle)


def _enter(file: Submission, rows: list, *, by: User) -> None:
    save_rows(file, [_entry(row, number) for number, row in enumerate(rows)], by=by)


def _entry(row: CellRating | LeaderRating, number: int) -> Entry:
    level = PATTERN[number % len(PATTERN)]
    values = {"self_level": level, "points": POINTS[level], "disciplined": False}
    if isinstance(row, LeaderRating):
        return Entry(LeaderRating, row.pk, mark_of(row, None), values)
    values |= {
        "tasks_on_time": True,
        "tasks_above": level == Level.EXCELLENT,
        "tasks_late_within_fifth": True,
    }
    counts = {"excellent": 3, "good": 16 + number % 5, "completed": 2, "not_completed": 0, "not_rated": 1}
    return Entry(CellRating, row.pk, mark_of(row, None), values, counts)


def _send(file: Submission, clerk: User, today: date) -> None:
    cells = list(CellRating.objects.filter(cycle=file.cycle, commune=file.commune).order_by("pk"))
    people = list(LeaderRating.objects.filter(cycle=file.cycle, commune=file.commune, not_subject_reason=""))
    _enter(file, cells, by=clerk)
    _enter(file, people, by=clerk)
    put = take(file, Step.Kind.PUT, by=clerk)
    paper = Paper(
        f"{today.year}-QĐ/MẪU", today, "Ban Thường vụ Đảng ủy (dữ liệu mẫu)", signer="Nguyễn Văn Mẫu"
    )
    take(record_decision(put, paper, by=clerk), Step.Kind.SENT, by=clerk)
