"""The pages on which records are compared, merged and put apart again."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.changes import recording
from accounts.models import Role
from leaders.models import Access, Office, Person, TwoPeople
from tests import factories

DUPLICATES = reverse("records:duplicates")


@pytest.fixture
def twins(commune, neighbour):
    """The same person, recorded by two communes: one knows the telephone, one the birth date."""
    cell = factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"))
    one = factories.person(
        keeper=commune,
        full_name="Lê Thị Hoa",
        phone="0912 345 678",
        born_on=date(1970, 1, 1),
        born_on_precision="year",
    )
    factories.tenure(cell=cell, person=one)
    other = factories.person(
        keeper=neighbour, full_name="Lê Thị Hoa", born_on=date(1970, 5, 1), born_on_precision="day"
    )
    return one, other


def merge_url(one, other) -> str:
    return reverse("records:merge", args=[one.pk, other.pk])


def seen(client, url: str) -> dict:
    """What the form of a page sends when nothing is chosen on it."""
    form = client.get(url).context["form"]
    chosen = {name: form[name].value() for name in form.fields if name != "seen"}
    return {"seen": form["seen"].value(), **chosen}


def test_the_province_sees_both_side_by_side(client, officer, twins):
    client.force_login(officer)

    page = client.get(DUPLICATES).content.decode()

    assert merge_url(*twins) in page
    assert "0912 345 678" in page
    assert "01/05/1970" in page


def test_one_telephone_in_two_writings_is_nothing_to_choose(client, officer, twins):
    one, other = twins
    one.phone, other.phone = "0912 345 678", "+84 912.345.678"
    for person in twins:
        person.save()
    client.force_login(officer)

    assert "phone" not in client.get(merge_url(one, other)).context["form"].fields


def test_pairs_across_provinces_are_nobodys_but_the_countrys(client, officer, twins):
    factories.person(keeper=factories.commune(), phone="0912 345 678", full_name="Trần Văn Xa")
    client.force_login(officer)

    page = client.get(DUPLICATES)

    assert len(page.context["page"].object_list) == 1
    assert "Trần Văn Xa" not in page.content.decode()


def test_who_is_said_to_be_two_people_is_not_shown_again_until_that_is_undone(client, officer, twins):
    one, other = sorted(twins, key=lambda person: person.pk)
    client.force_login(officer)

    client.post(reverse("records:set_apart", args=[other.pk, one.pk]))

    said = TwoPeople.objects.get()
    assert (said.one, said.other, said.said_by) == (one, other, str(officer))
    assert not client.get(DUPLICATES).context["page"].object_list
    (row,) = client.get(DUPLICATES, {"loc": "hai-nguoi"}).context["page"].object_list
    assert row.apart == said
    assert "Hoàn tác" in client.get(DUPLICATES, {"loc": "hai-nguoi"}).content.decode()

    client.post(reverse("records:set_together", args=[said.pk]))

    assert len(client.get(DUPLICATES).context["page"].object_list) == 1
    assert TwoPeople.history.filter(history_type="-").get().change_set.by == officer


def test_only_who_keeps_both_says_that_they_are_two_people(client, clerk, officer, twins):
    url = reverse("records:set_apart", args=[pk.pk for pk in twins])
    client.force_login(clerk)
    assert client.post(url).status_code == 403

    stranger = factories.person(keeper=factories.commune(parent=factories.province(name="Cà Mau")))
    client.force_login(officer)
    assert client.post(reverse("records:set_apart", args=[twins[0].pk, stranger.pk])).status_code == 404
    assert not TwoPeople.objects.exists()


def test_a_commune_merges_nothing(client, clerk, twins):
    client.force_login(clerk)

    assert client.get(DUPLICATES).status_code == 403
    assert client.post(merge_url(*twins)).status_code == 403


@pytest.mark.parametrize("pairs", [1, 6])
def test_the_page_needs_the_same_queries_for_any_number_of_pairs(
    client, officer, commune, django_assert_max_num_queries, pairs
):
    for number in range(pairs):
        for _twin in range(2):
            factories.person(keeper=commune, phone=f"0912 000 00{number}")
    client.force_login(officer)

    with django_assert_max_num_queries(12):
        assert len(client.get(DUPLICATES).context["page"].object_list) == pairs


def test_what_one_of_them_knows_is_chosen_beforehand(client, officer, twins):
    client.force_login(officer)

    form = client.get(merge_url(*twins)).context["form"]

    assert form["phone"].value() == "giu"
    assert form["born_on"].value() == "giu"
    assert form["keeper"].value() == "giu"
    assert "full_name" not in form.fields


def test_fields_are_taken_from_where_they_are_chosen(client, officer, twins, neighbour):
    one, other = twins
    client.force_login(officer)
    url = merge_url(one, other)

    answer = client.post(url, seen(client, url) | {"born_on": "kia", "keeper": "kia"}, follow=True)

    one.refresh_from_db()
    assert (str(one.born), one.phone, one.keeper) == ("01/05/1970", "0912 345 678", neighbour)
    assert not Person.objects.filter(pk=other.pk).exists()
    assert "Hoàn tác gộp" in answer.content.decode()


def test_the_page_of_the_person_leads_to_the_merging_and_it_is_undone(client, officer, twins):
    one, other = twins
    client.force_login(officer)
    url = merge_url(one, other)
    client.post(url, seen(client, url))
    (merge,) = client.get(one.get_absolute_url()).context["merges"]
    assert reverse("records:merged", args=[merge.pk]) in client.get(one.get_absolute_url()).content.decode()
    undo = reverse("records:undo_merge", args=[merge.pk])

    assert "Lý do" in client.get(undo).content.decode()
    page = client.post(undo, {"reason": "Hai người khác nhau"}, follow=True).content.decode()

    assert "Hai người khác nhau" in page
    assert Person.objects.filter(pk=other.pk).exists()
    assert client.get(one.get_absolute_url()).context["merges"] == []
    assert client.get(undo).status_code == 302


def test_an_undoing_without_a_reason_is_asked_for_it(client, officer, twins):
    client.force_login(officer)
    url = merge_url(*twins)
    client.post(url, seen(client, url))
    (merge,) = client.get(twins[0].get_absolute_url()).context["merges"]

    client.post(reverse("records:undo_merge", args=[merge.pk]), {"reason": ""})

    assert not Person.objects.filter(pk=twins[1].pk).exists()


def test_what_stands_in_the_way_is_told_before_anything_is_asked(client, officer, twins):
    client.force_login(officer)
    url = merge_url(*twins)
    client.post(url, seen(client, url))
    person = Person.objects.get(pk=twins[0].pk)
    person.note = "Sửa sau khi gộp"
    with recording(reason="sau"):
        person.save()
    (merge,) = client.get(person.get_absolute_url()).context["merges"]
    undo = reverse("records:undo_merge", args=[merge.pk])

    assert client.get(undo).context["in_the_way"]
    assert "Lê Thị Hoa" in client.post(undo, {"reason": "Nhầm"}).context["form"].non_field_errors()[0]


def test_a_record_that_was_changed_meanwhile_is_not_merged_unseen(client, officer, twins):
    client.force_login(officer)
    url = merge_url(*twins)
    sent = seen(client, url)
    twins[1].note = "vừa sửa"
    twins[1].save()

    answer = client.post(url, sent)

    assert answer.context["form"].non_field_errors()
    assert Person.objects.filter(pk=twins[1].pk).exists()


def test_facts_that_clash_are_listed_and_there_is_no_button(client, officer, twins, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    for person in twins:
        factories.tenure(office=Office.COMMITTEE_MEMBER, cell=cell, person=person)
    client.force_login(officer)
    url = merge_url(*twins)

    page = client.get(url)
    assert len(page.context["clashes"]) == 1
    assert 'type="submit">Gộp<' not in page.content.decode()
    assert client.post(url, seen(client, url)).context["form"].non_field_errors()
    assert Person.objects.filter(pk=twins[1].pk).exists()


def test_one_record_is_not_merged_with_itself_nor_with_one_of_another_province(client, officer, twins):
    far = factories.person(keeper=factories.commune())
    client.force_login(officer)

    assert client.get(merge_url(twins[0], twins[0])).status_code == 404
    assert client.get(merge_url(twins[0], far)).status_code == 404


def test_setting_side_by_side_is_looking_at_both(client, officer, twins):
    client.force_login(officer)

    client.get(merge_url(*twins))

    assert set(Access.objects.values_list("person", flat=True)) == {one.pk for one in twins}


def test_a_keeper_of_two_provinces_reads_a_foreign_merging_nowhere(client, officer, outsider, twins):
    client.force_login(officer)
    url = merge_url(*twins)
    client.post(url, seen(client, url))
    (merge,) = client.get(twins[0].get_absolute_url()).context["merges"]

    client.force_login(outsider)
    assert client.get(reverse("records:merged", args=[merge.pk])).status_code == 404
    assert client.post(reverse("records:undo_merge", args=[merge.pk]), {"reason": "x"}).status_code == 404


def test_a_leader_of_the_province_is_not_told_of_mergings(client, reader, officer, twins):
    client.force_login(officer)
    url = merge_url(*twins)
    client.post(url, seen(client, url))

    client.force_login(reader)
    assert client.get(twins[0].get_absolute_url()).context["merges"] == []
    assert reader.role == Role.LEADER
