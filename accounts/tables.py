"""Many tables in one step of a migration.

Nearly every table here points at ``ChangeSet``, itself or by its history. Django renders again all models that hang
together whenever one is added to a rendered state, so that each new table costs as much as all tables that are
there: 477 operations took a minute of processor time. Added to a state that is not rendered they cost one
rendering for all of them.
"""

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateTables(Operation):
    category = OperationCategory.ADDITION
    serialization_expand_args = ["tables"]

    def __init__(self, tables: list[CreateModel]):
        self.tables = tables

    def deconstruct(self):
        return type(self).__qualname__, [], {"tables": self.tables}

    def describe(self) -> str:
        return f"Create {len(self.tables)} tables"

    def state_forwards(self, app_label, state):
        # Whoever asks next renders all models, once and completely.
        vars(state).pop("apps", None)
        state.is_delayed = False
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)
