"""What deserves attention and what is missing: each a count that opens its list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.basis import narrowed_url
from dashboards.figures.frames import Frame
from dashboards.figures.reasons import Reason
from dashboards.filters import in_two_places
from dashboards.home.board import FirstPageBoard
from dashboards.home.year_change import changes_url
from dashboards.staffing.board import item_url
from dashboards.wording import HamletWords, named
from leaders.models import Tenure


@dataclass(frozen=True)
class Count:
    """How many of something, and where they are listed."""

    label: str
    count: int
    url: str


def of_hamlets(frame: Frame, **chosen) -> str:
    return narrowed_url("hamlet_list", frame, **chosen)


def of_cells(frame: Frame, **chosen) -> str:
    return narrowed_url("cell_list", frame, **chosen)


def needing_attention(board: FirstPageBoard, words: HamletWords) -> Iterator[Count]:
    """Yield what deserves attention today; what is in order is not mentioned."""
    frame, figures = board.frame, board.figures
    yield from _more_than_none(
        Count(
            _("cells without a secretary"),
            figures["vacant_secretaries"].numerator,
            of_cells(frame, loc="khuyet-bi-thu"),
        ),
        Count(
            _("places without a %(head)s") % {"head": words.head},
            figures["vacant_heads"].numerator,
            of_hamlets(frame, loc="khuyet-truong"),
        ),
        *_beyond_limits(board, words),
    )
    # Asked only where somebody reads so far.
    yield from _more_than_none(
        Count(
            _("people who hold one office in two places"),
            in_two_places(_seats_of(frame)).count(),
            narrowed_url("person_list", frame, loc="hai-noi"),
        )
    )


def _more_than_none(*found: Count) -> Iterator[Count]:
    return (one for one in found if one.count)


def _beyond_limits(board: FirstPageBoard, words: HamletWords) -> list[Count]:
    """Return what is marked by the limits of the province: long interims, terms that are about to end."""
    frame = board.frame
    interim, ends = (board.limits.words(name) for name in ("interim_days", "term_ends_days"))
    long_interim = (
        _("interim %(head)s for more than %(days)s days") % {"head": words.head, "days": interim}
        if interim
        else _("interim %(head)s for longer than their province allows for") % {"head": words.head}
    )
    within = (
        _("within %(days)s days") % {"days": ends} if ends else _("within the days their province has set")
    )
    terms = (
        ("bi-thu-sap-het-nhiem-ky", _("secretaries"), board.terms_of_secretaries_that_end),
        ("truong-sap-het-nhiem-ky", words.head, board.terms_of_heads_that_end),
    )
    return [
        Count(long_interim, board.long_interims, of_hamlets(frame, loc="lam-thoi-lau")),
        *(
            Count(
                _("terms of %(holders)s that end %(within)s") % {"holders": holders, "within": within},
                count,
                item_url(frame, slug),
            )
            for slug, holders, count in terms
        ),
    ]


def _seats_of(frame: Frame):
    """Return the seats of today whose holders' records stand in the frame's unit, as the list does."""
    seats = Tenure.objects.visible_to(frame.user).on(frame.day)
    return (
        seats if frame.unit is None else seats.filter(**{f"person__keeper__{frame.unit.level}": frame.unit})
    )


def missing_data(board: FirstPageBoard, words: HamletWords) -> Iterator[Count]:
    """Return what has not been recorded yet; what is complete is not mentioned."""
    frame = board.frame
    return _more_than_none(
        Count(
            _("communes without %(hamlets)s") % {"hamlets": words.hamlet},
            board.communes_without_hamlets,
            narrowed_url("commune_list", frame, loc="chua-co-thon"),
        ),
        Count(
            _("%(hamlets)s without a cell") % {"hamlets": words.hamlet},
            board.reasons.get(Reason.NO_CELL, 0),
            of_hamlets(frame, ly_do=Reason.NO_CELL.value),
        ),
        Count(
            _("cells without a member count"),
            board.cells_uncounted,
            of_cells(frame, loc="chua-co-so-lieu"),
        ),
        Count(
            _("%(hamlets)s without a household count") % {"hamlets": words.hamlet},
            board.hamlets_uncounted,
            of_hamlets(frame, loc="chua-co-so-ho"),
        ),
        Count(
            _("communes that have not confirmed within 30 days"),
            board.figures["communes_confirmed"].missing,
            narrowed_url("commune_list", frame, loc="chua-xac-nhan"),
        ),
    )


@dataclass(frozen=True)
class Job:
    """One thing that is missing, and the button that mends it."""

    text: str
    action: str
    url: str


MOST_JOBS = 5


def commune_jobs(rows, cells) -> list[Job]:
    """Return what a commune has to fill in, the weightiest first. Rows and cells are loaded (rows.py)."""
    jobs = [
        Job(
            _("%(cell)s: no secretary") % {"cell": named(cell)},
            _("Put somebody in"),
            reverse("leaders:fill_cell_seat", args=[cell.pk, "secretary"]),
        )
        for cell in cells
        if cell.is_hamlet_cell and not cell.secretaries
    ]
    jobs += [
        Job(
            _("%(hamlet)s: no %(head)s") % {"hamlet": named(row.hamlet), "head": row.head_title},
            _("Put somebody in"),
            reverse("leaders:fill_hamlet_seat", args=[row.hamlet.pk, "hamlet_head"]),
        )
        for row in rows
        if not row.heads
    ]
    jobs += [
        Job(
            _("%(cell)s: number of members not entered") % {"cell": named(cell)},
            _("Enter"),
            reverse("entry:member_count", args=[cell.pk]),
        )
        for cell in cells
        if cell.members is None
    ]
    jobs += [
        Job(
            _("%(hamlet)s: number of households not entered") % {"hamlet": named(row.hamlet)},
            _("Enter"),
            reverse("entry:household_count", args=[row.hamlet.pk]),
        )
        for row in rows
        if row.hamlet.households is None
    ]
    return jobs


@dataclass(frozen=True)
class Concern:
    """One sentence a leader should read, and the list behind it."""

    text: str
    url: str


MOST_CONCERNS = 3


def concerns(board: FirstPageBoard, words: HamletWords, *, since: date, change: int) -> list[Concern]:
    """Return at most three sentences made from data, the weightiest first; what has no room is not asked."""
    counts = chain(needing_attention(board, words), missing_data(board, words))
    found = (
        Concern(_("%(count)d %(what)s.") % {"count": one.count, "what": one.label}, one.url) for one in counts
    )
    return list(islice(chain(_fewer(board.frame, words, since, change), found), MOST_CONCERNS))


def _fewer(frame: Frame, words: HamletWords, since: date, change: int) -> Iterator[Concern]:
    if change < 0:
        yield Concern(
            _("%(count)d %(hamlets)s fewer than on %(day)s in which one person holds both seats.")
            % {"count": -change, "hamlets": words.hamlet, "day": f"{since:%d/%m/%Y}"},
            changes_url(frame),
        )
