"""A target broken down to the communes: by hand or in proportion, the sum checked, changes as new editions."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cells.models import LineKind, Unit
from dashboards.targets.checks import problems
from dashboards.targets.words import Standing
from evaluations.models import Target
from evaluations.resolving import Share, break_down
from tests import factories
from tests.dashboards.targets.conftest import DAY
from tests.desk.reorganisation.acting import carry_out, event_of, line

ON = f"?ngay={DAY:%Y-%m-%d}"
PAPER = {"number": "12-KH/TU", "day": "2021-02-01", "body": "Tỉnh ủy Vĩnh Long", "signer": ""}
LATER = {**PAPER, "number": "15-KH/TU", "day": "2022-02-01"}


@pytest.fixture
def address(client, officer, whole):
    client.force_login(officer)
    return reverse("targets:parts", args=[whole.pk]) + ON


def form_at(client, address):
    return client.get(address).context["form"]


def filled(form, goals: dict, **fields) -> dict:
    bases = {f"tong_{row.key}": row.weight for row in form.rows}
    return {
        **PAPER,
        **bases,
        **{f"so_{unit.pk}": goal for unit, goal in goals.items()},
        "seen": form["seen"].value(),
        **fields,
    }


def given_parts(client, address, goals: dict, **fields):
    return client.post(address, filled(form_at(client, address), goals, **fields))


def in_force() -> dict:
    return {str(part.unit): (part.goal, part.base) for part in parts().latest_editions()}


def parts():
    return Target.objects.filter(part_of__isnull=False)


def test_the_grid_proposes_the_goal_in_proportion_to_the_base(client, address, commune, neighbour):
    form = form_at(client, address)

    # 5 of the 8 cells that are counted: 5 and 3.
    lines = {row.key: (row.found.done, base.value(), goal.value()) for row, base, goal in form.lines}
    assert lines == {commune.pk: (2, 5, 3), neighbour.pk: (1, 3, 2)}
    assert form.sum.words == "Phương án chia theo tỷ lệ, chưa lưu: 5/5."
    assert (form.sum_of_bases.parts, form.sum_of_bases.whole) == (8, 9)
    assert "reason" not in form.fields


def test_parts_are_targets_of_their_own_with_their_share_of_the_path(
    client, address, whole, commune, neighbour
):
    response = given_parts(client, address, {commune: 3, neighbour: 2})

    assert response["Location"] == whole.get_absolute_url() + ON
    assert in_force() == {"Xã Phú Túc": (3, 5), "Xã Giao Long": (2, 3)}
    part = parts().get(unit=commune)
    assert (part.part_of, part.term, part.figure, part.title) == (
        whole,
        whole.term,
        whole.figure,
        whole.title,
    )
    assert (part.resolution.number, part.resolved_on) == ("12-KH/TU", date(2021, 2, 1))
    assert part.path == {2020: 0, 2021: 1, 2022: 2, 2023: 2, 2024: 3, 2025: 3}
    assert part.history.count() == part.steps.first().history.count() == 1
    assert not list(problems())


def test_the_grid_says_of_its_sum_whether_it_is_saved(client, address, commune, neighbour):
    given_parts(client, address, {commune: 3, neighbour: 2})

    saved = client.get(address)
    form = saved.context["form"]
    divided = client.post(address, filled(form, {}, chia="1")).context["form"]

    assert form.sum.words == "Các phần cộng lại khớp chỉ tiêu: 5/5."
    assert "theo lần lưu gần nhất" in saved.content.decode()
    assert divided.sum.words == "Phương án chia theo tỷ lệ, chưa lưu: 5/5."


def test_the_grid_adds_up_its_columns(client, address, commune, neighbour):
    given_parts(client, address, {commune: 4, neighbour: ""}, as_it_is="on")

    form = form_at(client, address)

    assert form.totals == {"counted": 8, "done": 3, "base": 8, "goal": 4, "given": 4}


def test_units_with_nothing_to_share_out_are_folded_until_something_is_typed(
    client, address, province, commune, neighbour
):
    empty = factories.commune(parent=province)
    assert form_at(client, address).bare == {empty.pk}

    told = given_parts(client, address, {commune: 3, neighbour: 2, empty: "ba"})

    assert told.context["form"].bare == set()
    assert '<tr class="is-bare">' not in told.content.decode()


def test_dividing_shares_out_by_the_bases_on_the_page_and_saves_nothing(client, address, commune, neighbour):
    form = form_at(client, address)
    posted = filled(form, {commune: 0, neighbour: 0}, chia="1", number="")
    posted |= {f"tong_{commune.pk}": 1, f"tong_{neighbour.pk}": 4}

    shown = client.post(address, posted).context["form"]

    assert {row.key: goal.value() for row, _base, goal in shown.lines} == {commune.pk: 1, neighbour.pk: 4}
    assert not shown.errors
    assert shown["seen"].value() == posted["seen"]
    assert not parts().exists()


def test_a_sum_beside_the_goal_is_told_and_saved_only_when_that_is_ticked(
    client, address, commune, neighbour
):
    told = given_parts(client, address, {commune: 2, neighbour: 1})

    assert not parts().exists()
    assert "còn 2 chưa giao cho đơn vị nào" in str(told.context["form"].errors)
    given_parts(client, address, {commune: 2, neighbour: 1}, as_it_is="on")
    assert in_force() == {"Xã Phú Túc": (2, 5), "Xã Giao Long": (1, 3)}


def test_a_unit_with_an_empty_goal_gets_no_part(client, address, commune, neighbour):
    given_parts(client, address, {commune: 5, neighbour: ""})

    assert in_force() == {"Xã Phú Túc": (5, 5)}


@pytest.mark.parametrize(
    ("goals", "fields", "words"),
    [((6, ""), {"as_it_is": "on"}, "lớn hơn"), ((3, 2), {"number": ""}, ""), (("ba", 2), {}, "")],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    client, address, commune, neighbour, goals, fields, words
):
    response = given_parts(client, address, dict(zip((commune, neighbour), goals, strict=True)), **fields)

    assert words in str(response.context["form"].errors)
    assert response.context["form"].errors
    assert not parts().exists()


def test_parts_that_change_become_new_editions_and_the_others_stay(client, address, commune, neighbour):
    given_parts(client, address, {commune: 3, neighbour: 2})
    first = parts().get(unit=neighbour)

    refused = given_parts(client, address, {commune: 4, neighbour: 1}, **LATER)
    given_parts(client, address, {commune: 4, neighbour: 1}, **LATER, reason="Điều chỉnh")

    assert "lý do" in str(refused.context["form"].errors["reason"])
    assert in_force() == {"Xã Phú Túc": (4, 5), "Xã Giao Long": (1, 3)}
    editions = list(Target.objects.editions_of(first))
    assert [(one.goal, one.edition, one.superseded_on) for one in editions] == [
        (1, 2, None),
        (2, 1, date(2022, 2, 1)),
    ]
    assert editions[0].edition_reason == "Điều chỉnh"
    assert editions[0].resolution.number == "15-KH/TU"
    given_parts(client, address, {commune: 4, neighbour: 1}, **LATER)
    assert parts().count() == 4


def test_a_part_that_is_taken_back_and_given_again_goes_on_counting(client, address, commune, neighbour):
    given_parts(client, address, {commune: 3, neighbour: 2})
    given_parts(client, address, {commune: 5, neighbour: ""}, **LATER, reason="Thu lại")
    assert in_force() == {"Xã Phú Túc": (5, 5)}

    again = {**LATER, "number": "20-KH/TU", "day": "2022-06-01", "reason": "Giao lại"}
    given_parts(client, address, {commune: 3, neighbour: 2}, **again)

    assert in_force() == {"Xã Phú Túc": (3, 5), "Xã Giao Long": (2, 3)}
    editions = Target.objects.editions_of(parts().filter(unit=neighbour).first())
    assert [one.edition for one in editions] == [2, 1]


def test_who_read_older_parts_is_told_and_writes_nothing(client, address, commune, neighbour):
    stale = filled(form_at(client, address), {commune: 1, neighbour: 3}, as_it_is="on")
    given_parts(client, address, {commune: 3, neighbour: 2})

    response = client.post(address, stale)

    assert response.context["form"].non_field_errors()
    assert in_force() == {"Xã Phú Túc": (3, 5), "Xã Giao Long": (2, 3)}


def test_parts_replaced_meanwhile_are_refused_as_a_whole(whole, commune, neighbour):
    decision = factories.decision(date=date(2021, 2, 1))
    shares = [Share(commune, 3, 5, {}), Share(neighbour, 2, 3, {})]
    break_down(whole, shares, decision=decision, reason="")
    before = in_force()
    earlier = factories.decision(date=date(2020, 12, 1))

    with pytest.raises(ValidationError, match="Xã Phú Túc"):
        break_down(whole, [Share(commune, 4, 5, {})], decision=earlier, reason="Lý do")

    assert in_force() == before


def test_the_page_shows_the_parts_with_the_most_to_do_first(client, address, whole, commune, neighbour):
    given_parts(client, address, {commune: 2, neighbour: 3})

    response = client.get(whole.get_absolute_url() + ON)

    rows = [(row.target.unit, row.done, row.still_needed) for row in response.context["parts"].rows]
    assert rows == [(neighbour, 1, 2), (commune, 2, 0)]
    assert response.context["parts"].goals.difference == 0


def test_a_part_of_a_commune_not_founded_yet_is_neither_late_nor_nothing(
    client, address, whole, province, commune, neighbour
):
    since = date(2023, 1, 1)
    later = factories.commune(parent=province, name="Phú Long", starts_on=since)
    factories.cell(of=factories.hamlet(parent=later, starts_on=since))
    grid = reverse("targets:parts", args=[whole.pk]) + "?ngay=2023-06-01"
    given_parts(client, grid, {commune: 3, neighbour: 1, later: 1})

    page = client.get(whole.get_absolute_url() + ON)
    list_of_parts = page.context["parts"]

    row = next(row for row in list_of_parts.rows if row.target.unit == later)
    assert (row.standing, row.found.is_known) == (Standing.NOT_FOUNDED, False)
    assert (list_of_parts.done, list_of_parts.still_needed, list_of_parts.not_founded) == (3, 1, 1)
    words = " ".join(page.content.decode().split())
    assert "chưa thành lập vào ngày này</span>" in words
    assert "Có 1 đơn vị chưa thành lập vào ngày này" in words
    then = client.get(whole.get_absolute_url() + "?ngay=2023-06-01").context["parts"]
    assert (then.not_founded, then.still_needed) == (0, 2)


def test_a_new_edition_of_the_whole_says_that_its_parts_no_longer_add_up(
    client, address, whole, commune, neighbour
):
    given_parts(client, address, {commune: 3, neighbour: 2})
    decision = factories.decision(unit=whole.unit, date=date(2022, 3, 1))
    new = whole.resolve_anew(goal=7, base=9, decision=decision, reason="Điều chỉnh")

    page = client.get(new.get_absolute_url() + ON)
    before = client.get(new.get_absolute_url(), {"ngay": "2022-02-28"})

    text = page.content.decode()
    assert "còn 2 chưa giao cho đơn vị nào" in text
    assert "đã được điều chỉnh sau khi phân bổ" in text
    assert before.context["parts"].goals.difference == 0
    given_parts(
        client,
        reverse("targets:parts", args=[new.pk]) + ON,
        {commune: 4, neighbour: 3},
        **{**LATER, "day": "2022-03-02", "reason": "Theo chỉ tiêu mới"},
    )
    assert client.get(new.get_absolute_url() + ON).context["parts"].goals.difference == 0


def test_a_part_stands_beside_the_target_of_the_communes_own_congress(
    client, address, whole, commune, neighbour
):
    own = factories.target(unit=commune, goal=4, base=5)

    given_parts(client, address, {commune: 3, neighbour: 2})

    page = client.get(reverse("targets:unit", args=[commune.pk]) + ON)
    assert {one.target.goal for one in page.context["list"].own} == {4, 3}
    assert list(Target.objects.editions_of(own)) == [own]


def test_an_amount_is_shared_out_by_what_there_is_and_its_parts_have_no_base(
    client, officer, province, commune, neighbour
):
    for place, total in ((commune, 30), (neighbour, 10)):
        factories.cell(of=factories.hamlet(parent=place)).member_counts.create(
            day=date(2021, 1, 1), total=total
        )
    whole = factories.target(unit=province, figure="members", title=None, goal=48, base=None)
    address = reverse("targets:parts", args=[whole.pk]) + ON
    client.force_login(officer)

    form = form_at(client, address)
    client.post(address, filled(form, {commune: 36, neighbour: 12}))

    assert {row.key: goal.value() for row, _base, goal in form.lines} == {commune.pk: 36, neighbour.pk: 12}
    assert in_force() == {"Xã Phú Túc": (36, None), "Xã Giao Long": (12, None)}


def test_below_a_commune_nothing_is_broken_down(client, officer, commune):
    target = factories.target(unit=commune, goal=1, base=2)
    client.force_login(officer)

    response = client.get(reverse("targets:parts", args=[target.pk]) + ON)

    assert "không có đơn vị trực thuộc" in response.content.decode()


@pytest.mark.parametrize("communes", [2, 12])
def test_the_grid_needs_the_same_queries_for_any_number_of_communes(
    client, address, province, communes, queries_of
):
    for _ in range(communes - 2):
        factories.hamlet(parent=factories.commune(parent=province))

    # signing in: session, user, grants; savepoint; the target, its history and that of its parts twice each;
    # frame: label of the unit, words; place, cells, titles, units below, parts
    assert queries_of(address) == 16


def test_a_check_of_the_whole_finds_parts_of_something_else(whole, commune):
    factories.target(unit=commune, goal=1, base=2, part_of=whole, term="2015-2020")
    wrong = factories.target(unit=commune, goal=1, base=2, part_of=whole)
    Target.objects.filter(pk=wrong.pk).update(figure="of_old")

    found = list(problems())

    assert len(found) == 3
    assert "không có trong phần mềm" in found[0]


def test_the_part_of_a_commune_that_was_merged_is_taken_back_in_the_grid(
    client, address, whole, province, commune, neighbour
):
    given_parts(client, address, {commune: 3, neighbour: 2})
    event = event_of(province, effective_on=date(2024, 5, 1))
    line(
        event,
        LineKind.FOUND,
        units=[commune, neighbour],
        name="Phú Long",
        unit_kind="xa",
        code="28999",
        on=date(2024, 5, 1),
    )
    carry_out(event)
    new = Unit.objects.get(code="28999")

    later = reverse("targets:parts", args=[whole.pk]) + "?ngay=2024-12-31"
    rows = form_at(client, later).lines
    assert [(row.period.unit, row.has_ended, goal.value()) for row, _base, goal in rows][1:] == [
        (neighbour, True, None),
        (commune, True, None),
    ]
    given_parts(
        client, later, {new: 5}, reason="Sáp nhập xã", **PAPER | {"number": "9-KH/TU", "day": "2024-06-01"}
    )

    assert in_force() == {"Xã Phú Long": (5, 8)}
