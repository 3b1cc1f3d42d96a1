"""A hamlet, its cell and who leads it: what most tests of seats begin with."""

import pytest

from tests import factories


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="2")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp 2")


@pytest.fixture
def leader(commune):
    return factories.person(keeper=commune, full_name="Lê Thị Hoa")
