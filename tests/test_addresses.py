"""Who may open which address: one table over every address of the site.

Each address is asked for by each person, about a thing of the commune of ``clerk``. An address
that is not in the table fails the test, so a new page cannot be forgotten.
"""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Role
from cells.models import LineKind
from dashboards.models import IssuedFile, IssuedReport, PaperTemplate
from desk.exporting.keeping import scope_mark
from desk.importing.batches import receive
from desk.jobs.work import start
from desk.models import KeptExport
from desk.reorganisation.drafting import add_lines, begin
from desk.reorganisation.drafting.rules import DraftLine
from evaluations.models import Level
from evaluations.review.communes import CommuneEntry, commune_rows, decide_communes, save_commune_rows
from evaluations.review.deciding import Paper
from leaders.actions import begin_tenures
from leaders.models import Office, Tenure
from tests import factories
from tests.addresses import AREAS
from tests.addresses.statuses import (
    APPLIED,
    BEGUN_BY_PROVINCE,
    BUTTON,
    CALLED,
    COMMITTEES,
    CORRECTED,
    COUNTRY_ONLY,
    DRAFTERS,
    ENTERED,
    EVERYBODY,
    FORBIDDEN,
    FORMS,
    HANDED_IN,
    HIDDEN,
    IMPORT_ACT,
    IMPORT_CHECKED,
    IMPORT_ENDED,
    ISSUED,
    KEEP,
    LIST_IS_FIXED,
    LOGIN,
    MOVED,
    NOT_DECIDED_YET,
    NOT_PUT_YET,
    NOT_SENT_YET,
    OF_PROVINCE,
    OK,
    OWN,
    OWN_FILE,
    PEOPLE,
    POST_ONLY,
    PROPOSED,
    PROPOSED_FOR_CELLS,
    PROVINCE_READS,
    READ,
    READ_BY_SENDERS,
    READ_HAMLET,
    RESULTS,
)
from tests.desk.long_work import rename
from tests.worlds import kept

