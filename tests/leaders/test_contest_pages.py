"""The pages of a commune: its grid of results, corrections, the plan of a term."""

from datetime import date

import pytest
from django.urls import reverse

from cells.models import Decision
from leaders.contests.planning import Calendar, Spread, carry_out, draw_up
from leaders.models import Contest, Office, Person, Tenure
from tests import factories
from tests.worlds import kept

TERM = "2025-2027"
ELECTION_DAY, CONGRESS_DAY = date(2025, 1, 12), date(2025, 2, 9)
ELECTION, CONGRESS = Contest.Kind.HEAD_ELECTION, Contest.Kind.CONGRESS


@kept
def hamlets(commune):
    made = [factories.hamlet(parent=commune, name=name) for name in "12"]
    for hamlet in made:
        factories.cell(of=hamlet, name=f"Chi bộ ấp {hamlet.name}")
    return made


@kept
def planned(commune, hamlets):
    calendars = [
        Calendar(ELECTION, ELECTION_DAY, ELECTION_DAY),
        Calendar(CONGRESS, CONGRESS_DAY, CONGRESS_DAY),
    ]
    carry_out(draw_up(commune, TERM, calendars))
    return {one.hamlet_id or one.cell_id: one for one in Contest.objects.all()}


def url(commune, kind=ELECTION, name="grid"):
    return reverse(f"elections:{name}", kwargs={"term": TERM, "pk": commune.pk, "kind": kind})


def row_of(page, body):
    return next(row for row in page.context["grid"].rows if row.body == body)


def posted(body, kind=ELECTION, mark="0.1", **fields):
    """Return what the page sends of one row; candidates as (name, votes, elected)."""
    key = f"{'c' if kind == CONGRESS else 'h'}{body.pk}"
    stood = fields.pop("stood", [])
    sent = {f"{key}-mark": mark, **{f"{key}-{name}": value for name, value in fields.items()}}
    for number, (who, votes, elected) in enumerate(stood):
        sent |= {f"{key}-who{number}": who, f"{key}-votes{number}": votes}
        if elected:
            sent |= {
                f"{key}-elected{number}": "1",
                f"{key}-asked{number}": who,
                f"{key}-answer{number}": "new",
            }
    return sent


def held(body, who="Cao Thị Hạnh", **fields):
    fields = {
        "planned_on": "2025-01-12",
        "held_on": "2025-01-12",
        "method": "ballot",
        "entitled": "120",
        "present": "100",
        **fields,
    }
    return posted(body, stood=[(who, "90", True), ("Lý Văn Sang", "8", False)], **fields)


# --- The grid -------------------------------------------------------------------------


def test_a_result_is_recorded_with_one_button(client, clerk, commune, hamlets, planned):
    old = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlets[0])
    client.force_login(clerk)
    assert client.get(url(commune)).status_code == 200

    answer = client.post(
        url(commune, name="save"),
        held(hamlets[0])
        | {
            "decision_number": "12-QĐ/UBND",
            "decision_date": "2025-01-20",
            "decision_body": "UBND xã Phú Túc",
        },
        follow=True,
    )

    assert "Cao Thị Hạnh" in answer.content.decode()
    contest = planned[hamlets[0].pk]
    contest.refresh_from_db()
    assert (contest.outcome, contest.method, contest.present, contest.decision) == (
        "held",
        "ballot",
        100,
        Decision.objects.get(),
    )
    head = Tenure.objects.get(contest=contest)
    assert (head.person.full_name, head.person.keeper, head.starts_on) == (
        "Cao Thị Hạnh",
        commune,
        ELECTION_DAY,
    )
    old.refresh_from_db()
    assert old.ends_on == date(2025, 1, 11)
    assert row_of(answer, hamlets[0]).state == "held"
    assert str(head.history.get().change_set.by) == str(clerk)


