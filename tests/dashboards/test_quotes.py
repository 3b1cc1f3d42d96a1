"""A figure is quoted by a short code, and the code leads back to it as of its day."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from cells.actions import change_unit
from dashboards.citing.asked import quote_url, report_url
from dashboards.citing.codes import ALPHABET, LENGTH, code_of, read_code, shown_code
from dashboards.figures.frames import Borders, Frame
from dashboards.models import Quote
from leaders.actions import begin_tenures
from leaders.models import Office, Tenure
from tests import factories

DAY = date(2023, 5, 4)


@pytest.fixture
def leading(commune):
    """Two hamlets; in the first one person holds both seats since 2020."""
    hamlet, _other = (factories.hamlet(parent=commune, name=name) for name in ("1", "2"))
    person = factories.person(keeper=commune, full_name="Lê Thị Hoa")
    factories.tenure(cell=factories.cell(of=hamlet), person=person)
    return factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)


def press(client, user, unit, key="merged_role", day=DAY, borders=Borders.THEN):
    """Press the button of a tile and return the page it leads to."""
    client.force_login(user)
    frame = Frame(unit, day, user, borders)
    return client.post(quote_url(frame), {"so": key}, follow=True)


@given(st.text(max_size=40), st.integers(0, 5))
def test_a_code_has_no_letter_that_looks_like_another(identity, attempt):
    code = code_of(identity, attempt)

    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set("0OQ1IL2Z5S8BU") & set(ALPHABET)
    assert read_code(shown_code(code).lower()) == read_code(f" {code[:3]} {code[3:]}") == code


@pytest.mark.parametrize("text", ["", "bí thư", "K4M-T9", "K4M-T9XY", "K4M-T0X", "../../x"])
def test_what_is_no_code_is_read_as_none(text):
    assert read_code(text) == ""


def test_a_quote_leads_back_to_the_figure_as_of_its_day(client, reader, province, leading):
    page = press(client, reader, province)
    quote = Quote.objects.get()

    assert page.redirect_chain[-1][0] == reverse("figures:quoted", args=[quote.code])
    assert (quote.numerator, quote.denominator, quote.day, quote.quoted_by) == (1, 2, DAY, reader)
    text = page.content.decode()
    assert "1/2 (50%)" in text
    assert "không thay đổi" in text
    assert shown_code(quote.code) in page.context["cited"].sentence
    assert "ngày 04/05/2023" in page.context["cited"].sentence
    listed = client.get(page.context["cited"].list_url)
    assert listed.context["page"].paginator.count == 1
    assert listed.context["day"] == DAY


def test_the_same_figure_has_one_code_whoever_quotes_it(client, reader, officer, province, leading):
    for user in (reader, reader, officer):
        press(client, user, province)

    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"day": date(2023, 5, 5)}, {"borders": Borders.NOW}, {"key": "vacant_heads"}]
)
def test_another_day_border_or_figure_has_another_code(client, reader, province, leading, other):
    press(client, reader, province)
    press(client, reader, province, **other)

    assert Quote.objects.values("code").distinct().count() == 2


def test_what_was_entered_later_for_that_day_is_told_beside_what_was_quoted(
    client, reader, province, leading, commune
):
    press(client, reader, province)
    hamlet = commune.children.get(name="2")
    person = factories.person(keeper=commune)
    begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=factories.cell(of=hamlet), starts_on=DAY),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=DAY),
        ]
    )

    page = client.get(reverse("figures:quoted", args=[Quote.objects.get().code]))

    cited = page.context["cited"]
    assert (cited.then_text, cited.now_text) == ("1/2 (50%)", "2/2 (100%)")
    assert "+1" in cited.difference
    # With its new value the figure is a new quote; the old one stays as it is.
    press(client, reader, province)
    assert sorted(Quote.objects.values_list("numerator", flat=True)) == [1, 2]


def test_a_quote_in_todays_borders_is_counted_again_in_them(
    client, reader, province, commune, neighbour, leading
):
    change_unit(leading.hamlet, on=date(2025, 7, 1), parent=neighbour)

    then = press(client, reader, neighbour, day=DAY, borders=Borders.THEN, key="posts_saved").context["cited"]
    now = press(client, reader, neighbour, day=DAY, borders=Borders.NOW, key="posts_saved").context["cited"]

    assert (then.then_text, then.now_text) == ("0", "0")
    assert (now.then_text, now.now_text) == ("1", "1")
    assert "theo địa giới hiện nay" in now.sentence


def test_a_target_is_quoted_with_its_goal(client, reader, province, leading):
    target = factories.target(unit=province, goal=59, base=117, starts_on=date(2020, 1, 1))

    page = press(client, reader, province, key=f"title_of_goal:{target.pk}")

    assert page.status_code == 200
    assert Quote.objects.get().target == target
    assert "0/59" in page.content.decode()


def test_a_quote_of_elsewhere_is_not_found_whoever_guesses(
    client, reader, outsider, clerk, province, leading
):
    press(client, reader, province)
    code = Quote.objects.get().code

    # The clerk's own commune lies in the province, whose figures are not the clerk's.
    for user in (outsider, clerk):
        client.force_login(user)
        assert client.get(reverse("figures:quoted", args=[code])).status_code == 404
        assert client.get(reverse("figures:index"), {"ma": code}).status_code == 200
        assert "mang mã này" not in client.get(reverse("dashboards:search"), {"q": code}).content.decode()


def test_a_code_is_found_as_it_is_printed(client, reader, province, leading):
    press(client, reader, province)
    code = Quote.objects.get().code
    page = reverse("figures:quoted", args=[code])

    assert client.get(reverse("figures:index"), {"ma": shown_code(code).lower()}).url == page
    assert client.get(reverse("figures:quoted", args=[shown_code(code).lower()])).url == page
    assert page in client.get(reverse("dashboards:search"), {"q": shown_code(code)}).content.decode()


@pytest.mark.parametrize(
    "key", ["", "nothing", "title_of_goal", "title_of_goal:9", "merged_role:1", "households"]
)
def test_what_is_no_figure_of_the_day_is_not_quoted(client, reader, province, leading, key):
    assert press(client, reader, province, key=key).status_code == 404
    assert not Quote.objects.exists()


def test_nobody_quotes_a_unit_of_elsewhere(client, outsider, province, leading):
    assert press(client, outsider, province).status_code == 404


def test_each_known_tile_of_the_overview_has_its_button_and_its_link(client, reader, province, leading):
    client.force_login(reader)

    page = client.get(reverse("dashboards:overview_unit", args=[province.pk]))

    text = page.content.decode()
    for tile in page.context["tiles"]:
        if tile["value"] != "–":
            assert f'name="so" value="{tile["quote_key"]}"' in text
            assert client.get(tile["report_url"]).status_code == 200
    assert report_url(page.context["frame"], "merged_role") in [
        tile["report_url"] for tile in page.context["tiles"]
    ]


def test_a_follower_of_one_hamlet_sees_no_quote(client, province, leading, reader):
    press(client, reader, province)
    follower = factories.user(role=Role.FOLLOW_UP_OFFICER, reads=[leading.hamlet])
    client.force_login(follower)

    assert client.get(reverse("figures:quoted", args=[Quote.objects.get().code])).status_code == 404
