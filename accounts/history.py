"""History rows for many rows at once, and taking a change set back.

This is the only place that writes history in bulk: Django's own bulk calls leave none.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, current_change_set, recording

CREATED, CHANGED, DELETED = "+", "~", "-"


def record_many(queryset, history_type: str) -> int:
    """Write one history row for each row of the queryset, in one statement."""
    model = queryset.model
    history = model.history.model
    tracked = [f for f in history.tracked_fields if f.concrete]
    change_set = current_change_set()
    own = {
        "history_date": timezone.now(),
        "history_type": history_type,
        "history_change_reason": None,
        "history_user": change_set.by_id,
        "change_set": change_set.pk,
    }
    own_fields = [history._meta.get_field(name) for name in own]
    quote = connection.ops.quote_name
    columns = [quote(f.column) for f in tracked] + [quote(f.column) for f in own_fields]
    try:
        rows, row_params = (
            queryset.order_by().values_list(*[f.attname for f in tracked]).query.sql_with_params()
        )
    except EmptyResultSet:
        return 0
    own_params = [
        f.get_db_prep_save(value, connection) for f, value in zip(own_fields, own.values(), strict=True)
    ]
    marks = ", ".join(
        f"CAST(%s AS {f.rel_db_type(connection) if f.is_relation else f.db_type(connection)})"
        if connection.vendor == "postgresql"
        else "%s"
        for f in own_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(
            # Names come from the models, values are parameters.
            f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(columns)}) "  # noqa: S608
            f"SELECT wanted.*, {marks} FROM ({rows}) AS wanted",
            [*own_params, *row_params],
        )
        return cursor.rowcount


def create_many(model, rows: list, *, batch_size: int = 2000) -> list:
    """Create the rows and their history; the rows come back with their keys."""
    _take_long_statements()
    created = model.objects.bulk_create(rows, batch_size=batch_size)
    _record_rows(model, created, CREATED)
    return created


def update_many(model, rows: list, fields: list[str]) -> None:
    """Update these fields of the rows and record the change."""
    write_fields(model, rows, fields)
    _record_rows(model, rows, CHANGED)


def _record_rows(model, rows: list, history_type: str) -> None:
    for some in batches([row.pk for row in rows]):
        record_many(model._base_manager.filter(pk__in=some), history_type)


def write_fields(model, rows: list, fields: list[str]) -> None:
    """Update these fields of the rows without a trace: for copies, which are no facts.

    One upsert: ``bulk_update`` builds a CASE per row and field, ten times as slow.
    """
    _take_long_statements()
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=fields,
        batch_size=2000,
    )


def _take_long_statements() -> None:
    """Let Django write as many rows at once as this SQLite takes: it still counts with the 999 values of old ones."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = most


def delete_many(queryset) -> int:
    """Take the rows away and record that; whoever calls has made sure that nothing needs them."""
    record_many(queryset, DELETED)
    return _delete_rows(queryset)


def _delete_rows(queryset) -> int:
    """Delete in one statement; foreign keys are checked at the end of the transaction."""
    return queryset._raw_delete(queryset.db)


