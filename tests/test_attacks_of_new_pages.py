"""What somebody might try on the pages of elections, follow-up, meetings, training, titles, targets and figures."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cells.models import Decision
from leaders.follow_up.views import minutes
from leaders.follow_up.visits import Ticked
from leaders.learning.actions import commend
from leaders.models import Commendation, Visit
from tests import factories
from tests.worlds import kept

HUGE = "9" * 5000
TODAY = timezone.localdate()


# --- Writing where one only reads ---------------------------------------------------------


@pytest.fixture
def guest(neighbour):
    """Keeps another province, and was lent the reading of the commune."""

    def reading(unit):
        return factories.user(role=Role.PROVINCIAL_STAFF, keeps=[factories.province()], reads=[unit])

    return reading


@kept
def visit(commune):
    hamlet = factories.hamlet(parent=commune, name="Phước Hậu")
    return factories.visit(under=factories.assignment(of=hamlet), promise="Sửa đường")


def test_staff_who_only_read_a_commune_write_no_visits_there(client, guest, commune, visit):
    client.force_login(guest(commune))
    said = {"unit": visit.unit_id, "day": TODAY.isoformat(), "attended": "0", "remark": "Sai"}

    answers = [
        client.post(reverse("follow_up:log", args=[visit.assignment_id]), said),
        client.post(reverse("follow_up:visit_edit", args=[visit.pk]), said),
        client.post(reverse("follow_up:promise", args=[visit.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    there = Visit.objects.get()
    assert (there.remark, there.promise_kept_on, there.revision) == ("", None, 1)


def test_no_button_is_offered_to_staff_who_only_read(client, guest, commune, visit):
    client.force_login(guest(commune))

    shown = client.get(reverse("follow_up_board:officer", args=[visit.assignment_id])).content.decode()

    assert "Sửa đường" in shown
    for name, pk in (("log", visit.assignment_id), ("visit_edit", visit.pk), ("promise", visit.pk)):
        assert reverse(f"follow_up:{name}", args=[pk]) not in shown


@kept
def praised(commune, province):
    """Somebody of the commune whom the province has commended."""
    paper = factories.decision(unit=province, issuing_body="Tỉnh ủy Vĩnh Long", signer="Nguyễn Văn Một")
    (made,) = commend(
        [
            Commendation(
                person=factories.person(keeper=commune),
                year=2025,
                form="paper",
                merit="Thành tích",
                decision=paper,
            )
        ]
    )
    return made


def test_a_commune_neither_corrects_nor_takes_away_what_the_province_gave(client, clerk, praised):
    client.force_login(clerk)

    assert client.get(reverse("learning:commendation", args=[praised.pk])).status_code == 200
    for name in ("commendation_edit", "commendation_remove"):
        assert client.post(reverse(f"learning:{name}", args=[praised.pk])).status_code == 403

    assert Commendation.objects.get() == praised
    assert Decision.objects.get(pk=praised.decision_id).signer == "Nguyễn Văn Một"


# --- Two at once --------------------------------------------------------------------------


def test_minutes_that_somebody_writes_in_the_same_moment_are_refused_in_words(
    client, clerk, commune, visit, monkeypatch
):
    """What the page found free is taken when it is written: the database alone knows."""
    meanwhile = Ticked(True, assignment=visit.assignment_id, unit=visit.unit_id, day=visit.day)
    monkeypatch.setattr(minutes, "_ticked", lambda *_args: [meanwhile])
    client.force_login(clerk)

    answer = client.post(reverse("follow_up:minutes", args=[commune.pk]), {})

    assert answer.status_code == 200
    assert "đã được ghi" in answer.content.decode()
    assert Visit.objects.get() == visit


# --- Impossible numbers and days ----------------------------------------------------------


@pytest.mark.parametrize("query", ["den=0001-01-05", "tu=0001-01-01&den=9999-12-31", "den=0001-01-01"])
def test_the_log_of_looks_has_no_day_before_the_first(client, clerk, query):
    client.force_login(clerk)

    assert client.get(f"{reverse('records:accesses')}?{query}").status_code == 200


@pytest.mark.parametrize("month", ["0001-01", "1929-12", "9999-12", "2026-13", HUGE, "x"])
def test_the_minutes_have_no_month_outside_the_records(client, clerk, commune, month):
    client.force_login(clerk)

    answer = client.get(reverse("follow_up:minutes", args=[commune.pk]), {"thang": month})

    assert (answer.status_code, answer.context["month"]) == (200, TODAY.replace(day=1))


@pytest.mark.parametrize("word", ["ai", "thon"])
def test_who_is_assigned_is_no_endless_number(client, officer, commune, word):
    client.force_login(officer)

    assert client.get(reverse("follow_up:assign"), {"noi": commune.pk, word: HUGE}).status_code == 200


@pytest.mark.parametrize("key", [HUGE, "²", "-1", "9223372036854775808", ""])
def test_a_target_of_an_impossible_number_is_quoted_by_nobody(client, officer, province, key):
    client.force_login(officer)

    answers = [
        client.post(reverse("figures:quote", args=[province.pk]), {"so": f"target_of_goal:{key}"}),
        client.get(reverse("figures:report", args=[province.pk, "target_of_goal"]), {"chi-tieu": key}),
        client.get(
            reverse("dashboards:figure_rows", args=[province.pk, "target_of_goal"]), {"chi-tieu": key}
        ),
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("key", [HUGE, "²", "-1"])
def test_a_row_of_an_impossible_commune_goes_to_the_usual_clerk(client, officer, province, commune, key):
    factories.cell(of=factories.hamlet(parent=commune))
    client.force_login(officer)

    answer = client.get(reverse("figures:report", args=[province.pk, "merged_role"]), {"xa": key})

    assert answer.context["form"].initial["to"] == province.pk


@pytest.mark.parametrize("term", ["²-³", f"{HUGE}-{HUGE}", "2020-٢٠٢٥", "-", "20-25"])
def test_the_term_of_a_target_is_two_years(client, officer, province, term):
    client.force_login(officer)

    answer = client.post(reverse("targets:new", args=[province.pk]), {"term": term})

    assert answer.status_code == 200
    assert answer.context["form"].errors["term"]


@pytest.mark.parametrize("mark", ["9999999999999999999.1", "1.9999999999999999999", f"{HUGE}.1", "²", ""])
def test_a_mark_of_no_row_saves_nothing(client, clerk, commune, mark):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    client.force_login(clerk)
    key = f"c{cell.pk}"

    answer = client.post(
        reverse("meetings:save", args=[commune.pk, TODAY.year, TODAY.month]),
        {f"{key}-mark": mark, f"{key}-held": "0"},
    )

    assert answer.status_code == 200
    assert not cell.meetings.exists()


@pytest.mark.parametrize("year", [0, 1, 1900, 99999])
def test_no_title_is_looked_at_in_an_impossible_year(client, officer, commune, year):
    case = factories.title_case(
        of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(TODAY.year - 2, 5, 1)
    )
    client.force_login(officer)

    assert client.get(f"/danh-hieu/{case.pk}/kiem-tra/{year}/").status_code == 404
    assert client.get(reverse("titles:check", args=[case.pk, TODAY.year])).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "0002-12-31", "1900-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "name",
    [
        "dashboards:overview_unit",
        "seats:board_unit",
        "seats:monitor_unit",
        "seats:monitor_changes",
        "seats:monitor_breaks",
        "targets:unit",
    ],
)
def test_no_day_is_too_early_or_too_late_for_a_page(client, officer, province, commune, name, day):
    client.force_login(officer)

    answer = client.get(reverse(name, args=[province.pk]), {"ngay": day})

    assert answer.status_code == 200
    assert answer.context["day"] == (date(1900, 1, 1) if day.startswith("1900") else TODAY)


@pytest.mark.parametrize("points", ["9" * 30, HUGE, "-" + "9" * 30, "1e999", "0," + "1" * 60, "NaN"])
def test_points_without_end_are_no_points(client, officer, commune, province, points):
    own = factories.criteria_set(province=province)
    client.force_login(officer)
    address = reverse("titles:edit_set", args=[own.pk])
    seen = client.get(address).context["form"]["seen"].value()
    fields = {"name": own.name, "seen": seen, "r1-text": "Tiêu chí", "r1-points": points}

    answer = client.post(address, fields)

    assert answer.status_code == 200
    assert answer.context["faults"]
    assert own.criteria.count() == 2


@pytest.mark.parametrize("points", ["9" * 30, HUGE, "-" + "9" * 30, "0," + "1" * 60])
def test_nobody_gives_points_without_end(client, clerk, commune, province, points):
    own = factories.criteria_set(province=province)
    case = factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), criteria_set=own)
    key = f"c{own.criteria.first().pk}"
    client.force_login(clerk)

    answer = client.post(
        reverse("titles:criteria", args=[case.pk]), {f"{key}-mark": "0", f"{key}-self_points": points}
    )

    assert answer.status_code == 200
    assert not case.criteria.exists()
