import accounts.changes
import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('desk', '0001_long_work'),
        ('desk', '0002_kept_rehearsals'),
        ('desk', '0003_imports'),
        ('desk', '0004_kept_exports'),
        ('desk', '0005_first_load'),
        ('desk', '0006_sent_files_have_their_day'),
    ]

    initial = True

    dependencies = [
        ('cells', '0001_tables'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='DailyRun',
                fields=[
                    ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                    ('begun_at', models.DateTimeField(auto_now_add=True, verbose_name='begun at')),
                ],
                options={
                    'verbose_name': 'daily work',
                    'verbose_name_plural': 'daily work',
                    'ordering': ['-day'],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('title', models.CharField(max_length=300, verbose_name='what is being done')),
                    ('work', models.CharField(max_length=200, verbose_name='function')),
                    ('arguments', models.JSONField(blank=True, default=dict, verbose_name='arguments')),
                    ('task', models.UUIDField(blank=True, null=True, verbose_name='place in the queue')),
                    ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being done'), ('done', 'Done'), ('failed', 'Not carried out'), ('interrupted', 'Interrupted')], default='queued', max_length=12, verbose_name='state')),
                    ('step', models.CharField(blank=True, max_length=200, verbose_name='step')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='of')),
                    ('result_url', models.CharField(blank=True, max_length=500, verbose_name='address of the result')),
                    ('error', models.TextField(blank=True, verbose_name='why it was not carried out')),
                    ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked for at')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='begun at')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ],
                options={
                    'verbose_name': 'long work',
                    'verbose_name_plural': 'long work',
                    'ordering': ['-asked_at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'interrupted'])), name='job_state_is_known', violation_error_message='Choose one of the states of the list.')],
                },
            ),
            migrations.CreateModel(
                name='KeptRehearsal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('shown', 'rehearsed'), ('done', 'carried out')], max_length=5, verbose_name='purpose')),
                    ('revision', models.PositiveIntegerField(verbose_name='revision')),
                    ('made_at', models.DateTimeField(verbose_name='at')),
                    ('decided_since', models.PositiveIntegerField(default=0, verbose_name='choices made since')),
                    ('result', models.JSONField(verbose_name='result')),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_rehearsals', to='cells.reorganisation', verbose_name='reorganisation')),
                ],
                options={
                    'verbose_name': 'kept rehearsal',
                    'verbose_name_plural': 'kept rehearsals',
                    'constraints': [models.UniqueConstraint(fields=('event', 'purpose'), name='kept_rehearsal_one_of_each', violation_error_message='This is kept already.')],
                },
            ),
            migrations.CreateModel(
                name='ImportBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200, verbose_name='file')),
                    ('digest', models.CharField(max_length=64, verbose_name='fingerprint (SHA-256)')),
                    ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                    ('kind', models.CharField(blank=True, max_length=20, verbose_name='form')),
                    ('state', models.CharField(choices=[('open', 'in work'), ('submitted', 'waiting for the province to confirm'), ('done', 'written'), ('undone', 'undone'), ('dropped', 'dropped')], default='open', max_length=9, verbose_name='state')),
                    ('answers', models.JSONField(blank=True, default=dict, verbose_name='what was asked and answered')),
                    ('counts', models.JSONField(blank=True, default=dict, verbose_name='rows')),
                    ('only_good', models.BooleanField(default=False, verbose_name='only the rows without faults')),
                    ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ('sent_on', models.DateTimeField(blank=True, null=True, verbose_name='sent to the province at')),
                    ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='written at')),
                    ('remark', models.CharField(blank=True, max_length=500, verbose_name='remark of the province')),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                    ('change_set', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_batch', to='accounts.changeset')),
                    ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ('unit', models.ForeignKey(blank=True, help_text='Empty: several units.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='cells.unit', verbose_name='sent for')),
                ],
                options={
                    'verbose_name': 'import',
                    'verbose_name_plural': 'imports',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['digest'], name='desk_import_digest_1a577d_idx'), models.Index(fields=['state', 'unit'], name='desk_import_state_fe0d7d_idx')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'submitted', 'done', 'undone', 'dropped'])), name='importbatch_state_is_known', violation_error_message='Choose one of the states of the list.'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('state__in', ['open', 'submitted', 'dropped'])), models.Q(('done_at__isnull', False), ('done_by__isnull', False), ('state__in', ['done', 'undone'])), _connector='OR'), name='importbatch_written_has_who_and_when', violation_error_message='What was written needs who wrote it and when.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('sent_on__isnull', False), _connector='OR'), name='importbatch_sent_has_its_day', violation_error_message='A file that waits for the province needs when it was sent.')],
                },
            ),
            migrations.CreateModel(
                name='BatchCheck',
                fields=[
                    ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='check_result', serialize=False, to='desk.importbatch', verbose_name='import')),
                    ('revision', models.PositiveIntegerField(verbose_name='revision')),
                    ('made_at', models.DateTimeField(auto_now=True, verbose_name='at')),
                    ('result', models.JSONField(verbose_name='result')),
                ],
                options={
                    'verbose_name': 'check of an import',
                    'verbose_name_plural': 'checks of imports',
                },
            ),
            migrations.CreateModel(
                name='BatchFile',
                fields=[
                    ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='file', serialize=False, to='desk.importbatch', verbose_name='import')),
                    ('content', models.BinaryField(verbose_name='content')),
                ],
                options={
                    'verbose_name': 'file of an import',
                    'verbose_name_plural': 'files of imports',
                },
            ),
            migrations.CreateModel(
                name='RememberedColumn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=20, verbose_name='form')),
                    ('heading', models.CharField(max_length=300, verbose_name='heading')),
                    ('column', models.CharField(blank=True, max_length=40, verbose_name='column')),
                    ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cells.unit', verbose_name='office')),
                ],
                options={
                    'verbose_name': 'remembered column',
                    'verbose_name_plural': 'remembered columns',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('unit', 'kind', 'heading'), name='rememberedcolumn_one_answer_per_office_and_heading', violation_error_message='This heading is remembered already.'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('kind', 'heading'), name='rememberedcolumn_one_answer_per_heading', violation_error_message='This heading is remembered already.')],
                },
            ),
            migrations.CreateModel(
                name='KeptExport',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('title', models.CharField(max_length=300, verbose_name='list')),
                    ('file_name', models.CharField(max_length=200, verbose_name='file')),
                    ('row_count', models.PositiveIntegerField(verbose_name='rows')),
                    ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                    ('scope', models.CharField(max_length=64, verbose_name='seen in the scope')),
                    ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ],
                options={
                    'verbose_name': 'kept export',
                    'verbose_name_plural': 'kept exports',
                    'ordering': ['-made_at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='KeptExportPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(verbose_name='place in the file')),
                    ('content', models.BinaryField(verbose_name='content')),
                    ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='desk.keptexport', verbose_name='kept export')),
                ],
                options={
                    'verbose_name': 'part of a kept export',
                    'verbose_name_plural': 'parts of kept exports',
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(fields=('export', 'number'), name='kept_export_one_part_of_each_number', violation_error_message='This is kept already.')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalStatedTotal',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('what', models.CharField(choices=[('hamlets', 'Hamlets'), ('cells', 'Party cells'), ('members', 'Party members'), ('excellent', 'HTXSNV'), ('good', 'HTTNV'), ('completed', 'HTNV'), ('not_completed', 'KHTNV'), ('not_rated', 'not rated'), ('secretary_heads', 'Secretary who is also head')], max_length=15, verbose_name='what is stated')),
                    ('number', models.PositiveIntegerField(verbose_name='stated number')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('change_set', models.ForeignKey(default=accounts.changes._current_change_set_pk, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.changeset', verbose_name='change set')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cells.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'historical total of a printed report',
                    'verbose_name_plural': 'historical totals of printed reports',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='KeptLoadRehearsal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('made_at', models.DateTimeField(auto_now=True, verbose_name='at')),
                    ('result', models.JSONField(verbose_name='result')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rehearsed by')),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cells.unit', verbose_name='province')),
                ],
                options={
                    'verbose_name': 'kept dress rehearsal',
                    'verbose_name_plural': 'kept dress rehearsals',
                    'constraints': [models.UniqueConstraint(fields=('by', 'province'), name='keptloadrehearsal_one_per_person_and_province', violation_error_message='This is kept already.')],
                },
            ),
            migrations.CreateModel(
                name='StatedTotal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('what', models.CharField(choices=[('hamlets', 'Hamlets'), ('cells', 'Party cells'), ('members', 'Party members'), ('excellent', 'HTXSNV'), ('good', 'HTTNV'), ('completed', 'HTNV'), ('not_completed', 'KHTNV'), ('not_rated', 'not rated'), ('secretary_heads', 'Secretary who is also head')], max_length=15, verbose_name='what is stated')),
                    ('number', models.PositiveIntegerField(verbose_name='stated number')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stated_totals', to='cells.unit', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'total of a printed report',
                    'verbose_name_plural': 'totals of printed reports',
                    'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'what'), name='statedtotal_one_per_unit_year_and_kind', violation_error_message='This total of the printed report is recorded already.'), models.CheckConstraint(condition=models.Q(('what__in', ['hamlets', 'cells', 'members', 'excellent', 'good', 'completed', 'not_completed', 'not_rated', 'secretary_heads'])), name='statedtotal_what_is_known', violation_error_message='Choose one of the totals of the list.')],
                },
            ),
        ]),
    ]
