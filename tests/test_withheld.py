"""What a commune has not sent leaves no trace: every address answers the province the same, whatever it says.

All of a file that is not sent is changed, in the rows and in their histories; then every address of the
site and of the administration is asked again. A page that differs tells something it should not know.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from itertools import product

import pytest
import time_machine
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.changes import recording
from accounts.models import ChangeSet, ExportLog, Role
from accounts.roles import ADMIN_ROLES
from dashboards.models import IssuedReport
from dashboards.papers.asking import asked_for
from dashboards.papers.forms import FORMS, XLSX
from dashboards.papers.issuing import Numbered, issue
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Step
from evaluations.review.correcting import Correction, correct
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

SECRETS = [
    {"level": Level.EXCELLENT, "points": 97, "disciplined": False, "reason": "Lý do một", "count": 3},
    {"level": Level.COMPLETED, "points": 51, "disciplined": True, "reason": "Lý do hai", "count": 8},
]
CODES = ("rated", "level_excellent", "level_completed", "review_completeness", "merged_role")
LIST = FORMS["danh-sach-trinh"]
# Their addresses are put together by paper: see paper_addresses.
PAPERS = frozenset({"papers:paper", "paper_files:file", "paper_files:issue", "papers:issued_file"})
OTHERS = ("reader", "follower", "neighbour", "administrator", "superuser")
# What the text of a page has anew each time it is asked for.
PASSING = re.compile(rb'(csrfmiddlewaretoken" value="|nonce="|csrf-token" content=")[^"]*')


@kept
def file(province, commune, neighbour, officer, clerk):
    """A file that was decided, corrected and not sent, its list issued on paper, beside one that is not begun."""
    for home in (commune, neighbour):
        cell = factories.cell(of=factories.hamlet(parent=home))
        factories.tenure(cell=cell)
    last = factories.cycle(province=province, year=timezone.localdate().year - 1)
    factories.rating(of=commune.cells.get(), cycle=last)
    cycle = factories.open_review(by=officer)
    file = factories.file_of(commune, cycle)
    fill_rest(file, by=clerk)
    rows = [
        *CellRating.objects.filter(cycle=cycle, commune=commune),
        *LeaderRating.objects.filter(cycle=cycle, commune=commune),
    ]
    save_rows(
        file,
        [
            Entry(
                type(row),
                row.pk,
                mark_of(row, None),
                {"self_level": Level.GOOD},
                {"good": 4} if type(row) is CellRating else None,
            )
            for row in rows
        ],
        by=clerk,
    )
    put = take(file, Step.Kind.PUT, by=clerk)
    paper = Paper("9-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
    decided = record_decision(put, paper, by=clerk)
    rating = CellRating.objects.get(cycle=cycle, commune=commune)
    with recording(by=clerk, kind=ChangeSet.Kind.PAGE, reason="Đính chính"):
        correct(decided, rating, Correction(Level.COMPLETED, paper, "Xét lại"), by=clerk)
    issue(LIST, asked_for(clerk, commune, cycle.year), Numbered("3-DS/BXD", timezone.localdate()))
    decided.refresh_from_db()
    return decided


def say(file, secret: dict) -> None:
    """Write another content into everything that has not been sent, as if it had never been another."""
    for model in (CellRating, LeaderRating):
        rows = model.objects.filter(cycle=file.cycle, commune=file.commune)
        values = {name: secret[name] for name in ("points", "disciplined", "reason")} | {
            "note": secret["reason"]
        }
        levels = dict.fromkeys(("self_level", "proposed_level", "decided_level"), secret["level"])
        assert rows.update(**levels, **values)
        assert model.history.filter(id__in=rows.values("pk"), decided_on__isnull=False).update(
            **levels, **values
        )
        model.history.filter(id__in=rows.values("pk"), decided_on__isnull=True).exclude(self_level="").update(
            self_level=secret["level"], proposed_level=secret["level"], **values
        )
        rows.filter(edition__gt=1).update(edition_reason=secret["reason"])
    steps = file.steps.filter(kind=Step.Kind.CORRECTED)
    assert steps.update(text=secret["reason"])
    assert Step.history.filter(id__in=steps.values("pk")).update(text=secret["reason"])
    assert IssuedReport.objects.filter(unit=file.commune).update(title=secret["reason"])
    counts = {"good": secret["count"], "excellent": secret["count"] + 1}
    assert MemberLevels.objects.filter(cycle=file.cycle).update(**counts)
    assert MemberLevels.history.update(**counts)


def named_addresses(resolver=None, prefix="") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from named_addresses(entry, f"{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name and not entry.name.startswith(("account_", "mfa_")):
            yield f"{prefix}{entry.name}", entry


def values_for(name: str, file) -> list:
    """Return what to put into an address where it asks for this."""
    if name == "year":
        return [file.cycle.year]
    if name == "code":
        return list(CODES)
    if name in ("kind", "office"):
        return ["chi-bo", "nguoi", "ratings", "secretary"]
    keys = {file.pk, file.cycle_id, file.commune_id, file.cycle.province_id}
    for model in (CellRating, LeaderRating, MemberLevels):
        keys |= set(model.objects.filter(cycle=file.cycle).values_list("pk", flat=True))
    rows = CellRating.objects.filter(cycle=file.cycle, commune=file.commune)
    keys |= set(rows.values_list("cell", flat=True))
    keys |= set(LeaderRating.objects.filter(commune=file.commune).values_list("person", flat=True))
    return sorted(keys)


def paper_addresses(file) -> Iterator[str]:
    """Yield every paper of the commune and of the province as a page and as a file of one kind."""
    for form in FORMS.values():
        kind = XLSX if XLSX in form.kinds else form.kinds[0]
        for unit in (file.commune_id, file.cycle.province_id):
            named = {"pk": unit, "year": file.cycle.year, "form": form.code}
            yield reverse("papers:paper", kwargs=named)
            yield reverse("paper_files:file", kwargs=named | {"kind": kind})
            yield reverse("paper_files:issue", kwargs=named)
    for pk in IssuedReport.objects.values_list("pk", flat=True):
        yield reverse("papers:issued", args=[pk])
        yield reverse("papers:issued_file", args=[pk, XLSX])


def site_addresses(file, *, dated: bool) -> list[str]:
    """Return every address of the site with everything it may be asked for; dated: on a day, too."""
    found = set(paper_addresses(file))
    for name, entry in named_addresses():
        # The log of who looked at people tells of the very questions asked here.
        if name in PAPERS or name.startswith("records:accesses"):
            continue
        wanted = list(entry.pattern.converters)
        choices = [values_for(one, file) for one in _all_converters(name, wanted)]
        for values in product(*choices):
            kwargs = dict(zip(_all_converters(name, wanted), values, strict=True))
            try:
                found.add(reverse(name, kwargs=kwargs))
            except NoReverseMatch:
                continue
    if not dated:
        return sorted(found)
    day = f"{timezone.localdate():%Y-%m-%d}"
    lists = [url for url in found if "/so-lieu/" in url or "/tong-quan/" in url]
    return sorted(found | {f"{url}?ngay={day}&dia_gioi=hien-nay" for url in lists})


def _all_converters(name: str, own: list[str]) -> list[str]:
    """Return the keywords of an address, those of the part before it as well."""
    (possibilities,) = [
        [params for _text, params in one[0]] for key, one in _reverse_dict(name) if key == name.split(":")[-1]
    ][:1] or [[own]]
    return list(possibilities[0]) if possibilities else own


def _reverse_dict(name: str):
    resolver = get_resolver()
    for namespace in name.split(":")[:-1]:
        _prefix, resolver = resolver.namespace_dict[namespace]
    return [(key, resolver.reverse_dict[key]) for key in resolver.reverse_dict if isinstance(key, str)]


def admin_addresses(file) -> list[str]:
    found = []
    # The log of exports tells of the very questions asked here.
    for model in admin.site._registry.keys() - {ExportLog}:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{names}_changelist"))
        if model in (CellRating, LeaderRating, MemberLevels):
            for pk in model.objects.filter(cycle=file.cycle).values_list("pk", flat=True):
                found += [reverse(f"{names}_{page}", args=[pk]) for page in ("change", "history", "delete")]
    for pk in file.steps.values_list("pk", flat=True):
        found += [reverse(f"admin:evaluations_step_{page}", args=[pk]) for page in ("change", "history")]
    for pk in ChangeSet.objects.values_list("pk", flat=True):
        found.append(reverse("admin:accounts_changeset_change", args=[pk]))
    return found


def answer(client, url: str) -> tuple[int, bytes]:
    """Return what an address says, without what changes from one moment to another."""
    response = client.get(url)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in sorted(package.namelist()))
    return response.status_code, PASSING.sub(b"", content)


@pytest.fixture
def others(province, commune, officer, reader, neighbour):
    follower = factories.user(role=Role.FOLLOW_UP_OFFICER)
    follower.grants.create(unit=commune, access="read", source="assignment")
    return {
        "officer": officer,
        "reader": reader,
        "follower": follower,
        "neighbour": factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]),
        "administrator": factories.user(role=Role.ADMINISTRATOR, keeps=[None]),
        "superuser": factories.user(is_superuser=True, is_staff=True),
    }


@pytest.mark.parametrize(
    "who",
    ["officer", *(pytest.param(who, marks=pytest.mark.soak) for who in ("officer again", *OTHERS))],
)
def test_what_is_not_sent_leaves_no_trace_on_any_address(client, who, others, file, monkeypatch):
    user = others[who.removesuffix(" again")]
    is_thorough = who != "officer"
    urls = site_addresses(file, dated=is_thorough) + (
        admin_addresses(file) if user.is_superuser or user.role in ADMIN_ROLES else []
    )
    client.force_login(user)
    answers = []
    with time_machine.travel(timezone.now(), tick=False):
        for secret in SECRETS:
            say(file, secret)
            answers.append({url: answer(client, url) for url in urls})
            if not is_thorough:
                # Nothing said above makes a thing come to be: what is not there is asked for twice by `make soak`.
                urls = [url for url in urls if answers[0][url][0] != HTTPStatus.NOT_FOUND]

    first, second = answers
    assert [url for url in second if first[url] != second[url]] == []
    assert len(second) > 300
    assert sum(status == 200 for status, _content in first.values()) > 10


def test_the_commune_itself_sees_what_it_has_entered(client, clerk, file):
    """The test above can fail: what it varies does show, to whom it belongs."""
    client.force_login(clerk)
    url = reverse("dashboards:cell", args=[file.commune.cells.get().pk])
    answers = []
    for secret in SECRETS:
        say(file, secret)
        answers.append(answer(client, url))

    assert answers[0] != answers[1]


def test_the_province_sees_it_once_it_is_sent(client, officer, clerk, file):
    take(file, Step.Kind.SENT, by=clerk)
    client.force_login(officer)
    url = reverse("dashboards:cell", args=[file.commune.cells.get().pk])
    answers = []
    for secret in SECRETS:
        say(file, secret)
        answers.append(answer(client, url))

    assert answers[0] != answers[1]