def test_a_refused_row_keeps_what_was_typed_and_does_not_hold_up_the_others(
    client, clerk, commune, hamlets, planned
):
    client.force_login(clerk)
    wrong = held(hamlets[0], present="180")

    page = client.post(url(commune, name="save"), wrong | held(hamlets[1], who="Võ Minh Trí"))

    assert page.status_code == 200
    row = row_of(page, hamlets[0])
    assert "Số có mặt" not in row.faults.get("held_on", "")
    assert row.texts["present"] == "180"
    assert row.faults["present"]
    assert row.lines[0].who == "Cao Thị Hạnh"
    assert 'aria-invalid="true"' in page.content.decode()
    assert row_of(page, hamlets[1]).state == "held"
    assert Contest.objects.filter(outcome="held").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"present": "nhiều"}, "present"),
        ({"held_on": "2025-13-01"}, "held_on"),
        ({"method": "vỗ tay"}, "method"),
        ({"ballots": "101"}, "ballots"),
        ({"outcome": "failed"}, None),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(client, clerk, commune, hamlets, planned, change, field):
    client.force_login(clerk)

    page = client.post(url(commune, name="save"), held(hamlets[0], **change))

    row = row_of(page, hamlets[0])
    assert row.is_refused
    assert field is None or field in row.faults
    assert not Tenure.objects.exists()


def test_whoever_has_not_more_than_half_is_told_at_the_candidate(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)

    page = client.post(
        url(commune, name="save"),
        posted(hamlets[0], held_on="2025-01-12", present="100", stood=[("Cao Thị Hạnh", "50", True)]),
    )

    assert "50" in row_of(page, hamlets[0]).lines[0].faults["elected"]


def test_a_day_without_an_outcome_asks_for_it(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)

    page = client.post(url(commune, name="save"), posted(hamlets[0], held_on="2025-01-12", present="100"))

    assert row_of(page, hamlets[0]).faults["outcome"]


def test_an_older_page_writes_over_nobody(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), posted(hamlets[0], planned_on="2025-03-01"))
    planned[hamlets[0].pk].refresh_from_db()
    assert planned[hamlets[0].pk].planned_on == date(2025, 3, 1)

    page = client.post(url(commune, name="save"), held(hamlets[0]))

    assert row_of(page, hamlets[0]).faults["conflict"]
    assert not Tenure.objects.exists()


def test_what_was_typed_stays_beside_what_a_colleague_recorded_meanwhile(
    client, clerk, commune, hamlets, planned
):
    colleague = factories.user(role="commune_staff", keeps=[commune])
    client.force_login(colleague)
    client.post(url(commune, name="save"), held(hamlets[0]) | held(hamlets[1], who="Võ Minh Trí"))
    client.force_login(clerk)

    untouched = posted(hamlets[1], planned_on="2025-01-12")
    mine = held(hamlets[0], present="99", outcome="held")
    page = client.post(url(commune, name="save"), mine | untouched)

    row = row_of(page, hamlets[0])
    assert str(colleague) in row.faults["conflict"]
    assert ("số có mặt", "99", "100") in row.late.differing
    assert [line.who for line in row.late.stood] == ["Cao Thị Hạnh", "Lý Văn Sang"]
    assert not row_of(page, hamlets[1]).is_refused
    # One button leads on to the correction, with all that was typed.
    question = client.post(reverse("elections:correct", args=[row.contest.pk]), dict(row.late.sent))
    client.post(question.request["PATH_INFO"], dict(question.context["hidden"]) | {"confirmed": "1"})
    row.contest.refresh_from_db()
    assert row.contest.present == 99


def test_what_was_typed_for_an_attempt_is_not_recorded_of_the_next_one(
    client, clerk, commune, hamlets, planned
):
    client.force_login(clerk)
    lost = posted(hamlets[0], held_on="2025-01-12", outcome="failed")
    client.post(url(commune, name="save"), lost)

    page = client.post(url(commune, name="save"), held(hamlets[0]))

    assert row_of(page, hamlets[0]).faults["conflict"]
    assert row_of(page, hamlets[0]).texts["present"] == "100"
    assert Contest.objects.filter(hamlet=hamlets[0]).count() == 1


