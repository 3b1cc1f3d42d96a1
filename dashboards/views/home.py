"""The first page: what there is to do and to know, by role."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.roles import Role
from cells.kinds import Level
from cells.models import Cell, Confirmation, Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.charts import stacked_levels
from dashboards.citing.asked import quote_url
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame, with_places
from dashboards.figures.lists import Part
from dashboards.follow_up.home import officer_home
from dashboards.home.administration import administration
from dashboards.home.attention import (
    MOST_JOBS,
    commune_jobs,
    concerns,
    missing_data,
    needing_attention,
    of_cells,
    of_hamlets,
)
from dashboards.home.board import FirstPageBoard
from dashboards.home.reorganisations import sent_back, to_deal_with
from dashboards.home.reported import reports_to_answer, reports_to_read
from dashboards.home.reviews import commune_reviews, seasons
from dashboards.home.sentences import commune_line, ready_sentence
from dashboards.home.used_papers import papers_used_most
from dashboards.home.year_change import change_since, changes_url, last_year_end
from dashboards.onepage.addresses import sheet_url
from dashboards.overview import LEVELS, figure_tile, list_url, results_of, unit_url
from dashboards.rows import HamletRow, load_cells, load_hamlets
from dashboards.targets.progress import progress_of_targets
from dashboards.tiles import ON_FIRST_PAGE, USUAL_OF_LEADERS, chosen_for, known, shown


@require_safe
def home(request):
    role = Role.ADMINISTRATOR if request.user.is_superuser else request.user.role
    if role == Role.ADMINISTRATOR:
        return render(request, "dashboards/home_administrator.html", administration(timezone.now()))
    scope = scope_of(request.user)
    if scope.is_empty:
        return render(request, "dashboards/home_without_unit.html")
    if role == Role.FOLLOW_UP_OFFICER:
        return render(request, "dashboards/home_officer.html", officer_home(request.user))
    units, archives = _own_units(scope)
    unit = _chosen(request, units)
    context = {"units": units, "unit": unit, "archives": archives, "day": timezone.localdate()}
    if unit is None and not scope.everywhere:
        return render(request, "dashboards/home_archive.html", context)
    if role == Role.LEADER:
        return _leader_home(request, context)
    if unit is not None and unit.level == Level.COMMUNE:
        return _commune_home(request, context)
    return _province_home(request, context)


def _own_units(scope) -> tuple[list[Unit], list[Unit]]:
    """Return the units somebody works for, and the closed ones whose archive they may read."""
    units = (
        Unit.objects.filter(pk__in=scope.units).select_related("parent").order_by("level", "sort_key", "pk")
    )
    working = [unit for unit in units if unit.pk not in scope.closed and unit.level != Level.HAMLET]
    # A province is looked at before its communes.
    working.sort(key=lambda unit: unit.level != Level.PROVINCE)
    return working, [unit for unit in units if unit.pk in scope.closed]


def _chosen(request, units: list[Unit]) -> Unit | None:
    wanted = request.GET.get("don-vi")
    if not wanted:
        return units[0] if units else None
    for unit in units:
        if str(unit.pk) == wanted:
            return unit
    raise Http404


def _opened(request, context) -> tuple[Frame, list[str]]:
    """Return the frame of the page with what its unit is on the day, and the figures its province has chosen. One query."""
    unit, day, user = context["unit"], context["day"], request.user
    frame = Frame(unit, day, user)
    if unit is None:
        return frame, []
    periods = with_places(unit.periods.on(day), day).select_related("unit__limits", "unit__province__limits")
    period = periods.annotate(chosen=chosen_for(user, "unit__province")).first()
    return (
        (Frame.of_period(period, day, user, frame.borders), known(period.chosen)) if period else (frame, [])
    )


def _province_home(request, context):
    frame, chosen = _opened(request, context)
    board = FirstPageBoard(frame)
    words = board.words
    now = timezone.localtime()
    running = seasons(request.user, frame.unit, frame.day)
    context |= {
        "words": words,
        "sentence": ready_sentence(board, words, now),
        "is_empty": not (board.hamlets or board.cells),
        "not_merged_url": of_hamlets(frame, loc="chua-kiem"),
        "overview_url": unit_url(frame, frame.unit.pk if frame.unit else None),
        "last_year_url": unit_url(
            Frame(frame.unit, last_year_end(frame.day)), frame.unit.pk if frame.unit else None
        ),
        "seasons": running,
        "to_deal_with": [
            *(one for season in running for one in season.to_deal_with),
            *to_deal_with(request.user, frame.unit),
            *reports_to_answer(request.user, frame.unit),
        ],
        "attention": [
            *(one for season in running for one in season.attention),
            *needing_attention(board, words),
        ],
        "missing": list(missing_data(board, words)),
        "targets": progress_of_targets(board),
        "papers": papers_used_most(request.user, frame.unit),
        **_first_figures(request, board, chosen),
    }
    return render(request, "dashboards/home_province.html", context)


def _first_figures(request, board: Board, wanted, *, besides=()) -> dict:
    """Return the tiles that are wanted on the first page, and what belongs to every first page with figures."""
    codes = [code for code in wanted if code not in besides]
    return {
        "tiles": [
            figure_tile(figure, board.figures["communes_confirmed"])
            for figure in shown(board.figures, codes[:ON_FIRST_PAGE])
        ],
        "quote_url": quote_url(board.frame),
        "answers": reports_to_read(request.user),
    }


def _levels(board: Board) -> dict:
    """Return the bars of two years, of how many communes they are, and the year before where nothing of it counts."""
    years = [year.year for year in board.level_years[-2:]]
    before = years[-1] - 1 if years else None
    return {
        "level_bars": _level_bars(board),
        "results_of": results_of(board),
        "year_without": before if before not in years else None,
    }


def _level_bars(board: Board) -> list:
    """Return the levels of the last decided year, and of the year before it, newest first."""
    return [
        (
            year,
            stacked_levels(
                f"levels-{year.year}", LEVELS, [("", [year.counts.get(lv.key, 0) for lv in LEVELS], "")]
            ),
        )
        for year in reversed(board.level_years[-2:])
    ]


def _commune_home(request, context):
    unit, day = context["unit"], context["day"]
    frame, chosen = _opened(request, context)
    board = Board(frame)
    words = board.words
    hamlets = Unit.objects.visible_to(request.user).hamlets().standing().filter(commune=unit).in_order()
    rows = [HamletRow(hamlet) for hamlet in load_hamlets(hamlets, day=day, user=request.user)]
    cells = Cell.objects.visible_to(request.user).standing().filter(commune=unit).in_order()
    cells = list(load_cells(cells, day=day, user=request.user))
    is_kept = Unit.objects.kept_by(request.user).filter(pk=unit.pk).exists()
    jobs = commune_jobs(rows, cells) if is_kept else []
    context |= {
        "words": words,
        "basis": Basis(frame),
        "board": board,
        "line": commune_line(board, words) if rows or cells else "",
        "rows": rows,
        "other_cells": [cell for cell in cells if not cell.is_hamlet_cell],
        "is_kept": is_kept,
        "confirmation": Confirmation.objects.filter(commune=unit, month=day.replace(day=1)).first(),
        "reviews": commune_reviews(request.user, unit, day),
        "sent_back": sent_back(request.user, unit),
        "reports": reports_to_answer(request.user, unit),
        "jobs": jobs[:MOST_JOBS],
        "more_jobs": len(jobs) - MOST_JOBS,
        "overview_url": unit_url(frame, unit.pk),
        "hamlets_url": of_hamlets(frame),
        "cells_url": of_cells(frame),
        **_first_figures(request, board, chosen),
    }
    return render(request, "dashboards/home_commune.html", context)


def _leader_home(request, context):
    frame, chosen = _opened(request, context)
    board = FirstPageBoard(frame)
    words = board.words
    # Asked first: the day of their pace is counted along with the years of the merged role.
    targets = progress_of_targets(board)
    since = last_year_end(frame.day)
    change = change_since(board.merged_years, since)
    context |= {
        "words": words,
        "basis": Basis(frame),
        "sentence": ready_sentence(board, words, timezone.localtime()),
        "is_empty": not (board.hamlets or board.cells),
        "confirmed": board.figures["communes_confirmed"],
        "confirmed_url": list_url(board.figures["communes_confirmed"], Part.LEFT),
        "is_commune": frame.unit is not None and frame.unit.level == Level.COMMUNE,
        "merged": figure_tile(board.figures["merged_role"], board.figures["communes_confirmed"]),
        "change": change,
        "change_url": changes_url(frame) if change else "",
        "change_size": abs(change or 0),
        "since": since,
        **_levels(board),
        "targets": targets,
        "concerns": concerns(board, words, since=since, change=change or 0),
        "overview_url": unit_url(frame, frame.unit.pk if frame.unit else None),
        "sheet_url": sheet_url(frame, "pdf"),
        **_first_figures(request, board, chosen or USUAL_OF_LEADERS, besides=("merged_role",)),
    }
    return render(request, "dashboards/home_leader.html", context)
