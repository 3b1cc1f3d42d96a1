"""The record of one person, or of several in a list, as a page to print, a Word file or a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import ExportLog
from dashboards.filters import PersonFilter
from dashboards.list_exports import filtered
from dashboards.papers.forms import DOCX, PDF
from dashboards.papers.layout import Layout
from dashboards.papers.pdf import write_pdf
from dashboards.papers.setting import Block, set_out
from dashboards.papers.word import write_word
from dashboards.papers.word_building import word_template
from dashboards.people.figures import people_figures, record_figures
from dashboards.people.layouts import RECORD, people_layout
from dashboards.people.record import PersonRecord
from dashboards.rows import load_people, person_rows
from leaders.accesses import note_taken_out
from leaders.models import Person
from sheets.text import fold

KINDS = (DOCX, PDF)
_LONGEST_NAME = 100


@dataclass(frozen=True)
class PeoplePaper:
    """A paper about people: the same figures for every kind of file."""

    layout: Layout
    figures: Mapping
    name: str
    day: date
    filters: str = ""
    # Of a list: whose records it names.
    people: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return self.name

    @property
    def rows(self) -> int:
        return len(self.people)

    def blocks(self) -> list[Block]:
        return set_out(self.layout, self.figures)

    def write(self, kind: str) -> bytes:
        """Return the paper as a file of this kind."""
        if kind == PDF:
            return write_pdf(self.layout, self.figures, title=self.name)
        return write_word(self.layout, self.figures, template=_template(self.layout))

    def file_name(self, kind: str) -> str:
        words = fold(self.name).replace(" ", "-")[:_LONGEST_NAME].strip("-")
        return f"{words}-{self.day:%Y-%m-%d}.{kind}"


@lru_cache(maxsize=4)
def _template(layout: Layout) -> bytes:
    return word_template(layout, title=_("Records of people"))


def paper_of_person(person: Person, *, user, day: date) -> PeoplePaper:
    """Return the record of one person, loaded as ``load_people`` does."""
    record = PersonRecord(person, user, day)
    return PeoplePaper(RECORD, record_figures(record), _("Record of %(person)s") % {"person": person}, day)


def paper_of_list(asked) -> PeoplePaper:
    """Return the records of the list of people that the address narrows."""
    narrowed = filtered(asked, PersonFilter)
    people = load_people(narrowed.rows(), day=narrowed.day, user=asked.user)
    rows = person_rows(people, narrowed.frame)
    place = str(narrowed.frame.unit or "")
    of = ", ".join(filter(None, (_("secretaries, %(heads)s") % {"heads": narrowed.words.head}, place)))
    return PeoplePaper(
        people_layout(with_ethnicity=settings.KEEP_ETHNICITY),
        people_figures(rows, user=asked.user, day=narrowed.day, of=of),
        _("Records of %(people)s") % {"people": of},
        narrowed.day,
        filters="; ".join(filter(None, (narrowed.basis.day_and_borders, narrowed.in_words()))),
        people=tuple(row.person.pk for row in rows),
    )


def note_paper(paper: PeoplePaper, *, by) -> ExportLog:
    """Note that the paper was taken out."""
    return ExportLog.note(by=by, what=paper.name, filters=paper.filters, rows=max(paper.rows, 1))


def note_list(paper: PeoplePaper, *, by) -> None:
    """Note that a list was taken out, and whose records were on it."""
    note_paper(paper, by=by)
    note_taken_out(by, Person.objects.filter(pk__in=paper.people), paper.name)
