"""Which figure an address is about: its code, its unit, its day and its borders."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.asked import key_in
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import BORDERS, BORDERS_IN_ADDRESSES, DAY, frame_of
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Frame
from dashboards.targets.measures import figures_of_targets

FIGURE, TARGET, COMMUNE, ROW = "so", "chi-tieu", "xa", "dong"


def key_of(figure: Figure) -> str:
    """Return how a figure is named in addresses: its code, of a target with the target's key."""
    return f"{figure.code}:{figure.target.pk}" if figure.target else figure.code


def query_of(frame: Frame, **more) -> str:
    """Return day and borders as words of an address; the day is always said, since pages outlive midnight."""
    borders = next(slug for slug, borders in BORDERS_IN_ADDRESSES.items() if borders == frame.borders)
    return f"?{urlencode({DAY: frame.day.isoformat(), BORDERS: borders, **more})}"


def report_url(frame: Frame, key: str, **more) -> str:
    """Return where it is said that this figure is wrong."""
    code, _colon, target = key.partition(":")
    if target:
        more[TARGET] = target
    if frame.unit is None:
        return reverse("figures:report_country", args=[code]) + query_of(frame, **more)
    return reverse("figures:report", args=[frame.unit.pk, code]) + query_of(frame, **more)


def quote_url(frame: Frame) -> str:
    """Return where a figure of this frame is sent to be quoted."""
    if frame.unit is None:
        return reverse("figures:quote_country") + query_of(frame)
    return reverse("figures:quote", args=[frame.unit.pk]) + query_of(frame)


@dataclass(frozen=True)
class FigureKey:
    """The code of a figure and, of a target, its key."""

    code: str
    target: int | None = None

    @classmethod
    def read(cls, text: str) -> "FigureKey":
        code, _colon, target = text.partition(":")
        if code in TARGET_LABELS and (key := key_in(target)) is not None:
            return cls(code, key)
        if code in DEFINITIONS and not target:
            return cls(code)
        raise Http404

    def find(self, board: Board) -> Figure | None:
        """Return this figure of a board; None where there is none, or nothing is known of it."""
        if self.target is None:
            found = board.figures.get(self.code)
        else:
            of_targets = (one for one in figures_of_targets(board) if one.target.pk == self.target)
            found = next((one for one in of_targets if one.code == self.code), None)
        return found if found and found.is_known else None


def asked_frame(request, pk: int | None) -> Frame:
    """Return the frame the address asks for: a unit the reader sees, the country for who sees all of it."""
    unit = None
    if pk is not None:
        unit = get_object_or_404(Unit.objects.visible_to(request.user).exclude(level=Level.HAMLET), pk=pk)
    elif not scope_of(request.user).everywhere:
        raise Http404
    frame = frame_of(request, unit)
    if not frame.exists:
        raise Http404
    return frame


def asked_figure(frame: Frame, key: FigureKey) -> Figure:
    """Return the figure of the frame that is asked for."""
    figure = key.find(Board(frame))
    if figure is None:
        raise Http404
    return figure
