"""Every admin screen asks the same questions: works, who may, whose rows, how many queries."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.admin_base import ReadOnlyAdmin
from accounts.changes import recording
from accounts.models import ExportLog, Role
from cells.models import (
    Confirmation,
    HouseholdCount,
    Meeting,
    MemberCount,
    Reorganisation,
    Succession,
    UnitPeriod,
)
from evaluations.models import CaseCheck, MemberLevels, Step, Submission, TargetStep
from leaders.models import Assignment, Commendation, Contest, Course, Office, Participation
from tests import factories
from tests.soaking import soaked
from tests.worlds import kept

# A view of the package's own rows, which stand nowhere, is asked about in test_attacks.py.
OURS = [
    m
    for m in admin.site._registry
    if m._meta.app_label in {"accounts", "cells", "leaders", "evaluations"} and not m._meta.proxy
]
OPEN_TO_ALL = {"ruleset", "title"}  # no secret, and no place
INLINE = [inline.model for m in OURS for inline in admin.site._registry[m].inlines]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def asked_by(user):
    return SimpleNamespace(user=user)


def fill(commune, by, *, times: int = 1, first: int = 1) -> dict:
    """Make one of everything in the commune (or several) and return the last of each."""
    made = {}
    cycles = {}
    for number in range(first, first + times):
        hamlet = factories.hamlet(parent=commune, name=f"Phước Hậu {number}")
        other = factories.hamlet(parent=commune, ends_on=date(2024, 12, 31), name=f"Cũ {number}")
        cell = factories.cell(of=hamlet)
        cycles[number] = cycle = cycles.get(1) or factories.cycle(province=commune.province, year=2020)
        cycles.setdefault(1, cycle)
        decision = factories.decision(unit=commune)
        tenure = factories.tenure(cell=cell)
        head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tenure.person)
        user = factories.user(role=Role.COMMUNE_STAFF, keeps=[commune])
        with recording(by=user, kind="page", reason="thử"):
            count = MemberCount.objects.create(cell=cell, day=date(2025, 1, 1), total=5)
        target = factories.target(unit=commune, term=f"{2000 + number}-{2005 + number}")
        TargetStep.objects.create(target=target, year=2021, planned=3)
        made = {
            "unit": hamlet,
            "succession": Succession.objects.create(predecessor=other, successor=hamlet, on=date(2025, 1, 1)),
            "reorganisation": Reorganisation.objects.create(
                title="Sáp nhập", effective_on=date(2025, 1, 1), unit=commune, decision=decision
            ),
            "decision": decision,
            "cell": cell,
            "membercount": count,
            "householdcount": HouseholdCount.objects.create(
                hamlet=hamlet, day=date(2025, 1, 1), households=9
            ),
            "meeting": Meeting.objects.create(
                cell=cell, month=date(2025, 1, 1), day=date(2025, 1, 5), expected=5, present=4
            ),
            "course": (
                course := Course.objects.create(
                    unit=commune, name=f"Lớp {number}", starts_on=date(2025, 1, 1)
                )
            ),
            "participation": Participation.objects.create(course=course, person=tenure.person),
            "commendation": Commendation.objects.create(
                person=tenure.person, year=2025, form="paper", merit="Xuất sắc", decision=decision
            ),
            "confirmation": Confirmation.objects.create(
                commune=commune,
                month=date(1950 + number, 1, 1),
                confirmed_at=timezone.now(),
                confirmed_by=user,
            ),
            "person": tenure.person,
            "tenure": head,
            "contest": Contest.objects.create(kind="congress", cell=cell, term="2020-2025"),
            "assignment": (
                followed := Assignment.objects.create(
                    kind="hamlet_officer", person=tenure.person, unit=hamlet
                )
            ),
            "visit": factories.visit(under=followed),
            "reviewcycle": cycle,
            "submission": (file := _sent_file(commune, cycle, decision)),
            "step": Step.objects.create(submission=file, kind=Step.Kind.SENT, number=number),
            "cellrating": factories.rating(of=cell, cycle=cycle, decision=decision),
            "leaderrating": factories.leader_rating(
                of=tenure.person, cycle=cycle, cell=cell, decision=decision
            ),
            "memberlevels": MemberLevels.objects.create(cell=cell, cycle=cycle, good=3),
            "titlecase": (case := factories.title_case(of=cell, recognised_on=date(2021, 5, 1))),
            "criteriaset": factories.criteria_set(
                province=commune.province, starts_on=date(1950 + number, 1, 1)
            ),
            "casecheck": CaseCheck.objects.create(
                case=case, year=2022, outcome=CaseCheck.Outcome.KEPT, checked_on=date(2022, 12, 1)
            ),
            "target": target,
            "user": user,
            "grant": user.grants.get(),
            "changeset": count.history.get().change_set,
            "exportlog": ExportLog.note(by=user, what="Danh sách", rows=1),
        }
    return made


def _sent_file(commune, cycle, decision) -> Submission:
    sent = {"state": Submission.State.SENT, "sent_at": timezone.now(), "decision": decision}
    return Submission.objects.get_or_create(commune=commune, cycle=cycle, defaults=sent)[0]


@kept
def here(commune, clerk):
    return fill(commune, clerk)


@kept
def administrator():
    return factories.user(username="root", role=Role.ADMINISTRATOR, keeps=[None])


def test_every_model_people_keep_has_a_screen(here):
    assert {m._meta.model_name for m in OURS} - OPEN_TO_ALL == here.keys()


def test_the_administrator_opens_every_list_form_record_and_history(client, administrator, here):
    client.force_login(administrator)
    answers = {}
    for model in OURS:
        name = model._meta.model_name
        obj = here.get(name) or model.objects.first()
        answers[name] = [client.get(address(model, page)).status_code for page in ("changelist", "add")]
        for page in ("change", "history", "delete"):
            answers[name].append(client.get(address(model, page, obj.pk)).status_code)

    for model in OURS:
        screen = admin.site._registry[model]
        listed, added, opened, history, _deleted = answers[model._meta.model_name]
        assert (listed, opened) == (200, 200), model
        assert added == (403 if isinstance(screen, ReadOnlyAdmin) else 200), model
        assert history == (200 if hasattr(model, "history") else 404), model


def test_a_foreign_officer_finds_nothing(client, officer, outsider, here):
    """Lists, records and histories of another province are not there; those of one's own are."""
    found = {}
    for user in (officer, outsider):
        client.force_login(user)
        for name, obj in here.items():
            listed = client.get(address(type(obj), "changelist"))
            rows = (
                {row.pk for row in listed.context["cl"].result_list} if listed.status_code == 200 else set()
            )
            opened = client.get(address(type(obj), "change", obj.pk)).status_code
            past = client.get(address(type(obj), "history", obj.pk)).status_code
            gone = client.get(address(type(obj), "delete", obj.pk)).status_code
            found[user.username, name] = (obj.pk in rows, opened, past, gone)

    for name in here:
        listed, opened, past, gone = found["outsider", name]
        assert (listed, opened) == (False, 404), name
        assert past == 404, name
        assert gone in {403, 404}, name
        assert found["officer", name][:2] == (True, 200), name


