"""Hamlets and their cells, with the counts that offices keep in the same list."""

from django.utils.translation import gettext_lazy

from cells.resources import HamletResource
from desk.importing.guesses import commune_of
from desk.importing.papers import Ask, ImportForm, Part, Row
from desk.reorganisation.wording import kind_and_name


def _lines(row: Row) -> list[dict]:
    values = dict(row.values)
    if values.get("name") is not None and values.get("kind") is None and values.get("code") is None:
        kind, name = kind_and_name(values["name"])
        values |= {"kind": kind or None, "name": name}
    return [values]


HAMLETS = ImportForm(
    key="hamlets",
    label=gettext_lazy("Hamlets with their cells"),
    columns=tuple(HamletResource.columns),
    parts=(Part(HamletResource, _lines),),
    permission="cells.add_unit",
    asks=(Ask("commune", commune_of, unless=("commune_code", "code")),),
    needs=(("name", "code"),),
    passed_over=("Ghi chú",),
    titles=(
        "danh sách chi bộ",
        "danh sách ấp",
        "danh sách thôn",
        "danh sách khu phố",
        "danh sách tổ dân phố",
    ),
)