TABLE = {
    "dashboards:home": EVERYBODY,
    "dashboards:overview": (LOGIN, MOVED, MOVED, MOVED, HIDDEN, MOVED, MOVED, HIDDEN),
    "dashboards:overview_unit": READ,
    "dashboards:figure_rows": READ,
    "exporting:figure_rows": READ,
    "dashboards:figure_rows_country": COUNTRY_ONLY,
    "exporting:figure_rows_country": COUNTRY_ONLY,
    "dashboards:search": EVERYBODY,
    "dashboards:commune_list": EVERYBODY,
    "exporting:commune_list": EVERYBODY,
    "dashboards:hamlet_list": EVERYBODY,
    "exporting:hamlet_list": EVERYBODY,
    "dashboards:cell_list": EVERYBODY,
    "exporting:cell_list": EVERYBODY,
    "dashboards:person_list": EVERYBODY,
    "exporting:person_list": EVERYBODY,
    "dashboards:hamlet": READ_HAMLET,
    "dashboards:cell": READ_HAMLET,
    "dashboards:person": READ_HAMLET,
    "dashboards:healthz": (OK,) * 8,
    "entry:member_count": KEEP,
    "entry:cell_edit": KEEP,
    "entry:household_count": KEEP,
    "leaders:confirm": KEEP,
    "leaders:fill_cell_seat": KEEP,
    "leaders:fill_hamlet_seat": KEEP,
    "leaders:replace": KEEP,
    "leaders:leave": KEEP,
    "leaders:person_edit": KEEP,
    "reorganisations:list": EVERYBODY,
    "reorganisations:event": READ,
    "reorganisations:new": BEGUN_BY_PROVINCE,
    "reorganisations:propose": PROPOSED,
    "reorganisations:propose_cells": PROPOSED_FOR_CELLS,
    "reorganisations:sheet_template": DRAFTERS,
    "reorganisations:event_edit": KEEP,
    "reorganisations:event_discard": KEEP,
    "reorganisations:sheet": KEEP,
    "reorganisations:line_add": KEEP,
    "reorganisations:line_edit": KEEP,
    "reorganisations:line_remove": KEEP,
    "reorganisations:rehearsal": READ,
    "reorganisations:rehearse_anew": BUTTON,
    "reorganisations:finding": READ,
    "reorganisations:finding_export": READ,
    "reorganisations:decide": BUTTON,
    "reorganisations:print": READ,
    "reorganisations:submit": KEEP,
    "reorganisations:send_back": APPLIED,
    "reorganisations:check": APPLIED,
    "reorganisations:apply": APPLIED,
    "reorganisations:undo": APPLIED,
    "reorganisations:reopen": APPLIED,
    "reorganisations:correct": APPLIED,
    "reorganisations:correct_name": CORRECTED,
    "reorganisations:correct_day": CORRECTED,
    "reorganisations:correct_decision": CORRECTED,
    "exporting:kept": OWN,
    "exporting:file": OWN,
    "exporting:streaks": EVERYBODY,
    "papers:index": (LOGIN, MOVED, MOVED, MOVED, OK, MOVED, MOVED, OK),
    "papers:unit": READ,
    "papers:year": READ,
    "papers:paper": READ,
    "papers:streaks": EVERYBODY,
    "papers:templates": EVERYBODY,
    "papers:shipped_template": EVERYBODY,
    "papers:upload_template": BEGUN_BY_PROVINCE,
    "papers:own_template": OF_PROVINCE,
    "papers:remove_template": BUTTON,
    "papers:issued": READ,
    "papers:issued_file": READ,
    "paper_files:file": READ,
    "paper_files:issue": ISSUED,
    "review_board:years": (LOGIN, MOVED, MOVED, MOVED, HIDDEN, MOVED, OK, HIDDEN),
    "review_board:year": (LOGIN, MOVED, MOVED, MOVED, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "review_board:summary": (LOGIN, HIDDEN, MOVED, MOVED, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "review_board:open": BEGUN_BY_PROVINCE,
    "review_board:board": PROVINCE_READS,
    "exporting:review_board": PROVINCE_READS,
    "review_board:call_list": CALLED,
    "review_board:attention": PROVINCE_READS,
    "review_board:shares": PROVINCE_READS,
    "review_board:results": RESULTS,
    "exporting:review_results": RESULTS,
    "review_board:people": RESULTS,
    "exporting:review_people": RESULTS,
    "review_board:file": PROVINCE_READS,
    "review_board:committees": COMMITTEES,
    **dict.fromkeys(
        (
            f"review_board:{name}"
            for name in (
                *("notice", "days", "fix", "discard", "close", "receive", "decide_committees"),
                *("deadline", "phones", "outstanding", "add", "take_off", "correct_committee"),
            )
        ),
        APPLIED,
    ),
    "review:grid": READ,
    "review:save": BUTTON,
    "review:changes": ENTERED,
    "review:fill_rest": BUTTON,
    "review:step": BUTTON,
    "review:message": BUTTON,
    "review:decide": NOT_PUT_YET,
    "review:list": LIST_IS_FIXED,
    "review:workbook": NOT_SENT_YET,
    "review:correct": NOT_DECIDED_YET,
    "importing:desk": HANDED_IN,
    "importing:template": READ_BY_SENDERS,
    "importing:batch": OWN_FILE,
    "importing:answer": BUTTON,
    "importing:beside": BUTTON,
    "importing:mend": BUTTON,
    "importing:check": BUTTON,
    "importing:marked": IMPORT_CHECKED,
    "importing:write": IMPORT_ACT,
    "importing:submit": BUTTON,
    "importing:withdraw": BUTTON,
    "importing:send_back": IMPORT_ACT,
    "importing:drop": OWN_FILE,
    "importing:undo": IMPORT_ENDED,
    "importing:first_load": BEGUN_BY_PROVINCE,
    "importing:rehearse": BUTTON,
    "importing:reconciliation": BEGUN_BY_PROVINCE,
    "importing:reconciliation_export": BEGUN_BY_PROVINCE,
    "jobs:job": OWN,
    "jobs:again": BUTTON,
    "cells:decision_file": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    **{name: row for area in AREAS for name, row in area.TABLE.items()},
}


def addresses(resolver=None, prefix="") -> set[str]:
    """Return the names of all addresses but those of the admin and of django-allauth."""
    names = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                names |= addresses(entry, f"{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name and not entry.name.startswith(("account_", "mfa_")):
            names.add(f"{prefix}{entry.name}")
    return names


@kept
def things(commune, clerk, officer):
    """One of each thing of the commune, by the keyword an address asks for."""
    hamlet = factories.hamlet(parent=commune, name="Quới Hòa")
    cell = factories.cell(of=hamlet)
    person = factories.person(keeper=commune, full_name="Nguyễn Văn Đức")
    secretary, _head = begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=cell, starts_on=date(2022, 1, 1)),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2022, 1, 1)),
        ]
    )
    year = factories.cycle(province=commune.parent, year=2025)
    factories.rating(of=cell, cycle=year, level=Level.GOOD)
    review = factories.open_review(by=officer)
    decision = factories.decision(unit=commune)
    here = {
        "commune": commune.pk,
        "hamlet": hamlet.pk,
        "cell": cell.pk,
        "person": person.pk,
        "tenure": secretary.pk,
        "decision": decision.pk,
    }
    of_areas = {key: pk for area in AREAS for key, pk in area.things(here, clerk, officer).items()}
    event = begin(title="Sắp xếp ấp Quới Hòa", unit=commune, on=date(2026, 5, 1))
    rename_line = DraftLine(kind=LineKind.RENAME, on=event.effective_on, unit=hamlet, name="Quới An")
    (line,) = add_lines(event, [rename_line])
    return {
        **here,
        **of_areas,
        "event": event.pk,
        "line": line.pk,
        "file": factories.file_of(commune, review).pk,
        "listed": review.cellratings.get().pk,
        "committee": _decided_committee(review, officer),
        "kept": _kept_by(clerk).pk,
        "batch": receive(
            clerk, name="bieu.csv", data=b"TT,Chi b\xe1\xbb\x99\n1,\xe1\xba\xa4p 1\n", kind="ratings"
        ).pk,
        "template": PaperTemplate.objects.create(
            province=commune.parent, form="tong-hop", kind="docx", file_name="mau.docx", content=b"PK"
        ).pk,
        "report": _issued_by(commune).pk,
        "job": start(rename, title="Thực hiện", by=clerk, to="Mới").pk,
    }


