"""What holds for the project as a whole."""

from contextlib import closing
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

LAYERS = ["accounts", "cells", "leaders", "evaluations", "dashboards", "desk"]
CATALOGUES = sorted((settings.BASE_DIR / "locale").rglob("*.po"))


def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_no_foreign_key_points_upwards():
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for layer in LAYERS
        for model in apps.get_app_config(layer).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        and field.related_model._meta.app_label in LAYERS[LAYERS.index(layer) + 1 :]
    ]  # fmt: skip

    assert upwards == []


def test_every_constraint_has_a_name_of_its_own_and_a_sentence():
    constraints = [
        constraint
        for layer in LAYERS
        for model in apps.get_app_config(layer).get_models()
        if not model._meta.object_name.startswith("Historical")
        for constraint in model._meta.constraints
    ]
    names = [constraint.name for constraint in constraints]

    assert len(names) == len(set(names))
    general = type(constraints[0]).default_violation_error_message
    assert [c.name for c in constraints if c.violation_error_message == general] == []


def test_every_model_of_facts_keeps_its_history():
    without = {
        model._meta.label
        for layer in LAYERS
        for model in apps.get_app_config(layer).get_models()
        if not hasattr(model, "history") and not hasattr(model, "history_type")
        if not model._meta.object_name.startswith("Historical")
    }

    # A change set is the record itself, and so are the logs of exports and of looks; a second factor is
    # a secret; long work leaves its trace in what it changes, and is forgotten; a kept rehearsal is a copy
    # of words; a kept export is in the log of exports; an import stays on record itself, with the change
    # set it wrote; the files of an issued report are never changed.
    assert without == {
        "accounts.ChangeSet", "accounts.ExportLog", "accounts.SecondFactor", "desk.DailyRun", "desk.Job",
        "desk.KeptRehearsal", "desk.KeptLoadRehearsal", "desk.KeptExport", "desk.KeptExportPart",
        "desk.ImportBatch", "desk.BatchFile", "desk.BatchCheck", "desk.RememberedColumn",
        "dashboards.IssuedFile", "leaders.Access",
    }  # fmt: skip


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(settings.BASE_DIR)))
def test_the_compiled_catalogue_is_the_written_one(path: Path):
    written = {
        (e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.pofile(str(path)) if e.translated()
    }
    compiled = {
        (e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.mofile(str(path.with_suffix(".mo")))
    }

    assert compiled == written


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(settings.BASE_DIR)))
def test_nothing_is_left_untranslated(path: Path):
    catalogue = polib.pofile(str(path))

    assert [e.msgid for e in catalogue.untranslated_entries()] == []
    assert [e.msgid for e in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("name", ["favicon.ico", "robots.txt"])
def test_what_browsers_look_for_at_the_top_is_there_for_anybody(client, name):
    with closing(client.get(f"/{name}")) as response:
        assert response.status_code == 200
