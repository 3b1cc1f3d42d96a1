"""The daily work: once a day, whoever comes first; what fails keeps nobody from anything."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from desk import daily
from desk.daily import DUE, Due, begin_day
from desk.middleware import PAUSE, RunDailyMiddleware
from desk.models import DailyRun, Job
from tests import factories

DAY = date(2026, 3, 2)
LATE_EVENING = datetime.fromisoformat("2026-03-02T23:59:00+07:00")


def leave_a_trace():
    User.objects.filter(username="clerk").update(phone="0900")


def fail():
    leave_a_trace()
    raise ValidationError("Tác động của việc sắp xếp đã thay đổi.")


@pytest.fixture
def due(monkeypatch):
    """Only what the test names is due."""

    def only(*functions):
        monkeypatch.setattr(daily, "DUE", tuple(Due(f.__name__, f) for f in functions))

    return only


def test_each_thing_that_is_due_has_a_title_and_a_name_of_its_own():
    assert len({str(due.title) for due in DUE}) == len({due.name for due in DUE}) == len(DUE)


def test_the_day_is_begun_once(clerk):
    assert len(begin_day(DAY)) == len(DUE)
    assert begin_day(DAY) == []
    assert len(begin_day(DAY, again=True)) == len(DUE)
    assert len(begin_day(DAY + timedelta(days=1))) == len(DUE)


def test_the_command_does_it_at_once_and_the_worker_finds_it_done(clerk, due, work_off, capsys):
    due(leave_a_trace)

    call_command("daily")

    assert User.objects.get(pk=clerk.pk).phone == "0900"
    User.objects.update(phone="")
    work_off()
    call_command("daily")
    assert User.objects.get(pk=clerk.pk).phone == ""
    assert capsys.readouterr().out == (
        "Đã làm xong việc hằng ngày.\nViệc hằng ngày của hôm nay đã được thực hiện.\n"
    )


def test_what_fails_changes_nothing_stops_nothing_else_and_is_shown_to_administrators(client, clerk, due):
    before = clerk.phone
    due(fail, daily.clear_sessions)

    with pytest.raises(CommandError, match="fail: Tác động của việc sắp xếp đã thay đổi"):
        call_command("daily")

    assert User.objects.get(pk=clerk.pk).phone == before
    assert set(Job.objects.values_list("title", "state")) == {("fail", "failed"), ("clear_sessions", "done")}
    client.force_login(factories.user(role=Role.ADMINISTRATOR))
    assert "Tác động của việc sắp xếp" in client.get(reverse("dashboards:home")).content.decode()


def test_a_thing_taken_from_the_list_meanwhile_is_not_looked_for(due, work_off):
    due(leave_a_trace)
    (job,) = begin_day(DAY)
    due()

    work_off()

    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_ended_sessions_and_old_jobs_go(client, clerk, settings):
    client.force_login(clerk)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    begin_day(DAY)
    long_ago = timezone.now() - timedelta(days=settings.KEEP_JOBS_DAYS, minutes=1)
    Job.objects.update(state=Job.State.DONE, asked_at=long_ago)
    DailyRun.objects.update(begun_at=long_ago)

    call_command("daily", "--again")

    assert not Session.objects.exists()
    assert not Job.objects.filter(asked_at=long_ago).exists()
    assert not DailyRun.objects.filter(day=DAY).exists()


# --- The first request of a day -----------------------------------------------------------


@pytest.fixture
def begun(monkeypatch):
    """The days that were asked for; nothing is begun."""
    days = []
    monkeypatch.setattr("desk.middleware.begin_day", days.append)
    return days


def test_a_process_asks_once_a_day_as_the_day_is_in_vietnam(begun, time_machine):
    answer = RunDailyMiddleware(lambda request: request)

    time_machine.move_to(LATE_EVENING, tick=False)
    assert [answer("một"), answer("hai")] == ["một", "hai"]
    time_machine.move_to(LATE_EVENING + timedelta(minutes=1), tick=False)
    answer("ba")
    answer("bốn")

    assert begun == [DAY, DAY + timedelta(days=1)]


def test_a_failure_breaks_no_request_and_is_tried_again_later(monkeypatch, caplog):
    tries, clock = [], [1000.0]

    def fail(day):
        tries.append(day)
        raise ZeroDivisionError

    monkeypatch.setattr("desk.middleware.begin_day", fail)
    monkeypatch.setattr("desk.middleware.time.monotonic", lambda: clock[0])
    answer = RunDailyMiddleware(lambda request: request)

    assert [answer("một"), answer("hai")] == ["một", "hai"]
    clock[0] += PAUSE
    assert answer("ba") == "ba"

    assert len(tries) == 2
    assert "could not be begun" in caplog.text


def test_the_site_asks_on_the_first_request(client, settings, work_off):
    settings.MIDDLEWARE = ["desk.middleware.RunDailyMiddleware", *settings.MIDDLEWARE]

    client.get(reverse("dashboards:healthz"))
    client.get(reverse("dashboards:healthz"))

    assert Job.objects.count() == len(DUE)
    work_off()
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
