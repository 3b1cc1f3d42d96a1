import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import ChartLevel, TrendPoint, TrendSeries, stacked_levels, trend

LEVELS = [
    ChartLevel("EXCELLENT", "HTXSNV", "XS"),
    ChartLevel("GOOD", "HTTNV", "T"),
    ChartLevel("COMPLETED", "HTNV", "HT"),
    ChartLevel("NOT_COMPLETED", "KHTNV", "KHT", hatched=True),
]


def one_bar(counts):
    return stacked_levels("levels", LEVELS, [("Ba Tri", counts, "")]).rows[0]


def test_segments_stand_side_by_side_in_the_order_of_the_levels():
    bar = one_bar([1, 2, 1, 0])

    assert [(s.level.key, s.x, s.width) for s in bar.segments] == [
        ("EXCELLENT", 0.0, 25.0),
        ("GOOD", 25.0, 50.0),
        ("COMPLETED", 75.0, 25.0),
        ("NOT_COMPLETED", 100.0, 0.0),
    ]
    assert bar.total == 4


@given(st.lists(st.integers(0, 5000), min_size=4, max_size=4).filter(any))
def test_segments_fill_the_bar_without_gap_or_overlap(counts):
    segments = one_bar(counts).segments

    assert segments[0].x == 0
    for left, right in zip(segments, segments[1:], strict=False):
        assert left.x + left.width == pytest.approx(right.x)
    assert segments[-1].x + segments[-1].width == pytest.approx(100)


def test_unit_without_ratings_has_an_empty_bar():
    bar = one_bar([0, 0, 0, 0])

    assert bar.total == 0
    assert {s.width for s in bar.segments} == {0.0}


def test_word_in_a_segment_gets_shorter_with_the_room_and_then_goes():
    segments = one_bar([90, 20, 8, 2]).segments

    assert [s.text_wide for s in segments] == ["HTXSNV 90", "HTTNV 20", "HT 8", "2"]
    assert [s.text_narrow for s in segments] == ["HTXSNV 90", "T 20", "8", ""]


def test_counts_have_to_match_the_levels():
    with pytest.raises(ValueError, match="shorter"):
        one_bar([1, 2])


def test_bars_stand_below_each_other_and_fill_the_height():
    chart = stacked_levels("levels", LEVELS, [("A", [1, 0, 0, 0], ""), ("B", [0, 1, 0, 0], "")])

    first, second = chart.rows
    assert first.bar_top + first.bar_height < second.top
    assert second.bar_top + second.bar_height == chart.height


def years(*values):
    return tuple(TrendPoint(2020 + i, v, f"{v}") for i, v in enumerate(values))


def test_line_rises_with_the_value_and_stays_in_the_plot():
    chart = trend("share", [TrendSeries("Merged", years(0, 50, 100))], maximum=100)

    dots = chart.curves[0].dots
    assert [d.y for d in dots] == [chart.bottom, (chart.top + chart.bottom) / 2, chart.top]
    assert 0 < dots[0].x < dots[1].x < dots[2].x < 100


def test_words_stand_over_the_highest_line_and_under_the_lowest():
    low, high = TrendSeries("Low", years(60, 99)), TrendSeries("High", years(90, 97))

    first, second = trend("share", [low, high], maximum=100).curves

    assert [d.text_y > d.y for d in first.dots] == [True, False]
    assert [d.text_y > d.y for d in second.dots] == [False, True]


def test_unknown_year_leaves_a_gap_and_is_not_zero():
    chart = trend("share", [TrendSeries("Merged", years(80, None, 90, 95))], maximum=100)

    curve = chart.curves[0]
    assert len(curve.dots) == 3
    assert [(line.x1, line.x2) for line in curve.lines] == [(curve.dots[1].x, curve.dots[2].x)]
    assert [tick.text for tick in chart.years] == ["2020", "2021", "2022", "2023"]


@pytest.mark.parametrize(
    ("highest", "steps", "end"),
    [
        (0, 3, 3),
        (4, 4, 4),
        (6, 3, 6),
        (28, 3, 30),
        (59, 3, 60),
        (117, 3, 150),
        (241, 5, 250),
        (1542, 4, 2000),
    ],
)
def test_scale_ends_at_a_round_number_near_the_highest_value(highest, steps, end):
    chart = trend("cells", [], columns=TrendSeries("Recognised", years(highest)))

    assert (len(chart.steps) - 1, chart.steps[-1].text) == (steps, str(end))


def test_column_stands_on_the_base_line():
    chart = trend("cells", [], columns=TrendSeries("Recognised", years(2, 12, 14)))

    assert {c.y + c.height for c in chart.columns} == {chart.bottom}
    assert [c.text for c in chart.columns] == ["2", "12", "14"]


def test_nothing_to_draw_is_no_error():
    assert trend("share", []).curves == ()
    assert stacked_levels("levels", LEVELS, []).height == 0


def test_drawings_write_coordinates_with_a_point_in_vietnamese():
    bars = stacked_levels("levels", LEVELS, [("Ba Tri", [34, 91, 4, 0], "/")])
    line = trend("share", [TrendSeries("Merged", years(90.8, 97.7))], maximum=100)

    levels_page = render_to_string("charts/stacked_levels.html", {"chart": bars, "title": "Levels"})
    trend_page = render_to_string("charts/trend.html", {"chart": line, "title": "Trend"})

    assert 'width="26.357%"' in levels_page
    assert 'cx="30.5%"' in trend_page


def test_a_drawing_says_its_values_and_nothing_where_there_is_no_word():
    points = (TrendPoint(2025, 1, ""), TrendPoint(2026, 2, "2"), TrendPoint(2030, 3, "3"))

    told = trend("years", [TrendSeries("Dự báo", points), TrendSeries("", points[1:2])])

    assert told.description == "Dự báo: 2026: 2, 2030: 3. 2026: 2"
