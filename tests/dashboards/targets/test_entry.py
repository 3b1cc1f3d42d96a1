"""Setting a target, deciding about it anew, planning its years: what is asked, refused and kept."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.changes import ChangeSet
from cells.models import Decision, Unit
from dashboards.targets.resource import TargetResource
from evaluations.models import Target, Title
from evaluations.resolving import change_path
from tests import factories
from tests.dashboards.targets.conftest import titled_cells

PAPER = {"number": "05-NQ/TU", "day": "2020-09-01", "body": "Tỉnh ủy Vĩnh Long", "signer": ""}
PATH = {f"nam_{year}": n for year, n in zip(range(2020, 2026), (3, 15, 30, 40, 50, 59), strict=True)}


def entered(**fields) -> dict:
    title = Title.objects.get(code="TSVMTD").pk
    what = {"term": "2020-2025", "figure": "title_of_goal", "title": title, "goal": 59, "base": 117}
    return {**what, "deadline": "", **PAPER, **fields}


def steps_on(response) -> list:
    return [field.value() for field in response.context["form"].step_fields]


def errors_of(response) -> dict:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


@pytest.fixture
def address(province, officer, client):
    client.force_login(officer)
    return reverse("targets:new", args=[province.pk])


@pytest.fixture
def target(province, officer, client):
    client.force_login(officer)
    made = factories.target(
        unit=province, resolution=factories.decision(unit=province, date=date(2020, 9, 1))
    )
    for year, planned in zip(range(2020, 2026), (3, 15, 30, 40, 50, 59), strict=True):
        made.steps.create(year=year, planned=planned)
    return made


def form_of(name: str, target: Target) -> str:
    return reverse(f"targets:{name}", args=[target.pk])


def seen(client, address: str) -> str:
    return client.get(address).context["form"]["seen"].value()


# --- a new target ---------------------------------------------------------------------------


def test_the_path_is_proposed_evenly_and_nothing_is_saved_yet(client, address):
    response = client.post(address, entered())

    assert not Target.objects.exists()
    assert not Decision.objects.exists()
    assert steps_on(response) == ["9", "19", "29", "39", "49", "59"]


def test_the_path_is_proposed_from_what_there_was_before_the_term(client, address, commune):
    titled_cells(commune, {date(2019, 5, 1): 5})

    assert steps_on(client.post(address, entered(goal=11))) == ["6", "7", "8", "9", "10", "11"]


def test_a_target_is_set_with_its_resolution_and_its_path(client, address, province):
    response = client.post(address, entered() | PATH)

    made = Target.objects.get()
    assert response["Location"] == made.get_absolute_url()
    assert (made.unit, made.goal, made.base, made.edition) == (province, 59, 117, 1)
    assert (made.starts_on, made.ends_on, made.due_on) == (
        date(2020, 1, 1),
        date(2025, 12, 31),
        date(2025, 12, 31),
    )
    assert (made.resolution.number, made.resolved_on) == ("05-NQ/TU", date(2020, 9, 1))
    assert made.path == {2020: 3, 2021: 15, 2022: 30, 2023: 40, 2024: 50, 2025: 59}
    assert "05-NQ/TU" in ChangeSet.objects.latest("pk").reason
    assert made.history.count() == 1
    assert all(step.history.count() == 1 for step in made.steps.all())


def test_a_target_of_a_figure_needs_no_title(client, address):
    client.post(address, entered(figure="merged_role") | PATH)

    made = Target.objects.get()
    assert (made.figure, made.title) == ("merged_role", None)


def test_equal_steps_are_proposed_again_for_another_goal(client, address):
    response = client.post(address, entered(goal=60) | PATH | {"chia": "1"})

    assert steps_on(response) == ["10", "20", "30", "40", "50", "60"]
    assert not Target.objects.exists()


def test_the_path_ends_with_the_year_of_the_deadline(client, address):
    response = client.post(address, entered(deadline="2024-06-30"))

    assert [field.label for field in response.context["form"].step_fields] == [
        *("2020", "2021", "2022", "2023", "2024"),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"term": "2020"}, "term", "Nhiệm kỳ"),
        ({"term": "2025-2020"}, "term", "Nhiệm kỳ"),
        ({"figure": "meeting_attendance"}, "figure", "meeting_attendance"),
        ({"title": ""}, "title", "danh hiệu"),
        ({"goal": 0}, "goal", "1"),
        ({"base": 58}, "base", "lớn hơn"),
        ({"deadline": "2031-01-01"}, "deadline", "nhiệm kỳ 2020-2025"),
        ({"number": ""}, "number", ""),
        ({"day": "2999-01-01"}, "day", "chưa đến"),
        ({"figure": "members", "base": 100}, "base", "Để trống"),
        ({"nam_2022": 10}, "nam_2022", "ít hơn năm trước"),
        ({"nam_2025": 58}, "nam_2025", "58"),
        ({"nam_2020": "-1"}, "nam_2020", "0"),
        ({"nam_2020": "ba"}, "nam_2020", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, address, changes, field, words):
    response = client.post(address, entered() | PATH | changes)

    assert not Target.objects.exists()
    (sentence, *_others) = errors_of(response)[field]
    assert words in sentence


def test_a_target_that_is_there_is_not_set_twice(client, address, target):
    response = client.post(address, entered() | PATH)

    assert errors_of(response) == {"__all__": ["Chỉ tiêu này đã có trong danh sách."]}
    assert Target.objects.count() == 1


def test_a_district_that_has_ended_gets_its_target_from_the_staff_of_today(client, officer, province):
    district = factories.district(parent=province)
    client.force_login(officer)

    client.post(reverse("targets:new", args=[district.pk]), entered() | PATH)

    assert Target.objects.get().unit == district


@pytest.mark.parametrize("name", ["renew", "path", "parts"])
@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("reader", 403), ("outsider", 404)])
def test_only_who_keeps_the_province_changes_its_targets(client, request, target, name, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.post(form_of(name, target), {}).status_code == status


def test_a_clerk_sets_no_target_for_the_own_commune(client, clerk, commune):
    client.force_login(clerk)

    assert client.post(reverse("targets:new", args=[commune.pk]), entered() | PATH).status_code == 403


# --- another decision -----------------------------------------------------------------------


def anew(client, target: Target, **fields) -> dict:
    paper = {**PAPER, "number": "09-NQ/TU", "day": "2023-03-01"}
    path = {f"nam_{year}": n for year, n in zip(range(2020, 2026), (3, 15, 30, 45, 60, 70), strict=True)}
    what = {"goal": 70, "base": 120, "deadline": "", "reason": "Điều chỉnh theo Đại hội"}
    return {**what, **paper, **path, "seen": seen(client, form_of("renew", target)), **fields}


def test_another_decision_makes_a_new_edition_and_leaves_the_old_one(client, target):
    response = client.post(form_of("renew", target), anew(client, target))

    old = Target.objects.get(pk=target.pk)
    new = Target.objects.latest_editions().get()
    assert response["Location"] == new.get_absolute_url()
    assert (old.goal, old.base, old.superseded_on) == (59, 117, date(2023, 3, 1))
    assert old.path[2025] == 59
    assert (new.goal, new.base, new.edition, new.edition_reason) == (70, 120, 2, "Điều chỉnh theo Đại hội")
    assert new.path == {2020: 3, 2021: 15, 2022: 30, 2023: 45, 2024: 60, 2025: 70}
    assert ChangeSet.objects.latest("pk").reason == "Điều chỉnh theo Đại hội"
    on = {day: Target.objects.in_force_on(day).get() for day in (date(2023, 2, 28), date(2023, 3, 1))}
    assert list(on.values()) == [old, new]


def test_the_reason_of_a_new_edition_keeps_its_lines(client, target):
    sent = anew(client, target, reason="Điều chỉnh:\r\n- theo Đại hội")

    response = client.post(form_of("renew", target), sent, follow=True)

    page = response.content.decode()

    assert "Điều chỉnh:<br>- theo Đại hội" in page


def test_the_page_shows_the_edition_of_the_day_and_all_there_were(client, target):
    client.post(form_of("renew", target), anew(client, target))
    new = Target.objects.latest_editions().get()

    for asked in (target, new):
        before = client.get(asked.get_absolute_url(), {"ngay": "2023-02-28"})
        after = client.get(asked.get_absolute_url(), {"ngay": "2023-03-01"})
        assert (before.context["target"], after.context["target"]) == (target, new)
        assert [one.pk for one in after.context["shown"].editions] == [new.pk, target.pk]
    assert "Điều chỉnh theo Đại hội" in after.content.decode()
    early = client.get(new.get_absolute_url(), {"ngay": "2020-08-01"})
    assert early.context["target"] == target
    assert not early.context["shown"].is_in_force


def test_the_years_before_the_decision_stay_as_planned_in_the_proposal(client, target):
    fields = {name: value for name, value in anew(client, target).items() if not name.startswith("nam_")}

    response = client.post(form_of("renew", target), fields)

    # 30 planned by 2022, then to 70 in three equal steps.
    assert steps_on(response) == ["3", "15", "30", "43", "56", "70"]
    assert Target.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"base": 69}, "base"),
        ({"day": "2020-08-31"}, "day"),
        ({"deadline": "2026-01-01"}, "deadline"),
        ({"goal": ""}, "goal"),
    ],
)
def test_a_new_edition_is_refused_at_its_field(client, target, changes, field):
    response = client.post(form_of("renew", target), anew(client, target, **changes))

    assert field in errors_of(response)
    assert Target.objects.get() == target


def test_who_saw_an_older_state_is_told_and_writes_nothing(client, target):
    fields = anew(client, target)
    target.steps.filter(year=2024).get().delete()

    response = client.post(form_of("renew", target), fields)

    assert "Chưa lưu" in str(errors_of(response)) or "chưa lưu" in str(errors_of(response))
    assert Target.objects.count() == 1


def test_an_edition_that_was_replaced_leads_to_the_one_in_force(client, target):
    client.post(form_of("renew", target), anew(client, target))
    new = Target.objects.latest_editions().get()

    for name in ("renew", "path", "parts"):
        response = client.get(form_of(name, target))
        assert response["Location"] == new.get_absolute_url()


def test_an_edition_is_closed_only_once(target):
    again = Target.objects.get(pk=target.pk)
    decision = factories.decision(date=date(2023, 3, 1))
    fields = {"goal": 60, "base": 117, "decision": decision, "reason": "Lý do"}
    target.resolve_anew(**fields)

    with pytest.raises(ValidationError, match="Người khác"):
        again.resolve_anew(**fields)

    assert Target.objects.count() == 2
    assert target.history.count() == 2


# --- the path ---------------------------------------------------------------------------------


def test_the_path_is_planned_anew_in_place(client, target):
    mark = seen(client, form_of("path", target))
    years = PATH | {"nam_2022": 28, "nam_2023": ""}

    client.post(form_of("path", target), years | {"seen": mark})

    target.refresh_from_db()
    assert Target.objects.get().path == {2020: 3, 2021: 15, 2022: 28, 2024: 50, 2025: 59}
    assert (target.goal, target.edition) == (59, 1)


def test_equal_steps_are_proposed_on_the_path_page(client, target):
    mark = seen(client, form_of("path", target))

    response = client.post(form_of("path", target), PATH | {"seen": mark, "chia": "1"})

    assert steps_on(response) == ["9", "19", "29", "39", "49", "59"]
    assert Target.objects.get().path[2020] == 3


def test_the_path_of_a_replaced_edition_stays(target):
    target.resolve_anew(goal=60, base=117, decision=factories.decision(date=date(2023, 3, 1)), reason="Lý do")

    with pytest.raises(ValidationError):
        change_path(target, {2025: 60})


def test_the_form_of_a_path_reads_a_target_without_one(client, officer, province):
    today = timezone.localdate()
    made = factories.target(unit=province, term=f"{today.year}-{today.year + 2}")
    client.force_login(officer)

    response = client.get(form_of("path", made))

    assert [field.value() for field in response.context["form"].step_fields] == [None] * 3


def test_the_administration_only_reads_what_was_resolved(client, target):
    target.resolve_anew(goal=60, base=117, decision=factories.decision(date=date(2023, 3, 1)), reason="Lý do")
    new = Target.objects.latest_editions().get()

    pages = {
        one: client.get(reverse("admin:evaluations_target_change", args=[one.pk])).content.decode()
        for one in (target, new)
    }

    assert 'name="_save"' not in pages[target] + pages[new]


def test_targets_of_more_units_go_out_than_sqlite_takes_keys_in_one_question(commune, officer):
    factories.many_cells(commune, 1001)
    hamlets = Unit.objects.hamlets().filter(commune=commune)
    Target.objects.bulk_create(
        Target(unit=hamlet, goal=1, base=1, term="2020-2025", figure="merged_role") for hamlet in hamlets
    )

    rows = list(TargetResource(officer).rows(Target.objects.order_by("pk")))

    assert len(rows) == 1001
