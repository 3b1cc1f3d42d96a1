"""What is saved on admin screens: checked, kept in the scope, recorded, and refused in words."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.changes import ChangeSet, recording
from accounts.models import Role, User
from cells.copies import differences
from cells.models import Cell, Decision, Grant, Unit
from evaluations.models import CellRating, Level, RuleSet
from leaders.models import Person, Tenure
from tests import factories


def formset(prefix: str, *rows: dict, initial: int = 0) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def errors(response) -> str:
    assert response.status_code == 200, response.status_code
    form = response.context["adminform"].form
    inline = [
        e
        for f in response.context["inline_admin_formsets"]
        for e in (f.formset.errors, f.formset.non_form_errors())
    ]
    return f"{form.errors} {inline}"


@pytest.fixture
def _signed_in(client, officer):
    client.force_login(officer)


pytestmark = pytest.mark.usefixtures("_signed_in")


def post_hamlet(client, commune, **changes):
    period = {"kind": "ap", "name": "Phước Hậu", "parent": commune.pk, "starts_on": "01/01/2020", **changes}
    return client.post(reverse("admin:cells_unit_add"), {"level": "hamlet", **formset("periods", period)})


def test_the_answer_and_the_log_name_what_was_added(client, commune):
    answer = client.get(post_hamlet(client, commune).url).content.decode()

    assert "Đã thêm đơn vị" in answer
    assert "Ấp Phước Hậu" in re.search("Đã thêm đơn vị.*", answer).group()
    assert LogEntry.objects.get().object_repr == "Ấp Phước Hậu"


def test_a_hamlet_gets_its_code_its_names_and_its_place(client, commune):
    assert post_hamlet(client, commune).status_code == 302

    hamlet = Unit.objects.hamlets().get()
    assert (str(hamlet), hamlet.code, hamlet.commune) == ("Ấp Phước Hậu", "T0000001", commune)
    assert differences() == []
    change_set = hamlet.history.get().change_set
    assert (change_set.kind, change_set.by.username) == ("admin", "officer")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_on": "01/01/2019"}, "Ngày kết thúc trước ngày bắt đầu"),
        ({"kind": "xa"}, "Loại"),
        ({"parent": ""}, "Chưa chọn đơn vị cấp trên"),
        ({"parent": "0"}, "parent"),
    ],
)
def test_a_hamlet_that_cannot_be_is_refused_on_the_form(client, commune, change, words):
    response = post_hamlet(client, commune, **change)

    assert words in errors(response)
    assert not Unit.objects.hamlets().exists()


def test_a_hamlet_under_a_foreign_commune_is_refused(client, outsider):
    foreign = factories.commune()

    assert "parent" in errors(post_hamlet(client, foreign))
    assert not Unit.objects.hamlets().exists()


def test_a_row_may_not_leave_the_scope_by_its_own_change(client, commune, officer):
    """The units are offered by what is seen; what is kept is asked again after saving."""
    elsewhere = factories.province()
    Grant.objects.create(user=officer, unit=elsewhere, access=Grant.Access.READ)
    hamlet = factories.hamlet(parent=commune)
    period = hamlet.periods.get()
    row = {
        "id": period.pk,
        "unit": hamlet.pk,
        "kind": "ap",
        "name": "1",
        "code": hamlet.code,
        "parent": factories.commune(parent=elsewhere).pk,
    }

    response = client.post(
        reverse("admin:cells_unit_change", args=[hamlet.pk]), formset("periods", row, initial=1)
    )

    assert "không còn thuộc phạm vi quản lý" in errors(response)
    period.refresh_from_db()
    assert period.parent == commune


def cell_form(commune, *areas, **changes):
    return {
        "kind": "hamlet",
        **formset("periods", {"name": "Chi bộ 1", "commune": commune.pk}),
        **formset("areas", *areas),
        **changes,
    }


def test_a_hamlet_cell_without_a_hamlet_is_refused(client, commune):
    hamlet = factories.hamlet(parent=commune)
    add = reverse("admin:cells_cell_add")

    assert "ít nhất một thôn" in errors(client.post(add, cell_form(commune)))
    part = {"hamlet": hamlet.pk, "starts_on": "01/01/2020"}
    assert "ít nhất một thôn" in errors(client.post(add, cell_form(commune, part)))
    assert not Cell.objects.exists()

    assert client.post(add, cell_form(commune, {"hamlet": hamlet.pk})).status_code == 302
    assert Cell.objects.get().code == "C0000001"


def test_a_code_that_is_taken_is_refused_with_a_sentence(client, commune):
    one, other = factories.hamlet(parent=commune), factories.hamlet(parent=commune)
    period = other.periods.get()
    row = {
        "id": period.pk,
        "unit": other.pk,
        "kind": "ap",
        "name": "2",
        "code": one.code,
        "parent": commune.pk,
    }

    response = client.post(
        reverse("admin:cells_unit_change", args=[other.pk]), formset("periods", row, initial=1)
    )

    assert "mã này" in errors(response).lower() or "mã" in errors(response)
    period.refresh_from_db()
    assert period.code == other.code


def person_form(commune, **changes):
    return {
        "full_name": "Đỗ Minh Đức",
        "membership": "yes",
        "keeper": commune.pk,
        "born": "1985",
        "admitted": "10/2007",
        "official": "3/2/2008",
        **formset("tenures"),
        **changes,
    }


def test_dates_are_entered_as_far_as_they_are_known(client, commune):
    assert client.post(reverse("admin:leaders_person_add"), person_form(commune)).status_code == 302

    person = Person.objects.get()
    assert [str(person.born), str(person.admitted), str(person.official), person.left] == [
        "1985",
        "10/2007",
        "03/02/2008",
        None,
    ]
    shown = client.get(reverse("admin:leaders_person_change", args=[person.pk])).content.decode()
    assert 'value="10/2007"' in shown


@pytest.mark.parametrize(
    ("born", "words"), [("19/5", "năm"), ("5/85", "4 chữ số"), ("30/02/1985", "Không có ngày")]
)
def test_dates_that_are_none_are_refused(client, commune, born, words):
    assert words in errors(client.post(reverse("admin:leaders_person_add"), person_form(commune, born=born)))


def test_a_second_secretary_is_refused_with_the_first_ones_name(client, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    holder = factories.tenure(cell=cell)
    seat = {"office": "secretary", "cell": cell.pk, "starts_on": "01/01/2024"}

    response = client.post(
        reverse("admin:leaders_person_add"), person_form(commune, **formset("tenures", seat))
    )

    assert holder.person.full_name in errors(response)
    assert Tenure.objects.count() == 1


def test_who_keeps_a_record_elsewhere_is_only_read(client, commune):
    person = factories.person(keeper=factories.commune(), phone="0912 345 678")
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune)), person=person)
    address = reverse("admin:leaders_person_change", args=[person.pk])

    shown = client.get(address)

    assert shown.status_code == 200
    assert "0912 345 678" not in shown.content.decode()
    assert client.post(address, person_form(commune)).status_code == 403
    assert client.get(reverse("admin:leaders_person_history", args=[person.pk])).status_code == 403


@pytest.fixture
def rating(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    return factories.rating(of=cell, cycle=factories.cycle(province=commune.province))


def test_a_decided_rating_is_read_and_corrected_by_a_new_edition(client, rating, commune):
    address = reverse("admin:evaluations_cellrating_change", args=[rating.pk])
    correct = reverse("admin:evaluations_cellrating_correct", args=[rating.pk])
    decision = factories.decision(unit=commune, date=date(2021, 6, 1))
    asked = {"level": "EXCELLENT", "decision": decision.pk, "reason": "Xét lại", "revision": rating.revision}

    assert client.post(address, {"decided_level": "EXCELLENT"}).status_code == 403
    assert correct in client.get(address).content.decode()
    assert client.get(correct).status_code == 200
    assert client.post(correct, asked).status_code == 302

    old, new = CellRating.objects.order_by("edition")
    assert (old.decided_level, old.superseded_on) == (Level.GOOD, decision.date)
    assert (new.decided_level, new.edition, new.edition_reason) == (Level.EXCELLENT, 2, "Xét lại")
    stale = reverse("admin:evaluations_cellrating_correct", args=[new.pk])
    assert "errorlist" in client.post(stale, {**asked, "revision": 99}).content.decode()


def test_a_foreign_rating_is_not_corrected(client, outsider, rating):
    client.force_login(outsider)

    assert client.get(reverse("admin:evaluations_cellrating_correct", args=[rating.pk])).status_code == 404


def test_rules_that_a_year_was_judged_by_are_only_read(client, rating):
    used = reverse("admin:evaluations_ruleset_change", args=[rating.cycle.rule_set.pk])
    free = reverse("admin:evaluations_ruleset_change", args=[RuleSet.objects.get(first_year=2025).pk])
    client.force_login(factories.user(role=Role.ADMINISTRATOR, keeps=[None]))

    assert client.post(used, {}).status_code == 403
    assert client.post(free, {}).status_code == 200


def test_what_something_depends_on_is_not_deleted(client, rating):
    page = client.post(reverse("admin:cells_decision_delete", args=[rating.decision.pk]), {"post": "yes"})
    rating.decision.unit = rating.commune
    rating.decision.save()
    page = client.post(reverse("admin:cells_decision_delete", args=[rating.decision.pk]), {"post": "yes"})

    assert page.status_code == 200
    assert Decision.objects.filter(pk=rating.decision.pk).exists()


def word_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def post_decision(client, commune, name, content):
    data = {"number": "12-QĐ/ĐU", "date": "01/02/2021", "issuing_body": "Đảng ủy xã", "unit": commune.pk}
    return client.post(
        reverse("admin:cells_decision_add"), {**data, "file": SimpleUploadedFile(name, content)}
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html>"),
        ("a.docx", b"PK\x03\x04 no archive"),
        ("a.png", b"\xff\xd8\xff"),
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(client, commune, name, content):
    assert "file" in errors(post_decision(client, commune, name, content))
    assert not Decision.objects.exists()


def test_the_file_of_a_decision_is_saved_by_those_who_see_the_decision(client, commune, outsider, clerk):
    assert post_decision(client, commune, "quyet-dinh.docx", word_file()).status_code == 302
    decision = Decision.objects.get()
    address = reverse("cells:decision_file", args=[decision.pk])

    response = client.get(address)

    assert response.getvalue() == word_file()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    assert address in client.get(reverse("admin:cells_decision_change", args=[decision.pk])).content.decode()
    for user, status in ((outsider, 404), (clerk, 200)):
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == status
        if answer.streaming:
            answer.getvalue()  # a file that nobody reads stays open
    client.logout()
    assert client.get(address).status_code == 302
    other = factories.decision(unit=commune)
    client.force_login(clerk)
    assert client.get(reverse("cells:decision_file", args=[other.pk])).status_code == 404


@pytest.fixture
def administrator():
    return factories.user(username="root", role=Role.ADMINISTRATOR, keeps=[None])


def test_an_account_is_made_with_a_password_and_a_unit(client, administrator, commune):
    client.force_login(administrator)
    data = {
        "username": "xa.phutuc",
        "password1": "mat-khau-dai-2026",
        "password2": "mat-khau-dai-2026",
        "full_name": "Trần Thị Hoa",
        "role": "commune_staff",
        **formset("grants", {"unit": commune.pk, "access": "keep", "source": "by_hand"}),
    }

    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 302

    made = User.objects.get(username="xa.phutuc")
    assert made.check_password("mat-khau-dai-2026")
    assert set(Unit.objects.communes().kept_by(made)) == {commune}


def test_a_password_is_reset_by_the_administrator_only(client, administrator, officer, clerk):
    address = reverse("admin:auth_user_password_change", args=[clerk.pk])
    new = {"password1": "mat-khau-moi-2026", "password2": "mat-khau-moi-2026", "usable_password": "true"}

    assert client.post(address, new).status_code == 403
    client.force_login(administrator)
    assert client.post(address, new).status_code == 302

    clerk.refresh_from_db()
    assert clerk.check_password("mat-khau-moi-2026")


def test_nobody_takes_over_an_account_that_may_do_more(client, administrator):
    chief = User.objects.create_superuser("chief", password="mat-khau-dai-2026")
    client.force_login(administrator)
    new = {"password1": "mat-khau-moi-2026", "password2": "mat-khau-moi-2026", "usable_password": "true"}

    assert client.post(reverse("admin:accounts_user_change", args=[chief.pk]), {}).status_code == 403
    assert client.post(reverse("admin:auth_user_password_change", args=[chief.pk]), new).status_code == 403


@pytest.mark.parametrize("unit", ["", "elsewhere"])
def test_an_officer_grants_nothing_beyond_the_own_province(client, clerk, unit):
    data = {"user": clerk.pk, "unit": unit and factories.commune().pk, "access": "keep", "source": "by_hand"}
    before = Grant.objects.count()

    assert errors(client.post(reverse("admin:cells_grant_add"), data))

    assert Grant.objects.count() == before


def test_a_change_is_taken_back_with_its_reason(client, commune):
    post_hamlet(client, commune)
    change_set = Unit.objects.hamlets().get().history.get().change_set
    address = reverse("admin:accounts_changeset_take_back", args=[change_set.pk])

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "Nhập nhầm"}).status_code == 302

    assert not Unit.objects.hamlets().exists()
    assert ChangeSet.objects.get(takes_back=change_set).reason == "Nhập nhầm"
    assert client.post(address, {"reason": "Lần nữa"}, follow=True).context["messages"]


def test_a_foreign_change_is_not_taken_back(client, commune, outsider):
    post_hamlet(client, commune)
    change_set = Unit.objects.hamlets().get().history.get().change_set
    client.force_login(outsider)

    assert client.post(reverse("admin:accounts_changeset_take_back", args=[change_set.pk])).status_code == 404


def test_the_history_tells_who_changed_what_and_why(client, commune):
    decision = factories.decision(unit=commune, subject="cũ")
    data = {
        "number": decision.number,
        "date": "05/01/2021",
        "issuing_body": decision.issuing_body,
        "unit": commune.pk,
        "subject": "mới",
        "change_reason": "Sửa trích yếu theo bản giấy",
    }
    client.post(reverse("admin:cells_decision_change", args=[decision.pk]), data)

    page = client.get(reverse("admin:cells_decision_history", args=[decision.pk])).content.decode()

    for words in ("Sửa trích yếu theo bản giấy", "Người dùng", "cũ", "mới"):
        assert words in page


def test_a_form_does_not_write_over_what_was_changed_since_it_was_shown(client, officer, commune):
    person = factories.person(keeper=commune, full_name="Trần An")
    client.force_login(officer)
    address = reverse("admin:leaders_person_change", args=[person.pk])
    form = client.get(address)
    data = {
        name: "" if value is None else value
        for name, value in form.context["adminform"].form.initial.items()
        if name not in ("keeper", "note")
    } | {"keeper": commune.pk, "seen": form.context["seen"], "membership": "yes", "full_name": "Trần Văn An"}
    for formset in form.context["inline_admin_formsets"]:
        data |= {
            f"{formset.formset.prefix}-{k}": v for k, v in formset.formset.management_form.initial.items()
        }
    with recording(by=factories.user(full_name="Đồng chí Khác")):
        person.phone = "0900000001"
        person.save()

    refused = client.post(address, data)

    assert "Đồng chí Khác" in refused.content.decode()
    person.refresh_from_db()
    assert (person.full_name, person.phone) == ("Trần An", "0900000001")
    assert refused.context["seen"] != data["seen"]


def test_pages_are_private_and_forgotten_at_sign_out(client, officer):
    client.force_login(officer)

    assert client.get("/")["Cache-Control"] == "private, no-cache"
    assert "cache" in client.post(reverse("account_logout"))["Clear-Site-Data"]
