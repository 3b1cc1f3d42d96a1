import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cells', '0009_plain_columns_are_found_plainly'),
    ]

    operations = [
        migrations.AddField(
            model_name='cell',
            name='province',
            field=models.ForeignKey(editable=False, help_text='Today, or last.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cells.unit', verbose_name='province'),
        ),
        migrations.AddField(
            model_name='historicalcell',
            name='province',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, help_text='Today, or last.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='province'),
        ),
    ]
