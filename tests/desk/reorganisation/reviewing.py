"""A review that goes on while communes and cells are reorganised: entered, decided and locked in few words."""

from datetime import date

from cells.models import LineKind
from evaluations.models import CellRating, LeaderRating, Level, Step
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.opening import Plan, close_year, fix_lists, open_year
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.steps import take
from tests.desk.reorganisation.acting import carry_out, event_of, line

ROSTER_DAY, MERGED_ON, TODAY = date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 29)
PAPER = Paper("12-QĐ/ĐU", TODAY, "Ban Thường vụ Đảng ủy")


def open_cycle(province, by, roster_day=ROSTER_DAY):
    """Open the year without fixing its lists."""
    return open_year(province, Plan(year=2026, roster_day=roster_day, deadline=date(2026, 12, 10)), by=by)


def fixed_cycle(province, by):
    cycle = open_cycle(province, by)
    fix_lists(cycle, by=by)
    return cycle


def merge(commune, neighbour, on):
    """The commune takes its neighbour in."""
    event = event_of(commune.parent, effective_on=on)
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune, on=on)
    carry_out(event)
    commune.refresh_from_db()
    neighbour.refresh_from_db()


def anew(user):
    """Return the person as their next request finds them: what they keep is asked once per request."""
    return type(user).objects.get(pk=user.pk)


def fill(file, by):
    """Enter one level everywhere, and how the members of the cells were rated; return the file as it is then."""
    entries = [
        Entry(model, row.pk, mark_of(row, None), {"self_level": Level.GOOD}, members)
        for model, members in ((CellRating, {"good": 9}), (LeaderRating, None))
        for row in model.objects.filter(cycle=file.cycle, commune=file.commune, not_subject_reason="")
    ]
    assert all(saved.is_saved for saved in save_rows(file, entries, by=by))
    file.refresh_from_db()
    return file


def decide(file, by):
    return record_decision(take(file, Step.Kind.PUT, by=by), PAPER, by=by)


def receive(file, by, officer):
    """Take a file all the way from its first level to the province."""
    sent = take(decide(fill(file, by), by), Step.Kind.SENT, by=by)
    return take(sent, Step.Kind.RECEIVED, by=officer)


def lock(cycle, files, officer):
    """Take files, each with who works on it, all the way and lock the year."""
    for file, by in files:
        receive(file, by, officer)
    close_year(cycle, by=officer)