def test_nobody_gets_a_record_by_a_slip_of_the_pen(client, clerk, commune, hamlets, planned):
    tuan = factories.person(keeper=commune, full_name="Phan Hoàng Tuấn")
    client.force_login(clerk)
    key = f"h{hamlets[0].pk}"
    sent = held(hamlets[0], who="Phan Hoàng Tuan") | {f"{key}-answer0": ""}

    # What else is wrong is told with the question.
    page = client.post(url(commune, name="save"), sent | {f"{key}-present": "121"})
    assert row_of(page, hamlets[0]).faults["present"]

    line = row_of(page, hamlets[0]).lines[0]
    assert line.nearest == [tuan]
    assert "Phan Hoàng Tuan" in line.faults["who"]
    assert not Tenure.objects.exists()
    # An answer holds for the name that was asked about alone.
    other = sent | {f"{key}-who0": "Phan Hoài Tuân", f"{key}-answer0": "new"}
    assert row_of(client.post(url(commune, name="save"), other), hamlets[0]).lines[0].faults["who"]

    client.post(url(commune, name="save"), sent | {f"{key}-answer0": f"Phan Hoàng Tuấn · N{tuan.pk}"})
    assert Tenure.objects.get().person == tuan
    said = client.post(url(commune, name="save"), held(hamlets[1], who="Cao Thị Lụa"), follow=True)
    assert "Cao Thị Lụa (lập hồ sơ mới)" in said.content.decode()


def test_one_head_of_two_hamlets_is_asked_about_first_and_marked_afterwards(
    client, clerk, commune, hamlets, planned
):
    factories.person(keeper=commune, full_name="Cao Thị Hạnh")
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))

    page = client.post(url(commune, name="save"), held(hamlets[1]))
    doubts = row_of(page, hamlets[1]).doubts
    assert "Cao Thị Hạnh đồng thời là Trưởng ấp 1." in doubts
    assert Tenure.objects.count() == 1
    sure = {f"h{hamlets[1].pk}-sure": " ".join(doubts)}
    page = client.post(url(commune, name="save"), held(hamlets[1]) | sure, follow=True)

    assert Tenure.objects.count() == 2
    assert "Cao Thị Hạnh đồng thời là Trưởng ấp 2." in row_of(page, hamlets[0]).marks
    second = reverse("elections:contest", args=[planned[hamlets[1].pk].pk])
    assert "Cao Thị Hạnh đồng thời là Trưởng ấp 1." in client.get(second).context["marks"]


def test_too_few_votes_in_a_congress_are_asked_about_before_they_are_recorded(
    client, clerk, commune, hamlets, planned
):
    client.force_login(clerk)
    cell = hamlets[0].cell_areas.get().cell
    stood = [("Cao Thị Hạnh", "29", True), ("Lý Văn Sang", "15", True)]
    sent = posted(cell, CONGRESS, held_on="2025-02-09", entitled="30", present="29", stood=stood)
    sent |= {f"c{cell.pk}-office0": "secretary", f"c{cell.pk}-office1": "deputy_secretary"}

    doubts = row_of(client.post(url(commune, CONGRESS, "save"), sent), cell).doubts

    assert [one.split(":")[0] for one in doubts] == ["Lý Văn Sang"]
    assert not Tenure.objects.exists()
    client.post(url(commune, CONGRESS, "save"), sent | {f"c{cell.pk}-sure": " ".join(doubts)})
    assert Tenure.objects.count() == 2


def test_held_means_that_somebody_was_elected(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    cell = hamlets[0].cell_areas.get().cell
    deputy = posted(
        cell, CONGRESS, held_on="2025-02-09", outcome="held", stood=[("Lý Văn Sang", "29", True)]
    ) | {f"c{cell.pk}-office0": "deputy_secretary"}
    nobody = posted(hamlets[0], held_on="2025-01-12", outcome="held", present="100")

    for kind, body, sent in ((CONGRESS, cell, deputy), (ELECTION, hamlets[0], nobody)):
        assert row_of(client.post(url(commune, kind, "save"), sent), body).faults["outcome"]
    assert not Contest.objects.exclude(outcome="planned").exists()


def test_what_is_run_again_lies_after_the_attempt_that_failed(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), posted(hamlets[0], held_on="2025-01-12", outcome="failed"))

    early = held(hamlets[0], held_on="2025-01-11", mark="1.0")
    assert row_of(client.post(url(commune, name="save"), early), hamlets[0]).faults["held_on"]
    plan = posted(hamlets[0], planned_on="2025-01-11", mark="1.0")
    assert row_of(client.post(url(commune, name="save"), plan), hamlets[0]).faults["planned_on"]
    client.post(url(commune, name="save"), held(hamlets[0], held_on="2025-01-26", mark="1.0"))

    failed = Contest.objects.get(outcome="failed")
    later = posted(hamlets[0], mark="0.2", held_on="2025-01-27", outcome="failed")
    page = client.post(reverse("elections:correct", args=[failed.pk]), later)
    assert page.context["row"].faults["held_on"]


