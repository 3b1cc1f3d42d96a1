"""A target of what there should be fewer of: at most so many, or none at all."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dashboards.citing.asked import FigureKey
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.targets.measures import figures_of_targets
from dashboards.targets.pace import falling_path, part_of_falling_path
from dashboards.targets.progress import Standing, progress_of_targets
from evaluations.models import Level, Target
from tests import factories
from tests.dashboards.targets.test_pages import list_of, page_of, words_of
from tests.desk.importing.desk import check, hand_in, told
from tests.worlds import kept

DAY = date(2026, 6, 1)
ON = {"ngay": DAY.isoformat()}
ASKED = f"?ngay={DAY.isoformat()}"
PAPER = {"number": "05-NQ/TU", "day": "2025-09-25", "body": "Tỉnh ủy Vĩnh Long", "signer": ""}


@kept
def province_of_poor_cells(province, commune, neighbour):
    """Twelve cells: eight do not complete their tasks in 2023, seven in 2024, six in 2025; all in one commune."""
    cells = [factories.cell(of=factories.hamlet(parent=commune)) for _ in range(8)]
    cells += [factories.cell(of=factories.hamlet(parent=neighbour)) for _ in range(4)]
    for year, poor in ((2023, 8), (2024, 7), (2025, 6)):
        cycle = factories.cycle(province=province, year=year)
        decision = factories.decision(date=date(year, 12, 20))
        for place, cell in enumerate(cells):
            level = Level.NOT_COMPLETED if place < poor else Level.GOOD
            factories.rating(of=cell, cycle=cycle, level=level, decision=decision)
    return province


@kept
def falling(province_of_poor_cells):
    target = factories.target(
        unit=province_of_poor_cells,
        figure="level_not_completed",
        title=None,
        goal=3,
        base=12,
        term="2025-2030",
    )
    for year, planned in {2025: 5, 2027: 4, 2030: 3}.items():
        target.steps.create(year=year, planned=planned)
    return target


def test_set_on_its_page_the_path_comes_down_from_what_was_counted_before(
    client, officer, province_of_poor_cells
):
    client.force_login(officer)
    address = reverse("targets:new", args=[province_of_poor_cells.pk]) + ASKED
    said = {**PAPER, "term": "2025-2030", "figure": "level_not_completed", "title": "", "goal": 3, "base": 12}
    said["deadline"] = ""

    proposed = client.post(address, said).context["form"]
    path = {field.name: field.value() for field in proposed.step_fields}
    rising = client.post(address, {**said, **path, "nam_2026": 9}).context["form"]
    saved = client.post(address, {**said, **path})

    # Seven before the term: four fewer in six years.
    assert list(path.values()) == ["7", "6", "5", "5", "4", "3"]
    assert "không đi lên" in str(rising.errors)
    target = Target.objects.get()
    assert saved["Location"].startswith(page_of(target))
    assert (target.goal, target.path[2030]) == (3, 3)


def test_the_page_says_how_many_are_too_many_and_how_it_goes(client, reader, falling):
    client.force_login(reader)

    response = client.get(page_of(falling), ON)

    progress, text = response.context["progress"], words_of(response)
    assert (progress.done, progress.still_needed, progress.needed_per_year) == (6, 3, 1)
    assert progress.standing == Standing.BEHIND
    assert "Chỉ tiêu: không quá 3" in text
    assert "Mỗi năm giảm 1 (4 năm: 2027–2030)" in text
    assert "Lộ trình đến 31/12/2025 là không quá 5: nhiều hơn 1" in text
    assert "Mốc tiếp theo 31/12/2027 là không quá 4: còn phải giảm 2" in text
    assert "50%" in text
    assert "200%" not in text
    # One fewer in 517 days; 1 674 days are left: 3,2 fewer.
    assert progress.forecast.reached == 3
    assert "Dự báo đến 31/12/2030: 3, đạt" in text
    assert "bình quân giảm 0,7 mỗi năm" in text
    counted = client.get(progress.left_url).context["page"].paginator.count
    assert counted == 6


def test_list_and_first_page_say_the_same_in_short(client, reader, falling):
    client.force_login(reader)

    text = words_of(client.get(list_of(falling.unit), ON))

    assert "Hiện còn , chỉ tiêu không quá 3 – chậm tiến độ" in text
    assert "còn phải giảm 3, mỗi năm giảm 1 (4 năm: 2027–2030)" in text
    assert "So với tổng số: hiện còn 6/12 (50%), chỉ tiêu không quá 3/12 (25%)" in text


@pytest.mark.parametrize(
    ("goal", "standing", "words"),
    [
        (8, Standing.PASSED, "vượt chỉ tiêu: còn 6, không quá 8"),
        (6, Standing.REACHED, "đã đạt: không quá 6"),
        (5, Standing.BEHIND, "còn phải giảm 1"),
        (0, Standing.BEHIND, "còn phải giảm 6"),
    ],
)
def test_reached_passed_and_short_of_it(falling, goal, standing, words):
    Target.objects.filter(pk=falling.pk).update(goal=goal)

    (progress,) = progress_of_targets(Board(Frame(falling.unit, DAY)))

    assert progress.standing == standing
    assert words in progress.sentence


def test_none_counted_of_none_is_no_success(province, commune):
    factories.cell(of=factories.hamlet(parent=commune))
    factories.target(
        unit=province, figure="level_not_completed", title=None, goal=3, base=None, term="2025-2030"
    )

    (progress,) = progress_of_targets(Board(Frame(province, DAY)))

    assert progress.standing == Standing.UNKNOWN


def test_its_figures_are_quoted_as_so_many_and_of_the_base(falling):
    board = Board(Frame(falling.unit, DAY))

    figures = {one.code: one for one in figures_of_targets(board)}

    assert [(code, one.fraction) for code, one in figures.items()] == [
        ("target_at_most", "6"),
        ("target_at_most_of_base", "6/12"),
        ("target_share", "3/12"),
    ]
    assert figures["target_at_most"].label == "Hiện còn (không quá 3) – KHTNV"
    assert FigureKey.read(f"target_at_most:{falling.pk}").find(board).numerator == 6


def test_broken_down_a_commune_may_be_asked_for_none_at_all(client, officer, falling, commune, neighbour):
    client.force_login(officer)
    address = reverse("targets:parts", args=[falling.pk]) + ASKED
    form = client.get(address).context["form"]
    proposed = {row.key: goal.value() for row, _base, goal in form.lines}
    said = {f"tong_{commune.pk}": 8, f"tong_{neighbour.pk}": 4, "seen": form["seen"].value(), **PAPER}

    client.post(address, {**said, f"so_{commune.pk}": 3, f"so_{neighbour.pk}": 0})

    assert proposed == {commune.pk: 2, neighbour.pk: 1}
    parts = {part.unit: part for part in Target.objects.parts_of(falling)}
    assert {unit: (part.goal, part.path) for unit, part in parts.items()} == {
        commune: (3, {2025: 5, 2027: 4, 2030: 3}),
        neighbour: (0, {2025: 0, 2027: 0, 2030: 0}),
    }
    text = words_of(client.get(page_of(falling), ON))
    assert "Các phần cộng lại khớp chỉ tiêu: 3/3." in text
    assert "đã đạt: không còn" in text
    export = client.get(reverse("exporting:targets_of", args=[falling.unit.pk]), ON)
    shown = check(hand_in(officer, b"".join(export.streaming_content)), officer)
    assert told(shown) == {}
    assert {row["outcome"] for row in shown["rows"]} == {"skip"}


@given(years=st.integers(1, 15), goal=st.integers(0, 500), start=st.integers(0, 500))
def test_an_even_path_falls_to_the_goal_in_steps_that_differ_by_one(years, goal, start):
    path = falling_path(range(2020, 2020 + years), goal, start)

    values = [max(start, goal), *path.values()]
    steps = [before - after for before, after in zip(values, values[1:], strict=False)]
    assert values[-1] == goal
    assert min(steps) >= 0
    assert max(steps) - min(steps) <= 1


@given(goal=st.integers(0, 500), start=st.integers(0, 500), data=st.data())
def test_a_part_falls_to_its_own_goal_and_never_rises(goal, start, data):
    path = falling_path(range(2020, 2026), goal, start)
    here, part = data.draw(st.integers(0, start)), data.draw(st.integers(0, goal))

    values = list(part_of_falling_path(path, goal, part, here, start).values())

    assert values[-1] == part
    assert values == sorted(values, reverse=True)


def test_decided_anew_it_falls_on_from_where_the_path_was(client, officer, falling):
    client.force_login(officer)
    address = reverse("targets:renew", args=[falling.pk]) + ASKED
    said = {**PAPER, "number": "9-NQ/TU", "day": "2026-03-01", "goal": 0, "base": 12, "deadline": ""}
    said |= {"reason": "Phấn đấu không còn", "seen": client.get(address).context["form"]["seen"].value()}

    proposed = client.post(address, said).context["form"]
    client.post(address, {**said, **{field.name: field.value() for field in proposed.step_fields}})

    new = Target.objects.latest_editions().get()
    assert (new.edition, new.goal) == (2, 0)
    assert new.path == {2025: 5, 2026: 4, 2027: 3, 2028: 2, 2029: 1, 2030: 0}


QUERIES = 14
GROWING_AND_FALLING = ["merged_role", "merged_cells", "vacant_heads"]
MORE = ["member_heads", "front_merged", "interim_heads", "vacant_secretaries", "hamlets_with_officer"]


@pytest.mark.parametrize("figures", [GROWING_AND_FALLING, GROWING_AND_FALLING + MORE])
def test_a_page_of_many_targets_needs_no_more_queries(
    client, reader, province_of_poor_cells, figures, queries_of
):
    for figure in figures:
        factories.target(
            unit=province_of_poor_cells, figure=figure, title=None, goal=3, base=12, term="2025-2030"
        )
    client.force_login(reader)

    # What is counted, and the pace of all of them in one, whatever the number of targets.
    assert queries_of(list_of(province_of_poor_cells) + ASKED) == QUERIES
