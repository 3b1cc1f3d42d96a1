"""Printed totals beside recorded ones: entered, compared line by line, never written over unseen."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ExportLog, Role
from cells.actions import change_unit
from desk.importing.reconciling import Reconciliation, What, field_name
from desk.models import StatedTotal
from evaluations.models import Level
from leaders.actions import begin_tenures
from leaders.models import Office, Tenure
from sheets.reading import read_workbook
from tests import factories
from tests.worlds import kept

YEAR = 2024
ADDRESS = reverse("importing:reconciliation", args=[YEAR])
EXPORT = reverse("importing:reconciliation_export", args=[YEAR])
QUERIES = 13


@kept
def home(province, commune, neighbour):
    """Two hamlets with cells: one secretary-head, 12 members, one cell rated and one not; a third came later."""
    first, second = (factories.hamlet(parent=commune, name=name) for name in ("1", "2"))
    cells = [factories.cell(of=hamlet) for hamlet in (first, second)]
    person = factories.person(keeper=commune)
    begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=cells[0], starts_on=date(2022, 1, 1)),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=first, starts_on=date(2022, 1, 1)),
        ]
    )
    cells[0].member_counts.create(day=date(2024, 6, 30), total=12)
    cells[0].member_counts.create(day=date(2025, 6, 30), total=99)
    cycle = factories.cycle(province=province, year=YEAR)
    decision = factories.decision(date=date(2025, 1, 10))
    factories.rating(of=cells[0], cycle=cycle, level=Level.EXCELLENT, decision=decision)
    unrated = factories.rating(of=cells[1], cycle=cycle, decision=decision)
    type(unrated).objects.filter(pk=unrated.pk).update(decided_level="", decision=None, decided_on=None)
    factories.cell(of=factories.hamlet(parent=commune, name="3", starts_on=date(2025, 3, 1)))
    return commune


def recorded(user, province) -> dict[str, dict[str, int | None]]:
    rows = Reconciliation(province, YEAR, user).rows()
    return {row.name: {cell.what: cell.recorded for cell in row.cells} for row in rows}


def post(client, numbers: dict, *, seen: dict | None = None):
    sent = {field_name(commune.pk, what): number for (commune, what), number in numbers.items()}
    return client.post(ADDRESS, {"seen": json.dumps(seen or {}), **sent})


def state(commune, what: str, number: int) -> None:
    StatedTotal.objects.create(unit=commune, year=YEAR, what=what, number=number)


def stated() -> dict[str, int]:
    return dict(StatedTotal.objects.values_list("what", "number"))


# --- what is recorded -------------------------------------------------------------------


def test_numbers_are_those_of_the_end_of_the_year_and_the_results_of_the_year(officer, province, home):
    assert recorded(officer, province)["Xã Phú Túc"] == {
        What.HAMLETS: 2,
        What.CELLS: 2,
        What.MEMBERS: 12,
        What.EXCELLENT: 1,
        What.GOOD: 0,
        What.COMPLETED: 0,
        What.NOT_COMPLETED: 0,
        What.NOT_RATED: 1,
        What.SECRETARY_HEADS: 1,
    }
    assert recorded(officer, province)["Xã Giao Long"][What.HAMLETS] == 0


def test_members_nobody_has_counted_are_not_none(officer, province, commune):
    factories.cell(of=factories.hamlet(parent=commune))

    assert recorded(officer, province)["Xã Phú Túc"][What.MEMBERS] is None


def test_communes_bear_the_names_of_then(officer, province, home):
    change_unit(home, name="Phú Túc Mới", on=date(2025, 7, 1))

    assert "Xã Phú Túc" in recorded(officer, province)


def test_communes_of_districts_have_rows_of_their_own(officer, province):
    commune = factories.commune(
        parent=factories.district(parent=province, name="Châu Thành"), name="Tam Phước"
    )
    factories.hamlet(parent=commune)
    (row,) = Reconciliation(province, YEAR, officer).rows()

    assert (row.name, row.above, row.cells[0].recorded) == ("Xã Tam Phước", "Huyện Châu Thành", 1)


def test_each_recorded_number_opens_the_list_behind_it(client, officer, province, home):
    client.force_login(officer)

    for row in Reconciliation(province, YEAR, officer).rows():
        for cell in row.cells:
            page = client.get(cell.url)
            assert page.status_code == 200
            if cell.what == What.MEMBERS:
                assert sum(record["members"] or 0 for record in page.context["records"]) == cell.recorded
            else:
                assert page.context["page"].paginator.count == cell.recorded, (cell.what, cell.url)


# --- what was printed -------------------------------------------------------------------


def test_what_was_printed_is_entered_and_compared_line_by_line(client, officer, home):
    client.force_login(officer)

    response = post(client, {(home, "hamlets"): "2", (home, "cells"): "5", (home, "good"): ""})
    text = client.get(ADDRESS).content.decode()

    assert response.status_code == 302
    assert stated() == {"hamlets": 2, "cells": 5}
    assert StatedTotal.history.count() == 2
    assert ">khớp<" in text
    assert "không khớp (chênh −3)" in text
    assert "1 xã, phường không khớp" in text


def test_an_emptied_field_is_not_stated_any_more(client, officer, home):
    state(home, "cells", 5)
    client.force_login(officer)

    post(client, {(home, "cells"): ""}, seen={field_name(home.pk, "cells"): 5})

    assert stated() == {}


def test_a_number_entered_meanwhile_is_not_written_over(client, officer, home):
    state(home, "cells", 5)
    client.force_login(officer)

    response = post(client, {(home, "cells"): "7", (home, "hamlets"): "2"})
    text = response.content.decode()

    assert stated() == {"cells": 5}
    assert "Người khác vừa nhập 5 vào ô này." in text
    assert 'value="7"' in text
    # The page now knows what the other has entered; saving again is meant.
    post(client, {(home, "cells"): "7", (home, "hamlets"): "2"}, seen=json.loads(response.context["seen"]))
    assert stated() == {"cells": 7, "hamlets": 2}


def test_fields_left_as_they_were_shown_undo_nothing_of_another(client, officer, home):
    state(home, "cells", 5)
    client.force_login(officer)

    post(client, {(home, "cells"): "", (home, "hamlets"): "2"})

    assert stated() == {"cells": 5, "hamlets": 2}


@pytest.mark.parametrize("text", ["hai", "-1", "2,5", "99999999999"])
def test_what_is_no_number_is_refused_at_its_field_and_nothing_is_saved(client, officer, home, text):
    client.force_login(officer)

    response = post(client, {(home, "cells"): text, (home, "hamlets"): "2"})

    assert response.status_code == 200
    assert stated() == {}
    assert f'value="{text}"' in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"x": []}'])
def test_what_the_page_showed_may_be_missing(client, officer, home, seen):
    client.force_login(officer)

    client.post(ADDRESS, {"seen": seen, field_name(home.pk, "cells"): "2"})

    assert stated() == {"cells": 2}


def test_only_the_lines_that_do_not_agree(client, officer, home, neighbour):
    state(home, "hamlets", 2)
    state(neighbour, "hamlets", 9)
    client.force_login(officer)

    page = client.get(ADDRESS, {"loc": "khong-khop"})

    assert [row.name for row in page.context["rows"]] == ["Xã Giao Long"]


def test_a_sum_of_some_communes_is_compared_with_nothing(client, officer, home, neighbour):
    state(home, "hamlets", 2)
    client.force_login(officer)
    hamlets = client.get(ADDRESS).context["totals"][0]
    assert (hamlets.stated, hamlets.recorded, hamlets.stated_by, hamlets.verdict) == (2, 2, 1, "")

    state(neighbour, "hamlets", 0)
    hamlets = client.get(ADDRESS).context["totals"][0]
    assert (hamlets.stated, hamlets.stated_by, hamlets.verdict) == (2, None, "khớp")


def test_the_table_goes_out_as_a_workbook(client, officer, home):
    state(home, "cells", 5)
    client.force_login(officer)

    response = client.get(EXPORT)
    rows = read_workbook(b"".join(response.streaming_content), "a.xlsx").sheets[0].rows

    header = next(row for row in rows if "Xã, phường" in row)
    line = dict(zip(header, next(row for row in rows if "Xã Phú Túc" in row), strict=False))
    assert line["Chi bộ, báo cáo in"] == 5
    assert line["Chi bộ, trong phần mềm"] == 2
    assert line["Chi bộ, chênh"] == "−3"
    assert line["Kết quả"] == "không khớp"
    assert ExportLog.objects.count() == 1


# --- who may ----------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_only_those_who_keep_the_province_reconcile_it(
    client, address, officer, clerk, reader, outsider, home
):
    ungranted = factories.user(role=Role.PROVINCIAL_STAFF)
    for user, status in ((officer, 200), (clerk, 403), (reader, 403), (ungranted, 404)):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == status
        if response.streaming:
            b"".join(response.streaming_content)
    client.force_login(outsider)
    assert client.get(address, {"tinh": home.province_id}).status_code == 404


def test_numbers_of_a_foreign_commune_are_not_taken(client, outsider, home):
    client.force_login(outsider)

    post(client, {(home, "cells"): "2"})

    assert stated() == {}


@pytest.mark.parametrize("year", [date.today().year, 1900])
def test_a_year_without_a_printed_report_is_not_found(client, officer, home, year):
    client.force_login(officer)

    assert client.get(reverse("importing:reconciliation", args=[year])).status_code == 404


@pytest.mark.parametrize("communes", [1, 6])
def test_the_page_needs_the_same_queries_for_any_number_of_rows(client, officer, province, communes):
    for _ in range(communes):
        commune = factories.commune(parent=province)
        factories.cell(of=factories.hamlet(parent=commune))
        state(commune, "cells", 1)
    client.force_login(officer)

    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)

    assert len(captured) == QUERIES