def test_no_picker_offers_a_foreign_officer_anything(client, officer, outsider, here):
    seen = {"officer": set(), "outsider": set()}
    for user in (officer, outsider):
        client.force_login(user)
        for model in [*OURS, *INLINE]:
            for field in model._meta.concrete_fields:
                name = field.is_relation and field.remote_field.model._meta.model_name
                if name not in here or not field.editable:
                    continue
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                answer = client.get(reverse("admin:autocomplete"), asked)
                if answer.status_code != 200:
                    continue
                offered = {row["id"] for row in json.loads(answer.content)["results"]}
                if str(here[name].pk) in offered:
                    seen[user.username].add(name)

    assert seen["outsider"] == set()
    # The same pickers do offer them to whoever sees them.
    assert {"unit", "decision", "cell", "person", "reviewcycle", "user"} <= seen["officer"]


@pytest.mark.parametrize("times", [20, *soaked(60)])
def test_a_list_asks_at_most_eight_queries_however_many_rows(
    client, officer, commune, clerk, times, django_assert_max_num_queries
):
    fill(commune, clerk, times=times)
    client.force_login(officer)
    client.get(reverse("admin:index"))

    for model in OURS:
        if not admin.site._registry[model].has_view_permission(asked_by(officer)):
            continue
        with django_assert_max_num_queries(8, info=str(model)):
            client.get(address(model, "changelist"))


