from django.db import migrations

from cells.exclusion import no_shared_days


class Migration(migrations.Migration):
    dependencies = [("cells", "0001_initial")]

    operations = [
        no_shared_days("cells_unitperiod", "unitperiod_one_open_per_unit_overlap", ("unit_id",)),
        no_shared_days("cells_unitperiod", "unitperiod_one_open_per_code_overlap", ("level", "code")),
        no_shared_days("cells_cellperiod", "cellperiod_one_open_per_cell_overlap", ("cell_id",)),
        no_shared_days("cells_cellarea", "cellarea_one_open_per_pair_overlap", ("cell_id", "hamlet_id")),
    ]
