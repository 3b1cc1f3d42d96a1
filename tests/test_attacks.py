"""What somebody might try who means no good: each attempt once, and what the site says to it."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse

from accounts.changes import recording
from accounts.models import ChangeSet, Role, SecondFactor, User
from cells.actions import change_unit, close_unit
from cells.models import Cell, Decision, Grant, Unit
from evaluations.models import ReviewCycle, RuleSet, Title
from leaders.models import Office, Person, Tenure
from tests import factories


@pytest.fixture
def administrator():
    return factories.user(username="administrator", role=Role.ADMINISTRATOR, keeps=[None])


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def sign_in(client, username, password=factories.PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": username, "password": password}, **headers)


# --- Signing in ---------------------------------------------------------------------------


def test_codes_of_the_second_factor_cannot_be_tried_without_end(client, officer):
    TOTP.activate(officer, generate_totp_secret())
    sign_in(client, "officer")

    answers = [
        client.post(reverse("mfa_authenticate"), {"code": f"{code:06}"}).content.decode() for code in range(9)
    ]

    assert "quá số lần" not in answers[0]
    assert "quá số lần" in answers[-1]
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_are_counted_by_user_and_address_behind_the_proxy(client, settings, officer):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        # The first address is what the sender claims, the last what our proxy saw.
        sign_in(client, "officer", "sai-mat-khau", headers={"x-forwarded-for": "10.9.9.9, 203.0.113.7"})

    attacker = sign_in(client, "officer", headers={"x-forwarded-for": "10.1.1.1, 203.0.113.7"})
    officer_elsewhere = sign_in(client, "officer", headers={"x-forwarded-for": "198.51.100.2"})

    assert {attempt.ip_address for attempt in AccessAttempt.objects.all()} == {"203.0.113.7"}
    assert attacker.status_code == 429
    assert officer_elsewhere.status_code == 302


def test_nobody_reads_the_secrets_of_other_peoples_second_factor(client):
    chief = factories.user(role=Role.ADMINISTRATOR, is_superuser=True)
    client.force_login(chief, backend="accounts.backends.RoleBackend")

    secret = generate_totp_secret()
    factor = TOTP.activate(factories.user(), secret).instance

    for page in (address(SecondFactor, "changelist"), address(SecondFactor, "change", factor.pk)):
        answer = client.get(page).content.decode()
        assert str(factor.user) in answer
        assert secret not in answer
        assert factor.data["secret"] not in answer
    for page in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert client.get(page).status_code == 404


def test_the_screens_of_the_second_factor_are_no_way_round_it(client, settings, administrator):
    settings.SECOND_FACTOR = "required"
    client.force_login(administrator)

    answer = client.get(address(SecondFactor, "changelist"))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("mfa_activate_totp")


def test_a_lost_second_factor_is_taken_away_by_an_administrator_alone(client, administrator, officer):
    chief = factories.user(role=Role.ADMINISTRATOR, is_superuser=True)
    lost, of_chief = (TOTP.activate(who, generate_totp_secret()).instance for who in (officer, chief))

    def take_away(factor):
        return client.post(address(SecondFactor, "delete", factor.pk), {"post": "yes"}).status_code

    client.force_login(officer)
    assert take_away(lost) == 403
    client.force_login(administrator)
    # Who may do more than oneself is not opened this way.
    assert take_away(of_chief) == 403
    assert take_away(lost) == 302
    assert list(Authenticator.objects.all()) == [of_chief]


def test_a_password_is_changed_where_wrong_ones_are_counted(client, administrator):
    client.force_login(administrator)

    answer = client.post(reverse("admin:password_change"), {"old_password": "sai"})

    assert answer["Location"] == reverse("account_change_password")


# --- Looking where one may not ------------------------------------------------------------


def test_masked_data_is_not_found_out_by_filters_of_ones_own(client, officer, province, commune):
    elsewhere = factories.person(phone="0912345678", born_on=date(1985, 2, 3), born_on_precision="day")
    factories.tenure(person=elsewhere, cell=factories.cell(of=factories.hamlet(parent=commune)))
    client.force_login(officer)

    people = address(Person, "changelist")

    assert str(elsewhere) in client.get(people).content.decode()
    for question in ("phone__startswith=09", "born_on__year=1985", "note__contains=x", "id__in=" + "9" * 40):
        assert client.get(f"{people}?{question}").status_code == 400
    assert client.get(f"{people}?membership__exact=yes").status_code == 200
    assert "o=" not in client.get(people).content.decode().split("sinh")[1].split("</th>")[0]


def test_no_redirect_tells_what_exists_outside_the_scope(client, officer, outsider, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    kind = ContentType.objects.get_for_model(Cell)
    client.force_login(outsider)

    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[kind.pk, cell.pk])
    assert client.get(f"/admin/r/{kind.pk}/{cell.pk}/").status_code == 404

    client.force_login(officer)
    page = client.get(address(Cell, "change", cell.pk)).content.decode()
    assert f'href="{cell.get_absolute_url()}"' in page


@pytest.mark.parametrize("year", ["²²²²", "0000", "٢٠٢٥", "20255", "\0\0\0\0"])
def test_a_year_that_is_none_finds_nothing(client, officer, year):
    client.force_login(officer)

    for model in (Tenure, ReviewCycle):
        assert client.get(address(model, "changelist"), {"nam": year}).status_code == 200


@pytest.mark.parametrize("name", ["tinh", "xa"])
def test_a_place_that_is_no_number_is_not_found(client, name):
    client.force_login(factories.user(role=Role.LEADER, reads=[None]))

    assert client.get(reverse("dashboards:hamlet_list"), {name: "²"}).status_code == 404


# --- Changing what one may only read ------------------------------------------------------


@pytest.fixture
def foreign_seat(officer, commune):
    """A seat in a province that the officer only reads, held by a person whose record the officer keeps."""
    abroad = factories.province()
    Grant.objects.create(user=officer, unit=abroad, access=Grant.Access.READ)
    hamlet = factories.hamlet(parent=factories.commune(parent=abroad))
    return factories.tenure(person=factories.person(keeper=commune), cell=factories.cell(of=hamlet))


def seats_form(person, *, initial: int, **row):
    return {
        "full_name": person.full_name,
        "membership": "yes",
        "keeper": person.keeper_id,
        "tenures-TOTAL_FORMS": 1,
        "tenures-INITIAL_FORMS": initial,
        "tenures-0-person": person.pk,
        **{f"tenures-0-{name}": value for name, value in row.items()},
    }


def test_a_seat_that_is_only_read_does_not_end_on_the_form_of_its_holder(client, officer, foreign_seat):
    person = foreign_seat.person
    row = {
        "id": foreign_seat.pk,
        "office": foreign_seat.office,
        "cell": foreign_seat.cell_id,
        "starts_on": "01/01/2020",
        "ends_on": "31/12/2024",
    }
    client.force_login(officer)

    answer = client.post(address(Person, "change", person.pk), seats_form(person, initial=1, **row))

    assert answer.status_code == 200
    assert Tenure.objects.get().ends_on is None

    row["DELETE"] = "on"
    client.post(address(Person, "change", person.pk), seats_form(person, initial=1, **row))
    assert Tenure.objects.filter(pk=foreign_seat.pk).exists()


def test_a_seat_that_is_only_read_is_not_filled_on_the_form_of_a_person(
    client, officer, commune, foreign_seat
):
    person = factories.person(keeper=commune)
    row = {"office": Office.DEPUTY_SECRETARY, "cell": foreign_seat.cell_id, "starts_on": "01/01/2021"}
    client.force_login(officer)

    answer = client.post(address(Person, "change", person.pk), seats_form(person, initial=0, **row))

    assert answer.status_code == 200
    assert not Tenure.objects.filter(person=person).exists()


def test_rules_and_titles_of_the_whole_country_are_not_changed_by_one_province(client, officer):
    client.force_login(officer)

    for model in (RuleSet, Title):
        assert client.get(address(model, "add")).status_code == 403
        page = client.post(address(model, "change", model.objects.first().pk), {"name": "khác"})
        assert page.status_code == 403


def test_a_grant_on_a_closed_unit_does_not_open_what_has_moved_to_another_province(officer, province):
    district = factories.district(parent=province)
    moved = factories.commune(parent=district)
    change_unit(moved, on=date(2024, 1, 1), parent=factories.province())
    close_unit(district, last_day=date(2025, 6, 30))
    Grant.objects.create(user=officer, unit=district)

    assert moved in Unit.objects.visible_to(officer)
    assert moved not in Unit.objects.kept_by(officer)


def test_a_decision_that_is_refused_with_its_file_is_refused_in_words(client, officer, commune):
    known = factories.decision(unit=commune)
    client.force_login(officer)

    answer = client.post(
        address(Decision, "add"),
        {
            "number": known.number,
            "date": f"{known.date:%d/%m/%Y}",
            "issuing_body": known.issuing_body,
            "unit": commune.pk,
            "file": SimpleUploadedFile("quyet-dinh.pdf", b"%PDF-1.4"),
        },
    )

    assert answer.status_code == 200
    assert "Quyết định này đã có" in answer.content.decode()


# --- Rights of others, and taking back ----------------------------------------------------


def test_an_administrator_with_a_grant_in_the_province_is_not_among_its_accounts(client, officer, province):
    administrator = factories.user(role=Role.ADMINISTRATOR, keeps=[province])
    with recording(by=administrator, kind=ChangeSet.Kind.ADMIN, reason="đổi vai trò") as act:
        officer.role = Role.PROVINCIAL_STAFF
        officer.save()
    client.force_login(officer)

    assert client.get(address(User, "change", administrator.pk)).status_code == 404
    back = reverse("admin:accounts_changeset_take_back", args=[act.change_set.pk])
    assert client.post(back).status_code == 404


def test_somebody_who_was_an_administrator_does_not_take_the_role_back(client, province):
    demoted = factories.user(role=Role.ADMINISTRATOR, keeps=[province])
    with recording(by=demoted, kind=ChangeSet.Kind.ADMIN, reason="chuyển công tác") as act:
        demoted.role = Role.PROVINCIAL_STAFF
        demoted.save()
    client.force_login(demoted)

    client.post(reverse("admin:accounts_changeset_take_back", args=[act.change_set.pk]))

    demoted.refresh_from_db()
    assert demoted.role == Role.PROVINCIAL_STAFF


def test_nothing_is_taken_back_in_a_place_that_is_not_kept_any_more(client, officer, commune):
    person = factories.person(keeper=commune, full_name="Trần Thị Bình")
    with recording(by=officer, kind=ChangeSet.Kind.ADMIN, reason="đổi tên") as act:
        person.full_name = "Trần Thị Bính"
        person.save()
    person.keeper = factories.commune()
    Person.objects.filter(pk=person.pk).update(keeper=person.keeper)
    client.force_login(officer)

    client.post(reverse("admin:accounts_changeset_take_back", args=[act.change_set.pk]))

    person.refresh_from_db()
    assert person.full_name == "Trần Thị Bính"


def test_own_work_in_own_scope_is_taken_back(client, officer, commune):
    with recording(by=officer, kind=ChangeSet.Kind.ADMIN, reason="nhập nhầm") as act:
        person = factories.person(keeper=commune)
    client.force_login(officer)

    client.post(reverse("admin:accounts_changeset_take_back", args=[act.change_set.pk]))

    assert not Person.objects.filter(pk=person.pk).exists()
