"""What tests begin with outlives no test that loses it, and no other test pays for that."""

from types import SimpleNamespace

import pytest
from django.db import connection, connections

from cells.models import Unit
from tests import databases, worlds
from tests.conftest import commune, province

NEEDED = {
    name: [SimpleNamespace(func=one._get_wrapped_function())]
    for name, one in (("province", province), ("commune", commune))
}


@pytest.mark.committed
def test_layers_whose_connection_was_replaced_are_forgotten_and_made_anew():
    worlds.begin(NEEDED)
    assert worlds.are_whole()
    before = connections["default"]
    connections["default"] = before.copy()
    assert not worlds.are_whole()
    connections["default"] = before

    worlds.abandon()

    assert worlds.is_empty()
    assert not connection.in_atomic_block
    databases.show_again()
    assert not Unit.objects.exists()
    worlds.begin(NEEDED)
    assert worlds.are_whole()
    assert Unit.objects.count() == 2
    worlds.end()
    assert not Unit.objects.exists()
