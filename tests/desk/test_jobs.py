"""Long work: queued with the act that asks for it, whole or not at all, watched by who started it."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from accounts.changes import ChangeSet
from accounts.models import Role, User
from desk.jobs import progress as progress_module
from desk.jobs.progress import Progress, Told, held, is_held
from desk.jobs.work import do_job, forget_before, look_after, start, start_again
from desk.jobs.worker import PatientWorker
from desk.models import Job
from tests import factories
from tests.desk import long_work


@pytest.fixture
def administrator():
    return factories.user(username="quantri", role=Role.ADMINISTRATOR)


def ask(by, function=long_work.rename, **arguments) -> Job:
    if function is long_work.rename:
        arguments = {"to": "Nguyễn Văn Mới", **arguments}
    return start(function, title="Thực hiện sắp xếp", by=by, **arguments)


def broken_off(by) -> Job:
    """A job whose worker was killed: it says it runs, and nobody holds it."""
    job = ask(by)
    place = DBTaskResult.objects.filter(pk=job.task)
    place.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, started_at=timezone.now(), done=7)
    job.refresh_from_db()
    return job


def page(client, job, by):
    client.force_login(by)
    return client.get(reverse("jobs:job", args=[job.pk]))


# --- Starting and doing -------------------------------------------------------------------


def test_work_waits_only_if_the_act_that_asked_for_it_is_kept(clerk):
    with transaction.atomic():
        ask(clerk)
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_what_is_not_marked_as_long_work_is_not_started(clerk):
    with pytest.raises(TypeError, match="not marked as long work"):
        ask(clerk, long_work.not_long_work)


def test_the_worker_does_what_waits_in_the_name_of_who_asked(clerk, work_off):
    job = ask(clerk)

    work_off()

    job.refresh_from_db()
    clerk.refresh_from_db()
    assert (job.state, job.result_url, clerk.full_name) == (Job.State.DONE, "/chi-bo/", "Nguyễn Văn Mới")
    written = User.history.filter(id=clerk.pk).latest("history_id").change_set
    assert (written.by, written.kind, written.reason) == (clerk, ChangeSet.Kind.PAGE, "Thực hiện sắp xếp")


def test_refused_work_changes_nothing_and_says_why(client, clerk, work_off):
    before = clerk.full_name
    job = ask(clerk, long_work.refuse)

    work_off()

    clerk.refresh_from_db()
    assert clerk.full_name == before
    text = page(client, job, clerk).content.decode()
    assert "Không thực hiện được, chưa có gì thay đổi." in text
    assert "<li>Ấp 3 đã giải thể.</li><li>Thiếu số quyết định.</li>" in text
    assert "refresh" not in text


def test_a_fault_changes_nothing_and_tells_its_number_but_not_its_insides(client, clerk, work_off, caplog):
    before = clerk.full_name
    job = ask(clerk, long_work.break_down)

    work_off()

    clerk.refresh_from_db()
    assert clerk.full_name == before
    text = page(client, job, clerk).content.decode()
    assert f"mã số này: {job.pk}" in text
    assert "bí mật của đồng chí" not in text
    assert "ZeroDivisionError: bí mật" in caplog.text
    assert "bí mật của đồng chí" not in str(list(DBTaskResult.objects.values_list("traceback", flat=True)))


def test_an_account_closed_meanwhile_changes_nothing_any_more(clerk, work_off):
    job = ask(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    work_off()

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Tài khoản không còn quyền làm việc này.")


def test_work_is_done_once_however_often_it_is_called(clerk):
    job = ask(clerk)
    do_job.call(str(job.pk))
    User.objects.filter(pk=clerk.pk).update(full_name="Tên sau")

    do_job.call(str(job.pk))

    clerk.refresh_from_db()
    assert clerk.full_name == "Tên sau"


def test_work_that_somebody_holds_is_left_to_them(clerk):
    job = ask(clerk)
    with held(job.pk):
        do_job.call(str(job.pk))

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_work_that_was_given_up_for_dead_is_not_kept(clerk, monkeypatch):
    before = clerk.full_name
    job = ask(clerk)

    def report(self, *arguments):
        Job.objects.filter(pk=job.pk).update(state=Job.State.INTERRUPTED)

    monkeypatch.setattr(Progress, "report", report)
    do_job.call(str(job.pk))

    clerk.refresh_from_db()
    assert clerk.full_name == before


# --- Broken off ---------------------------------------------------------------------------


def test_work_whose_worker_is_gone_is_recognised_and_can_be_started_again(client, clerk, work_off):
    job = broken_off(clerk)

    text = page(client, job, clerk).content.decode()
    assert "Công việc bị ngắt, chưa có gì thay đổi." in text

    answer = client.post(reverse("jobs:again", args=[job.pk]))
    assert answer["Location"] == reverse("jobs:job", args=[job.pk])
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.QUEUED, 0)

    work_off()
    assert page(client, job, clerk)["Location"] == "/chi-bo/"


def test_work_that_is_being_done_is_not_taken_for_broken_off(clerk):
    job = broken_off(clerk)

    with held(job.pk):
        look_after([job])
        job.refresh_from_db()
        assert job.state == Job.State.RUNNING

    look_after([job])
    assert job.state == Job.State.INTERRUPTED


def test_who_looked_before_it_was_started_again_breaks_nothing_off(clerk):
    job = broken_off(clerk)
    seen_before = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(started_at=timezone.now())

    look_after([seen_before])

    assert Job.objects.get(pk=job.pk).state == Job.State.RUNNING


@pytest.mark.parametrize(
    ("claimed_ago", "state"),
    [
        (None, Job.State.QUEUED),
        (timedelta(seconds=5), Job.State.QUEUED),
        (timedelta(minutes=2), Job.State.INTERRUPTED),
    ],
)
def test_work_dropped_between_queue_and_worker_is_recognised_after_a_moment(clerk, claimed_ago, state):
    job = ask(clerk)
    if claimed_ago:
        DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now() - claimed_ago)

    look_after([job])

    assert job.state == state


def test_of_two_who_start_it_again_only_one_does(clerk):
    job = broken_off(clerk)
    look_after([job])

    assert [start_again(job), start_again(job)] == [True, False]

    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1


# --- The page -----------------------------------------------------------------------------


def test_the_page_shows_how_far_the_work_is(client, clerk, monkeypatch):
    job = broken_off(clerk)
    monkeypatch.setattr("desk.jobs.views.told", lambda job: Told("Ghi từng dòng", 1200, 3000))
    client.force_login(clerk)

    with held(job.pk):
        text = client.get(reverse("jobs:job", args=[job.pk])).content.decode()

    assert '<progress aria-label="Thực hiện sắp xếp" value="1200" max="3000">' in text
    assert "Ghi từng dòng" in text
    assert "1.200/3.000" in text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in text


def test_work_that_nobody_takes_up_is_said(client, clerk):
    job = ask(clerk)
    assert "chưa được nhận" not in page(client, job, clerk).content.decode()

    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert "chưa được nhận" in page(client, job, clerk).content.decode()


def test_work_without_a_result_of_its_own_says_that_it_is_done(client, clerk):
    job = ask(clerk)
    Job.objects.update(state=Job.State.DONE, finished_at=timezone.now())

    assert "Đã xong lúc" in page(client, job, clerk).content.decode()


def test_an_administrator_sees_what_others_started_and_starts_only_the_sites_own_again(
    client, clerk, administrator
):
    theirs, ours = broken_off(clerk), broken_off(None)
    look_after([theirs, ours])

    assert "Làm lại" not in page(client, theirs, administrator).content.decode()
    assert client.post(reverse("jobs:again", args=[theirs.pk])).status_code == 403
    assert "Làm lại" in page(client, ours, administrator).content.decode()
    assert client.post(reverse("jobs:again", args=[ours.pk])).status_code == 302


def test_nobody_else_starts_it_again(client, clerk, officer):
    job = broken_off(clerk)
    look_after([job])
    client.force_login(officer)

    assert client.post(reverse("jobs:again", args=[job.pk])).status_code == 404
    assert Job.objects.get(pk=job.pk).state == Job.State.INTERRUPTED


def test_the_administrators_first_page_names_what_failed(client, clerk, administrator, work_off):
    failed = ask(clerk, long_work.refuse)
    interrupted = broken_off(None)
    work_off()
    client.force_login(administrator)

    text = client.get(reverse("dashboards:home")).content.decode()

    for job in (failed, interrupted):
        assert reverse("jobs:job", args=[job.pk]) in text
    assert "Ấp 3 đã giải thể." in text


@pytest.mark.parametrize("others", [0, 20])
def test_the_page_asks_the_same_of_any_queue(client, clerk, others, django_assert_max_num_queries):
    job = ask(clerk)
    for _ in range(others):
        ask(clerk)
    client.force_login(clerk)

    # Session, user, job, place in the queue; who holds it (PostgreSQL); then the frame of every page.
    with django_assert_max_num_queries(10) as asked:
        client.get(reverse("jobs:job", args=[job.pk]))
    assert sum("desk_job" in query["sql"] for query in asked.captured_queries) == 1


# --- Progress -----------------------------------------------------------------------------


class Heard:
    def __init__(self, error=None):
        self.all, self.error = [], error

    def write(self, new):
        self.all.append(new)
        if self.error:
            raise self.error


def test_not_every_row_is_told_but_every_step_is(monkeypatch):
    clock = iter([0.0, 0.0, 0.1, 0.2, 0.2, 0.6, 0.6])
    monkeypatch.setattr(progress_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    heard = Heard()
    progress = Progress(heard)

    progress.report("Thôn", 1, 9)  # 0,0
    progress.report("Thôn", 2, 9)  # 0,0: too soon
    progress.report("Thôn", 3, 9)  # 0,1: too soon
    progress.report("Chi bộ", 1, 9)  # 0,2: a new step
    progress.report("Chi bộ", 2, 9)  # 0,2: too soon
    progress.report("Chi bộ", 3, 9)  # 0,6

    assert heard.all == [("Thôn", 1, 9), ("Chi bộ", 1, 9), ("Chi bộ", 3, 9)]


@pytest.mark.parametrize("error", [DatabaseError("gone"), OSError("full")])
def test_what_cannot_be_told_does_not_stop_the_work(error, caplog):
    Progress(Heard(error)).report("Thôn", 1, 9)

    assert "Progress could not be told" in caplog.text


def test_work_called_without_a_listener_tells_nobody():
    Progress().report("Thôn", 1, 9)


def test_a_lock_ends_with_who_holds_it():
    pk = UUID(int=2**127 + 1)  # its first half is negative as a signed number

    assert not is_held(pk)
    with held(pk) as first, held(pk) as second:
        assert first is not None
        assert second is None
        assert is_held(pk)
        assert not is_held(UUID(int=1))
    assert not is_held(pk)


# --- The worker and the end ---------------------------------------------------------------


def test_the_worker_waits_for_a_locked_database_and_ends_at_any_other_error(monkeypatch):
    answers = [OperationalError("database is locked"), OperationalError("connection refused")]

    def run(self):
        raise answers.pop(0)

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr("desk.jobs.worker.INTERVAL", 0)

    with pytest.raises(OperationalError, match="connection refused"):
        PatientWorker().run()


def test_ended_work_is_forgotten_after_its_time_and_waiting_work_is_not(
    clerk, work_off, settings, django_capture_on_commit_callbacks
):
    done = ask(clerk)
    work_off()
    waiting, running = ask(clerk), broken_off(None)
    settings.JOBS_ROOT.mkdir(parents=True, exist_ok=True)
    left = settings.JOBS_ROOT / f"{done.pk}.lock"
    left.touch()

    with held(running.pk), django_capture_on_commit_callbacks(execute=True):
        forget_before(timezone.now() + timedelta(days=1))

    assert set(Job.objects.all()) == {waiting, running}
    assert [str(task.pk) for task in DBTaskResult.objects.all()] == [waiting.task]
    assert not left.exists() or connection.vendor == "postgresql"
