"""Templates that a province sends in: opened as a stranger's file, their fields looked up, filled in once to see.

A template may repeat a list, leave a part out and name fields; nothing else of the template language is let
through, so that no file can keep the site busy or reach what is not its own.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from openpyxl import load_workbook

from accounts.sheet_errors import sentence_of
from dashboards.papers.dangers import refuse_dangers
from dashboards.papers.excel import fields_of, write_excel
from dashboards.papers.fields import Fields, fields_of_form
from dashboards.papers.forms import DOCX, Form
from dashboards.papers.language import SaysTooMuch
from dashboards.papers.values import sandbox
from dashboards.papers.word import write_word
from sheets.errors import SheetError
from sheets.limits import Limits
from sheets.packages import open_package, open_parts, packed

LIMITS = Limits(file_mb=5, unpacked_mb=40, parts=500, rows=500, columns=60, cells=30_000)
_MB = 1024 * 1024
_BRACES, _TAGS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}"), re.compile(r"<[^>]*>")
_CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MOST_TEXT = 3 * _MB
# Of all cells together: what is written once in a file may be shown in every cell of it.
_MOST_CELL_TEXT = 200_000
_LOOP = {"first", "last", "index", "index0", "length"}
_NAMED = 10


def check_template(form: Form, kind: str, data: bytes) -> bytes:
    """Return the template as it may be kept, or raise ValidationError with everything that is wrong with it."""
    if len(data) > LIMITS.file_mb * _MB:
        raise ValidationError(_("The file has more than %(limit)d MB.") % {"limit": LIMITS.file_mb})
    try:
        parts = open_parts(data, LIMITS)
        refuse_dangers(parts, LIMITS)
        checked = packed(parts, zipfile.ZIP_DEFLATED)
        if kind == DOCX:
            _check_word(form, parts, checked)
        else:
            open_package(data, LIMITS)
            _check_excel(form, parts, checked)
    except SheetError as error:
        raise ValidationError(_unreadable(kind, error)) from None
    return checked


def _unreadable(kind: str, error: SheetError) -> str:
    if error.code in ("damaged_workbook", "not_a_workbook", "unsafe_xml", "password_protected"):
        return _(
            "The file cannot be opened, has a password, or holds what no template needs. Open it, save it as"
            " .%(kind)s and choose it again."
        ) % {"kind": kind}
    return sentence_of(error)


# --- Word ---------------------------------------------------------------------------------


def _check_word(form: Form, parts: Mapping[str, bytes], checked: bytes) -> None:
    if "word/document.xml" not in parts:
        raise ValidationError(_("The file is no Word file. Choose a file saved as .docx."))
    fields = fields_of_form(form)
    unknown: list[str] = []
    for tree in _trees(checked):
        unknown += _Walk(fields).unknown(tree)
    _refuse_unknown(unknown, form)
    _try(lambda: write_word(form.layout, fields.sample(), template=checked))


def _trees(checked: bytes) -> Iterator[nodes.Template]:
    """Yield what the template language makes of each text that will be filled in."""
    template = DocxTemplate(io.BytesIO(checked))
    for source in _texts_of(template):
        _refuse_unbalanced(source)
        source = template.patch_xml(source)
        if "{{" in source or "{%" in source or "{#" in source:
            yield _parsed(source)


def _texts_of(template: DocxTemplate) -> list[str]:
    """Return every text that ``DocxTemplate.render`` fills in, as it reads it: wherever in the file it lies."""
    try:
        template.init_docx()
        headers = [
            template.get_part_xml(part)
            for kind in (template.HEADER_URI, template.FOOTER_URI)
            for _key, part in template.get_headers_footers(kind)
        ]
        notes = [
            part.blob.decode("utf-8")
            for part in template.docx.part.package.parts
            if part.content_type.endswith("wordprocessingml.footnotes+xml")
        ]
        about = template.docx.core_properties
        said = [about.author, about.comments, about.identifier, about.language, about.subject, about.title]
        return [template.get_xml(), *headers, *notes, *said]
    except Exception:  # a parser that is given a broken file fails in many ways
        raise ValidationError(_unreadable(DOCX, SheetError("damaged_workbook"))) from None


def _refuse_unbalanced(source: str) -> None:
    """Refuse a text in which braces do not open and close by turns: others keep the patterns of docxtpl busy for hours."""
    if len(source) > _MOST_TEXT:
        raise ValidationError(_("The text of the template is too long. Keep only what is printed."))
    opened = ""
    for brace in _BRACES.findall(_TAGS.sub("", source)):
        if bool(opened) if brace in _CLOSED_BY else brace != _CLOSED_BY.get(opened):
            raise ValidationError(_not_understood(ValueError(brace)))
        opened = brace if brace in _CLOSED_BY else ""
    if opened:
        raise ValidationError(_not_understood(ValueError(opened)))


def _parsed(source: str) -> nodes.Template:
    try:
        return sandbox().parse(source)
    except SaysTooMuch as error:
        raise ValidationError(error.message) from None
    except TemplateError as error:
        raise ValidationError(_not_understood(error)) from None


def _not_understood(error: Exception) -> str:
    return _(
        "A field of the template is not written as it should be (%(what)s). A field looks like {{ nam }}; what"
        " repeats stands between {%%tr for … %%} and {%%tr endfor %%}."
    ) % {"what": str(error)[:150]}


class _Walk:
    """Look up every name a template uses, knowing what each loop goes over."""

    def __init__(self, fields: Fields):
        self.fields = fields
        self.known: dict[str, set[str] | None] = dict.fromkeys([*fields.single, *fields.texts, *fields.rows])
        self.known |= {name: set(own) for name, own in fields.totals.items()}
        self.names: list[str] = []

    def unknown(self, tree: nodes.Template) -> list[str]:
        self._visit(tree, self.known)
        return self.names

    def _visit(self, node: nodes.Node, known: Mapping) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, known)
        elif isinstance(node, nodes.Getattr):
            self._attribute(node, known)
        elif isinstance(node, nodes.Name):
            if node.name not in known:
                self.names.append(node.name)
        else:
            for child in node.iter_child_nodes():
                self._visit(child, known)

    def _loop(self, node: nodes.For, known: Mapping) -> None:
        # That both are names was seen when the template was parsed.
        over, name = node.iter, node.target
        if over.name in self.fields.rows:
            own = set(self.fields.rows[over.name][1])
        elif over.name in self.fields.texts:
            own = None
        else:
            self.names.append(over.name)
            return
        inner = {**known, name.name: own, "loop": _LOOP}
        for child in (*node.body, *node.else_):
            self._visit(child, inner)

    def _attribute(self, node: nodes.Getattr, known: Mapping) -> None:
        owner = node.node
        if not isinstance(owner, nodes.Name):
            raise ValidationError(_not_understood(ValueError(node.attr)))
        own = known.get(owner.name)
        if owner.name not in known or own is None or node.attr not in own:
            self.names.append(f"{owner.name}.{node.attr}")


# --- Excel --------------------------------------------------------------------------------


def _check_excel(form: Form, parts: Mapping[str, bytes], checked: bytes) -> None:
    if "xl/workbook.xml" not in parts:
        raise ValidationError(_("The file is no Excel file. Choose a file saved as .xlsx."))
    fields = fields_of_form(form)
    try:
        book = load_workbook(io.BytesIO(checked))
    except Exception:  # a parser that is given a broken file fails in many ways
        raise ValidationError(_unreadable("xlsx", SheetError("damaged_workbook"))) from None
    items = {item: set(own) for item, own in fields.rows.values()} | {
        name: set(own) for name, own in fields.totals.items()
    }
    unknown, letters = [], 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                letters += len(cell.value) if isinstance(cell.value, str) else 0
                if letters > _MOST_CELL_TEXT:
                    raise ValidationError(
                        _("The text of the template is too long. Keep only what is printed.")
                    )
                if cell.data_type == "f":
                    raise ValidationError(
                        _(
                            "Cell %(place)s holds a formula. A template holds texts and fields; the figures come from the system."
                        )
                        % {"place": f"{sheet.title}!{cell.coordinate}"}
                    )
                for first, second in fields_of(cell.value):
                    if second and second not in items.get(first, ()):
                        unknown.append(f"{first}.{second}")
                    elif not second and first not in fields.single and first not in fields.texts:
                        unknown.append(first)
    _refuse_unknown(unknown, form)
    _try(lambda: write_excel(form.layout, fields.sample(), template=checked))


def _refuse_unknown(names: list[str], form: Form) -> None:
    names = list(dict.fromkeys(names))
    if names:
        shown = ", ".join(f"{{{{ {name} }}}}" for name in names[:_NAMED]) + (
            " …" if len(names) > _NAMED else ""
        )
        raise ValidationError(
            _("“%(form)s” has no fields %(names)s. Look at the list of fields and correct the template.")
            % {"form": form.label, "names": shown}
        )


def _try(write) -> None:
    """Fill the template in with sample figures: what fails now would fail on the day of the meeting."""
    try:
        write()
    except Exception as error:  # whatever a strange template does to the writer, it is refused
        raise ValidationError(
            _(
                "The template could not be filled in with sample figures (%(what)s). Begin from the shipped one."
            )
            % {"what": str(error)[:150]}
        ) from None
