"""Sentences made from figures, ready to be said on the telephone or pasted into a paper."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from cells.kinds import Kind, Level
from dashboards.figures.board import Board
from dashboards.figures.reasons import reason_in_words
from dashboards.home.board import FirstPageBoard
from dashboards.wording import HamletWords
from sheets.numbers import format_count


def whole_of(unit) -> str:
    """Return how one speaks of all of a unit: "toàn tỉnh", "cả nước"."""
    return "cả nước" if unit is None else f"toàn {Kind(unit.kind).label}"


def ready_sentence(board: FirstPageBoard, words: HamletWords, now: datetime) -> str:
    """Return the answer to "how many secretary-heads, today?" with day, hour and where it comes from."""
    merged = board.figures["merged_role"]
    sentence = _(
        "As of %(time)s on %(day)s, %(whole)s has %(fraction)s %(hamlets)s whose cell secretary %(is_also)s %(head)s,"
        " that is %(percent)s"
    ) % {
        "time": _("%(hour)d hours %(minute)02d") % {"hour": now.hour, "minute": now.minute},
        "day": f"{now:%d/%m/%Y}",
        "whole": whole_of(board.frame.unit),
        "fraction": merged.fraction,
        "hamlets": words.hamlet,
        "is_also": settings.MERGED_WORD,
        "head": words.head,
        "percent": merged.percent_sign,
    }
    if merged.remarks:
        sentence += f" ({'; '.join(merged.remarks)})"
    if reasons := board.reasons:
        sentence += _("; %(count)s left: %(reasons)s") % {
            "count": format_count(sum(reasons.values())),
            "reasons": ", ".join(
                f"{reason_in_words(code, words)} {format_count(n)}" for code, n in reasons.items()
            ),
        }
    return f"{sentence}. {_confirmed(board)}".strip()


def _confirmed(board: Board) -> str:
    """Say how many communes stand behind the number; a commune's own page does not ask itself."""
    if board.frame.unit is not None and board.frame.unit.level == Level.COMMUNE:
        return ""
    return _("Confirmed by %(fraction)s communes within 30 days.") % {
        "fraction": board.figures["communes_confirmed"].fraction
    }


def commune_line(board: Board, words: HamletWords) -> str:
    """Return the commune in one line."""
    figures = board.figures
    parts = [_("%(count)s cells") % {"count": format_count(figures["cells"].numerator)}]
    if figures["members"].numerator:
        parts.append(_("%(count)s members") % {"count": format_count(figures["members"].numerator)})
    parts.append(
        _("%(fraction)s %(hamlets)s whose secretary %(is_also)s %(head)s")
        % {
            "fraction": figures["merged_role"].fraction,
            "hamlets": words.hamlet,
            "is_also": settings.MERGED_WORD,
            "head": words.head,
        }
    )
    return ", ".join(parts)