def _decided_committee(review, officer) -> int:
    (row,) = commune_rows(review)
    save_commune_rows(review, [CommuneEntry(row.pk, 1, {"self_level": Level.GOOD})], by=officer)
    decide_communes(review, Paper("123-QĐ/TU", timezone.localdate(), "Ban Thường vụ Tỉnh ủy"), by=officer)
    return row.pk


def _kept_by(clerk) -> KeptExport:
    return KeptExport.objects.create(
        by=clerk, title="Danh sách", file_name="a.csv", row_count=0, size=0, scope=scope_mark(clerk)
    )


def _issued_by(commune) -> IssuedReport:
    report = IssuedReport.objects.create(
        unit=commune,
        form="danh-sach-xep-loai",
        year=2025,
        number="1",
        day=date(2026, 1, 5),
        title="Danh sách",
        figures={"dia_danh_ngay": "", "co_quan_tren": "", "co_quan": "", "cac_dong": []},
    )
    IssuedFile.objects.create(report=report, kind="pdf", content=b"%PDF")
    return report


@kept
def people(commune, neighbour, clerk, officer, reader, outsider, things):
    follower = factories.user(username="follower", role=Role.FOLLOW_UP_OFFICER)
    follower.grants.create(unit_id=things["hamlet"], access="read", source="assignment")
    return {
        "nobody": None,
        "clerk": clerk,
        "officer": officer,
        "reader": reader,
        "follower": follower,
        "foreign_clerk": factories.user(username="foreign", role=Role.COMMUNE_STAFF, keeps=[neighbour]),
        "outsider": outsider,
        "ungranted": factories.user(username="ungranted", role=Role.PROVINCIAL_STAFF),
    }


