from django.db import migrations

from cells.kinds import full_name
from sheets.text import fold_all


def find_by_old_names(apps, schema_editor):
    """Let units and cells be found by every name and code they had; the key is a copy and no fact."""
    of_units, of_cells = (apps.get_model("cells", f"{name}Period").objects for name in ("Unit", "Cell"))
    _renew(
        apps.get_model("cells", "Unit"),
        _lives(of_units, "unit_id"),
        lambda unit, life: [f"{full_name(period.kind, period.name)} {period.code}" for period in life],
    )
    _renew(
        apps.get_model("cells", "Cell"),
        _lives(of_cells, "cell_id"),
        lambda cell, life: [life[0].name, cell.code, *(period.name for period in life[1:])],
    )


def _lives(periods, owner: str) -> dict[int, list]:
    """Return the periods of each unit or cell, the last one first."""
    lives = {}
    for period in periods.iterator(chunk_size=5000):
        lives.setdefault(getattr(period, owner), []).append(period)
    for life in lives.values():
        life.sort(key=lambda period: str(period.ends_on or "9999"), reverse=True)
    return lives


def _renew(model, lives, names_of):
    renewed = []
    for row in model.objects.iterator(chunk_size=5000):
        key = fold_all(names_of(row, lives[row.pk])) if row.pk in lives else row.search_key
        if key != row.search_key:
            row.search_key = key
            renewed.append(row)
    model.objects.bulk_update(renewed, ["search_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("cells", "0004_recorded_events_are_applied")]

    operations = [
        # Keys that hold more than today's name still find by that.
        migrations.RunPython(find_by_old_names, migrations.RunPython.noop),
    ]