def batches(keys: list, size: int = 5000):
    """Cut a long list so that each statement stays within what a database takes."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def latest_changes(records: Iterable[tuple[type[models.Model], object]]) -> dict[tuple, int]:
    """Return the number of the last history row of each record, given as (model, key)."""
    keys: dict[type[models.Model], set] = defaultdict(set)
    for model, key in records:
        keys[model].add(key)
    latest = {}
    for model, wanted in keys.items():
        name = model._meta.pk.attname
        for some in batches(sorted(wanted)):
            rows = model.history.filter(**{f"{name}__in": some}).order_by().values_list(name)
            latest |= {(model, key): number for key, number in rows.annotate(models.Max("history_id"))}
    return latest


def last_change(records: Iterable[tuple[type[models.Model], object]]):
    """Return the latest history row of these records, or None."""
    rows = (
        model.history.select_related("change_set")
        .filter(**{model._meta.pk.attname: key})
        .order_by("history_id")
        .last()
        for model, key in records
    )
    return max(filter(None, rows), key=lambda row: row.history_date, default=None)


def _traced_models():
    return [m for m in apps.get_models() if hasattr(m, "history") and hasattr(m.history, "model")]


def _is_copy(relation) -> bool:
    """Whether the foreign key only repeats what other rows say: its model names such fields in ``COPIES``."""
    return relation.field.name in getattr(relation.related_model, "COPIES", ())


def _goes_along(relation) -> bool:
    """Whether a row goes with what it names, recorded in error like it: its model names such fields in ``GOES_WITH``."""
    return relation.field.name in getattr(relation.related_model, "GOES_WITH", ())


def _clear(relation, keys: list) -> None:
    """Take away what goes with these rows, and tell the others that they are gone, as Django would."""
    rows = relation.related_model._base_manager.filter(**{f"{relation.field.attname}__in": keys})
    if relation.on_delete is models.CASCADE:
        rows.delete()  # the history follows row by row
    elif relation.on_delete is models.SET_NULL:
        rows.update(**{relation.field.attname: None})


def _relations_to(model):
    """Return every foreign key that points at the model, the hidden ones too."""
    return [
        f
        for f in model._meta.get_fields(include_hidden=True)
        if f.one_to_many or (f.one_to_one and f.auto_created)
    ]


@transaction.atomic
def take_back(change_set: ChangeSet, *, by=None, reason: str = "", even_if_edited: bool = False) -> int:
    """Undo everything the change set did; refuse, with a list, while something later depends on it.

    What it created may have been edited since: that is a reason to refuse as well, unless the
    caller says that the edits may go with the rows. The history and the change set itself
    stay. Copies of what goes are emptied: whoever calls renews them from the facts. Returns the
    number of rows taken back.
    """
    with recording(by=by, kind=ChangeSet.Kind.TAKE_BACK, reason=reason or str(change_set)) as here:
        ChangeSet.objects.select_for_update().get(pk=change_set.pk)
        if ChangeSet.objects.filter(takes_back=change_set).exists():
            raise ValidationError(_("This was taken back already."))
        undone = _Undone(change_set)
        undone.refuse_when_needed(even_if_edited=even_if_edited)
        count = undone.restore()
        here.change_set.takes_back = change_set
        here.change_set.save(update_fields=["takes_back"])
    return count


def rows_of(change_set: ChangeSet) -> dict[type[models.Model], set]:
    """Return the keys of the rows that the change set wrote, by model."""
    keys = {
        model: set(model.history.filter(change_set=change_set).values_list(model._meta.pk.attname, flat=True))
        for model in _traced_models()
    }
    return {model: some for model, some in keys.items() if some}


@dataclass(frozen=True)
class Obstacle:
    """Why a change set cannot be undone, in a sentence, with the rows that are the reason where they are known."""

    sentence: str
    model: type[models.Model] | None = None
    keys: frozenset = frozenset()

    def __str__(self):
        return self.sentence


def obstacles(change_set: ChangeSet) -> list[Obstacle]:
    """Return what ``take_back`` would refuse by now; nothing is changed."""
    return list(_Undone(change_set).obstacles())


class _Undone:
    """What one change set created, changed and deleted, model by model."""

    def __init__(self, change_set: ChangeSet):
        self.change_set = change_set
        self.created, self.changed, self.deleted = {}, {}, {}
        for model in _traced_models():
            self._collect(model)

    def _collect(self, model):
        kinds: dict = {}
        # The first row tells what the change set found, the last what it left behind.
        rows = model.history.filter(change_set=self.change_set).order_by("history_id")
        for pk, kind in rows.values_list(model._meta.pk.attname, "history_type"):
            kinds.setdefault(pk, []).append(kind)
        self.created[model] = {pk for pk, k in kinds.items() if k[0] == CREATED and k[-1] != DELETED}
        self.changed[model] = {pk for pk, k in kinds.items() if k[0] != CREATED and k[-1] != DELETED}
        self.deleted[model] = {pk for pk, k in kinds.items() if k[0] != CREATED and k[-1] == DELETED}

    def refuse_when_needed(self, *, even_if_edited: bool):
        problems = [str(one) for one in self.obstacles(even_if_edited=even_if_edited)]
        if problems:
            raise ValidationError(problems)

    def obstacles(self, *, even_if_edited: bool = False) -> Iterator[Obstacle]:
        yield from map(Obstacle, map(str, self._reasons_to_keep()))
        yield from self._changed_since(even_if_edited=even_if_edited)
        yield from self._depending()

    def _reasons_to_keep(self):
        """What a model itself says against it: its rows may be undone in another way only.

        The samples go as they came, with every step that was made up for them. A merging only said whose
        the rows are.
        """
        if self.change_set.kind in (ChangeSet.Kind.SAMPLES, ChangeSet.Kind.PERSON_MERGE):
            return
        for model in _traced_models():
            touched = self.created[model] | self.changed[model] | self.deleted[model]
            if touched and hasattr(model, "reasons_to_keep"):
                yield from model.reasons_to_keep(touched)

    def _changed_since(self, *, even_if_edited: bool):
        for model in _traced_models():
            # What others have taken away meanwhile is gone: nothing is left to undo.
            created = set() if even_if_edited else self._still_there(model, self.created[model])
            rearranged = set() if self._rearranged(model) else self.changed[model]
            touched = created | rearranged | self.deleted[model]
            since = model.history.filter(change_set__gt=self.change_set).exclude(self._undone_since())
            later = self._found(since, model._meta.pk.attname, touched)
            if later:
                told = _("%(count)d × %(what)s changed since: %(names)s") % {
                    "count": len(later),
                    "what": model._meta.verbose_name,
                    "names": self._names(model, later),
                }
                acts = self._acts(since, model._meta.pk.attname, later)
                yield Obstacle(f"{told} ({acts})" if acts else told, model, frozenset(later))

    def _rearranged(self, model) -> tuple[str, ...]:
        """Return the fields that a reorganisation alone changes while people go on writing the others.

        Undone, they say again what they said, whatever was written meanwhile: the model names them in ``REARRANGED``.
        """
        is_one = self.change_set.kind == ChangeSet.Kind.REORGANISATION
        return getattr(model, "REARRANGED", ()) if is_one else ()

    def _undone_since(self) -> models.Q:
        """What was done later and taken back again has left the rows as they were."""
        return models.Q(change_set__taken_back_by__isnull=False) | models.Q(
            change_set__takes_back__gt=self.change_set
        )

    def _depending(self):
        """What points at a row that would go, and neither goes with it nor is put back."""
        for model, created in self.created.items():
            for relation in _relations_to(model):
                other = relation.related_model
                matters = relation.on_delete in (models.PROTECT, models.RESTRICT) or (
                    relation.on_delete is models.CASCADE
                    and other in self.created
                    and not _goes_along(relation)
                )
                if not matters or _is_copy(relation):
                    continue
                dependants = self._found(other._base_manager, relation.field.attname, created, give="pk")
                dependants -= self.created.get(other, set())
                dependants -= self.changed.get(other, set())
                if dependants:
                    told = _("%(count)d × %(what)s depend on it: %(names)s") % {
                        "count": len(dependants),
                        "what": other._meta.verbose_name,
                        "names": self._names(other, dependants),
                    }
                    yield Obstacle(told, other, frozenset(dependants))

    def _still_there(self, model, keys: set) -> set:
        return self._found(model._base_manager, "pk", keys)

    @staticmethod
    def _found(rows, field: str, keys: set, *, give: str | None = None) -> set:
        """Return which of the keys occur in the field (or what else those rows give)."""
        found = set()
        for some in batches(sorted(keys), 5000):
            found |= set(rows.filter(**{f"{field}__in": some}).values_list(give or field, flat=True))
        return found

    @staticmethod
    def _acts(history, field: str, keys: set) -> str:
        """Return the reasons for which these rows were changed: they name what would have to go first."""
        reasons = set()
        for some in batches(sorted(keys), 5000):
            rows = history.filter(**{f"{field}__in": some})
            reasons |= set(rows.values_list("change_set__reason", flat=True))
        # A page that asks for no reason leaves its address.
        given = sorted(reason for reason in reasons if reason and not reason.startswith("/"))
        return "; ".join(given[:5]) + (" …" if len(given) > 5 else "")

    @staticmethod
    def _names(model, keys: set) -> str:
        shown = {row.pk: str(row) for row in model._base_manager.filter(pk__in=sorted(keys)[:5])}
        names = [shown.get(key, f"#{key}") for key in sorted(keys)[:5]]
        return ", ".join(names) + (" …" if len(keys) > 5 else "")

    def restore(self) -> int:
        """Take out what was created first: it may sit where something else was before.

        What points at other rows goes before them: models are defined from the bottom up.
        """
        for model, created in reversed(self.created.items()):
            for some in batches(sorted(created), 5000):
                self._empty_copies(model, some)
                self._remove(model, some)
        for model in _traced_models():
            self._put_back(model, self.changed[model] | self.deleted[model])
        connection.check_constraints()
        return sum(len(keys) for kind in (self.created, self.changed, self.deleted) for keys in kind.values())

    @staticmethod
    def _empty_copies(model, keys: list):
        """Copies name what is to go and leave no history of their own."""
        for relation in filter(_is_copy, _relations_to(model)):
            rows = relation.related_model._base_manager
            rows.filter(**{f"{relation.field.name}__in": keys}).update(**{relation.field.name: None})

    @staticmethod
    def _remove(model, keys: list):
        # Not by Django: it would refuse for the sake of rows that are put back next.
        for relation in _relations_to(model):
            _clear(relation, keys)
        delete_many(model._base_manager.filter(pk__in=keys))

    def _put_back(self, model, keys: set):
        """Write the rows as they were before the change set, in the place of what is there now."""
        tracked = [f for f in model.history.model.tracked_fields if f.concrete]
        there = self._still_there(model, keys)
        before = self._before(model, keys, [f.attname for f in tracked])
        changed = [row for row in before if row.pk in there]
        if rearranged := self._rearranged(model):
            update_many(model, changed, list(rearranged))
        elif len(tracked) == len(model._meta.concrete_fields):
            # Taken out and written anew, so that rows may trade what only one of them may have.
            for some in batches([row.pk for row in changed]):
                _delete_rows(model._base_manager.filter(pk__in=some))
            self._write_anew(model, changed)
            _record_rows(model, changed, CHANGED)
        else:
            update_many(model, changed, [f.name for f in tracked if not f.primary_key])
        gone = [row for row in before if row.pk not in there]
        self._write_anew(model, gone)
        _record_rows(model, gone, CREATED)

    @staticmethod
    def _write_anew(model, rows: list) -> None:
        """Write the rows with the hours they bore: Django gives new rows that of now."""
        _take_long_statements()
        stamped = [f for f in model._meta.concrete_fields if getattr(f, "auto_now_add", False)]
        hours = [[getattr(row, f.attname) for f in stamped] for row in rows]
        model._base_manager.bulk_create(rows, batch_size=2000)
        if stamped:
            for row, known in zip(rows, hours, strict=True):
                for field, hour in zip(stamped, known, strict=True):
                    setattr(row, field.attname, hour)
            model._base_manager.bulk_update(rows, [f.name for f in stamped], batch_size=500)

    def _before(self, model, keys: set, names: list[str]) -> list:
        seen = {}
        for some in batches(sorted(keys)):
            earlier = model.history.filter(
                change_set__lt=self.change_set, **{f"{model._meta.pk.attname}__in": some}
            ).order_by("history_id")
            for values in earlier.values(*names):
                seen[values[model._meta.pk.attname]] = values
        return [model(**values) for values in seen.values()]
