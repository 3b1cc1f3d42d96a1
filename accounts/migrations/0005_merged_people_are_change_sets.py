from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reorganisations_are_change_sets'),
    ]

    operations = [
        migrations.AlterField(
            model_name='changeset',
            name='kind',
            field=models.CharField(choices=[('page', 'On a page'), ('admin', 'In the administration'), ('import', 'Import'), ('command', 'Command'), ('samples', 'Sample data'), ('reorganisation', 'Reorganisation'), ('person_merge', 'Merging of two records of one person'), ('take_back', 'Taking back')], max_length=14, verbose_name='kind'),
        ),
    ]
