import accounts.changes
import accounts.fields
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reorganisations_are_change_sets'),
        ('accounts', '__first__'),
        ('cells', '0006_known_parts_within_total'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalLimits',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('interim_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='an interim head is long in office after (days)')),
                ('term_ends_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='a term is about to end within (days)')),
                ('report_days', models.PositiveSmallIntegerField(default=7, help_text='Days between the visit and its record.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='a visit is reported late after (days)')),
                ('least_attendance', models.PositiveSmallIntegerField(default=85, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='least attendance of cell meetings (percent)')),
                ('most_hamlets', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='most hamlets of one officer')),
                ('least_official', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='fewest official members of a cell')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('province', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='province or city')),
            ],
            options={
                'verbose_name': 'historical limits of a province',
                'verbose_name_plural': 'historical limits of provinces',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMeeting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('regular', 'monthly regular meeting'), ('thematic', 'thematic meeting'), ('extraordinary', 'extraordinary meeting')], default='regular', max_length=13, verbose_name='kind')),
                ('day', models.DateField(help_text='Of a meeting that was not held: the first day of its month.', verbose_name='day')),
                ('was_held', models.BooleanField(default=True, verbose_name='held')),
                ('expected', models.PositiveIntegerField(blank=True, null=True, verbose_name='expected')),
                ('present', models.PositiveIntegerField(blank=True, null=True, verbose_name='present')),
                ('committee_met', models.BooleanField(blank=True, null=True, verbose_name='the committee met before')),
                ('grade', models.CharField(blank=True, choices=[('good', 'Good (meeting)'), ('fair', 'Fair (meeting)'), ('average', 'Average (meeting)'), ('weak', 'Weak (meeting)')], max_length=7, verbose_name='grade of the meeting')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('cell', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.cell', verbose_name='cell')),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical cell meeting',
                'verbose_name_plural': 'historical cell meetings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPracticeNote',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('noted_on', models.DateField(verbose_name='noted on')),
                ('text', models.TextField(max_length=4000, verbose_name='what works well here')),
                ('search_key', accounts.fields.KeyField(blank=True, editable=False, max_length=4000)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('hamlet', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='hamlet')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'historical good practice',
                'verbose_name_plural': 'historical good practices',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Limits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('interim_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='an interim head is long in office after (days)')),
                ('term_ends_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='a term is about to end within (days)')),
                ('report_days', models.PositiveSmallIntegerField(default=7, help_text='Days between the visit and its record.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='a visit is reported late after (days)')),
                ('least_attendance', models.PositiveSmallIntegerField(default=85, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='least attendance of cell meetings (percent)')),
                ('most_hamlets', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='most hamlets of one officer')),
                ('least_official', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='fewest official members of a cell')),
                ('province', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='cells.unit', verbose_name='province or city')),
            ],
            options={
                'verbose_name': 'limits of a province',
                'verbose_name_plural': 'limits of provinces',
                'constraints': [models.CheckConstraint(condition=models.Q(('interim_days__gte', 1), ('least_attendance__gte', 1), ('least_attendance__lte', 100), ('least_official__gte', 1), ('most_hamlets__gte', 1), ('report_days__gte', 1), ('term_ends_days__gte', 1)), name='limits_are_positive', violation_error_message='A limit is at least 1, a percentage at most 100.')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('regular', 'monthly regular meeting'), ('thematic', 'thematic meeting'), ('extraordinary', 'extraordinary meeting')], default='regular', max_length=13, verbose_name='kind')),
                ('day', models.DateField(help_text='Of a meeting that was not held: the first day of its month.', verbose_name='day')),
                ('was_held', models.BooleanField(default=True, verbose_name='held')),
                ('expected', models.PositiveIntegerField(blank=True, null=True, verbose_name='expected')),
                ('present', models.PositiveIntegerField(blank=True, null=True, verbose_name='present')),
                ('committee_met', models.BooleanField(blank=True, null=True, verbose_name='the committee met before')),
                ('grade', models.CharField(blank=True, choices=[('good', 'Good (meeting)'), ('fair', 'Fair (meeting)'), ('average', 'Average (meeting)'), ('weak', 'Weak (meeting)')], max_length=7, verbose_name='grade of the meeting')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('cell', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='cells.cell', verbose_name='cell')),
            ],
            options={
                'verbose_name': 'cell meeting',
                'verbose_name_plural': 'cell meetings',
                'ordering': ['-day', 'cell', 'pk'],
                'indexes': [models.Index(fields=['cell', 'kind', 'day'], name='cells_meeti_cell_id_3bcdd6_idx')],
                'constraints': [models.UniqueConstraint(fields=('cell', 'kind', 'day'), name='meeting_one_per_cell_kind_and_day', violation_error_message='This meeting of the cell is recorded already.'), models.CheckConstraint(condition=models.Q(('expected__isnull', True), ('present__isnull', True), ('present__lte', models.F('expected')), _connector='OR'), name='meeting_present_were_expected', violation_error_message='More were present than were expected.'), models.CheckConstraint(condition=models.Q(('was_held', True), models.Q(('committee_met__isnull', True), ('day__day', 1), ('grade', ''), ('kind', 'regular'), ('present__isnull', True)), _connector='OR'), name='meeting_not_held_has_no_result', violation_error_message='A meeting that was not held has nobody present and no grade.')],
            },
        ),
        migrations.CreateModel(
            name='PracticeNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_on', models.DateField(verbose_name='noted on')),
                ('text', models.TextField(max_length=4000, verbose_name='what works well here')),
                ('search_key', accounts.fields.KeyField(blank=True, editable=False, max_length=4000)),
                ('hamlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_notes', to='cells.unit', verbose_name='hamlet')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'good practice',
                'verbose_name_plural': 'good practices',
                'ordering': ['-noted_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='practicenote_says_something', violation_error_message='Write what works well here.')],
            },
        ),
    ]
