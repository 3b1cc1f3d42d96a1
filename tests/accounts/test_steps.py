"""The steps by which tables come about (accounts/tables.py, accounts/steps.py)."""

import pytest
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState, StateApps

from accounts.steps import REVISION_WITH_ALL_STEPS, check_steps
from accounts.tables import CreateTables


def table(name: str, points_at: str) -> CreateModel:
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("other", models.ForeignKey(points_at, models.PROTECT, related_name="+")),
    ]
    return CreateModel(name, fields)


@pytest.fixture
def count_renderings(monkeypatch):
    rendered = []
    render = StateApps.render_multiple
    monkeypatch.setattr(
        StateApps,
        "render_multiple",
        lambda apps, states: rendered.append(len(states)) or render(apps, states),
    )
    return rendered


@pytest.mark.committed
def test_many_tables_are_rendered_once_created_and_taken_away(count_renderings):
    step = CreateTables(
        [table("Left", "tried.right"), table("Right", "tried.left"), table("More", "tried.left")]
    )
    before, after = ProjectState(), ProjectState()
    for state in (before, after):
        assert state.apps  # as while migrating: what was there is rendered
    count_renderings.clear()

    step.state_forwards("tried", after)
    with connection.schema_editor() as editor:
        step.database_forwards("tried", editor, before, after)
    created = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        step.database_backwards("tried", editor, after, before)

    assert count_renderings == [3]
    assert {"tried_left", "tried_right", "tried_more"} <= set(created)
    assert not [name for name in connection.introspection.table_names() if name.startswith("tried_")]


def test_a_site_that_lacks_a_step_whose_file_is_gone_is_refused_in_words():
    assert check_steps(databases=["default"]) == []
    MigrationRecorder(connection).record_unapplied("desk", "0006_sent_files_have_their_day")

    (error,) = check_steps(databases=["default"])

    assert "desk.0006_sent_files_have_their_day" in error.msg
    assert REVISION_WITH_ALL_STEPS in error.msg
    assert check_steps(databases=None) == []
