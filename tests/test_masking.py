"""Telephone and birth date go to who keeps the record and to its province, on no page to anybody else."""

import json
import re
import zipfile
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse
from pypdf import PdfReader

from leaders.models import Person, Tenure
from tests import factories
from tests.addresses.statuses import BUTTON
from tests.test_addresses import TABLE, address, people, things  # noqa: F401 -- fixtures of every address

PHONE = re.compile(r"0912[ .]?345[ .]?678")
# The day, or the year by itself: marks and nonces are letters and figures in one.
BORN = re.compile(r"(?<![0-9A-Za-z_-])(1951|03/02/1951|1951-02-03)(?![0-9A-Za-z_-])")


@pytest.fixture
def everybody_is_known(neighbour, things, people):  # noqa: F811
    """Of everybody telephone and birth date are recorded; the person of the pages also holds seats elsewhere.

    One is next door, one in another province.
    """
    person = Person.objects.get(pk=things["person"])
    far = factories.commune(parent=people["outsider"].grants.get().unit, name="Xa")
    for commune, name in ((neighbour, "Bên Cạnh"), (far, "Xa Hơn")):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune, name=name)), person=person)
    Person.objects.update(
        phone="0912 345 678", born_on=date(1951, 2, 3), born_on_precision="day", membership="yes"
    )


def words_of(response) -> str:
    """Return all that a page or a file says."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as file:
            return "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    if content.startswith(b"%PDF-"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def told_to(client, user, things) -> dict[str, str]:  # noqa: F811
    """Return what each address tells this person, by its name."""
    client.force_login(user)
    told = {}
    for name, row in TABLE.items():
        if row is BUTTON:
            continue
        response = client.get(address(name, things))
        words = words_of(response)
        if response.status_code == 200:
            told[name] = words
    return told


@pytest.mark.parametrize(
    "who", ["reader", "foreign_clerk", "outsider", pytest.param("follower", marks=pytest.mark.soak)]
)
def test_no_page_and_no_file_tells_who_may_not_know(client, people, things, everybody_is_known, who):  # noqa: F811
    told = told_to(client, people[who], things)

    assert "Nguyễn Văn Đức" in told["dashboards:person"]
    assert [name for name, words in told.items() if PHONE.search(words)] == []
    assert [name for name, words in told.items() if BORN.search(words)] == []


def pickers(user) -> list[tuple[str, str]]:
    """Return the screens of the administration that this user opens and on which a person is picked."""
    asked = SimpleNamespace(user=user)
    return [
        (screen.opts.model_name, field.name)
        for screen in admin.site._registry.values()
        if screen.opts.app_label in {"leaders", "evaluations"} and screen.has_view_permission(asked)
        for field in screen.opts.concrete_fields
        if field.related_model is Person and field.name in screen.get_autocomplete_fields(asked)
    ]


def test_the_administration_tells_another_province_no_birth_date(client, people, things, everybody_is_known):  # noqa: F811
    """Who fills a seat by search is offered the people with a seat in the province, wherever they are kept."""
    outsider = people["outsider"]
    client.force_login(outsider)
    seat = Tenure.objects.visible_to(outsider).get()
    label = quote("Nguyễn Văn Đức")
    asked = [
        f"/admin/autocomplete/?app_label=leaders&model_name={model}&field_name={field}&term={label}"
        for model, field in pickers(outsider)
        if model in {"tenure", "assignment", "commendation", "participation", "candidacy"}
    ]
    pages = [reverse(f"admin:leaders_{name}_changelist") for name in ("person", "tenure")]
    pages += [
        reverse("admin:leaders_person_change", args=[things["person"]]),
        reverse("admin:leaders_tenure_change", args=[seat.pk]),
    ]

    told = {url: json_or_words(client.get(url)) for url in (*asked, *pages)}

    assert len(asked) > 2
    assert all("Nguyễn Văn Đức" in words for words in told.values())
    assert [url for url, words in told.items() if BORN.search(words) or PHONE.search(words)] == []
    client.force_login(people["officer"])
    assert all("1951" in json_or_words(client.get(url)) for url in asked)


def json_or_words(response) -> str:
    """Return what an answer says; JSON writes Vietnamese letters by their numbers."""
    is_json = response["Content-Type"] == "application/json"
    return json.dumps(response.json(), ensure_ascii=False) if is_json else words_of(response)


def test_the_keeper_is_told(client, people, things, everybody_is_known):  # noqa: F811
    """What the other test looks for is there to be found."""
    client.force_login(people["clerk"])
    names = (
        "dashboards:person",
        "dashboards:person_list",
        "exporting:person_list",
        "records:file",
        "records:list_file",
    )

    for name in names:
        words = words_of(client.get(address(name, things)))
        assert PHONE.search(words), name
        assert BORN.search(words) or name == "exporting:person_list", name
