"""The pages on which an event goes on: sent, given back, checked, carried out, undone, corrected."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.changes import recording
from cells.models import LineKind, Reorganisation, Unit
from desk.models import Job, KeptRehearsal
from desk.reorganisation.applying import apply, apply_waiting, check, submit
from desk.reorganisation.rehearsal import keeping
from desk.reorganisation.timeline import moments
from desk.reorganisation.work import apply_event, check_event, rehearse_event, undo_event
from leaders.actions import end_tenure
from leaders.models import Office, Tenure, WayOut
from tests import factories
from tests.desk.reorganisation.acting import carry_out, choose_first, event_of, line
from tests.worlds import kept

State = Reorganisation.State
LAST_MONTH = timezone.localdate() - timedelta(days=30)
REASON = {"reason": "Nhập nhầm"}
NEXT_MONTH = timezone.localdate() + timedelta(days=30)


def peopled_hamlet(commune, name: str) -> Unit:
    hamlet = factories.hamlet(parent=commune, name=name)
    factories.tenure(cell=factories.cell(of=hamlet, name=f"Chi bộ ấp {name}"))
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    return hamlet


@kept
def event(commune):
    """A draft of the commune: two hamlets become one."""
    made = event_of(commune, title="Sáp nhập ấp 1, ấp 2", effective_on=LAST_MONTH)
    hamlets = [peopled_hamlet(commune, name) for name in "12"]
    line(made, LineKind.FOUND, units=hamlets, on=LAST_MONTH, name="Hòa Bình", unit_kind="ap")
    return made


@kept
def checked(event, officer):
    choose_first(event)
    with recording(by=officer, reason="/x"):
        check(event, seen=event.revision)
    return event


@kept
def applied(event):
    return carry_out(event)


def address(name: str, event, *args) -> str:
    return reverse(f"reorganisations:{name}", args=[event.pk, *args])


def send(client, name: str, event, **sent):
    """Send the page of an act as it stands now."""
    event.refresh_from_db()
    response = client.post(address(name, event), {"seen": event.revision, **sent}, follow=True)
    event.refresh_from_db()
    return response.content.decode()


def buttons(client, event) -> list[str]:
    """Return the names of the acts that the page of the event offers."""
    text = client.get(event.get_absolute_url()).content.decode()
    names = ("submit", "send_back", "check", "apply", "undo", "reopen", "correct")
    return [name for name in names if f'href="{address(name, event)}"' in text]


# --- what is offered ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "of_clerk", "of_officer"),
    [
        (State.DRAFT, ["submit"], []),
        (State.SUBMITTED, [], ["send_back"]),
        (State.CHECKED, [], ["apply", "reopen"]),
        (State.APPLIED, [], ["undo", "correct"]),
        (State.UNDONE, [], ["reopen"]),
    ],
)
def test_each_is_offered_what_is_to_be_done_now(client, clerk, officer, event, state, of_clerk, of_officer):
    Reorganisation.objects.filter(pk=event.pk).update(state=state)

    client.force_login(clerk)
    assert buttons(client, event) == of_clerk
    client.force_login(officer)
    assert buttons(client, event) == of_officer


def test_who_only_reads_is_offered_nothing(client, reader, event):
    client.force_login(reader)

    assert buttons(client, event) == []


@pytest.mark.parametrize("name", ["submit", "send_back", "check", "apply", "undo", "reopen"])
def test_an_act_asked_for_at_the_wrong_time_says_why_not(client, officer, event, name):
    state = State.DRAFT if name in ("apply", "undo", "send_back", "reopen") else State.APPLIED
    Reorganisation.objects.filter(pk=event.pk).update(state=state)
    client.force_login(officer)

    text = client.get(address(name, event)).content.decode()

    assert "Chưa làm được việc này" in text
    assert 'name="seen"' not in text


@pytest.mark.parametrize("name", ["send_back", "check", "apply", "undo", "reopen"])
@pytest.mark.parametrize(
    ("who", "statuses"),
    [("clerk", {403}), ("reader", {403}), ("outsider", {404}), ("officer", {200, 302})],
)
def test_who_may_send_an_act(client, request, event, name, who, statuses):
    client.force_login(request.getfixturevalue(who))

    assert client.post(address(name, event), {"seen": event.revision}).status_code in statuses


@pytest.mark.parametrize("name", ["decide", "rehearse_anew"])
@pytest.mark.parametrize(("who", "status"), [("clerk", 302), ("outsider", 404), ("officer", 302)])
def test_who_may_press_a_button_of_the_rehearsal(client, request, event, name, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.post(address(name, event), {"seen": event.revision}).status_code == status


def test_who_only_reads_chooses_nothing_but_may_rehearse(client, reader, event):
    client.force_login(reader)

    assert client.post(address("decide", event), {"seen": event.revision}).status_code == 403
    assert client.post(address("rehearse_anew", event)).status_code == 302


# --- from the draft to the province -----------------------------------------------------------


def test_a_commune_sends_its_draft_and_gets_it_back_with_a_word(client, clerk, officer, event):
    client.force_login(clerk)
    send(client, "submit", event)
    assert event.state == State.SUBMITTED

    client.force_login(officer)
    assert "field-error" in send(client, "send_back", event, remark="")
    assert event.state == State.SUBMITTED
    send(client, "send_back", event, remark="Bổ sung nghị quyết của HĐND xã.")
    assert (event.state, event.remark) == (State.DRAFT, "Bổ sung nghị quyết của HĐND xã.")

    client.force_login(clerk)
    assert "Bổ sung nghị quyết của HĐND xã." in client.get(reverse("dashboards:home")).content.decode()


def test_who_checks_is_led_to_the_rehearsal_first_and_confirms_when_nothing_is_open(client, officer, event):
    client.force_login(officer)
    preview = f'btn-primary" href="{address("rehearsal", event)}"'
    confirm = f'href="{address("check", event)}"'
    page = client.get(event.get_absolute_url()).content.decode()
    assert preview in page
    assert confirm not in page
    assert confirm not in client.get(address("rehearsal", event)).content.decode()

    choose_first(event)
    assert confirm not in client.get(event.get_absolute_url()).content.decode()
    assert confirm in client.get(address("rehearsal", event)).content.decode()

    page = client.get(event.get_absolute_url()).content.decode()
    assert confirm in page
    assert preview not in page


def test_what_is_not_due_is_approved_and_not_carried_out(client, officer, checked):
    client.force_login(officer)
    approve = "Chấp thuận, chờ đến ngày thực hiện"
    assert approve not in client.get(checked.get_absolute_url()).content.decode()
    checked.lines.update(on=NEXT_MONTH)

    assert approve in client.get(checked.get_absolute_url()).content.decode()
    asked = client.get(address("apply", checked)).content.decode()
    assert asked.count(approve) >= 2
    assert ">Thực hiện<" not in asked


def test_nothing_is_checked_while_a_case_is_open(client, officer, event):
    client.force_login(officer)
    keeping.rehearse_and_keep(event)

    assert "việc phải chọn" in client.get(address("check", event)).content.decode()
    send(client, "check", event)
    assert event.state == State.DRAFT

    choose_first(event)
    send(client, "check", event)
    assert event.state == State.CHECKED


# --- carrying out -------------------------------------------------------------------------------


def test_what_is_due_is_carried_out_and_kept_for_the_print(client, officer, checked):
    client.force_login(officer)

    asked = client.get(address("apply", checked)).content.decode()
    assert "Thực hiện ngay 1 nội dung" in asked
    send(client, "apply", checked)

    assert checked.state == State.APPLIED
    assert Unit.objects.hamlets().standing().get().name == "Hòa Bình"
    for name in ("print", "rehearsal"):
        text = client.get(address(name, checked)).content.decode()
        assert "Kết quả" in text
        assert "Ấp Hòa Bình" in text


def test_what_lies_in_the_future_is_said_to_wait(client, officer, commune):
    made = event_of(commune, effective_on=LAST_MONTH)
    first, second, third = (peopled_hamlet(commune, name) for name in "123")
    line(made, LineKind.FOUND, units=[first, second], on=LAST_MONTH, name="Hòa Bình", unit_kind="ap")
    line(made, LineKind.RENAME, unit=third, on=NEXT_MONTH, name="Tân Phú")
    choose_first(made)
    check(made, seen=made.revision)
    client.force_login(officer)

    asked = client.get(address("apply", made)).content.decode()
    assert "Thực hiện ngay 1 nội dung" in asked
    assert "1 nội dung chờ đến ngày" in asked
    send(client, "apply", made)

    assert made.state == State.WAITING
    third.refresh_from_db()
    assert third.name == "3"
    assert buttons(client, made) == ["undo", "correct"]
    paper = client.get(address("print", made)).content.decode()
    assert paper.index("Phần đã thực hiện") < paper.index("Ấp Hòa Bình") < paper.index("Phần chờ đến ngày")
    assert paper.index("Phần chờ đến ngày") < paper.index("Tân Phú")


def test_the_second_of_two_people_is_told_who_was_first(client, officer, checked, province):
    colleague = factories.user(full_name="Lê Thị Trước", keeps=[province])
    seen = checked.revision
    with recording(by=colleague, reason="/y"):
        apply(checked, seen=seen)
    client.force_login(officer)

    text = client.post(address("apply", checked), {"seen": seen}).content.decode()

    assert "Lê Thị Trước" in text


@pytest.mark.parametrize(
    ("name", "state", "asked"),
    [("check", State.DRAFT, {}), ("apply", State.CHECKED, {}), ("undo", State.APPLIED, REASON)],
)
def test_a_long_event_is_left_to_the_worker(client, officer, event, monkeypatch, name, state, asked):
    if state == State.APPLIED:
        carry_out(event)
    Reorganisation.objects.filter(pk=event.pk).update(state=state)
    event.refresh_from_db()
    monkeypatch.setattr(keeping, "MOST_LINES_INLINE", 0)
    client.force_login(officer)

    response = client.post(address(name, event), {"seen": event.revision, **asked})

    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:job", args=[job.pk])
    assert job.arguments == {"event": event.pk, "seen": event.revision, **asked}
    event.refresh_from_db()
    assert event.state == state


def test_what_waited_for_its_day_is_kept_for_the_print_too(client, officer, event):
    event.lines.update(on=NEXT_MONTH)
    choose_first(event)
    check(event, seen=event.revision)
    apply(event, seen=event.revision)
    event.refresh_from_db()
    assert event.state == State.WAITING

    with time_machine.travel(NEXT_MONTH, tick=False):
        apply_waiting()

    event.refresh_from_db()
    assert event.state == State.APPLIED
    client.force_login(officer)
    text = client.get(address("print", event)).content.decode()
    assert "Kết quả sắp xếp" in text
    assert f"Từ ngày {NEXT_MONTH:%d/%m/%Y}" in text


class Listener:
    """Hears how far the work is."""

    def __init__(self):
        self.steps = []

    def report(self, step, done=0, total=0):
        self.steps.append(str(step))


def test_the_worker_checks_carries_out_and_undoes_as_the_pages_do(officer, event):
    heard = Listener()
    choose_first(event)

    check_event(heard, by=officer, event=event.pk, seen=event.revision)
    event.refresh_from_db()
    assert event.state == State.CHECKED

    assert apply_event(heard, by=officer, event=event.pk, seen=event.revision) == event.get_absolute_url()
    assert len(heard.steps) > 2
    event.refresh_from_db()
    assert event.state == State.APPLIED

    undo_event(heard, by=officer, event=event.pk, seen=event.revision, reason="Nhầm")
    event.refresh_from_db()
    assert event.state == State.UNDONE
    assert not KeptRehearsal.objects.exists()


def test_the_worker_rehearses_and_leads_to_the_page(clerk, outsider, event):
    heard = Listener()

    url = rehearse_event(heard, by=clerk, event=event.pk)

    assert url == address("rehearsal", event)
    assert keeping.kept(event).open_cases
    assert len(heard.steps) > 2
    with pytest.raises(PermissionDenied):
        rehearse_event(heard, by=outsider, event=event.pk)


@pytest.mark.parametrize("who", ["clerk", "outsider"])
def test_the_worker_asks_again_what_its_master_may_do(request, checked, who):
    with pytest.raises(PermissionDenied):
        apply_event(Listener(), by=request.getfixturevalue(who), event=checked.pk, seen=checked.revision)


# --- undoing ------------------------------------------------------------------------------------


def test_undoing_asks_for_a_reason_and_brings_everything_back(client, officer, applied):
    client.force_login(officer)

    assert "field-error" in send(client, "undo", applied, reason="")
    send(client, "undo", applied, reason="Nhập nhầm nghị quyết")

    assert applied.state == State.UNDONE
    assert {hamlet.name for hamlet in Unit.objects.hamlets().standing()} == {"1", "2"}
    text = client.get(applied.get_absolute_url()).content.decode()
    assert "Nhập nhầm nghị quyết" in text
    assert buttons(client, applied) == ["reopen"]

    send(client, "reopen", applied)
    assert applied.state == State.DRAFT


def test_what_hinders_undoing_stands_in_the_place_of_the_button(client, officer, applied):
    head = Tenure.objects.get(hamlet__name="Hòa Bình", office=Office.HAMLET_HEAD)
    with recording(reason="later"):
        end_tenure(head, last_day=timezone.localdate(), way_out=WayOut.DIED)
    client.force_login(officer)

    text = client.get(address("undo", applied)).content.decode()

    assert str(head.person) in text
    assert 'name="reason"' not in text


# --- corrections ----------------------------------------------------------------------------------


def correct(client, kind: str, event, **sent):
    url = address(f"correct_{kind}", event, event.lines.get().pk)
    seen = client.get(url).context["form"]["seen"].value()
    return client.post(url, {"seen": seen, "reason": "Nhập sai", **sent}, follow=True).content.decode()


def test_a_name_a_day_and_a_decision_are_put_right(client, officer, applied):
    client.force_login(officer)
    right_day = LAST_MONTH + timedelta(days=1)

    correct(client, "name", applied, name="Hòa Bình A")
    correct(client, "day", applied, day=right_day)
    correct(
        client, "decision", applied, number="9/NQ-HĐND", date="2025-01-02", issuing_body="HĐND xã Phú Túc"
    )

    put_right = applied.lines.get()
    assert (put_right.name, put_right.on, put_right.decision.number) == ("Hòa Bình A", right_day, "9/NQ-HĐND")
    assert Unit.objects.hamlets().standing().get().name == "Hòa Bình A"
    applied.refresh_from_db()
    assert applied.effective_on == right_day
    text = client.get(applied.get_absolute_url()).content.decode()
    assert text.count("đính chính:") == 3
    assert Unit.objects.hamlets().standing().get().get_absolute_url() in text
    assert "Nhập sai" in text


def test_undoing_says_that_corrections_are_taken_back_too_where_there_are_any(client, officer, applied):
    client.force_login(officer)
    said = "lần đính chính đã ghi sau đó cũng được hoàn tác"
    assert said not in client.get(address("undo", applied)).content.decode()

    correct(client, "name", applied, name="Hòa Bình A")

    assert f"1 {said}" in client.get(address("undo", applied)).content.decode()


def test_a_correction_needs_a_reason_and_a_day_that_has_come(client, officer, applied):
    client.force_login(officer)

    assert "field-error" in correct(client, "name", applied, name="X", reason="")
    assert "chưa đến" in correct(client, "day", applied, day=NEXT_MONTH)
    assert applied.lines.get().name == "Hòa Bình"


def test_of_two_corrections_the_second_is_told_of_the_first(client, officer, applied):
    client.force_login(officer)
    url = address("correct_name", applied, applied.lines.get().pk)
    seen = client.get(url).context["form"]["seen"].value()
    correct(client, "name", applied, name="Hòa Bình A")

    sent = {"seen": seen, "reason": "Sai", "name": "Hòa Bình B"}
    text = client.post(url, sent).content.decode()

    assert str(officer) in text
    assert applied.lines.get().name == "Hòa Bình A"


def test_only_what_was_carried_out_is_corrected(client, officer, event):
    client.force_login(officer)

    assert "chưa thực hiện nội dung nào" in client.get(address("correct", event)).content.decode()
    assert client.get(address("correct_name", event, event.lines.get().pk)).status_code == 404


# --- what happened ----------------------------------------------------------------------------------


def test_the_timeline_tells_who_did_what_and_why(clerk, officer, commune, django_assert_num_queries):
    with recording(by=clerk, reason="/a"):
        made = event_of(commune, effective_on=LAST_MONTH)
    hamlets = [peopled_hamlet(commune, name) for name in "12"]
    line(made, LineKind.FOUND, units=hamlets, on=LAST_MONTH, name="Hòa Bình", unit_kind="ap")
    with recording(by=clerk, reason="/b"):
        submit(made, seen=made.revision)
    with recording(by=officer, reason="/c"):
        choose_first(made)
        check(made, seen=made.revision)
        apply(made, seen=made.revision)

    with django_assert_num_queries(2):
        told = moments(made)

    assert [(moment.by, moment.act) for moment in told] == [
        (str(clerk), "bắt đầu soạn dự thảo"),
        (str(clerk), "gửi tỉnh kiểm tra"),
        (str(officer), "sửa dự thảo"),
        (str(officer), "xác nhận đã kiểm tra"),
        (str(officer), "thực hiện"),
    ]
    assert all(not moment.reason.startswith("/") for moment in told)


def test_the_timeline_tells_no_correction_that_nobody_made(client, officer, applied):
    client.force_login(officer)
    day = LAST_MONTH + timedelta(days=2)
    correct(client, "day", applied, day=day, reason="Ghi nhầm ngày")
    send(client, "undo", applied, reason="Làm lại")
    send(client, "reopen", applied)
    applied.lines.update(name="Hòa Thuận")
    carry_out(applied)

    told = [(moment.act, moment.reason) for moment in moments(applied)]

    assert [moment for moment in told if "đính chính" in moment[0]] == [
        (f"đính chính: ngày {LAST_MONTH:%d/%m/%Y} thành {day:%d/%m/%Y}", "Ghi nhầm ngày")
    ]
    assert ("hoàn tác", "Làm lại") in told
    assert not [moment for moment in told if moment[0] == "ghi thay đổi"]
