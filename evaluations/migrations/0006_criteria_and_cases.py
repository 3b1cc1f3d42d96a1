import accounts.changes
import django.core.validators
import django.db.models.deletion
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reorganisations_are_change_sets'),
        ('accounts', '__first__'),
        ('cells', '0007_meetings_notes_limits'),
        ('evaluations', '0005_conditions_of_366'),
        ('leaders', '0004_candidacies'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('outcome', models.CharField(choices=[('kept', 'kept'), ('at_risk', 'at risk')], max_length=7, verbose_name='outcome')),
                ('found', models.TextField(blank=True, verbose_name='what was found')),
                ('remark', models.CharField(blank=True, max_length=1000, verbose_name='remark')),
                ('checked_on', models.DateField(verbose_name='checked on')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='evaluations.titlecase', verbose_name='case')),
            ],
            options={
                'verbose_name': 'yearly check of a title',
                'verbose_name_plural': 'yearly checks of titles',
                'ordering': ['case', '-year'],
            },
        ),
        migrations.CreateModel(
            name='CaseMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='First day of the month.', verbose_name='month')),
                ('line', models.CharField(max_length=1000, verbose_name='how it goes')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='months', to='evaluations.titlecase', verbose_name='case')),
            ],
            options={
                'verbose_name': 'month of a case',
                'verbose_name_plural': 'months of cases',
                'ordering': ['case', '-month'],
            },
        ),
        migrations.CreateModel(
            name='CriteriaSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(blank=True, help_text='Empty: since before our records.', null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, help_text='Last day. Empty: running on.', null=True, verbose_name='until')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('legal_basis', models.CharField(blank=True, max_length=500, verbose_name='legal basis')),
                ('least_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='least points to be recognised')),
                ('province', models.ForeignKey(blank=True, help_text='Empty: an example that is shipped, to be copied and changed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria_sets', to='cells.unit', verbose_name='province or city')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria_sets', to='evaluations.title', verbose_name='title')),
            ],
            options={
                'verbose_name': 'set of criteria',
                'verbose_name_plural': 'sets of criteria',
                'ordering': ['title', models.OrderBy(models.F('province'), nulls_last=True), models.OrderBy(models.F('starts_on'), descending=True, nulls_last=True), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='number')),
                ('group', models.CharField(blank=True, max_length=200, verbose_name='group')),
                ('text', models.CharField(max_length=1000, verbose_name='criterion')),
                ('points', models.DecimalField(decimal_places=1, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points')),
                ('least_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='least points')),
                ('criteria_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='evaluations.criteriaset', verbose_name='set of criteria')),
            ],
            options={
                'verbose_name': 'criterion',
                'verbose_name_plural': 'criteria',
                'ordering': ['criteria_set', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation in charge')),
                ('self_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points by the cell itself')),
                ('appraised_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points of the appraisal')),
                ('remark', models.CharField(blank=True, max_length=1000, verbose_name='remark of the appraisal')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='evaluations.titlecase', verbose_name='case')),
                ('in_charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria_in_charge', to='leaders.person', verbose_name='member in charge')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='evaluations.criterion', verbose_name='criterion')),
            ],
            options={
                'verbose_name': 'criterion of a case',
                'verbose_name_plural': 'criteria of cases',
                'ordering': ['case', 'criterion__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCaseCheck',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('outcome', models.CharField(choices=[('kept', 'kept'), ('at_risk', 'at risk')], max_length=7, verbose_name='outcome')),
                ('found', models.TextField(blank=True, verbose_name='what was found')),
                ('remark', models.CharField(blank=True, max_length=1000, verbose_name='remark')),
                ('checked_on', models.DateField(verbose_name='checked on')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.titlecase', verbose_name='case')),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical yearly check of a title',
                'verbose_name_plural': 'historical yearly checks of titles',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCaseCriterion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation in charge')),
                ('self_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points by the cell itself')),
                ('appraised_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points of the appraisal')),
                ('remark', models.CharField(blank=True, max_length=1000, verbose_name='remark of the appraisal')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.titlecase', verbose_name='case')),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('criterion', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.criterion', verbose_name='criterion')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('in_charge', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='leaders.person', verbose_name='member in charge')),
            ],
            options={
                'verbose_name': 'historical criterion of a case',
                'verbose_name_plural': 'historical criteria of cases',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCaseMonth',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('month', models.DateField(help_text='First day of the month.', verbose_name='month')),
                ('line', models.CharField(max_length=1000, verbose_name='how it goes')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.titlecase', verbose_name='case')),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical month of a case',
                'verbose_name_plural': 'historical months of cases',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCriteriaSet',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('starts_on', models.DateField(blank=True, help_text='Empty: since before our records.', null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, help_text='Last day. Empty: running on.', null=True, verbose_name='until')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('legal_basis', models.CharField(blank=True, max_length=500, verbose_name='legal basis')),
                ('least_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='least points to be recognised')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('province', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: an example that is shipped, to be copied and changed.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='province or city')),
                ('title', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.title', verbose_name='title')),
            ],
            options={
                'verbose_name': 'historical set of criteria',
                'verbose_name_plural': 'historical sets of criteria',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCriterion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='number')),
                ('group', models.CharField(blank=True, max_length=200, verbose_name='group')),
                ('text', models.CharField(max_length=1000, verbose_name='criterion')),
                ('points', models.DecimalField(decimal_places=1, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='points')),
                ('least_points', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='least points')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                ('criteria_set', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.criteriaset', verbose_name='set of criteria')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical criterion',
                'verbose_name_plural': 'historical criteria',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterModelOptions(
            name='titlecase',
            options={'ordering': ['title', 'cell__sort_key', 'pk'], 'permissions': [('recognise_titles', 'Can recognise and revoke titles')], 'verbose_name': 'title of a cell', 'verbose_name_plural': 'titles of cells'},
        ),
        migrations.RemoveConstraint(
            model_name='titlecase',
            name='titlecase_one_running_per_cell_and_title',
        ),
        migrations.RemoveConstraint(
            model_name='titlecase',
            name='titlecase_recognition_is_whole',
        ),
        migrations.AddField(
            model_name='historicaltarget',
            name='part_of',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.target', verbose_name='part of the target'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='appraisal_remark',
            field=models.TextField(blank=True, verbose_name='remark of the appraisal'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='appraisal_team',
            field=models.TextField(blank=True, help_text='Who was there, one line each: name, office.', verbose_name='appraisal team'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='declined_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it was not recognised'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='keep_plan',
            field=models.TextField(blank=True, verbose_name='plan to keep the title'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='learned',
            field=models.TextField(blank=True, help_text='Of a pilot cell: what others may take over.', verbose_name='what was learned'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='registered for the year'),
        ),
        migrations.AddField(
            model_name='target',
            name='part_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='evaluations.target', verbose_name='part of the target'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='appraisal_remark',
            field=models.TextField(blank=True, verbose_name='remark of the appraisal'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='appraisal_team',
            field=models.TextField(blank=True, help_text='Who was there, one line each: name, office.', verbose_name='appraisal team'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='declined_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it was not recognised'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='keep_plan',
            field=models.TextField(blank=True, verbose_name='plan to keep the title'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='learned',
            field=models.TextField(blank=True, help_text='Of a pilot cell: what others may take over.', verbose_name='what was learned'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='registered for the year'),
        ),
        migrations.AlterField(
            model_name='historicaltitlecase',
            name='state',
            field=models.CharField(choices=[('registered', 'registered'), ('appraised', 'appraised'), ('recognised', 'recognised'), ('revoked', 'revoked'), ('declined', 'not recognised')], default='registered', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='titlecase',
            name='state',
            field=models.CharField(choices=[('registered', 'registered'), ('appraised', 'appraised'), ('recognised', 'recognised'), ('revoked', 'revoked'), ('declined', 'not recognised')], default='registered', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='historicaltitlecase',
            name='criteria_set',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evaluations.criteriaset', verbose_name='set of criteria'),
        ),
        migrations.AddField(
            model_name='titlecase',
            name='criteria_set',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='evaluations.criteriaset', verbose_name='set of criteria'),
        ),
        migrations.AddConstraint(
            model_name='titlecase',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['revoked', 'declined']), _negated=True), fields=('cell', 'title'), name='titlecase_one_running_per_cell_and_title', violation_error_message='This cell is registered for this title, or holds it, already.'),
        ),
        migrations.AddConstraint(
            model_name='titlecase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recognised_on__isnull', True), ('recognition__isnull', True), ('state__in', ['registered', 'appraised', 'declined'])), models.Q(('recognised_on__isnull', False), ('recognition__isnull', False), ('state__in', ['recognised', 'revoked'])), _connector='OR'), name='titlecase_recognition_is_whole', violation_error_message='A recognised title needs its day and its decision.'),
        ),
        migrations.AddConstraint(
            model_name='titlecase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), models.Q(('declined_reason', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('declined_reason', '')), _connector='OR'), name='titlecase_declined_has_its_reason', violation_error_message='Say why the title was not recognised.'),
        ),
        migrations.AddConstraint(
            model_name='casecheck',
            constraint=models.UniqueConstraint(fields=('case', 'year'), name='casecheck_one_per_case_and_year', violation_error_message='The title was checked in this year already.'),
        ),
        migrations.AddConstraint(
            model_name='casecheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', 'kept'), models.Q(('outcome', 'at_risk'), models.Q(models.Q(('found', ''), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR')), _connector='OR'), name='casecheck_risk_has_its_cause', violation_error_message='Say why the title is at risk.'),
        ),
        migrations.AddConstraint(
            model_name='casemonth',
            constraint=models.UniqueConstraint(fields=('case', 'month'), name='casemonth_one_per_case_and_month', violation_error_message='This month has its line already. Change it.'),
        ),
        migrations.AddConstraint(
            model_name='casemonth',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='casemonth_month_is_its_first_day', violation_error_message='Give the first day of the month.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='criteriaset_days_in_order', violation_error_message='The last day is before the first day. Check both days.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.UniqueConstraint(fields=('province', 'title', 'starts_on'), name='criteriaset_one_per_province_title_and_day', violation_error_message='A set of criteria that begins on this day is recorded already.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'position'), name='criterion_one_per_number', violation_error_message='This number is taken in this set.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='criterion_points_are_positive', violation_error_message='A criterion has more than 0 points.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('least_points__isnull', True), ('least_points__lte', models.F('points')), _connector='OR'), name='criterion_least_within_points', violation_error_message='The least points are more than the points of the criterion.'),
        ),
        migrations.AddConstraint(
            model_name='casecriterion',
            constraint=models.UniqueConstraint(fields=('case', 'criterion'), name='casecriterion_one_per_case_and_criterion', violation_error_message='This criterion is in the case already.'),
        ),
        migrations.AddConstraint(
            model_name='casecriterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('self_points__isnull', True), ('self_points__gte', 0), _connector='OR'), models.Q(('appraised_points__isnull', True), ('appraised_points__gte', 0), _connector='OR')), name='casecriterion_points_not_negative', violation_error_message='Points are 0 or more.'),
        ),
    ]
