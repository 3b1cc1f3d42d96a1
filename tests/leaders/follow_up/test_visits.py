"""An officer logs, corrects and keeps promises; nobody writes for somebody else."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from leaders.actions import correct_assignments
from leaders.follow_up.visits import Ticked, tick_minutes
from leaders.models import Visit
from leaders.models.visits import open_on
from tests import factories
from tests.sending import opened_and_sent
from tests.worlds import kept


@kept
def assignment(follower):
    return follower.person.assignments.get()


@pytest.fixture
def signed_in(client, follower):
    client.force_login(follower)
    return client


def log(client, assignment, **data):
    data = {
        "unit": assignment.unit_id,
        "day": timezone.localdate().isoformat(),
        "remark": "Chi bộ bàn làm đường",
        "attended": "1",
        **data,
    }
    return client.post(reverse("follow_up:log", args=[assignment.pk]), data)


def test_today_is_set_and_one_sentence_with_one_button_is_enough(signed_in, assignment, follower):
    form = signed_in.get(reverse("follow_up:log", args=[assignment.pk])).context["form"]
    assert form["day"].value() == timezone.localdate()

    answer = log(signed_in, assignment)

    visit = Visit.objects.get()
    assert answer.url == "/"
    assert (visit.attended, visit.remark, visit.recorded_by) == (True, "Chi bộ bàn làm đường", follower)
    assert visit.assignment == assignment


def test_who_did_not_attend_says_so_with_the_other_button(signed_in, assignment):
    log(signed_in, assignment, attended="0", remark="Bận họp")

    assert Visit.objects.get().attended is False


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"day": "2999-01-01"}, "Ngày này chưa đến"),
        ({"day": "2019-12-31"}, "không theo dõi Ấp 1"),
        ({"promise_due": "2030-01-01"}, "Ghi nội dung đã hẹn"),
        ({"promise_undated": "on"}, "Ghi nội dung đã hẹn"),
        ({"promise": "Xin kinh phí"}, "Ghi hạn hoàn thành, hoặc đánh dấu “Không hẹn ngày”."),
        (
            {"promise": "Xin kinh phí", "promise_due": "2030-01-01", "promise_undated": "on"},
            "Ghi hạn hoàn thành, hoặc đánh dấu “Không hẹn ngày”.",
        ),
        ({"day": ""}, ""),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(signed_in, assignment, data, said):
    answer = log(signed_in, assignment, **data)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Chi bộ bàn làm đường" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_promise_may_name_no_day(signed_in, assignment):
    log(signed_in, assignment, promise="Xin kinh phí", promise_undated="on")

    assert Visit.objects.open().get().promise_undated
    assert "không hẹn ngày" in signed_in.get("/").content.decode()


def test_the_same_day_is_recorded_once(signed_in, assignment):
    log(signed_in, assignment)

    answer = log(signed_in, assignment, remark="Lần nữa")

    assert "đã được ghi" in answer.content.decode()
    assert Visit.objects.get().remark == "Chi bộ bàn làm đường"


def test_who_follows_a_commune_visits_two_hamlets_on_a_day(client, hamlets, commune):
    account, assignment = factories.follower(commune)
    client.force_login(account)

    for hamlet in hamlets[:2]:
        assert log(client, assignment, unit=hamlet.pk).status_code == 302

    assert {visit.unit for visit in Visit.objects.all()} == set(hamlets[:2])


def test_a_place_that_is_not_followed_is_not_offered(signed_in, assignment, hamlets):
    answer = log(signed_in, assignment, unit=hamlets[1].pk)

    assert answer.status_code == 200
    assert not Visit.objects.exists()


def test_an_officer_logs_nothing_for_others(client, follower, hamlets):
    other = factories.assignment(of=hamlets[0])
    hidden = factories.assignment(of=hamlets[1])
    client.force_login(follower)

    assert log(client, other).status_code == 403
    assert log(client, hidden).status_code == 404
    assert not Visit.objects.exists()


def test_staff_record_for_who_has_no_account_and_not_for_who_has(client, officer, assignment, hamlets):
    organisation = factories.assignment(of=hamlets[1], organisation="Hội Nông dân xã")
    client.force_login(officer)

    assert log(client, organisation).status_code == 302
    assert log(client, assignment).status_code == 403
    assert Visit.objects.get().recorded_by == officer


def test_a_commune_and_a_leader_log_nothing(client, clerk, reader, hamlets):
    assignment = factories.assignment(of=hamlets[1], organisation="Hội Nông dân xã")
    for user in (clerk, reader):
        client.force_login(user)
        assert log(client, assignment).status_code == 403


def edit(client, visit, **data):
    url = reverse("follow_up:visit_edit", args=[visit.pk])
    page = client.get(url)
    if page.status_code != 200:
        return page
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    fields = {name: value for name, value in fields.items() if value is not None} | data
    return client.post(url, fields)


def test_ones_own_visit_is_corrected_and_the_former_words_stay_in_the_history(signed_in, assignment):
    visit = factories.visit(under=assignment, remark="Sai")

    assert edit(signed_in, visit, remark="Đúng", attended="0").status_code == 302

    visit.refresh_from_db()
    assert (visit.remark, visit.attended, visit.revision) == ("Đúng", False, 2)
    assert visit.history.order_by("history_id").first().remark == "Sai"


def test_a_visit_changed_meanwhile_is_not_written_over(signed_in, assignment):
    visit = factories.visit(under=assignment, remark="Một")
    url = reverse("follow_up:visit_edit", args=[visit.pk])
    seen = signed_in.get(url).context["form"]["seen"].value()
    edit(signed_in, visit, remark="Hai")

    answer = signed_in.post(
        url, {"seen": seen, "day": visit.day.isoformat(), "remark": "Ba", "attended": "1"}
    )

    assert answer.status_code == 200
    assert Visit.objects.get().remark == "Hai"


def test_nobody_rewrites_the_word_of_an_officer(client, officer, clerk, reader, assignment):
    visit = factories.visit(under=assignment, remark="Lời cán bộ")
    for user in (officer, clerk, reader):
        client.force_login(user)
        assert edit(client, visit, remark="Lời người khác").status_code == 403

    assert Visit.objects.get().remark == "Lời cán bộ"


def test_after_the_assignment_has_ended_the_log_is_closed(signed_in, assignment):
    visit = factories.visit(under=assignment, day=date(2024, 5, 5))
    assignment.ends_on = timezone.localdate() - timedelta(days=1)
    correct_assignments([assignment], ["ends_on"])

    assert edit(signed_in, visit).status_code == 404
    assert log(signed_in, assignment).status_code == 404


def test_a_promise_is_ticked_as_done_and_open_again(signed_in, assignment):
    visit = factories.visit(under=assignment, promise="Xin kinh phí", promise_due=timezone.localdate())
    url = reverse("follow_up:promise", args=[visit.pk])

    signed_in.post(url)
    assert Visit.objects.get().promise_kept_on == timezone.localdate()
    signed_in.post(url)
    assert Visit.objects.get().revision == 2
    signed_in.post(url, {"again": "1"})
    assert Visit.objects.get().promise_kept_on is None


def test_who_follows_the_hamlet_now_ticks_what_the_one_before_promised(client, hamlets):
    before = factories.assignment(of=hamlets[0], ends_on=date(2026, 1, 31))
    visit = factories.visit(under=before, day=date(2026, 1, 5), promise="Xin kinh phí")
    account, _assignment = factories.follower(hamlets[0])
    elsewhere, _other = factories.follower(hamlets[1])
    url = reverse("follow_up:promise", args=[visit.pk])

    client.force_login(elsewhere)
    assert client.post(url).status_code == 404
    client.force_login(account)
    assert client.post(url).status_code == 302
    assert Visit.objects.get().promise_kept_on == timezone.localdate()
    assert edit(client, visit).status_code == 403


def test_a_leader_ticks_nothing(client, reader, assignment):
    visit = factories.visit(under=assignment, promise="Xin kinh phí")
    client.force_login(reader)

    assert client.post(reverse("follow_up:promise", args=[visit.pk])).status_code == 403


def test_what_is_late_overdue_and_contradicted(assignment):
    today = timezone.localdate()
    old = factories.visit(under=assignment, day=today - timedelta(days=9))
    soon = factories.visit(
        under=assignment, day=today - timedelta(days=7), attended=True, minutes_attended=False
    )
    factories.visit(
        under=assignment, day=today - timedelta(days=1), promise="Hẹn", promise_due=today - timedelta(days=1)
    )
    only_minutes = factories.visit(
        under=assignment, day=today - timedelta(days=30), attended=None, minutes_attended=True
    )

    assert list(Visit.objects.late(7)) == [old]
    assert list(Visit.objects.contradicted()) == [soon]
    open_ = Visit.objects.filter(open_on(today))
    assert open_.filter(promise_due__lt=today).count() == 1
    assert open_.filter(promise_due__lt=today - timedelta(days=1)).count() == 0
    assert only_minutes not in Visit.objects.told()


def test_a_visit_is_of_the_place_that_is_followed(assignment, hamlets):
    with pytest.raises(ValidationError, match="không theo dõi Ấp 2"):
        factories.visit(under=assignment, unit=hamlets[1])


# --- inspections ----------------------------------------------------------------------------


def test_an_inspection_of_several_hamlets_is_gone_on_with_apart(client, officer, commune, hamlets):
    client.force_login(officer)
    url = reverse("follow_up:inspection_new") + f"?noi={commune.pk}"
    data = {
        "team": "Đoàn kiểm tra số 1",
        "day": "2026-03-05",
        "units": [hamlets[0].pk, hamlets[1].pk],
        "conclusion": "Cơ bản thực hiện đúng",
        "promise": "Bổ sung sổ nghị quyết",
        "promise_due": "2026-04-05",
    }

    answer = opened_and_sent(client, url, data)

    assert answer.status_code == 302
    first, second = Visit.objects.order_by("unit__sort_key")
    assert {first.unit, second.unit} == set(hamlets[:2])
    assert first.kind == "inspection"
    assert edit(client, first, promise_kept_on="2026-04-01").status_code == 302
    assert list(Visit.objects.open()) == [second]


def test_an_inspection_sent_once_more_is_not_recorded_twice(client, officer, commune, hamlets):
    client.force_login(officer)
    url = reverse("follow_up:inspection_new") + f"?noi={commune.pk}"
    seen = client.get(url).context["form"]["seen"].value()
    data = {"team": "Đoàn kiểm tra số 1", "day": "2026-03-05", "units": [hamlets[0].pk], "seen": seen}

    first, second = (client.post(url, data) for _click in "12")

    assert (first.status_code, second.status_code) == (302, 200)
    assert "sau khi mở trang" in " ".join(second.context["form"].non_field_errors())
    assert Visit.objects.count() == 1


def test_an_inspection_names_its_team_and_its_units(client, officer, commune):
    client.force_login(officer)

    answer = client.post(
        reverse("follow_up:inspection_new") + f"?noi={commune.pk}", {"day": "2026-03-05", "team": ""}
    )

    assert {"team", "units"} <= answer.context["form"].errors.keys()


def test_the_officers_own_word_on_what_only_the_minutes_told_is_late_when_it_is(
    signed_in, assignment, follower, officer, hamlets
):
    day = timezone.localdate() - timedelta(days=40)
    tick_minutes(
        [Ticked(attended=True, assignment=assignment.pk, unit=hamlets[0].pk, day=day)],
        visits=Visit.objects.all(),
        by=officer,
    )
    Visit.objects.update(reported_at=timezone.now() - timedelta(days=39))
    visit = Visit.objects.get()
    page = reverse("follow_up:visit_edit", args=[visit.pk])
    seen = signed_in.get(page).context["form"].guard.mark

    signed_in.post(page, {"seen": seen, "day": day.isoformat(), "attended": "1", "remark": "Họp tốt"})

    visit.refresh_from_db()
    assert (visit.remark, visit.recorded_by) == ("Họp tốt", follower)
    assert list(Visit.objects.late(7)) == [visit]
