"""All rows of all tables that hold facts, to be compared before and after."""

from django.apps import apps

# What says that and when something was done stays when it is undone.
RECORDS = {"changeset", "reorganisation", "job", "dailyrun", "keptrehearsal", "session", "exportlog"}


def tables() -> dict[str, list[tuple]]:
    """Return every row of the project's own tables, histories and records left out."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(*_columns(model)))
        for model in apps.get_models()
        if hasattr(model, "history") and model._meta.model_name not in RECORDS
    }


def _columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
