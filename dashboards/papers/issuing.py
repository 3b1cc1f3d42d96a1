"""Issuing a paper: its figures are frozen under a number; what differs later is shown beside, never rewritten."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.models import IssuedFile, IssuedReport
from dashboards.papers.asking import Asked, dated
from dashboards.papers.forms import Form
from dashboards.papers.layout import Column, Table
from dashboards.papers.making import Paper
from dashboards.papers.values import KEY, shown_in
from evaluations.review.authority import RECEIVE, WORK, may, works_on

ISSUE = "dashboards.add_issuedreport"
# What a paper says of itself changes from day to day; it is no figure.
_OF_THE_DAY = ("ngay_so_lieu", "du_thao", "so_ky_hieu", "dia_danh_ngay")


def may_issue(asked: Asked) -> bool:
    """Whether the person issues papers of this unit: each office its own, not those of the other.

    The papers of a former commune are issued by whoever works on its file.
    """
    user = asked.user
    if not (may(user, WORK if asked.is_commune else RECEIVE) and user.has_perm(ISSUE)):
        return False
    if Unit.objects.kept_by(user).filter(pk=asked.unit.pk).exists():
        return True
    return asked.file is not None and works_on(user, asked.file)


def mark_of(figures: Mapping) -> str:
    """Return a mark that is another as soon as one figure is."""
    lasting = {name: value for name, value in figures.items() if name not in _OF_THE_DAY}
    said = json.dumps(lasting, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Numbered:
    """What the signed paper bears."""

    number: str
    day: date
    title: str = ""


@transaction.atomic
def issue(form: Form, asked: Asked, numbered: Numbered, *, mark: str = "") -> IssuedReport:
    """Keep the paper as it is now, with its files, under this number.

    Raises ValidationError where the figures are not those that were looked at (``mark``), or the number was
    given already; PermissionDenied where this person does not issue papers of the unit.
    """
    if not may_issue(asked):
        raise PermissionDenied
    if numbered.day > timezone.localdate():
        raise ValidationError(_("The day of signing lies in the future. Check the day."))
    figures = form.figures_for(asked)
    if mark and mark != mark_of(figures):
        raise ValidationError(
            _(
                "The figures have changed since this page was opened. Look at them again, then issue the paper."
            )
        )
    place = figures["dia_danh_ngay"].partition(",")[0]
    figures |= {
        "du_thao": "",
        "so_ky_hieu": numbered.number,
        "dia_danh_ngay": dated(place, numbered.day),
    }
    report = IssuedReport(
        unit=asked.unit,
        form=form.code,
        year=asked.year,
        number=numbered.number.strip(),
        day=numbered.day,
        title=numbered.title.strip() or f"{form.title} năm {asked.year}",
        figures=figures,
        years=asked.years,
        by=asked.user,
        by_name=str(asked.user),
    )
    report.full_clean()
    report.save()
    paper = Paper.of(form, asked, figures)
    IssuedFile.objects.bulk_create(
        [IssuedFile(report=report, kind=kind, content=paper.write(kind)) for kind in form.kinds]
    )
    return report


@dataclass(frozen=True)
class Difference:
    """One figure that is another now."""

    where: str
    what: str
    then: str
    now: str


def differences(form: Form, then: Mapping, now: Mapping) -> list[Difference]:
    """Return what of a paper is different now: line by line and column by column, lines that came or went."""
    found = []
    for table in form.layout.tables():
        found += _of_table(table, then, now)
        if table.total:
            found += _of_row(table, _("total"), then.get(table.total) or {}, now.get(table.total) or {})
    return found


def _of_table(table: Table, then: Mapping, now: Mapping) -> list[Difference]:
    before = {row.get(KEY): row for row in then.get(table.rows) or []}
    after = {row.get(KEY): row for row in now.get(table.rows) or []}
    found = []
    for key, row in before.items():
        if key in after:
            found += _of_row(table, _name(table, row), row, after[key])
        else:
            found.append(Difference(_name(table, row), "", _("in the list"), _("not in the list")))
    found += [
        Difference(_name(table, row), "", _("not in the list"), _("in the list"))
        for key, row in after.items()
        if key not in before
    ]
    return found


def _of_row(table: Table, name: str, then: Mapping, now: Mapping) -> list[Difference]:
    pairs = [(column, shown_in(then, column), shown_in(now, column)) for column in table.columns[1:]]
    return [
        Difference(name, _heading(column), before, after)
        for column, before, after in pairs
        if before != after and column.kind != "percent"
    ]


def _name(table: Table, row: Mapping) -> str:
    return shown_in(row, table.columns[1])


def _heading(column: Column) -> str:
    header = column.header.replace("{{ ", "").replace(" }}", "")
    return column.in_full(header)
