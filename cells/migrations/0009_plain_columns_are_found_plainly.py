from django.db import migrations

from cells.exclusion import no_shared_days_anew


class Migration(migrations.Migration):
    """The constraints of sites whose tables came about before no look-up was to go by them."""

    dependencies = [
        ('cells', '0001_tables'),
    ]

    operations = [
        no_shared_days_anew("cells_unitperiod", "unitperiod_one_open_per_unit_overlap", ("unit_id + 0",)),
        no_shared_days_anew("cells_unitperiod", "unitperiod_one_open_per_code_overlap", ("level || ''", "code || ''")),
        no_shared_days_anew("cells_cellperiod", "cellperiod_one_open_per_cell_overlap", ("cell_id + 0",)),
        no_shared_days_anew("cells_cellarea", "cellarea_one_open_per_pair_overlap", ("cell_id + 0", "hamlet_id + 0")),
    ]
