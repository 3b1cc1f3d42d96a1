"""Classes of values, dots of a map, lines in a table: what is drawn stands for what is counted."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards.classes import MOST_CLASSES, classes_of
from dashboards.dot_maps import Spot, dot_map
from dashboards.sparklines import HEIGHT, WIDTH, floor_of, sparkline

numbers = st.lists(st.integers(0, 40).map(float), max_size=200)
places = st.tuples(st.floats(8.4, 23.4), st.floats(102.1, 109.5))


def spots(where):
    return [
        Spot(latitude, longitude, None, str(number), "") for number, (latitude, longitude) in enumerate(where)
    ]


@given(numbers)
def test_each_value_lies_in_exactly_one_class_and_the_legend_adds_up(values):
    classes = classes_of(values)

    assert all(sum(one.holds(value) for one in classes) == 1 for value in values)
    assert sum(one.count for one in classes) == len(values)
    assert all(one.count == sum(one.holds(value) for value in values) for one in classes)


@given(numbers)
def test_classes_stand_in_order_without_touching_and_end_at_values(values):
    classes = classes_of(values)

    assert [one.number for one in classes] == list(range(1, len(classes) + 1))
    assert len(classes) <= MOST_CLASSES
    for lower, higher in zip(classes, classes[1:], strict=False):
        assert lower.high < higher.low
    assert {end for one in classes for end in (one.low, one.high)} <= set(values)


@given(st.lists(st.integers(0, 10_000).map(float), min_size=8, max_size=200, unique=True))
def test_where_all_values_differ_classes_are_of_like_size(values):
    sizes = [one.count for one in classes_of(values)]

    assert len(sizes) == MOST_CLASSES
    assert max(sizes) - min(sizes) <= 1


def test_equal_values_are_one_class():
    assert [(one.low, one.high, one.count) for one in classes_of([95.0] * 7)] == [(95.0, 95.0, 7)]


@given(st.lists(places, min_size=1, max_size=60))
def test_every_dot_lies_inside_the_drawing(where):
    drawing = dot_map(spots(where))

    assert len(drawing.dots) == len(where)
    assert all(0 <= dot.x <= 100 and 0 <= dot.y <= 100 for dot in drawing.dots)


def test_north_is_above_and_east_to_the_right():
    north, south, east = (10.4, 106.0), (9.6, 106.0), (10.0, 106.7)
    dots = {dot.spot.label: dot for dot in dot_map(spots([north, south, east])).dots}

    assert dots["0"].y < dots["2"].y < dots["1"].y
    assert dots["2"].x > dots["0"].x


def test_the_whole_country_is_drawn_upright_and_one_place_alone_is_drawn_too():
    assert dot_map(spots([(8.6, 104.7), (23.3, 105.3), (12.0, 109.3)])).shape == "tall"
    assert len(dot_map(spots([(10.0, 106.0)])).dots) == 1
    assert dot_map([]) is None


def test_a_small_dot_is_never_hidden_under_a_larger_one():
    drawn = dot_map([Spot(10, 106, number, "", "") for number in (1, 4, None, 2)]).dots

    assert [dot.spot.number for dot in drawn] == [4, 2, 1, None]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_a_line_in_a_table_stays_in_its_row_and_ends_at_its_dot(values):
    line = sparkline(values, floor=floor_of(values), said="", slots=6)

    points = [tuple(map(float, point.split(","))) for point in line.points.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert points[-1] == (float(line.last_x), float(line.last_y))
    assert len(points) == len(values)


def test_a_line_rises_with_the_share():
    rising = sparkline([80.0, 90.0, 100.0], floor=80, said="", slots=3)

    heights = [float(point.split(",")[1]) for point in rising.points.split()]
    assert heights == sorted(heights, reverse=True)
    assert sparkline([], floor=0, said="", slots=3) is None