def test_a_failed_election_is_run_again_on_the_same_row(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    lost = posted(
        hamlets[0],
        planned_on="2025-01-12",
        held_on="2025-01-12",
        outcome="failed",
        present="100",
        stood=[("Cao Thị Hạnh", "40", False)],
    )
    page = client.post(url(commune, name="save"), lost, follow=True)
    assert row_of(page, hamlets[0]).state == "failed"

    page = client.post(
        url(commune, name="save"), held(hamlets[0], held_on="2025-01-26", mark="1.0"), follow=True
    )

    row = row_of(page, hamlets[0])
    assert (row.state, len(row.failed)) == ("held", 1)
    assert Tenure.objects.get().starts_on == date(2025, 1, 26)
    assert {one.outcome for one in Contest.objects.filter(hamlet=hamlets[0])} == {"failed", "held"}


def test_the_congress_is_offered_whom_the_households_elected(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    cell = hamlets[0].cell_areas.get().cell
    head = Person.objects.get(full_name="Cao Thị Hạnh")

    page = client.get(url(commune, CONGRESS))
    row = row_of(page, cell)
    assert row.lines[0].who == f"Cao Thị Hạnh · N{head.pk}"
    # What is only offered is nothing that was entered.
    untouched = posted(cell, CONGRESS, planned_on="2025-02-09", stood=[(row.lines[0].who, "", False)])
    client.post(url(commune, CONGRESS, "save"), untouched)
    assert Contest.objects.get(cell=cell).outcome == "planned"

    sent = posted(cell, CONGRESS, held_on="2025-02-09", present="30", stood=[(row.lines[0].who, "29", True)])
    client.post(url(commune, CONGRESS, "save"), sent | {f"c{cell.pk}-office0": "secretary"})

    assert set(Tenure.objects.filter(ends_on=None).values_list("office", "person")) == {
        ("hamlet_head", head.pk),
        ("secretary", head.pk),
    }


def test_two_of_one_name_are_told_apart_by_their_number(client, clerk, commune, hamlets, planned):
    twins = [factories.person(keeper=commune, full_name="Cao Thị Hạnh") for _ in range(2)]
    client.force_login(clerk)

    page = client.post(url(commune, name="save"), held(hamlets[0]))
    assert f"N{twins[1].pk}" in row_of(page, hamlets[0]).lines[0].faults["who"]
    client.post(url(commune, name="save"), held(hamlets[0], who=f"Cao Thị Hạnh · N{twins[1].pk}"))

    assert Tenure.objects.get().person == twins[1]


def test_a_record_of_another_province_is_not_there(client, clerk, commune, hamlets, planned):
    stranger = factories.person()
    client.force_login(clerk)

    page = client.post(url(commune, name="save"), held(hamlets[0], who=f"X · N{stranger.pk}"))

    assert row_of(page, hamlets[0]).lines[0].faults["who"]


def test_a_reader_sees_results_and_no_fields(client, reader, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    client.force_login(reader)

    text = client.get(url(commune)).content.decode()

    assert "Cao Thị Hạnh" in text
    assert "held_on" not in text
    assert client.post(url(commune, name="save"), held(hamlets[1])).status_code == 403


def test_who_may_record(client, commune, neighbour, hamlets, planned, outsider):
    foreign = factories.user(role="commune_staff", keeps=[neighbour])
    for user in (foreign, outsider):
        client.force_login(user)
        assert client.post(url(commune, name="save"), held(hamlets[0])).status_code == 404
    assert not Tenure.objects.exists()


@pytest.mark.parametrize("kind", [ELECTION, CONGRESS])
@pytest.mark.parametrize("count", [2, 25])
def test_the_grid_needs_the_same_queries_for_any_number_of_rows(
    client, clerk, commune, kind, count, django_assert_max_num_queries
):
    for number in range(count):
        factories.cell(of=factories.hamlet(parent=commune, name=str(number)))
    carry_out(draw_up(commune, TERM, [Calendar(kind, ELECTION_DAY, ELECTION_DAY)]))
    client.force_login(clerk)

    with django_assert_max_num_queries(18):
        page = client.get(url(commune, kind))

    assert len(page.context["grid"].rows) == count


# --- Corrections ----------------------------------------------------------------------


def test_a_correction_says_first_what_becomes_of_the_seats(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    contest = planned[hamlets[0].pk]
    address = reverse("elections:correct", args=[contest.pk])
    sent = held(hamlets[0], who="Võ Minh Trí", mark="0.2") | {"note": "Ghi nhầm người"}
    assert client.get(address).status_code == 200

    asked = client.post(address, sent | {f"h{hamlets[0].pk}-answer0": ""})
    assert "Lập hồ sơ mới" in asked.context["row"].lines[0].faults["who"]
    question = client.post(address, sent)
    assert "Võ Minh Trí (lập hồ sơ mới)" in " ".join(question.context["consequences"])
    assert Tenure.objects.get().person.full_name == "Cao Thị Hạnh"
    assert not Person.objects.filter(full_name="Võ Minh Trí").exists()

    again = dict(question.context["hidden"])
    assert client.post(address, again | {"change": "1"}).context["row"].lines[0].who == "Võ Minh Trí"
    client.post(address, again | {"confirmed": "1"})

    contest.refresh_from_db()
    assert Tenure.objects.get().person.full_name == "Võ Minh Trí"
    assert contest.note == "Ghi nhầm người"
    page = client.get(reverse("elections:contest", args=[contest.pk])).content.decode()
    assert "Võ Minh Trí" in page
    assert str(clerk) in page


def test_a_paper_that_is_refused_keeps_who_was_typed(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    sent = held(hamlets[0], who="Võ Minh Trí", present="95", mark="0.2")

    page = client.post(
        reverse("elections:correct", args=[planned[hamlets[0].pk].pk]), sent | {"decision_number": "12"}
    )

    row = page.context["row"]
    assert page.context["paper"].errors
    assert (row.texts["present"], row.lines[0].who) == ("95", "Võ Minh Trí")


def test_the_paper_alone_can_be_added_later(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    contest = planned[hamlets[0].pk]
    page = client.get(reverse("elections:correct", args=[contest.pk]))
    row = page.context["row"]
    stood = [(line.who, line.votes, line.elected) for line in row.lines if line.who]
    sent = posted(hamlets[0], mark=row.mark, stood=stood, **row.texts)
    paper = {"decision_number": "12-QĐ/UBND", "decision_date": "2025-01-20", "decision_body": "UBND xã"}

    client.post(reverse("elections:correct", args=[contest.pk]), sent | paper | {"confirmed": "1"})

    contest.refresh_from_db()
    assert str(contest.decision).startswith("12-QĐ/UBND")
    assert Tenure.objects.get().decision == contest.decision


def test_a_correction_tells_what_stands_in_the_way(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    client.post(url(commune, name="save"), held(hamlets[0]))
    tenure = Tenure.objects.get()
    tenure.ends_on, tenure.way_out = date(2025, 6, 1), "died"
    tenure.save()

    page = client.post(
        reverse("elections:correct", args=[planned[hamlets[0].pk].pk]),
        held(hamlets[0], who="Võ Minh Trí", mark="0.2"),
    )

    assert "01/06/2025" in page.context["row"].faults["row"]


# --- Plans ----------------------------------------------------------------------------


def plan_of(area, **fields):
    fields = {
        "area": area.pk,
        "term": TERM,
        "spread": Spread.COMMON,
        "election_first": "2025-01-12",
        "congress_first": "2025-02-09",
        **fields,
    }
    return {name: value for name, value in fields.items() if value}


def test_a_plan_is_looked_at_and_then_written(client, clerk, commune, hamlets):
    client.force_login(clerk)
    address = reverse("elections:plan")
    assert client.get(address).context["form"].initial["area"] == commune

    question = client.post(address, plan_of(commune))
    assert question.context["count"] == 4
    assert not Contest.objects.exists()
    client.post(address, plan_of(commune) | {"confirmed": "1"})

    assert set(Contest.objects.values_list("kind", "planned_on")) == {
        (ELECTION, ELECTION_DAY),
        (CONGRESS, CONGRESS_DAY),
    }
    # A second plan leaves alone what is there, and says so in the hamlets' own word.
    again = client.post(address, plan_of(commune))
    assert again.context["count"] == 0
    assert "Bầu trưởng ấp" in again.content.decode()
    assert "đã có kế hoạch" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"term": "2025"}, "term"),
        ({"term": "2027-2025"}, "term"),
        ({"election_first": "", "congress_first": ""}, "__all__"),
        ({"election_last": "2025-01-01"}, "election_last"),
        ({"spread": Spread.BY_BODY}, "election_last"),
        ({"people_first": "on", "congress_first": "2025-01-12"}, "congress_first"),
    ],
)
def test_a_plan_that_cannot_be_is_told(client, clerk, commune, hamlets, change, field):
    client.force_login(clerk)

    page = client.post(reverse("elections:plan"), plan_of(commune, **change))

    assert field in page.context["form"].errors
    assert not Contest.objects.exists()


def test_years_in_the_wrong_order_are_no_term(client, clerk, commune):
    client.force_login(clerk)

    page = client.post(reverse("elections:plan"), plan_of(commune, term="2027-2025")).content.decode()

    assert "“2027-2025”: năm kết thúc không sau năm bắt đầu" in page
    assert client.get(f"/bau-cu/2027-2025/xa/{commune.pk}/bau-truong/").status_code == 404


def test_nobody_plans_elsewhere(client, clerk, neighbour, hamlets):
    client.force_login(clerk)

    page = client.post(reverse("elections:plan"), plan_of(neighbour) | {"confirmed": "1"})

    assert "area" in page.context["form"].errors


def test_days_are_spread_from_the_first_to_the_last(province, commune, neighbour, hamlets):
    factories.hamlet(parent=neighbour, name="9")
    by_body = draw_up(
        commune, TERM, [Calendar(ELECTION, date(2025, 1, 1), date(2025, 1, 31), Spread.BY_BODY)]
    )
    by_commune = draw_up(
        province, TERM, [Calendar(ELECTION, date(2025, 1, 1), date(2025, 1, 31), Spread.BY_COMMUNE)]
    )

    assert [one.planned_on for one in by_body.new] == [date(2025, 1, 1), date(2025, 1, 31)]
    assert {one.hamlet.commune.name: one.planned_on for one in by_commune.new} == {
        "Giao Long": date(2025, 1, 1),
        "Phú Túc": date(2025, 1, 31),
    }


def test_offices_and_closed_bodies_are_not_planned_for(commune, hamlets):
    factories.cell(commune=commune, name="Chi bộ trường học")
    factories.hamlet(parent=commune, ends_on=date(2024, 1, 1))
    days = [Calendar(kind, ELECTION_DAY, ELECTION_DAY) for kind in (ELECTION, CONGRESS)]

    assert len(draw_up(commune, TERM, days).new) == 4
    assert len(draw_up(commune, TERM, days, every_cell=True).new) == 5


def test_a_plan_is_taken_out_again(client, clerk, commune, hamlets, planned):
    client.force_login(clerk)
    contest = planned[hamlets[0].pk]
    address = reverse("elections:drop", args=[contest.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"seen": "9"})
    assert Contest.objects.filter(pk=contest.pk).exists()

    client.post(address, {"seen": "1"})

    assert not Contest.objects.filter(pk=contest.pk).exists()


def test_a_result_can_be_corrected_when_the_record_of_who_stood_is_kept_elsewhere(
    client, clerk, commune, hamlets, planned, neighbour
):
    person = factories.person(keeper=commune, full_name="Trần Văn Bê")
    contest = planned[hamlets[0].pk]
    contest.outcome, contest.held_on, contest.entitled = "held", ELECTION_DAY, 100
    contest.save()
    contest.candidacies.create(person=person, votes=10)
    person.keeper = neighbour
    person.save()
    client.force_login(clerk)
    page = reverse("elections:correct", args=[contest.pk])
    row = client.get(page).context["row"]
    stood = [(line.who, line.votes, line.elected) for line in row.lines if line.who]

    client.post(
        page,
        posted(hamlets[0], mark=row.mark, stood=stood, **row.texts | {"entitled": "101"})
        | {"confirmed": "1"},
    )

    contest.refresh_from_db()
    assert contest.entitled == 101
    assert contest.candidacies.get().person == person
