"""Taking back a change set by somebody who keeps all that it touched."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.history import Obstacle, batches, obstacles, rows_of, take_back
from cells.copies import rebuild


@transaction.atomic
def take_back_kept(change_set, *, by, reason: str) -> int:
    """Undo the change set and renew the copies; refuse where it touched what the person does not keep.

    Returns the number of records. See ``accounts.history.take_back`` for what else is refused.
    """
    rows = rows_of(change_set)
    _refuse_rows_of_others(by, rows)
    count = take_back(change_set, by=by, reason=reason[:500])
    rebuild()
    _refuse_rows_of_others(by, rows)
    return count


def obstacles_for(change_set, *, by) -> list[Obstacle]:
    """Return for what reasons ``take_back_kept`` would refuse by now; nothing is changed."""
    kept_elsewhere = (Obstacle(sentence) for sentence in _rows_of_others(by, rows_of(change_set)))
    return [*kept_elsewhere, *obstacles(change_set)]


def _refuse_rows_of_others(user, rows: dict) -> None:
    for sentence in _rows_of_others(user, rows):
        raise ValidationError(sentence)


def _rows_of_others(user, rows: dict) -> Iterator[str]:
    """Tell what the person could not change by hand: accounts, and what stands elsewhere by now."""
    for model, keys in rows.items():
        may_change = user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")
        if not may_change or any(_stands_elsewhere(user, model, some) for some in batches(sorted(keys))):
            yield (
                _("%(what)s: the change set holds records that you may not change. Ask an administrator.")
                % {"what": capfirst(model._meta.verbose_name_plural)}
            )


def _stands_elsewhere(user, model, keys: list) -> bool:
    rows = model._default_manager.filter(pk__in=keys)
    return hasattr(rows, "kept_by") and rows.exclude(pk__in=rows.kept_by(user).values("pk")).exists()