@kept
def sessions(people):
    """Sign everybody in once: what each browser carries."""
    keys = {}
    for person, user in people.items():
        browser = Client()
        if user:
            browser.force_login(user)
        keys[person] = {name: morsel.value for name, morsel in browser.cookies.items()}
    return keys


# What the key in an address names.
OF = {
    "dashboards:overview_unit": "commune",
    "dashboards:figure_rows": "commune",
    "exporting:figure_rows": "commune",
    "dashboards:hamlet": "hamlet",
    "dashboards:cell": "cell",
    "dashboards:person": "person",
    "entry:member_count": "cell",
    "entry:cell_edit": "cell",
    "entry:household_count": "hamlet",
    "leaders:confirm": "commune",
    "leaders:fill_cell_seat": "cell",
    "leaders:fill_hamlet_seat": "hamlet",
    "leaders:replace": "tenure",
    "leaders:leave": "person",
    "leaders:person_edit": "person",
    "reorganisations:event": "event",
    "reorganisations:event_edit": "event",
    "reorganisations:event_discard": "event",
    "reorganisations:sheet": "event",
    "reorganisations:line_add": "event",
    "reorganisations:line_edit": "line",
    "reorganisations:line_remove": "line",
    **dict.fromkeys(
        (
            f"reorganisations:{name}"
            for name in (
                *("rehearsal", "rehearse_anew", "finding", "finding_export", "decide", "print", "submit"),
                *("send_back", "check", "apply", "undo", "reopen", "correct"),
                *("correct_name", "correct_day", "correct_decision"),
            )
        ),
        "event",
    ),
    "exporting:kept": "kept",
    "exporting:file": "kept",
    **dict.fromkeys(
        (
            f"importing:{name}"
            for name in (
                *("batch", "answer", "beside", "mend", "check", "marked", "write", "submit", "withdraw"),
                *("send_back", "drop", "undo"),
            )
        ),
        "batch",
    ),
    **dict.fromkeys(
        ("papers:unit", "papers:year", "papers:paper", "paper_files:file", "paper_files:issue"), "commune"
    ),
    "papers:own_template": "template",
    "papers:remove_template": "template",
    "papers:issued": "report",
    "papers:issued_file": "report",
    **dict.fromkeys(
        (f"review_board:{name}" for name in ("file", "deadline", "phones", "outstanding", "add", "take_off")),
        "file",
    ),
    "review_board:correct_committee": "committee",
    **dict.fromkeys((name for name in TABLE if name.startswith("review:")), "file"),
    "jobs:job": "job",
    "jobs:again": "job",
    "cells:decision_file": "decision",
    **{name: key for area in AREAS for name, key in area.OF.items()},
}
MORE = {
    "papers:year": {"year": 2025},
    "papers:paper": {"year": 2025, "form": "danh-sach-xep-loai"},
    "papers:shipped_template": {"form": "tong-hop", "kind": "docx"},
    "papers:upload_template": {"form": "tong-hop", "kind": "docx"},
    "papers:issued_file": {"kind": "pdf"},
    "paper_files:file": {"year": 2025, "form": "danh-sach-xep-loai", "kind": "pdf"},
    "paper_files:issue": {"year": 2025, "form": "danh-sach-xep-loai"},
    "importing:reconciliation": {"year": 2024},
    "importing:reconciliation_export": {"year": 2024},
    "dashboards:figure_rows": {"code": "merged_role"},
    "exporting:figure_rows": {"code": "merged_role"},
    "dashboards:figure_rows_country": {"code": "merged_role"},
    "exporting:figure_rows_country": {"code": "merged_role"},
    "importing:template": {"kind": "people"},
    "importing:beside": {"kind": "leader_ratings"},
    "reorganisations:line_add": {"kind": LineKind.RENAME},
    "reorganisations:finding": {"step": 1, "code": "units"},
    "reorganisations:finding_export": {"step": 1, "code": "units"},
    "review:correct": {"kind": "chi-bo"},
    "review_board:add": {"kind": "chi-bo"},
    "review_board:take_off": {"kind": "chi-bo"},
    "leaders:fill_cell_seat": {"office": Office.DEPUTY_SECRETARY},
    "leaders:fill_hamlet_seat": {"office": Office.DEPUTY_HEAD},
    **{name: more for area in AREAS for name, more in area.MORE.items()},
}


