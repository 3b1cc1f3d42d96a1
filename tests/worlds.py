"""What tests begin with, made once for all tests in a row that ask for the same.

Making a commune, its cells and its review takes far longer than most tests themselves. A fixture marked ``@kept``
lies in a savepoint around the tests: each test gets a copy of its own of what the fixture returned, and the rows
of the database as they were then. As soon as a test asks for something else, the savepoint is rolled back.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from functools import wraps
from inspect import signature

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.changes import recording
from tests import factories

# What a fixture is made by, in the order of definition.
_kept: dict[Callable, Callable] = {}
_layers: list["_Layer"] = []
# What the test that runs has been given.
_given: dict[Callable, object] = {}


class _Layer:
    """What one fixture has made, in a savepoint on top of those before it."""

    def __init__(self, make: Callable, needed: list[Callable]):
        below = _layers[-1] if _layers else None
        self.make, self._undo = make, ExitStack()
        factories.count_on(below.number if below else 1)
        with ExitStack() as unless_made:
            unless_made.callback(self._undo.close)
            if not below:
                self._undo.enter_context(recording(reason="test"))
            self._block = self._undo.enter_context(_entered(transaction.atomic()))
            self._connection = connection.connection
            self._undo.callback(transaction.set_rollback, True)
            # A fixture may change what it was given: what the tests get is as it was left.
            self.values = deepcopy(below.values) if below else {}
            self.values[make] = make(*(self.values[one] for one in needed))
            # PostgreSQL would otherwise look through all of it again at the end of every test.
            connection.check_constraints()
            unless_made.pop_all()
        self.number = factories.count_so_far()

    def is_whole(self) -> bool:
        return (
            connection.connection is self._connection
            and self._block in connection.atomic_blocks
            and not connection.closed_in_transaction
        )

    def roll_back(self):
        self._undo.close()


@contextmanager
def _entered(block):
    with block:
        yield block


def kept(make: Callable):
    """Mark a fixture whose rows and values may be made before the test; it changes nothing but the database."""

    @wraps(make)
    def give(**needed):
        return _given[make] if make in _given else make(**needed)

    _kept[give] = make
    return pytest.fixture(give)


def order(fixtures: Mapping) -> list[int]:
    """Return by what tests are sorted so that those which begin alike follow each other."""
    in_order = list(_kept.values())
    return [in_order.index(make) for make in _wanted(fixtures)]


def begin(fixtures: Mapping) -> None:
    """Lay the ground for a test with these fixtures (pytest's definitions, by name)."""
    wanted = _wanted(fixtures)
    shared = 0
    for layer, make in zip(_layers, wanted, strict=False):
        if layer.make is not make:
            break
        shared += 1
    _roll_back_to(shared)
    for make in list(wanted)[shared:]:
        _layers.append(_Layer(make, wanted[make]))
    _given.clear()
    if _layers:
        _given.update(deepcopy(_layers[-1].values))
        factories.count_on(_layers[-1].number)


def is_empty() -> bool:
    return not _layers


def are_whole() -> bool:
    """Whether all that was made can still be rolled back: a test may have closed or replaced the connection."""
    return all(layer.is_whole() for layer in _layers)


def abandon() -> None:
    """Forget what cannot be rolled back any more, so that only the test that lost it fails."""
    _given.clear()
    while _layers:
        # Whatever of it is still there ends; that its transaction is gone is known.
        with suppress(DatabaseError):
            _layers.pop().roll_back()
    if connection.connection:
        connection.connection.rollback()
    connection.in_atomic_block = connection.closed_in_transaction = False
    connection.needs_rollback = False
    connection.savepoint_ids, connection.atomic_blocks = [], []
    connection.run_on_commit = []
    connection.close()


def end() -> None:
    """Roll everything back."""
    _given.clear()
    _roll_back_to(0)


def _roll_back_to(depth: int):
    while len(_layers) > depth:
        _layers.pop().roll_back()


def _wanted(fixtures: Mapping) -> dict[Callable, list[Callable]]:
    """Return what is made before the test, each after what it needs, and what that is."""
    gives = {name: definitions[-1].func for name, definitions in fixtures.items() if definitions}
    wanted = {}

    def can_be_kept(give) -> bool:
        make = _kept.get(give)
        if make is None or make in wanted:
            return make is not None
        needed = [gives.get(name) for name in signature(make).parameters]
        if not all(can_be_kept(one) for one in needed):
            return False
        wanted[make] = [_kept[one] for one in needed]
        return True

    in_order = list(_kept)
    for give in sorted((give for give in set(gives.values()) if give in _kept), key=in_order.index):
        can_be_kept(give)
    return wanted