def test_search_and_every_filter_work(client, administrator, here):
    client.force_login(administrator)
    values = {
        "xa": "phu tuc",
        "tinh": "vinh long",
        "nam": "2020",
        "con": "co",
        "nhiem_ky": "2020-2025",
        "co_quan": "đảng uỷ",
    }
    for model in OURS:
        screen = admin.site._registry[model]
        for chosen in screen.list_filter:
            name = getattr(chosen, "parameter_name", None)
            if name:
                asked = client.get(address(model, "changelist"), {name: values[name]})
                assert asked.status_code == 200, (model, name)
        assert client.get(address(model, "changelist"), {"q": "phuoc hau"}).status_code == 200, model


def test_search_ignores_diacritics(client, officer, here):
    client.force_login(officer)
    person = factories.person(keeper=here["unit"].commune, full_name="Đỗ Minh Đức")

    for model, words, obj in (
        (type(here["unit"]), "phuoc hau", here["unit"]),
        (type(person), "duc", person),
        (type(person), "ĐỨC đỗ", person),
    ):
        found = client.get(address(model, "changelist"), {"q": words}).context["cl"].result_list
        assert obj.pk in {row.pk for row in found}, words
    nothing = client.get(address(type(person), "changelist"), {"q": "%%"}).context["cl"].result_list
    assert list(nothing) == []


def test_places_come_in_natural_order(client, officer, commune):
    for name in ("10", "2", "1"):
        factories.hamlet(parent=commune, name=name)
    client.force_login(officer)

    rows = (
        client.get(
            address(UnitPeriod._meta.get_field("unit").related_model, "changelist"),
            {"xa": "28810", "level__exact": "hamlet"},
        )
        .context["cl"]
        .result_list
    )

    assert [row.name for row in rows] == ["1", "2", "10"]


def test_a_picker_finds_without_diacritics_and_tells_places_apart(client, officer, here):
    client.force_login(officer)
    asked = {"app_label": "cells", "model_name": "cellarea", "field_name": "hamlet", "term": "phuoc hau"}

    answer = json.loads(client.get(reverse("admin:autocomplete"), asked).content)

    assert [row["text"] for row in answer["results"]] == ["Ấp Phước Hậu 1, Xã Phú Túc"]


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_the_administration_is_for_those_who_keep_the_data(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_a_year_is_written_as_a_year(client, officer, province, commune):
    factories.cycle(province=province, year=2025)
    client.force_login(officer)

    text = client.get(reverse("admin:evaluations_reviewcycle_changelist")).content.decode()

    assert ">2025</a>" in text
    assert "2.025" not in text


def test_pickers_offer_the_standing_unit_before_a_closed_one_of_the_same_name(client, officer, province):
    closed = factories.commune(parent=province, name="Phú Túc", code="28811", ends_on=date(2025, 6, 30))
    standing = factories.commune(parent=province, name="Phú Túc", code="28810")
    client.force_login(officer)

    asked = {"app_label": "cells", "model_name": "unitperiod", "field_name": "parent", "term": "phu tuc"}
    answer = json.loads(client.get(reverse("admin:autocomplete"), asked).content)

    assert [row["id"] for row in answer["results"]] == [str(standing.pk), str(closed.pk)]
