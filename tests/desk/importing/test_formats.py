"""A list says the same in every format in which an office may save it."""

import csv
import io
import unicodedata

import pytest
from django.db import transaction

from cells.models import CellPeriod, HouseholdCount, MemberCount, UnitPeriod
from evaluations.models import CellRating
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, write
from tests.sheets.saved import FORMATS, SAVED
from tests.worlds import kept

ASKED = {
    "hamlets": {"commune": "Xã Tam Phước", "day": "31/12/2021"},
    "ratings": {
        "year": "2022",
        "commune": "Xã Tam Phước",
        "decision_number": "15-QĐ/ĐU",
        "decision_body": "Đảng ủy xã",
    },
}
# Rows with a fault, and words of what is said: a number in words, parts above their total; a vague level,
# a cell that is not there, a day that no calendar has.
FAULTY = {
    "hamlets": {11: ["“hai”"], 14: ["lớn hơn tổng số 20"]},
    "ratings": {8: ["“Hoàn thành”"], 9: ["“31/02/2022”", "“Chi bộ ấp 11”"]},
}
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_windows_1258(text: str) -> bytes:
    """Encode as Windows does: each tone behind its letter."""
    letters = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(part for part in parts if part in _TONES)
        whole = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters.append(whole + tones)
    return "".join(letters).encode("cp1258")


# How offices come by a csv file: the separator, and the bytes.
AS_TEXT = {
    "UTF-8": (",", str.encode),
    "UTF-8 with its mark": (";", lambda text: text.encode("utf-8-sig")),
    "UTF-16, the Unicode text of Excel": ("\t", lambda text: text.encode("utf-16")),
    "Windows-1258": (";", in_windows_1258),
}


def as_text(name: str, encoding: str) -> bytes:
    """Return the list as LibreOffice saves it, in another encoding and with the separator that goes with it."""
    separator, encode = AS_TEXT[encoding]
    rows = list(csv.reader(io.StringIO((SAVED / f"{name}.csv").read_text(encoding="utf-8"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return encode(out.getvalue())


FILES = {
    **{f"saved as {suffix}": (lambda name, s=suffix: (SAVED / f"{name}.{s}").read_bytes(), suffix) for suffix in FORMATS},
    **{f"csv in {one}": (lambda name, e=one: as_text(name, e), "csv") for one in AS_TEXT},
}  # fmt: skip


@kept
def user(province):
    tam_phuoc = factories.commune(parent=province, name="Tam Phước", code="28831")
    factories.commune(parent=province, kind="phuong", name="Phú Tân", code="28832")
    for name in ("Phước Hậu", "2", "3", "4"):
        factories.cell(of=factories.hamlet(parent=tam_phuoc, name=name), name=f"Chi bộ ấp {name}")
    return factories.user(keeps=[province])


def through_the_desk(user, name: str, data: bytes, suffix: str) -> tuple[dict, list]:
    """Return what the check says of the file and what is recorded once its good rows are written; keep nothing."""
    with transaction.atomic():
        batch = hand_in(user, data, f"bieu.{suffix}", kind=name)
        answer(batch, asked=ASKED[name])
        shown = check(batch, user)
        write(batch, user, only_good=True)
        facts = recorded()
        transaction.set_rollback(True)
    told_alike = ("counts", "rows", "totals", "skipped", "fingerprint")
    return {key: shown[key] for key in told_alike}, facts


def recorded() -> list:
    return [
        sorted(map(str, model.objects.order_by().values_list(*fields)))
        for model, fields in (
            (UnitPeriod, ("parent__name", "kind", "name", "starts_on")),
            (CellPeriod, ("commune__name", "name", "starts_on")),
            (HouseholdCount, ("hamlet__name", "day", "households", "poor")),
            (MemberCount, ("cell__name", "day", "total", "exempt", "away")),
            (
                CellRating,
                ("cell__name", "cycle__year", "self_level", "decided_level", "points", "decision__date"),
            ),
        )
    ]


@pytest.mark.parametrize("name", ASKED)
def test_the_workbook_itself_is_read_as_it_is_meant(user, name):
    shown, _facts = through_the_desk(user, name, (SAVED / f"{name}-original.xlsx").read_bytes(), "xlsx")

    found = {row["row"]: [fault["said"] for fault in row["faults"]] for row in shown["rows"] if row["faults"]}
    assert found.keys() == FAULTY[name].keys()
    for row, words in FAULTY[name].items():
        assert all(any(word in said for said in found[row]) for word in words), found[row]


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("name", ASKED)
def test_a_list_says_the_same_in_every_format(user, name, form):
    make, suffix = FILES[form]
    meant = through_the_desk(user, name, (SAVED / f"{name}-original.xlsx").read_bytes(), "xlsx")

    shown, facts = through_the_desk(user, name, make(name), suffix)

    for mine, theirs in zip(shown["rows"], meant[0]["rows"], strict=True):
        assert mine == theirs
    assert shown == meant[0]
    assert facts == meant[1]
