"""Which fields a template of a paper may use: those of its own layout, and what every paper says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from cells.kinds import Level
from dashboards.papers.forms import Form
from dashboards.papers.layout import ForEach, Grid, Head, Line, Lines, Signatures, Table, When
from dashboards.papers.values import KEY

# What stands at the top of every paper.
OF_ALL = {
    "nam": _("the year of the review"),
    "nam_truoc": _("the year before"),
    "ngay_so_lieu": _("the day of the figures"),
    "du_thao": _("“draft”, empty once the paper is issued"),
    "so_ky_hieu": _("the number of the paper"),
    "bieu_so": _("the number of the form"),
    "co_quan_tren": _("the committee above, in capitals"),
    "co_quan": _("who writes, in capitals"),
    "dia_danh_ngay": _("place and day of signing"),
    "don_vi_lap": _("the unit the paper is of"),
    "tinh_uy": _("the Party committee of the province"),
    "ky_tren": _("who signs, first line"),
    "ky_duoi": _("who signs, second line"),
}
OF_COMMUNES = {
    "dang_uy": _("the Party committee of the commune, in capitals"),
    "dang_uy_thuong": _("the Party committee of the commune"),
    "ban": _("the board of the commune"),
    "ban_tham_muu": _("the board of the commune, in capitals"),
}
OF_PROVINCES = {"da_gui": _("how many communes the figures are of")}
_NAMES = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\s*\}\}")


@dataclass
class Fields:
    """The fields of one paper: single ones, lists of texts, and lists and lines with fields of their own."""

    single: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    # By the name of the list: what an entry is called, and its fields.
    rows: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    totals: dict[str, dict[str, str]] = field(default_factory=dict)
    # Those that are counts: percentages are worked out of them.
    counts: set[str] = field(default_factory=set)

    def sample(self) -> dict:
        """Return figures in which every field says its own name."""
        sample: dict = {name: name for name in self.single}
        sample |= {name: [name, name] for name in self.texts}
        for name, (_item, own) in self.rows.items():
            sample[name] = [self._sample_row(own) for _twice in range(2)]
        for name, own in self.totals.items():
            sample[name] = self._sample_row(own)
        return sample

    def _sample_row(self, own: dict[str, str]) -> dict:
        return {name: 1 if name in self.counts else name for name in own}

    def listed(self) -> Iterator[tuple[str, str]]:
        """Yield each field as it is written into a template, and what it stands for."""
        for name, meaning in self.single.items():
            yield f"{{{{ {name} }}}}", str(meaning)
        for name in sorted(self.texts):
            yield name, str(_("a list of sentences"))
        for name, (item, own) in self.rows.items():
            for one, meaning in own.items():
                yield f"{{{{ {item}.{one} }}}}", f"{name}: {meaning}"
        for name, own in self.totals.items():
            for one, meaning in own.items():
                yield f"{{{{ {name}.{one} }}}}", str(meaning)


def fields_of_form(form: Form) -> Fields:
    """Return the fields a template of this paper may use."""
    found = Fields(single=dict(OF_ALL))
    if Level.COMMUNE in form.levels and Level.PROVINCE not in form.levels:
        found.single |= OF_COMMUNES
    elif Level.PROVINCE in form.levels and Level.COMMUNE not in form.levels:
        found.single |= OF_PROVINCES
    _collect(form.layout.blocks, found, {})
    return found


def _collect(blocks: tuple, found: Fields, items: dict[str, str]) -> None:
    for block in blocks:
        if isinstance(block, When):
            found.single.setdefault(block.field, _("whether this part is there"))
            _collect(block.blocks, found, items)
        elif isinstance(block, ForEach):
            found.rows.setdefault(block.rows, (block.item, {}))
            _collect(block.blocks, found, {**items, block.item: block.rows})
        elif isinstance(block, Lines):
            found.texts.add(block.field)
        elif isinstance(block, Table):
            _add_table(block, found)
        else:
            for text in _texts(block):
                _add_names(text, found, items)


def _add_table(table: Table, found: Fields) -> None:
    own = {column.field: _heading(column) for column in table.columns if column.field != KEY}
    found.counts |= {column.field for column in table.columns if column.kind == "count"}
    found.rows.setdefault(table.rows, (table.item, {}))[1].update(own)
    if table.total:
        found.totals.setdefault(table.total, {}).update(own)
    for column in table.columns:
        _add_names(column.header, found, {})


def _heading(column) -> str:
    header = _NAMES.sub("…", column.header)
    return column.in_full(header)


def _texts(block) -> Iterator[str]:
    if isinstance(block, Line):
        yield block.text
    elif isinstance(block, Head):
        yield from block.left
    elif isinstance(block, Signatures):
        yield from (*block.left, *block.right)
    elif isinstance(block, Grid):
        yield from (*block.header, *(text for row in block.rows for text in row))


def _add_names(text: str, found: Fields, items: dict[str, str]) -> None:
    for first, second in _NAMES.findall(text):
        if second and first in items:
            found.rows[items[first]][1].setdefault(second, second)
        elif not second:
            found.single.setdefault(first, _NAMES.sub("…", text).strip())
