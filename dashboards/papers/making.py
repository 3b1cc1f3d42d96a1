"""Papers as files: the right template for the unit, and what the export log says of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import ExportLog
from dashboards.models import PaperTemplate
from dashboards.papers.asking import Asked
from dashboards.papers.excel import write_excel
from dashboards.papers.forms import DOCX, PDF, Form
from dashboards.papers.layout import ForEach, Layout
from dashboards.papers.pdf import write_pdf
from dashboards.papers.values import KEY
from dashboards.papers.word import shipped, write_word
from leaders.accesses import note_taken_out
from leaders.models import Person
from sheets.text import fold

# A page of its own takes as long as so many rows of a table.
_ROWS_OF_A_PAGE = 10
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Paper:
    """A form with its figures: the same for every kind of file."""

    form: Form
    figures: Mapping
    # Whose templates are used: the key of the province.
    province: int
    name: str

    @classmethod
    def of(cls, form: Form, asked: Asked, figures: Mapping | None = None) -> "Paper":
        figures = form.figures_for(asked) if figures is None else figures
        return cls(form, figures, asked.unit.province_id, f"{form.label} – {asked.unit} – {asked.year}")

    @property
    def rows(self) -> int:
        """How many lines the lists of the paper have."""
        return rows_of(self.figures)

    @property
    def weight(self) -> int:
        """How long the paper is, in rows."""
        return self.rows * (_ROWS_OF_A_PAGE if _has_pages(self.form.layout) else 1)

    @property
    def title(self) -> str:
        return self.name

    def file_name(self, kind: str) -> str:
        return f"{fold(self.name).replace(' ', '-')[:_LONGEST_NAME].strip('-')}.{kind}"

    def write(self, kind: str) -> bytes:
        """Return the paper as a file of this kind."""
        if kind == PDF:
            return write_pdf(self.form.layout, self.figures, title=self.name)
        template = template_for(self.province, self.form, kind)
        writer = write_word if kind == DOCX else write_excel
        return writer(self.form.layout, self.figures, template=template)

    def note(self, *, by, kind: str) -> ExportLog:
        """Note who took the paper out, and whose records are on it."""
        people = people_on(self.figures)
        if people:
            note_taken_out(by, Person.objects.filter(pk__in=people), self.name)
        return ExportLog.note(by=by, what=self.name, filters=f"{self.form.code}.{kind}", rows=self.rows)


def template_for(province: int, form: Form, kind: str) -> bytes:
    """Return the template the province has put in place, or the shipped one."""
    own = PaperTemplate.objects.in_use().filter(province=province, form=form.code, kind=kind).first()
    return bytes(own.content) if own else shipped(form.code, kind)


def rows_of(figures: Mapping) -> int:
    return sum(
        1
        for value in figures.values()
        if isinstance(value, list)
        for row in value
        if isinstance(row, Mapping)
    )


def _has_pages(layout: Layout) -> bool:
    return any(isinstance(block, ForEach) for block in layout.blocks)


def without_private(form: Form, figures: Mapping, user) -> dict:
    """Return the figures as this person may see them: private fields are empty for who may not."""
    if not form.private or user.sees_private_data:
        return dict(figures)
    return {
        name: [row | dict.fromkeys(form.private, "") if isinstance(row, Mapping) else row for row in value]
        if isinstance(value, list)
        else value
        for name, value in figures.items()
    }


def people_on(figures: Mapping) -> set[int]:
    """Return the keys of the people whom the lists of a paper name."""
    rows = (row for value in figures.values() if isinstance(value, list) for row in value)
    marks = (row_key(row).split(":") for row in rows if isinstance(row, Mapping))
    return {int(mark[1]) for mark in marks if mark[0] == "nguoi"}


def row_key(row: Mapping) -> str:
    return str(row.get(KEY, ""))