# Who is let in Python decides, alike everywhere; PostgreSQL is asked whether it can answer each page.
ASKED = {"postgresql": ("clerk", "officer", "reader")}
# Pages of the review of this year.
OF_THIS_YEAR = re.compile(r"(review:|review_board:(?!years|open)|exporting:review_)")


def address(name: str, things: dict[str, int]) -> str:
    # What else an address needs may name one of the things, too.
    kwargs = {key: things.get(value, value) for key, value in MORE.get(name, {}).items()}
    if OF_THIS_YEAR.match(name):
        kwargs["year"] = timezone.localdate().year
    if name in ("review_board:take_off", "review:correct"):
        kwargs["row"] = things["listed"]
    if TABLE[name] == CORRECTED:
        kwargs["line"] = things["line"]
    if name in OF:
        kwargs["pk"] = things[OF[name]]
    return reverse(name, kwargs=kwargs)


def test_the_table_knows_every_address():
    assert addresses() == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_who_may_open_it(client, sessions, things, name):
    found = {}
    for person in ASKED.get(connection.vendor, PEOPLE):
        client.cookies.clear()
        client.cookies.load(sessions[person])
        response = client.get(address(name, things))
        at_the_door = response.status_code == MOVED and "dang-nhap" in response["Location"]
        found[person] = LOGIN if at_the_door else response.status_code
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, as a browser does: only then it is closed

    expected = dict(zip(PEOPLE, TABLE[name], strict=True))
    assert found == {person: expected[person] for person in found}


@pytest.mark.parametrize(
    "name", [name for name, row in TABLE.items() if not any(row is one for one in (*FORMS, BUTTON))]
)
def test_what_is_read_is_not_posted_to(client, officer, things, name):
    client.force_login(officer)

    assert client.post(address(name, things)).status_code == POST_ONLY


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row is KEEP])
@pytest.mark.parametrize(
    ("person", "status"), [("reader", FORBIDDEN), ("foreign_clerk", HIDDEN), ("outsider", HIDDEN)]
)
def test_nobody_else_changes_anything(client, people, things, name, person, status):
    client.force_login(people[person])

    assert client.post(address(name, things), {"name": "X"}).status_code == status


@pytest.mark.parametrize("person", ["foreign_clerk", "outsider", "ungranted"])
@pytest.mark.parametrize(
    "name",
    [
        "dashboards:hamlet_list",
        "dashboards:cell_list",
        "dashboards:person_list",
        "dashboards:search",
        "dashboards:home",
        "reorganisations:list",
        "importing:desk",
    ],
)
def test_nothing_of_a_foreign_commune_shows_in_lists_search_or_first_page(
    client, people, things, name, person
):
    client.force_login(people[person])

    text = client.get(address(name, things), {"q": "quoi hoa"}).content.decode()
    text += client.get(address(name, things), {"q": "duc"}).content.decode()

    assert "Quới Hòa" not in text
    assert "Nguyễn Văn Đức" not in text


def test_the_clerk_finds_both_without_diacritics(client, clerk, things):
    client.force_login(clerk)

    assert "Quới Hòa" in client.get(reverse("dashboards:search"), {"q": "quoi hoa"}).content.decode()
    assert "Nguyễn Văn Đức" in client.get(reverse("dashboards:search"), {"q": "duc"}).content.decode()
