"""A province with communes whose cells hold the title, and a target for them."""

from datetime import date

from tests import factories
from tests.worlds import kept

DAY = date(2022, 8, 10)


def titled_cells(commune, won: dict[date, int], *, others: int = 0) -> None:
    """Found hamlet cells in the commune: so many that hold the title since each day, and others that do not."""
    for day, count in won.items():
        for _ in range(count):
            factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=day)
    for _ in range(others):
        factories.cell(of=factories.hamlet(parent=commune))


@kept
def whole(province, commune, neighbour):
    """Two of five in one commune, one of three in the other; five of nine are asked for by 2025."""
    titled_cells(commune, {date(2021, 5, 1): 1, date(2022, 5, 1): 1}, others=3)
    titled_cells(neighbour, {date(2020, 5, 1): 1}, others=2)
    resolution = factories.decision(unit=province, date=date(2020, 9, 1), number="05-NQ/TU")
    target = factories.target(unit=province, goal=5, base=9, resolution=resolution)
    for year, planned in {2020: 1, 2021: 2, 2022: 4, 2023: 4, 2024: 5, 2025: 5}.items():
        target.steps.create(year=year, planned=planned)
    return target
