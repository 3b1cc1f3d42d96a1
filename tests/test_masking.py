"""Telephone and birth date go to who keeps the record and to its province, on no page to anybody else."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from leaders.models import Person
from tests import factories
from tests.addresses.statuses import BUTTON
from tests.test_addresses import TABLE, address, people, things  # noqa: F401 -- fixtures of every address

PHONE = re.compile(r"0912[ .]?345[ .]?678")
# The day, or the year by itself: marks and nonces are letters and figures in one.
BORN = re.compile(r"(?<![0-9A-Za-z_-])(1951|03/02/1951|1951-02-03)(?![0-9A-Za-z_-])")


@pytest.fixture
def everybody_is_known(neighbour, things, people):  # noqa: F811
    """Of everybody telephone and birth date are recorded; the person of the pages also holds a seat next door."""
    shared = factories.cell(of=factories.hamlet(parent=neighbour, name="Bên Cạnh"))
    factories.tenure(cell=shared, person=Person.objects.get(pk=things["person"]))
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


@pytest.mark.parametrize("who", ["reader", "foreign_clerk", pytest.param("follower", marks=pytest.mark.soak)])
def test_no_page_and_no_file_tells_who_may_not_know(client, people, things, everybody_is_known, who):  # noqa: F811
    told = told_to(client, people[who], things)

    assert "Nguyễn Văn Đức" in told["dashboards:person"]
    assert [name for name, words in told.items() if PHONE.search(words)] == []
    assert [name for name, words in told.items() if BORN.search(words)] == []


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
