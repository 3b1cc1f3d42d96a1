import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cells', '0007_meetings_notes_limits'),
        ('leaders', '0005_visits_learning_records'),
    ]

    operations = [
        migrations.AlterField(
            model_name='access',
            name='keeper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='cells.unit', verbose_name='record kept by'),
        ),
        migrations.AlterField(
            model_name='access',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='accesses', to='leaders.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='personrequest',
            name='taken_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records_given', to='cells.unit', verbose_name='record kept before by'),
        ),
        migrations.AddField(
            model_name='historicalpersonrequest',
            name='taken_from',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='record kept before by'),
        ),
    ]
