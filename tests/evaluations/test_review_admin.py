"""The administration of rule sets, years and files: what may be changed there, and what is only read."""

import pytest
from django.urls import reverse

from accounts.models import Role
from evaluations.models import ReviewCycle, RuleSet, Submission
from tests import factories


def change(client, user, obj, name="change"):
    client.force_login(user)
    model = obj._meta.model_name
    return client.get(reverse(f"admin:evaluations_{model}_{name}", args=[obj.pk]))


@pytest.fixture
def administrator():
    return factories.user(username="root", role=Role.ADMINISTRATOR, keeps=[None])


@pytest.fixture
def cycle(officer, commune):
    factories.cell(of=factories.hamlet(parent=commune))
    return factories.open_review(by=officer)


def test_rules_are_editable_until_a_year_is_judged_by_them(client, administrator, officer, cycle):
    used, free = cycle.rule_set, RuleSet.objects.exclude(pk=cycle.rule_set_id).first()

    assert 'name="outstanding_share"' in change(client, administrator, free).content.decode()
    assert 'name="outstanding_share"' not in change(client, administrator, used).content.decode()
    # Provincial staff read them, with what they rest on.
    page = change(client, officer, free).content.decode()
    assert 'name="outstanding_share"' not in page
    assert free.source.split("\n", maxsplit=1)[0][:40] in page


def test_only_years_taken_in_from_papers_are_edited(client, officer, province, cycle):
    past = factories.cycle(province=province, year=2020)

    assert 'name="roster_day"' in change(client, officer, past).content.decode()
    assert 'name="roster_day"' not in change(client, officer, cycle).content.decode()
    assert change(client, officer, cycle, "delete").status_code == 403
    assert ReviewCycle.objects.count() == 2


def test_files_and_steps_are_only_read(client, officer, outsider, cycle):
    file = Submission.objects.get()
    step = file.steps.get()

    for obj in (file, step):
        page = change(client, officer, obj)
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert change(client, outsider, obj).status_code == 404


def test_the_history_of_a_file_is_the_communes_own_until_it_is_sent(client, officer, cycle):
    assert change(client, officer, Submission.objects.get(), "history").status_code == 403
