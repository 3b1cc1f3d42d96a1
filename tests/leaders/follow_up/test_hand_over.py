"""All that one officer follows goes to another in one act, after the consequences were shown."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaders.follow_up.acts import Officer, hand_over, plan_hand_over
from leaders.models import Assignment, Person
from tests import factories
from tests.worlds import kept

ON = date(2026, 3, 1)


@kept
def work(hamlets, commune):
    """Somebody follows all three hamlets, the last only until the summer."""
    person = factories.person(keeper=commune, full_name="Trần Thị Hoa")
    for hamlet, ends_on in zip(hamlets, (None, None, date(2026, 6, 30)), strict=True):
        factories.assignment(of=hamlet, person=person, ends_on=ends_on)
    return Assignment.objects.filter(person=person)


@kept
def successor(commune):
    return factories.person(keeper=commune, full_name="Lê Văn Tám")


def do(work, to, on=ON):
    return hand_over(work, to=to, on=on, seen=plan_hand_over(work, to=to, on=on).mark)


def days(person) -> list:
    rows = Assignment.objects.filter(person=person).order_by("unit", "starts_on")
    return [(row.unit.name, row.starts_on, row.ends_on) for row in rows]


def test_one_ends_the_day_before_and_the_other_begins(work, successor):
    do(work, Officer(successor))

    assert {row.ends_on for row in work.all()} == {date(2026, 2, 28)}
    assert days(successor) == [("1", ON, None), ("2", ON, None), ("3", ON, date(2026, 6, 30))]


def test_an_organisation_may_take_over(work):
    do(work, Officer(organisation="Hội Nông dân xã"))

    assert Assignment.objects.filter(organisation="Hội Nông dân xã", person=None).count() == 3


def test_what_the_other_follows_already_goes_on(work, successor, hamlets):
    factories.assignment(
        of=hamlets[0], person=successor, starts_on=date(2025, 1, 1), ends_on=date(2026, 3, 31)
    )

    plan = do(work, Officer(successor))

    assert [one.unit for one in plan.followed_already] == [hamlets[0]]
    assert days(successor)[:2] == [
        ("1", date(2025, 1, 1), date(2026, 3, 31)),
        ("1", date(2026, 4, 1), None),
    ]


@given(
    starts=st.integers(-200, 40),
    length=st.integers(0, 300),
    theirs=st.tuples(st.integers(-100, 100), st.integers(0, 90)),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_day_is_followed_by_the_one_or_the_other(hamlets, commune, starts, length, theirs):
    """Against a plain model: the set of days somebody follows the hamlet is never smaller, nor doubled."""
    one, other = (factories.person(keeper=commune) for _ in range(2))
    first = ON + timedelta(days=starts)
    old = factories.assignment(
        of=hamlets[0], person=one, starts_on=first, ends_on=first + timedelta(days=length)
    )
    begin = ON + timedelta(days=theirs[0])
    factories.assignment(
        of=hamlets[0], person=other, starts_on=begin, ends_on=begin + timedelta(days=theirs[1])
    )
    before = {ON + timedelta(days=number) for number in range(-220, 420)}
    followed = {
        day for day in before if old.holds_on(day) or begin <= day <= begin + timedelta(days=theirs[1])
    }
    work = Assignment.objects.filter(person=one)

    try:
        do(work, Officer(other))
    except ValidationError:
        # It begins on the day or later, or is over by then.
        assert first >= ON or first + timedelta(days=length) < ON
        return

    rows = [row.days for row in Assignment.objects.filter(unit=hamlets[0], person__in=[one, other])]
    theirs_now = [row.days for row in Assignment.objects.filter(person=other)]
    assert {day for day in before for a, b in rows if a <= day <= b} == followed
    assert not any(day >= ON for day in before for a, b in [work.get().days] if a <= day <= b)
    assert all(sum(a <= day <= b for a, b in theirs_now) <= 1 for day in before)


def test_what_begins_later_is_told_and_nothing_is_done(work, successor, commune):
    late = factories.hamlet(parent=commune, name="4")
    factories.assignment(of=late, person=work.first().person, starts_on=date(2026, 4, 1))

    with pytest.raises(ValidationError, match="Ấp 4 chỉ được phân công từ ngày 01/04/2026"):
        do(work, Officer(successor))

    assert not Assignment.objects.filter(person=successor).exists()


def test_a_second_hand_over_finds_nothing_left(work, successor):
    do(work, Officer(successor))

    with pytest.raises(ValidationError, match="không còn địa bàn"):
        do(work, Officer(organisation="Hội Nông dân xã"))


def test_nobody_takes_over_from_oneself(work):
    with pytest.raises(ValidationError, match="Chọn cán bộ khác"):
        do(work, Officer(work.first().person))


def test_another_spelling_is_nobody_else(hamlets):
    factories.assignment(of=hamlets[0], organisation="Phòng Nội vụ")

    with pytest.raises(ValidationError, match="Chọn cán bộ khác"):
        do(Assignment.objects.all(), Officer(organisation="Phòng nội vụ"))


# --- the page -------------------------------------------------------------------------------


@pytest.fixture
def address(client, officer, work):
    client.force_login(officer)
    return reverse("follow_up:hand_over", args=[work.first().pk])


def test_the_page_shows_what_will_happen_before_it_is_done(client, address, work, successor):
    today = timezone.localdate()
    data = {"person": successor.pk, "on": today.isoformat()}

    shown = client.post(address, data)

    assert "Ấp 3" not in shown.content.decode().split("Xin lưu ý")[-1].split("</ul>")[0]
    assert not Assignment.objects.filter(person=successor).exists()
    form = shown.context["form"]
    done = client.post(address, data | {"seen": form.data["seen"], "confirmed": "1"})
    assert done.status_code == 302
    assert Assignment.objects.filter(person=successor, starts_on=today).count() == 2
    assert "Lê Văn Tám" in client.get(done.url).content.decode()


def test_what_was_changed_after_the_page_was_shown_is_not_handed_over_unseen(
    client, address, work, successor
):
    data = {"person": successor.pk, "on": timezone.localdate().isoformat()}
    seen = client.post(address, data).context["form"].data["seen"]
    factories.assignment(
        of=factories.hamlet(parent=work.first().unit.parent, name="9"), person=work.first().person
    )

    answer = client.post(address, data | {"seen": seen, "confirmed": "1"})

    assert "vừa được sửa" in answer.content.decode()
    assert not Assignment.objects.filter(person=successor).exists()


def test_a_new_officer_is_recorded_where_the_one_before_was(client, address, commune):
    data = {"full_name": "Phạm Văn Mới", "on": timezone.localdate().isoformat(), "gender": ""}
    seen = client.post(address, data).context["form"].data["seen"]
    assert not Person.objects.filter(full_name="Phạm Văn Mới").exists()

    client.post(address, data | {"seen": seen, "confirmed": "1"})

    assert Person.objects.get(full_name="Phạm Văn Mới").keeper == commune


def test_the_pack_is_made_as_word_and_pdf(client, officer, work, successor):
    secretary = factories.person(
        keeper=work.first().unit.parent, full_name="Đỗ Thị Bí Thư", phone="0912 345 678"
    )
    factories.tenure(cell=factories.cell(of=work.first().unit), person=secretary)
    factories.visit(under=work.first(), promise="Xin kinh phí sửa nhà văn hóa", remark="Họp đúng giờ")
    client.force_login(officer)
    pk = work.first().pk

    html = client.get(reverse("follow_up_board:pack", args=[pk])).content.decode()
    word = client.get(reverse("follow_up_board:pack_file", args=[pk, "docx"]))
    pdf = client.get(reverse("follow_up_board:pack_file", args=[pk, "pdf"]))

    assert "0912 345 678" in html
    assert "Xin kinh phí sửa nhà văn hóa" in html
    assert word.content[:2] == b"PK"
    assert pdf.content[:4] == b"%PDF"
    assert client.get(reverse("follow_up_board:pack_file", args=[pk, "xlsx"])).status_code == 404


def test_a_leader_gets_the_pack_without_telephones(client, reader, work):
    secretary = factories.person(keeper=work.first().unit.parent, phone="0912 345 678")
    factories.tenure(cell=factories.cell(of=work.first().unit), person=secretary)
    client.force_login(reader)

    html = client.get(reverse("follow_up_board:pack", args=[work.first().pk])).content.decode()

    assert str(secretary) in html
    assert "0912 345 678" not in html
