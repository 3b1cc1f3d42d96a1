"""The first load of a province: what is in, what is missing, and a dress rehearsal that leaves nothing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import ChangeSet
from cells.models import Cell, Decision, Unit
from desk.importing import batches, dress_rehearsal, first_load
from desk.importing.forms import FORMS
from desk.models import ImportBatch, Job, KeptLoadRehearsal
from evaluations.models import CellRating
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, workbook

PAGE, REHEARSE = reverse("importing:first_load"), reverse("importing:rehearse")
QUERIES = 21
DECISION = {
    "decision_number": "15-QĐ/ĐU",
    "decision_day": "15/12/2022",
    "decision_body": "Đảng ủy xã Phú Túc",
}


def hamlets_file(user, *names: str) -> ImportBatch:
    rows = [["TT", "Xã", "Loại", "Ấp", "Chi bộ"]]
    rows += [[n, "Xã Phú Túc", "Ấp", name, f"Chi bộ ấp {name}"] for n, name in enumerate(names, 1)]
    return checked(hand_in(user, workbook(*rows), "thon.xlsx", kind="hamlets"), user)


def ratings_file(user, *cells: str) -> ImportBatch:
    rows = [["TT", "Chi bộ", "Mức xếp loại"], *([n, name, "HTTNV"] for n, name in enumerate(cells, 1))]
    batch = hand_in(user, workbook(*rows), "xep-loai.xlsx", kind="ratings")
    answer(batch, asked={"year": "2022", "commune": "Xã Phú Túc", **DECISION})
    return checked(batch, user)


def checked(batch: ImportBatch, user) -> ImportBatch:
    check(batch, user)
    batch.refresh_from_db()
    return batch


def rehearse(client, *files: ImportBatch):
    return client.post(REHEARSE, {"tep": [file.pk for file in files]})


def page_of(client, **query) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def shown() -> dict:
    return KeptLoadRehearsal.objects.get().result


# --- what is in, what is missing --------------------------------------------------------


def steps(user, province) -> list[first_load.StepTold]:
    return first_load.told(first_load.Load(province, user), FORMS)


def facts(user, province) -> dict[str, dict[str, str]]:
    """Return {step: {what: number}}."""
    return {one.step.code: {fact.label: fact.number for fact in one.facts} for one in steps(user, province)}


def gaps(user, province) -> dict[str, list[str]]:
    """Return {what is missing: the communes that lack it}."""
    return {
        gap.label: [name for name, _url in gap.communes] for one in steps(user, province) for gap in one.gaps
    }


def test_an_empty_province_misses_everything(officer, province, commune):
    told = facts(officer, province)

    assert told["hamlets"] == {"Xã, phường": "1", "Thôn, tổ dân phố": "0", "Chi bộ": "0"}
    assert set(told["ratings"].values()) == {"0"}
    missing = gaps(officer, province)
    assert missing["Chưa có thôn, tổ dân phố"] == ["Xã Phú Túc"]
    assert missing["Chưa có chi bộ"] == ["Xã Phú Túc"]


@pytest.fixture
def filled(province, commune, neighbour):
    """One commune with two hamlets and cells: a secretary, a count, a rating of last year; another without anything."""
    hamlet = factories.hamlet(parent=commune, name="Quới Hòa")
    cell = factories.cell(of=hamlet)
    factories.cell(of=factories.hamlet(parent=commune))
    secretary = factories.tenure(cell=cell)
    cell.member_counts.create(day=date(2025, 1, 1), total=12)
    cycle = factories.cycle(province=province, year=timezone.localdate().year - 1)
    factories.rating(of=cell, cycle=cycle)
    factories.leader_rating(of=secretary.person, cycle=cycle, cell=cell)
    return cycle.year


def test_what_is_in_is_counted_and_what_is_missing_is_named(officer, province, filled):
    told, missing = facts(officer, province), gaps(officer, province)

    assert told["hamlets"] == {"Xã, phường": "2", "Ấp": "2", "Chi bộ": "2"}
    assert told["people"]["Đang giữ chức: Bí thư chi bộ"] == "1"
    assert told["people"]["Khuyết bí thư"] == "1"
    assert told["ratings"][f"Chi bộ được xếp loại năm {filled}"] == "1"
    assert told["ratings"][f"Chi bộ được xếp loại năm {filled - 1}"] == "0"
    assert missing[f"Chưa có kết quả năm {filled}"] == ["Xã Giao Long"]
    assert missing["Chưa có ai giữ chức"] == ["Xã Giao Long"]
    assert missing["Chưa có thôn, tổ dân phố"] == ["Xã Giao Long"]


def test_each_number_is_what_its_list_counts(client, officer, province, filled):
    client.force_login(officer)
    links = [fact for one in steps(officer, province) for fact in one.facts if fact.url]

    assert len(links) > 8
    for fact in links:
        page = client.get(fact.url)
        assert page.status_code == 200, fact.url
        if fact.label != "Đảng viên":
            assert page.context["page"].paginator.count == int(fact.number), (fact.label, fact.url)


def test_what_is_elsewhere_is_not_counted(client, officer, province, filled):
    before = facts(officer, province)
    foreign = factories.cell()
    factories.tenure(cell=foreign)
    client.force_login(officer)

    assert facts(officer, province) == before
    assert foreign.commune.full_name not in page_of(client)


def test_every_form_has_its_step_and_files_are_ordered_by_it():
    kinds = [kind for step in first_load.steps_of(FORMS) for kind in step.kinds]

    assert set(FORMS) - first_load.NOT_LOADED_FIRST <= set(kinds)
    order = [first_load.place_in_order(kind) for kind in ("hamlets", "people", "ratings", "titles")]
    assert order == sorted(set(order))


def test_a_form_nobody_has_put_in_order_comes_last():
    assert first_load.steps_of({**FORMS, "new": FORMS["hamlets"]})[-1].kinds == ("new",)


@pytest.mark.parametrize("communes", [1, 6])
def test_the_page_needs_the_same_queries_for_any_number_of_rows(client, officer, province, communes):
    for number in range(communes):
        commune = factories.commune(parent=province)
        cell = factories.cell(of=factories.hamlet(parent=commune))
        factories.tenure(cell=cell)
        hand_in(officer, workbook(["TT"], [number]), f"{number}.xlsx", kind="hamlets")
    client.force_login(officer)

    with CaptureQueriesContext(connection) as captured:
        page_of(client)

    assert len(captured) == QUERIES


def test_who_keeps_several_provinces_chooses_one(client, province):
    other = factories.province(name="Đồng Tháp", code="82")
    client.force_login(factories.user(keeps=[province, other]))

    assert "Đồng Tháp" in page_of(client)
    assert "1. Thôn và chi bộ" not in page_of(client)
    assert "1. Thôn và chi bộ" in page_of(client, tinh=other.pk)


@pytest.mark.parametrize("key", ["x", "0", "9" * 30])
def test_what_is_no_province_of_the_own_scope_is_not_found(client, officer, outsider, key):
    client.force_login(officer)
    foreign = outsider.grants.get().unit_id

    assert client.get(PAGE, {"tinh": key}).status_code == 404
    assert client.get(PAGE, {"tinh": foreign}).status_code == 404
    assert client.post(f"{REHEARSE}?tinh={foreign}", {"tep": "1"}).status_code == 404


def test_only_those_who_keep_a_province_load_it(client, clerk, reader, officer):
    for user in (clerk, reader):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(REHEARSE).status_code == 403
    client.force_login(officer)
    assert client.post(PAGE).status_code == 405
    assert client.get(REHEARSE).status_code == 405


# --- the dress rehearsal ----------------------------------------------------------------


def test_ratings_find_the_cells_that_only_the_first_file_makes(client, officer, province, commune):
    ratings = ratings_file(officer, "Chi bộ ấp Quới Hòa", "Chi bộ ấp Quới An")
    hamlets = hamlets_file(officer, "Quới Hòa", "Quới An")
    assert ratings.counts["faulty"] == 2
    client.force_login(officer)

    # Handed in and ticked the other way round: the order is that of the forms.
    response = rehearse(client, ratings, hamlets)

    assert response["Location"].endswith("#ket-qua")
    files = [(file["kind"], file["counts"]["new"], file["counts"]["faulty"]) for file in shown()["files"]]
    assert files == [("hamlets", 2, 0), ("ratings", 2, 0)]
    assert (shown()["problems"], shown()["problem_count"]) == ([], 0)
    totals = {total["label"]: (total["before"], total["after"]) for total in shown()["totals"]}
    assert totals["Ấp"] == (0, 2)
    assert totals["Chi bộ"] == (0, 2)
    assert totals["Chi bộ được xếp loại năm 2022"] == (0, 2)
    assert "Kết quả chạy thử lúc" in page_of(client)


def test_nothing_of_a_rehearsal_stays(client, officer, commune):
    hamlets_file(officer, "Quới Hòa")
    ratings_file(officer, "Chi bộ ấp Quới Hòa")
    before = everything()
    client.force_login(officer)

    rehearse(client, *ImportBatch.objects.all())

    assert [file["counts"]["new"] for file in shown()["files"]] == [1, 1]
    assert everything() == before


def everything() -> dict:
    models = (Unit, Cell, CellRating, Decision, Unit.history.model, CellRating.history.model)
    return {model.__name__: model.objects.count() for model in models} | {
        "imports": ChangeSet.objects.filter(kind=ChangeSet.Kind.IMPORT).count(),
        "batches": list(ImportBatch.objects.values_list("state", "revision", "counts")),
    }


def test_ratings_alone_come_out_with_their_faults(client, officer, commune):
    client.force_login(officer)

    rehearse(client, ratings_file(officer, "Chi bộ ấp Quới Hòa"))

    (file,) = shown()["files"]
    assert file["counts"]["faulty"] == 1
    assert file["groups"][0]["rows"] == [2]
    assert "Cần sửa trong xep-loai.xlsx" in page_of(client)


def test_the_good_rows_of_a_faulty_file_are_there_for_the_next_one(client, officer, commune):
    hamlets = hamlets_file(officer, "Quới Hòa", "Quới An", "Quới An")
    ratings = ratings_file(officer, "Chi bộ ấp Quới Hòa")
    client.force_login(officer)

    rehearse(client, hamlets, ratings)

    first, second = shown()["files"]
    assert first["counts"]["faulty"] == 1
    assert (second["counts"]["new"], second["counts"]["faulty"]) == (1, 0)


def test_a_file_that_is_not_answered_cannot_be_ticked(client, officer, commune):
    rows = [["TT", "Chi bộ", "Mức xếp loại"], [1, "Chi bộ ấp 1", "HTTNV"]]
    open_file = hand_in(officer, workbook(*rows), "chua-tra-loi.xlsx", kind="ratings")
    client.force_login(officer)

    text = page_of(client)
    rehearse(client, open_file)

    assert "chua-tra-loi.xlsx" in text
    assert 'name="tep"' not in text
    assert not KeptLoadRehearsal.objects.exists()


def test_nothing_ticked_is_nothing_rehearsed(client, officer, commune):
    client.force_login(officer)

    response = client.post(REHEARSE, {"tep": ["x", "9" * 40]}, follow=True)

    assert "Đánh dấu các file cần chạy thử." in response.content.decode()
    assert not KeptLoadRehearsal.objects.exists()


def test_a_file_of_another_province_is_not_rehearsed(client, officer, outsider, commune):
    factories.commune(parent=outsider.grants.get().unit, name="Phú Túc")
    foreign = hamlets_file(outsider, "Quới Hòa")
    client.force_login(officer)

    rehearse(client, foreign)

    assert not KeptLoadRehearsal.objects.exists()
    assert foreign.file_name not in page_of(client)


def test_what_a_commune_still_works_on_is_its_own_until_it_is_sent(client, officer, clerk, commune):
    factories.cycle(province=commune.parent, year=2022)
    factories.cell(of=factories.hamlet(parent=commune, name="Quới Hòa"))
    ratings = ratings_file(clerk, "Chi bộ ấp Quới Hòa")
    client.force_login(officer)
    assert "xep-loai.xlsx" not in page_of(client)

    batches.submit(ratings, seen=ratings.revision)

    assert "xep-loai.xlsx" in page_of(client)
    rehearse(client, ratings)
    assert shown()["files"][0]["counts"]["new"] == 1, shown()["files"][0]["groups"]


def test_what_did_not_agree_before_is_no_fault_of_the_files(client, officer, outsider, commune):
    Unit.objects.filter(pk=outsider.grants.get().unit_id).update(name="Tên cũ")
    client.force_login(officer)

    rehearse(client, hamlets_file(officer, "Quới Hòa"))

    assert (shown()["problem_count"], shown()["known_problem_count"] > 0) == (0, True)
    assert "Tên cũ" not in page_of(client)


def test_what_would_not_agree_afterwards_is_shown(client, officer, commune, monkeypatch):
    real = dress_rehearsal.problems
    monkeypatch.setattr(
        dress_rehearsal,
        "problems",
        lambda: [*real(), *(f"Thừa: {hamlet}" for hamlet in Unit.objects.hamlets())],
    )
    client.force_login(officer)

    rehearse(client, hamlets_file(officer, "Quới Hòa"))

    assert (shown()["problem_count"], shown()["problems"]) == (1, ["Thừa: Ấp Quới Hòa"])
    assert "Thừa: Ấp Quới Hòa" in page_of(client)


def test_many_rows_are_rehearsed_by_the_worker(client, officer, commune, monkeypatch, work_off):
    monkeypatch.setattr(dress_rehearsal, "QUICK_ROWS", 1)
    hamlets = hamlets_file(officer, "Quới Hòa", "Quới An")
    client.force_login(officer)

    response = rehearse(client, hamlets)
    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:job", args=[job.pk])
    work_off()

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert shown()["files"][0]["counts"]["new"] == 2
    assert not Unit.objects.hamlets().exists()


def test_a_file_answered_anew_while_the_work_waits_is_not_rehearsed(
    client, officer, commune, monkeypatch, work_off
):
    monkeypatch.setattr(dress_rehearsal, "QUICK_ROWS", 0)
    hamlets = hamlets_file(officer, "Quới Hòa")
    client.force_login(officer)
    rehearse(client, hamlets)
    answer(hamlets, rows={"2": "skip"})

    work_off()

    assert Job.objects.get().state == Job.State.FAILED
    assert not KeptLoadRehearsal.objects.exists()
