"""A site that lacks a step of its tables whose file is gone (docs/decisions/0024)."""

from django.conf import settings
from django.core.checks import Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from django.utils.translation import gettext as _

# The last one that holds every file which ``replaces`` names.
REVISION_WITH_ALL_STEPS = "9416baa"


def check_steps(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """Refuse it in words: Django would drop what replaces the step and say that there is nothing to do."""
    migrations = MigrationLoader(None).disk_migrations
    errors = []
    for alias in databases or ():
        applied = MigrationRecorder(connections[alias]).applied_migrations()
        for migration in migrations.values():
            missing = [step for step in migration.replaces if step not in applied]
            gone = [".".join(step) for step in missing if step not in migrations]
            if gone and len(missing) < len(migration.replaces):
                errors.append(Error(_sentence(gone), obj=migration, id="accounts.E001"))
    return errors


def _sentence(gone: list[str]) -> str:
    # Commands that migrate speak no language of their own.
    with translation.override(settings.LANGUAGE_CODE):
        return _(
            "The tables are of a version before %(steps)s. First bring them up to date with the revision "
            "%(revision)s (git checkout %(revision)s, then migrate), then with this one."
        ) % {"steps": ", ".join(gone), "revision": REVISION_WITH_ALL_STEPS}
