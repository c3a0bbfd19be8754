"""All tables as the migrations up to 23 November 2026 left them, made at once."""

import agents.accreditation.rules
import agents.briefs.rules
import agents.moves.rules
import agents.people.rules
import agents.programme.rules
import agents.quality.rules
import agents.room.rules
import agents.roster.rules
import django.contrib.auth.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import shared.ids
from django.conf import settings
from django.db import migrations, models

from agents.migrations._walls import WALLS
from shared.migrating import CreateTables
from shared.scope import policy_undo_sql


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('agents', '0001_initial'),
        ('agents', '0002_site_days'),
        ('agents', '0003_programme_roles'),
        ('agents', '0004_accreditation'),
        ('agents', '0005_training'),
        ('agents', '0006_placement'),
        ('agents', '0007_incidents_and_briefs'),
        ('agents', '0008_handbook_and_announcements'),
        ('agents', '0010_staff_coming_and_going'),
        ('agents', '0012_sources_and_versions'),
        ('agents', '0013_place_loads'),
        ('agents', '0014_visits'),
        ('agents', '0015_second_factors'),
        ('agents', '0016_programmes'),
        ('agents', '0017_equipment_and_taken_over_licences'),
        ('agents', '0018_quality'),
        ('agents', '0019_place_load_by_hour'),
        ('agents', '0020_rosters'),
        ('agents', '0021_second_step_waits'),
        ('agents', '0022_practice'),
        ('agents', '0023_external_identities'),
        ('agents', '0024_counter_pins'),
        ('agents', '0025_outlet_moves'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('shared', '0001_squashed_0003_given_up_events'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Accreditation',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[('candidate', 'candidate'), ('surveyed', 'surveyed'), ('returned', 'returned'), ('approved', 'approved'), ('active', 'active'), ('suspended', 'suspended'), ('closed', 'closed')], default=agents.accreditation.rules.State['CANDIDATE'], max_length=10)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('outlet', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accreditation', to='agents.outlet')),
                    ('province_code', models.CharField(max_length=2)),
                    ('code', models.CharField(max_length=16, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(max_length=200)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('tasks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20))),
                    ('phase', models.CharField(max_length=10)),
                    ('proposed_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('licence_number', models.CharField(max_length=30, null=True, unique=True)),
                    ('licensed_from', models.DateField(null=True)),
                    ('licensed_until', models.DateField(null=True)),
                    ('approved_by', models.CharField(blank=True, max_length=80)),
                    ('approved_by_name', models.CharField(blank=True, max_length=120)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('legal_basis', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'state'], name='accreditation_by_city'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['candidate', 'surveyed', 'returned', 'approved', 'active', 'suspended', 'closed'])), name='accreditation_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', [agents.accreditation.rules.State['ACTIVE'], agents.accreditation.rules.State['SUSPENDED']]), _negated=True), models.Q(('licence_number__isnull', False), ('licensed_until__gt', models.F('licensed_from')), ('outlet__isnull', False)), _connector='OR'), name='accreditation_licensed_outlet'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Survey',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('accreditation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='agents.accreditation')),
                    ('inspector_id', models.CharField(max_length=80)),
                    ('inspector_name', models.CharField(max_length=120)),
                    ('begun_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('latitude', models.FloatField(null=True)),
                    ('longitude', models.FloatField(null=True)),
                    ('note', models.CharField(blank=True, max_length=1000)),
                    ('percent', models.PositiveSmallIntegerField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('accreditation',), name='survey_one_open'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='finished_is_finished', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.finished_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a362c7ca0121daf3f829fd217027e40ae1c428a4', operation='UPDATE', pgid='pgtrigger_finished_is_finished_44a19', table='agents_survey', when='BEFORE')),
                        pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='605702551034925792777c9977c5bf349d3fce9d', operation='DELETE', pgid='pgtrigger_kept_537b5', table='agents_survey', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SurveyMark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='agents.survey')),
                    ('item', models.CharField(max_length=20)),
                    ('mark', models.CharField(max_length=8)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('marked_at', models.DateTimeField()),
                    ('marked_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('survey', 'item'), name='survey_mark_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SurveyPhoto',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='agents.survey')),
                    ('item', models.CharField(max_length=20)),
                    ('content_type', models.CharField(max_length=20)),
                    ('sealed', models.BinaryField()),
                    ('sha256', models.BinaryField(max_length=32)),
                    ('taken_at', models.DateTimeField()),
                    ('taken_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c738ca08dbc678ccb183aa1899e274c7b76652d', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_c376e', table='agents_surveyphoto', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AccreditationStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('accreditation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='agents.accreditation')),
                    ('step', models.CharField(max_length=20)),
                    ('state', models.CharField(max_length=10)),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=160)),
                    ('reason', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ae1f799f10a685584df4e7cb4aaa1c9f41419ac5', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_e6d6b', table='agents_accreditationstep', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='EquipmentNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('accreditation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equipment', to='agents.accreditation')),
                    ('item', models.CharField(max_length=20)),
                    ('status', models.CharField(max_length=8)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=160)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('status__in', ['works', 'faulty', 'away'])), name='equipment_status_known'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ad17071bcf2b31dc0566c193a686e0a4e6009b77', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_8a84e', table='agents_equipmentnote', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StaffBadge',
                fields=[
                    ('number', models.CharField(max_length=12, primary_key=True, serialize=False)),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='badge', to=settings.AUTH_USER_MODEL)),
                    ('issued_at', models.DateTimeField()),
                    ('issued_by_name', models.CharField(max_length=160)),
                ],
            ),
            migrations.CreateModel(
                name='OutletReport',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('accreditation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='agents.accreditation')),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('settled_by_name', models.CharField(blank=True, max_length=160)),
                    ('outcome', models.CharField(blank=True, max_length=300)),
                ],
            ),
            migrations.CreateModel(
                name='PublicTry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.BinaryField(max_length=16)),
                    ('tried_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['key', 'tried_at'], name='public_try_by_key'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Announcement',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('title', models.CharField(max_length=160)),
                    ('text', models.CharField(max_length=4000)),
                    ('is_must_read', models.BooleanField()),
                    ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list)),
                    ('operator_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list)),
                    ('outlet_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list)),
                    ('centre_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list)),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('read_by', models.DateTimeField()),
                    ('version', models.PositiveSmallIntegerField(default=1)),
                    ('published_at', models.DateTimeField()),
                    ('published_by', models.CharField(max_length=80)),
                    ('published_by_name', models.CharField(max_length=120)),
                    ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='agents.announcement')),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_by_name', models.CharField(blank=True, max_length=120)),
                    ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                    ('reminded_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-published_at'], name='announcement_of_city'),
                        models.Index(condition=models.Q(('withdrawn_at', None)), fields=['ends_at'], name='announcement_running'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='announcement_period'),
                        models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_because', ''), _negated=True), _connector='OR'), name='announcement_withdrawn_says_why'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AnnouncementReading',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='agents.announcement')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('read_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('announcement', 'account'), name='announcement_read_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Brief',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('day', models.DateField()),
                    ('half', models.CharField(choices=[('plan', 'plan'), ('review', 'review')], max_length=6)),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('released', 'released')], default=agents.briefs.rules.BriefState['DRAFT'], max_length=8)),
                    ('since', models.DateTimeField()),
                    ('as_of', models.DateTimeField()),
                    ('sections', models.JSONField(default=list)),
                    ('remarks', models.CharField(blank=True, max_length=2000)),
                    ('agreed', models.JSONField(default=list)),
                    ('made_at', models.DateTimeField()),
                    ('released_at', models.DateTimeField(null=True)),
                    ('released_by_name', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-as_of'], name='brief_of_province'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('province_code', 'day', 'half'), name='brief_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('state', 'draft')), models.Q(('released_at__isnull', False), ('state', 'released')), _connector='OR'), name='brief_released_says_when'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='BriefAction',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('brief', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='agents.brief')),
                    ('province_code', models.CharField(max_length=2)),
                    ('text', models.CharField(max_length=300)),
                    ('owner_name', models.CharField(max_length=120)),
                    ('due_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('dropped', 'dropped')], default=agents.briefs.rules.ActionState['OPEN'], max_length=8)),
                    ('carried', models.PositiveSmallIntegerField(default=0)),
                    ('made_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by_name', models.CharField(blank=True, max_length=120)),
                    ('outcome', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'open')), fields=['province_code', 'due_at'], name='brief_action_open'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HandbookEntry',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(blank=True, max_length=60)),
                    ('province_code', models.CharField(blank=True, max_length=2)),
                    ('made_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_by_name', models.CharField(blank=True, max_length=120)),
                    ('withdrawn_because', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='handbook_code_once'),
                        models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_because', ''), _negated=True), _connector='OR'), name='handbook_withdrawn_says_why'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HandbookVersion',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='agents.handbookentry')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('question_vi', models.CharField(max_length=300)),
                    ('answer_vi', models.CharField(max_length=3000)),
                    ('question_en', models.CharField(blank=True, max_length=300)),
                    ('answer_en', models.CharField(blank=True, max_length=3000)),
                    ('legal_source', models.CharField(max_length=300)),
                    ('procedure_code', models.CharField(blank=True, max_length=20)),
                    ('field_key', models.CharField(blank=True, max_length=40)),
                    ('valid_from', models.DateField()),
                    ('valid_until', models.DateField(null=True)),
                    ('review_on', models.DateField()),
                    ('review_because', models.CharField(blank=True, max_length=200)),
                    ('proposed_at', models.DateTimeField()),
                    ('proposed_by', models.CharField(max_length=80)),
                    ('proposed_by_name', models.CharField(max_length=120)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by_name', models.CharField(blank=True, max_length=120)),
                    ('is_approved', models.BooleanField(null=True)),
                    ('looked_at', models.DateTimeField(null=True)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('superseded_at', models.DateTimeField(null=True)),
                    ('search_key', models.TextField()),
                ],
                options={
                    'indexes': [
                        django.contrib.postgres.indexes.GinIndex(fields=['search_key'], name='handbook_search', opclasses=['gin_trgm_ops']),
                        models.Index(condition=models.Q(('decided_at', None)), fields=['proposed_at'], name='handbook_undecided'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('entry', 'number'), name='handbook_version_number'),
                        models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('entry',), name='handbook_one_proposal'),
                        models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='handbook_valid_period'),
                        models.CheckConstraint(condition=models.Q(('legal_source', ''), _negated=True), name='handbook_has_legal_source'),
                        models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('is_approved', None)), models.Q(('decided_at__isnull', False), ('is_approved__isnull', False)), _connector='OR'), name='handbook_decided_one_way'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HandbookQuestion',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('text', models.CharField(max_length=1000)),
                    ('procedure_code', models.CharField(blank=True, max_length=20)),
                    ('field_key', models.CharField(blank=True, max_length=40)),
                    ('asked_by', models.CharField(max_length=80)),
                    ('asked_by_name', models.CharField(max_length=120)),
                    ('asked_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('answer', models.CharField(blank=True, max_length=3000)),
                    ('legal_source', models.CharField(blank=True, max_length=300)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('answered_by_name', models.CharField(blank=True, max_length=120)),
                    ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='agents.handbookentry')),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('answered_at', None)), fields=['province_code', 'due_at'], name='handbook_unanswered'),
                        models.Index(fields=['asked_by', '-asked_at'], name='handbook_asked_by'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HandbookVote',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='agents.handbookentry')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('is_useful', models.BooleanField()),
                    ('voted_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('entry', 'account'), name='handbook_one_vote_each'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HandbookMiss',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(blank=True, max_length=2)),
                    ('words', models.CharField(max_length=200)),
                    ('times', models.PositiveIntegerField(default=1)),
                    ('last_on', models.DateField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('province_code', 'words'), name='handbook_miss_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Operator',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('operator_class', models.CharField(choices=[('public_post', 'public postal operator'), ('other_post', 'other postal operator'), ('other', 'other enterprise')], max_length=12)),
                    ('carrier_code', models.CharField(max_length=12)),
                    ('hotline', models.CharField(blank=True, max_length=20)),
                ],
            ),
            migrations.CreateModel(
                name='Outlet',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outlets', to='agents.operator')),
                    ('code', models.CharField(max_length=16, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(max_length=200)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('status', models.CharField(choices=[('active', 'active'), ('suspended', 'suspended'), ('closed', 'closed')], default='active', max_length=10)),
                    ('phase', models.CharField(choices=[('pilot', 'pilot'), ('extended', 'extended pilot'), ('city_wide', 'city-wide')], default='pilot', max_length=10)),
                    ('tasks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('advise', 'advise and book'), ('file_online', 'help to file online'), ('forward_paper', 'take in and forward paper dossiers'), ('hand_over_result', 'hand over results'), ('collect_fee', 'collect fees'), ('train', 'train citizens')], max_length=20))),
                    ('agreement_from', models.DateField()),
                    ('agreement_until', models.DateField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['commune', 'status'], name='outlet_by_commune'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('status__in', ['active', 'suspended', 'closed'])), name='outlet_status_known'),
                        models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='outlet_in_vietnam'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OpeningHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='agents.outlet')),
                    ('weekday', models.PositiveSmallIntegerField()),
                    ('opens', models.TimeField()),
                    ('closes', models.TimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='opening_weekday_known'),
                        models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='opening_closes_after_it_opens'),
                        models.UniqueConstraint(fields=('outlet', 'weekday', 'opens'), name='opening_span_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Centre',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('agency_code', models.CharField(max_length=20, unique=True)),
                    ('name', models.CharField(max_length=160)),
                    ('authority_name', models.CharField(max_length=160)),
                    ('level', models.CharField(choices=[('commune', 'commune'), ('province', 'province')], max_length=8)),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('commune', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('open_from', models.DateField()),
                    ('open_until', models.DateField(null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('level', 'province'), ('commune__isnull', False), _connector='OR'), name='centre_has_commune'),
                        models.UniqueConstraint(condition=models.Q(('level', 'commune'), ('open_until', None)), fields=('commune',), name='centre_one_per_commune'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='StaffAccount',
                fields=[
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('username', models.CharField(max_length=60, unique=True, verbose_name='user name')),
                    ('display_name', models.CharField(max_length=120, verbose_name='name')),
                    ('role', models.CharField(choices=[('outlet_clerk', 'outlet clerk'), ('outlet_manager', 'outlet manager'), ('operator_hq', 'operator headquarters'), ('centre_officer', 'centre officer'), ('centre_manager', 'centre manager'), ('finance_reviewer', 'finance reviewer'), ('finance_approver', 'finance approver'), ('programme_officer', 'programme officer'), ('operations_officer', 'operations room officer'), ('auditor', 'auditor'), ('administrator', 'administrator')], max_length=20, verbose_name='role')),
                    ('outlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='agents.outlet')),
                    ('operator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='agents.operator')),
                    ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='agents.centre')),
                    ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('procedure_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list)),
                    ('works_until', models.DateField(blank=True, null=True)),
                    ('session_round', models.PositiveIntegerField(default=0)),
                    ('second_factor_at', models.DateTimeField(null=True)),
                    ('codes_tried', models.PositiveIntegerField(default=0)),
                    ('code_tried_at', models.DateTimeField(null=True)),
                    ('is_active', models.BooleanField(default=True)),
                    ('is_staff', models.BooleanField(default=False)),
                    ('date_joined', models.DateTimeField(auto_now_add=True)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('role__in', ['outlet_clerk', 'outlet_manager', 'operator_hq', 'centre_officer', 'centre_manager', 'finance_reviewer', 'finance_approver', 'programme_officer', 'operations_officer', 'auditor', 'administrator'])), name='staff_role_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('outlet__isnull', False), ('role__in', ['outlet_clerk', 'outlet_manager'])), models.Q(('operator__isnull', False), ('role', 'operator_hq')), models.Q(('centre__isnull', False), ('role__in', ['centre_manager', 'centre_officer'])), models.Q(('province__isnull', False), ('role__in', ['auditor', 'finance_approver', 'finance_reviewer', 'operations_officer', 'programme_officer'])), ('role', 'administrator'), _connector='OR'), name='staff_has_its_place'),
                    ],
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                    ('digest', models.BinaryField(max_length=32, unique=True)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40))),
                    ('outlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.centre')),
                    ('province', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='DemandSet',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('name', models.CharField(max_length=120)),
                    ('source', models.CharField(choices=[('file', 'file'), ('estimate', 'estimate'), ('dossiers', 'dossiers')], max_length=10)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('state', models.CharField(choices=[('asked', 'asked'), ('computed', 'computed'), ('failed', 'failed')], default='computed', max_length=10)),
                    ('communes', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveBigIntegerField(default=0)),
                    ('made_by', models.CharField(max_length=80)),
                    ('made_by_name', models.CharField(max_length=120)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province', '-made_at'], name='demand_set_list'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CommuneDemand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('demand_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='agents.demandset')),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('demand', models.PositiveIntegerField()),
                    ('elderly_share', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('online_rate', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('terrain_factor', models.DecimalField(decimal_places=2, default=1, max_digits=4)),
                    ('centre_km', models.FloatField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('demand_set', 'commune'), name='commune_demand_once'),
                        models.CheckConstraint(condition=models.Q(('terrain_factor__gte', 1)), name='commune_demand_terrain_at_least_1'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SiteSet',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('name', models.CharField(max_length=120)),
                    ('source', models.CharField(choices=[('file', 'file'), ('former', 'former')], max_length=10)),
                    ('sites', models.PositiveIntegerField()),
                    ('made_by', models.CharField(max_length=80)),
                    ('made_by_name', models.CharField(max_length=120)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province', '-made_at'], name='site_set_list'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CandidateSite',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('site_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='agents.siteset')),
                    ('code', models.CharField(max_length=24)),
                    ('name', models.CharField(max_length=120)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('site_set', 'code'), name='candidate_site_once'),
                        models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='candidate_site_in_vietnam'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PlacementScenario',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('name', models.CharField(max_length=120)),
                    ('demand_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='agents.demandset')),
                    ('site_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='agents.siteset')),
                    ('wanted', models.PositiveSmallIntegerField()),
                    ('keeps_standing', models.BooleanField()),
                    ('standing', models.JSONField(default=list)),
                    ('objective', models.CharField(max_length=10)),
                    ('reach_km', models.DecimalField(decimal_places=2, max_digits=5)),
                    ('elderly_weight', models.DecimalField(decimal_places=2, max_digits=4)),
                    ('offline_weight', models.DecimalField(decimal_places=2, max_digits=4)),
                    ('state', models.CharField(choices=[('asked', 'asked'), ('computed', 'computed'), ('failed', 'failed')], default='asked', max_length=10)),
                    ('problem', models.CharField(blank=True, max_length=40)),
                    ('value', models.FloatField(null=True)),
                    ('bound', models.FloatField(null=True)),
                    ('is_proven', models.BooleanField(default=False)),
                    ('seconds', models.FloatField(null=True)),
                    ('outcome', models.JSONField(null=True)),
                    ('asked_by', models.CharField(max_length=80)),
                    ('asked_by_name', models.CharField(max_length=120)),
                    ('asked_at', models.DateTimeField()),
                    ('computed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province', '-asked_at'], name='placement_list'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SiteDay',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='site_days', to='agents.centre')),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='site_days', to='agents.outlet')),
                    ('date', models.DateField()),
                    ('kind', models.CharField(choices=[('closed', 'closed all day'), ('morning', 'open in the morning only'), ('afternoon', 'open in the afternoon only'), ('extra_morning', 'open on a morning out of turn'), ('extra_day', 'open all day out of turn')], max_length=14)),
                    ('reason', models.CharField(max_length=200)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('set_at', models.DateTimeField()),
                    ('set_by_name', models.CharField(max_length=160)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_by_name', models.CharField(blank=True, max_length=160)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('withdrawn_at', None)), fields=['date'], name='site_day_by_date'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('centre__isnull', False), ('outlet', None)), models.Q(('centre', None), ('outlet__isnull', False)), _connector='OR'), name='site_day_of_one_site'),
                        models.CheckConstraint(condition=models.Q(('legal_basis', ''), _negated=True), name='site_day_has_legal_basis'),
                        models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('centre', 'date'), name='site_day_once_per_centre'),
                        models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('outlet', 'date'), name='site_day_once_per_outlet'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CentreMove',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='agents.centre')),
                    ('effective_from', models.DateField()),
                    ('address', models.CharField(max_length=200)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=160)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('centre', 'effective_from'), name='centre_move_once_a_day'),
                        models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='centre_move_in_vietnam'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OutletMove',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='agents.outlet')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('state', models.CharField(choices=[('asked', 'asked'), ('approved', 'approved'), ('refused', 'refused'), ('cancelled', 'cancelled'), ('done', 'done')], default=agents.moves.rules.MoveState['ASKED'], max_length=10)),
                    ('effective_from', models.DateField()),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(max_length=200)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('from_commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('from_address', models.CharField(max_length=200)),
                    ('from_phone', models.CharField(blank=True, max_length=20)),
                    ('from_latitude', models.FloatField()),
                    ('from_longitude', models.FloatField()),
                    ('reason', models.CharField(max_length=300)),
                    ('wants_survey', models.BooleanField()),
                    ('survey', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.survey')),
                    ('asked_at', models.DateTimeField()),
                    ('asked_by', models.CharField(max_length=80)),
                    ('asked_by_name', models.CharField(max_length=160)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.CharField(blank=True, max_length=80)),
                    ('decided_by_name', models.CharField(blank=True, max_length=160)),
                    ('decision', models.CharField(blank=True, max_length=300)),
                    ('announcement_id', models.UUIDField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by_name', models.CharField(blank=True, max_length=160)),
                    ('ended_because', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'state'], name='outlet_move_by_city'),
                        models.Index(condition=models.Q(('state', 'approved')), fields=['effective_from'], name='outlet_move_to_carry_out'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'refused', 'cancelled', 'done'])), name='outlet_move_state_known'),
                        models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='outlet_move_in_vietnam'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'done']), _negated=True), models.Q(models.Q(('decided_by', ''), _negated=True), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='outlet_move_decided_by_somebody'),
                        models.UniqueConstraint(condition=models.Q(('state__in', [agents.moves.rules.MoveState['APPROVED'], agents.moves.rules.MoveState['ASKED']])), fields=('outlet',), name='outlet_move_one_open'),
                        models.UniqueConstraint(condition=models.Q(('state', 'done')), fields=('outlet', 'effective_from'), name='outlet_move_once_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('display_name', models.CharField(max_length=120)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('role', models.CharField(choices=[('outlet_clerk', 'outlet clerk'), ('outlet_manager', 'outlet manager'), ('operator_hq', 'operator headquarters'), ('centre_officer', 'centre officer'), ('centre_manager', 'centre manager'), ('finance_reviewer', 'finance reviewer'), ('finance_approver', 'finance approver'), ('programme_officer', 'programme officer'), ('operations_officer', 'operations room officer'), ('auditor', 'auditor'), ('administrator', 'administrator')], max_length=20)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.centre')),
                    ('province', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('procedure_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list)),
                    ('works_until', models.DateField(null=True)),
                    ('state', models.CharField(choices=[('open', 'open'), ('lapsed', 'lapsed'), ('accepted', 'accepted'), ('revoked', 'revoked')], default=agents.people.rules.InvitationState['OPEN'], max_length=8)),
                    ('digest', models.BinaryField(max_length=32, unique=True)),
                    ('mailed_digest', models.BinaryField(max_length=32, null=True, unique=True)),
                    ('expires_at', models.DateTimeField()),
                    ('invited_at', models.DateTimeField()),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('invited_by_name', models.CharField(max_length=120)),
                    ('account', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='invitation_open'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', [agents.people.rules.InvitationState['OPEN'], agents.people.rules.InvitationState['LAPSED'], agents.people.rules.InvitationState['ACCEPTED'], agents.people.rules.InvitationState['REVOKED']])), name='invitation_state_known'),
                        models.CheckConstraint(condition=models.Q(('email', ''), ('phone', ''), _negated=True), name='invitation_reaches_somebody'),
                        models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('account', None)), _connector='OR'), name='invitation_accepted_has_account'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ExternalIdentity',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('issuer', models.CharField(max_length=255)),
                    ('email', models.EmailField(max_length=254)),
                    ('subject', models.CharField(blank=True, max_length=255)),
                    ('linked_by_name', models.CharField(max_length=120)),
                    ('linked_at', models.DateTimeField()),
                    ('bound_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('issuer', 'email'), name='identity_email_once'),
                        models.UniqueConstraint(condition=models.Q(('subject', ''), _negated=True), fields=('issuer', 'subject'), name='identity_subject_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SecondFactorReset',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('state', models.CharField(choices=[('asked', 'asked'), ('done', 'done'), ('turned_down', 'turned_down'), ('lapsed', 'lapsed')], default=agents.people.rules.ResetState['ASKED'], max_length=12)),
                    ('reason', models.CharField(max_length=300)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_by_name', models.CharField(max_length=120)),
                    ('asked_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('ended_by_name', models.CharField(blank=True, max_length=120)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', [agents.people.rules.ResetState['ASKED'], agents.people.rules.ResetState['DONE'], agents.people.rules.ResetState['TURNED_DOWN'], agents.people.rules.ResetState['LAPSED']])), name='factor_reset_state_known'),
                        models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('account',), name='factor_reset_open_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='HouseMark',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('live', 'Live'), ('practice', 'Practice')], max_length=8)),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('id', 1)), name='house_mark_one'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['live', 'practice'])), name='house_mark_known'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e26aef913d96093b5a3c665f3b6f759073f2008c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_325c1', table='agents_housemark', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PracticeTicket',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('exercise_code', models.CharField(blank=True, max_length=40)),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='practice_ticket_ends'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c14e9b31a38289bf903c5a5ef1b0c18fe6ba768f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_11b93', table='agents_practiceticket', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PracticeResult',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='agents.practiceticket')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_results', to=settings.AUTH_USER_MODEL)),
                    ('exercise_code', models.CharField(max_length=40)),
                    ('steps', models.PositiveSmallIntegerField()),
                    ('hints', models.PositiveSmallIntegerField()),
                    ('started_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField()),
                    ('received_at', models.DateTimeField()),
                    ('receipt', models.TextField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['account', 'exercise_code', '-finished_at'], name='practice_results_of_person'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('finished_at__gte', models.F('started_at'))), name='practice_result_in_order'),
                        models.CheckConstraint(condition=models.Q(('hints__lte', models.F('steps'))), name='practice_result_hints'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='571c516dc7ead7289ec3460a0e837f310c6e6732', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8a658', table='agents_practiceresult', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PracticeEntry',
                fields=[
                    ('ticket_id', models.UUIDField(primary_key=True, serialize=False)),
                    ('subject', models.CharField(max_length=64)),
                    ('used_at', models.DateTimeField()),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='19ab9ffac4f62c5e4d449b3a393864092c7ac641', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_717d7', table='agents_practiceentry', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Trainee',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('subject', models.CharField(max_length=64, unique=True)),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('operator_class', models.CharField(max_length=12)),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ticket_id', models.UUIDField()),
                    ('issuer', models.CharField(max_length=200)),
                    ('worlds', models.PositiveSmallIntegerField(default=1)),
                    ('entered_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='PracticeRun',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='agents.trainee')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ticket_id', models.UUIDField()),
                    ('exercise_code', models.CharField(max_length=40)),
                    ('people', models.JSONField(default=list)),
                    ('done', models.JSONField(default=dict)),
                    ('hints', models.JSONField(default=list)),
                    ('started_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('is_finished', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['account', '-started_at'], name='practice_runs_of_account'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('trainee',), name='practice_run_one_open'),
                        models.CheckConstraint(condition=models.Q(('is_finished', False), ('ended_at__isnull', False), _connector='OR'), name='practice_run_finished_is_over'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Programme',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2, unique=True)),
                    ('name', models.CharField(max_length=160)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('holds_from', models.DateField(null=True)),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=160)),
                ],
            ),
            migrations.CreateModel(
                name='ProgrammePhase',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='agents.programme')),
                    ('province_code', models.CharField(max_length=2)),
                    ('number', models.PositiveSmallIntegerField()),
                    ('kind', models.CharField(choices=[('pilot', 'pilot'), ('extended', 'extended'), ('city_wide', 'city_wide')], max_length=10)),
                    ('name', models.CharField(max_length=120)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField(null=True)),
                    ('communes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list)),
                    ('operators', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list)),
                    ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list)),
                    ('state', models.CharField(choices=[('planned', 'planned'), ('running', 'running'), ('ended', 'ended'), ('dropped', 'dropped')], default=agents.programme.rules.PhaseState['PLANNED'], max_length=10)),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('programme', 'number'), name='phase_number_once'),
                        models.UniqueConstraint(condition=models.Q(('state', agents.programme.rules.PhaseState['RUNNING'])), fields=('programme',), name='phase_one_running'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'running', 'ended', 'dropped'])), name='phase_state_known'),
                        models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='phase_ends_after_it_starts'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PhaseGate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('phase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='agents.programmephase')),
                    ('measure', models.CharField(max_length=40)),
                    ('at_least', models.BooleanField(default=True)),
                    ('threshold', models.DecimalField(decimal_places=1, max_digits=9)),
                    ('least_sample', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('phase', 'measure'), name='phase_gate_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PhaseDecision',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('phase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='agents.programmephase')),
                    ('province_code', models.CharField(max_length=2)),
                    ('verdict', models.CharField(choices=[('go', 'go'), ('go_with_conditions', 'go_with_conditions'), ('no_go', 'no_go')], max_length=20)),
                    ('reason', models.CharField(max_length=1000)),
                    ('conditions', models.CharField(blank=True, max_length=1000)),
                    ('despite', models.JSONField(default=dict)),
                    ('measured', models.JSONField(default=list)),
                    ('measured_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('signed', 'signed'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default=agents.programme.rules.DecisionState['PROPOSED'], max_length=10)),
                    ('proposed_by', models.CharField(max_length=80)),
                    ('proposed_by_name', models.CharField(max_length=160)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_by', models.CharField(blank=True, max_length=80)),
                    ('decided_by_name', models.CharField(blank=True, max_length=160)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_reason', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state', agents.programme.rules.DecisionState['PROPOSED'])), fields=('phase',), name='phase_decision_one_open'),
                        models.CheckConstraint(condition=models.Q(('state', agents.programme.rules.DecisionState['PROPOSED']), ('decided_at__isnull', False), _connector='OR'), name='phase_decision_dated'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', agents.programme.rules.DecisionState['SIGNED']), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='phase_decision_four_eyes'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='decided_is_decided', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'proposed')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6c70db72ddd45592ca49072c0d1bef82f7e76d14', operation='UPDATE', pgid='pgtrigger_decided_is_decided_e0d86', table='agents_phasedecision', when='BEFORE')),
                        pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b4ce69851d8dcf6394e2a5b2fe85508071afe3c1', operation='DELETE', pgid='pgtrigger_kept_d8bfd', table='agents_phasedecision', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProgrammeOperator',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='operators', to='agents.programme')),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('state', models.CharField(choices=[('candidate', 'candidate'), ('submitted', 'submitted'), ('active', 'active'), ('suspended', 'suspended'), ('ended', 'ended')], default=agents.programme.rules.OperatorState['CANDIDATE'], max_length=10)),
                    ('changed_at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('submitted_by', models.CharField(blank=True, max_length=80)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('programme', 'operator'), name='programme_operator_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['candidate', 'submitted', 'active', 'suspended', 'ended'])), name='programme_operator_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='OperatorAgreement',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agents.programmeoperator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('number', models.CharField(max_length=60)),
                    ('valid_from', models.DateField()),
                    ('valid_until', models.DateField(null=True)),
                    ('notice_days', models.PositiveSmallIntegerField()),
                    ('contacts', models.JSONField(default=list)),
                    ('prices', models.JSONField(default=list)),
                    ('kept_at', models.DateTimeField()),
                    ('kept_by_name', models.CharField(max_length=160)),
                    ('notice_at', models.DateTimeField(null=True)),
                    ('notice_by_name', models.CharField(blank=True, max_length=160)),
                    ('notice_reason', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('entry', 'number'), name='agreement_number_once'),
                        models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='agreement_ends_after_it_begins'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DelegatedTask',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='agents.programmeoperator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('task', models.CharField(max_length=20)),
                    ('group', models.CharField(blank=True, max_length=40)),
                    ('valid_from', models.DateField()),
                    ('valid_until', models.DateField(null=True)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('kept_at', models.DateTimeField()),
                    ('kept_by_name', models.CharField(max_length=160)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('valid_until', None)), fields=('entry', 'task', 'group'), name='delegated_once'),
                        models.CheckConstraint(condition=models.Q(('legal_basis', ''), _negated=True), name='delegated_with_source'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ConformanceCheck',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='agents.programmeoperator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('item', models.CharField(max_length=20)),
                    ('outcome', models.CharField(choices=[('met', 'met'), ('not_met', 'not_met')], max_length=8)),
                    ('evidence', models.CharField(max_length=500)),
                    ('evidence_on', models.DateField()),
                    ('at', models.DateTimeField()),
                    ('by', models.CharField(max_length=80)),
                    ('by_name', models.CharField(max_length=160)),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='61672aaaf3fea9ec0cd15a7d9b18c1200e0f4d14', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_41755', table='agents_conformancecheck', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProgrammeStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('phase', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='agents.programmephase')),
                    ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='agents.programmeoperator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('step', models.CharField(max_length=20)),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=160)),
                    ('reason', models.CharField(blank=True, max_length=1000)),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cc1f9f281da313ba95b01fee710783ccf2c09905', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_7b0b7', table='agents_programmestep', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScoreFormula',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True)),
                    ('valid_from', models.DateField(unique=True)),
                    ('valid_to', models.DateField(null=True)),
                    ('measures', models.JSONField()),
                    ('least_weight', models.PositiveSmallIntegerField()),
                    ('appeal_days', models.PositiveSmallIntegerField()),
                    ('decision_days', models.PositiveSmallIntegerField()),
                    ('excellent', models.PositiveIntegerField()),
                    ('steady', models.PositiveIntegerField()),
                    ('kind_answers', models.PositiveSmallIntegerField()),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(max_length=10)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='score_formula_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScoreMonth',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('month', models.DateField()),
                    ('formula', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.scoreformula')),
                    ('total', models.PositiveIntegerField(null=True)),
                    ('judged_weight', models.PositiveSmallIntegerField()),
                    ('state', models.CharField(choices=[('open', 'open'), ('frozen', 'frozen')], default=agents.quality.rules.ScoreState['OPEN'], max_length=8)),
                    ('counted_at', models.DateTimeField()),
                    ('appealable_until', models.DateField()),
                    ('frozen_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'month'], name='score_month_by_city'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('outlet', 'month'), name='score_month_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['open', 'frozen'])), name='score_month_state_known'),
                        models.CheckConstraint(condition=models.Q(('total', None), ('total__lte', 10000), _connector='OR'), name='score_month_total_whole'),
                        models.CheckConstraint(condition=models.Q(('state', 'frozen'), ('frozen_at', None), _connector='OR'), name='score_month_frozen_at'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='frozen_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'frozen')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fa32f73c53b50aaf2bc2fb72f2e77b262088ed9a', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_is_frozen_cde25', table='agents_scoremonth', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScoreMeasure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('score', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='agents.scoremonth')),
                    ('measure', models.CharField(choices=[('forward_time', 'forward_time'), ('first_time_right', 'first_time_right'), ('visits', 'visits'), ('promise_kept', 'promise_kept'), ('satisfaction', 'satisfaction'), ('complaints', 'complaints'), ('training', 'training')], max_length=20)),
                    ('met', models.PositiveIntegerField()),
                    ('missed', models.PositiveIntegerField()),
                    ('faulty', models.PositiveIntegerField()),
                    ('spared', models.PositiveIntegerField()),
                    ('amount', models.PositiveBigIntegerField(default=0)),
                    ('points', models.PositiveIntegerField(null=True)),
                    ('faults', models.JSONField(default=list)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('score', 'measure'), name='score_measure_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ScoreAppeal',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('score', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='agents.scoremonth')),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('measure', models.CharField(max_length=20)),
                    ('cases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list)),
                    ('reason', models.CharField(max_length=1000)),
                    ('state', models.CharField(choices=[('open', 'open'), ('upheld', 'upheld'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default=agents.quality.rules.AppealState['OPEN'], max_length=10)),
                    ('raised_at', models.DateTimeField()),
                    ('raised_by', models.CharField(max_length=80)),
                    ('raised_by_name', models.CharField(max_length=160)),
                    ('due_at', models.DateTimeField()),
                    ('total_before', models.PositiveIntegerField(null=True)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by_name', models.CharField(blank=True, max_length=160)),
                    ('decision', models.CharField(blank=True, max_length=1000)),
                    ('total_after', models.PositiveIntegerField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'state', 'due_at'], name='score_appeal_by_city'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('score', 'measure'), name='appeal_open_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'refused', 'withdrawn'])), name='score_appeal_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LaunchWatch',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='launch_watch', to='agents.outlet')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('state', models.CharField(choices=[('running', 'running'), ('ended', 'ended')], default=agents.quality.rules.WatchState['RUNNING'], max_length=8)),
                    ('begun_on', models.DateField()),
                    ('until', models.DateField()),
                    ('visitor_id', models.CharField(blank=True, max_length=80)),
                    ('visitor_name', models.CharField(blank=True, max_length=160)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by_name', models.CharField(blank=True, max_length=160)),
                    ('outcome', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['running', 'ended'])), name='launch_watch_state_known'),
                        models.CheckConstraint(condition=models.Q(('until__gt', models.F('begun_on'))), name='launch_watch_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='LaunchNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('watch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='agents.launchwatch')),
                    ('kind', models.CharField(max_length=10)),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=160)),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f6d6985f3cd75d1d911e26f8854f8ee850fa3f3c', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changed_ccc11', table='agents_launchnote', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Commendation',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('province_code', models.CharField(max_length=2)),
                    ('month', models.DateField()),
                    ('praise', models.CharField(choices=[('excellent', 'excellent'), ('steady', 'steady'), ('kind', 'kind')], max_length=10)),
                    ('score', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.scoremonth')),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('declined', 'declined')], default=agents.quality.rules.PraiseState['PROPOSED'], max_length=10)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by_name', models.CharField(blank=True, max_length=160)),
                    ('words', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'state'], name='commendation_by_city'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('outlet', 'month', 'praise'), name='commendation_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'declined'])), name='commendation_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Incident',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('kind', models.CharField(choices=[('network', 'network'), ('software', 'software'), ('equipment', 'equipment'), ('procedure', 'procedure'), ('people', 'people')], max_length=10)),
                    ('effect', models.CharField(choices=[('stopped', 'stopped'), ('slow', 'slow'), ('workaround', 'workaround')], max_length=10)),
                    ('state', models.CharField(choices=[('reported', 'reported'), ('taken', 'taken'), ('with_vendor', 'with_vendor'), ('solved', 'solved'), ('closed', 'closed'), ('reopened', 'reopened')], default=agents.room.rules.IncidentState['REPORTED'], max_length=12)),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.centre')),
                    ('place_name', models.CharField(blank=True, max_length=160)),
                    ('text', models.CharField(blank=True, max_length=1000)),
                    ('page', models.CharField(blank=True, max_length=200)),
                    ('reported_at', models.DateTimeField()),
                    ('reported_by', models.CharField(max_length=80)),
                    ('reported_by_name', models.CharField(max_length=120)),
                    ('clock_from', models.DateTimeField()),
                    ('owner_id', models.CharField(blank=True, max_length=80)),
                    ('owner_name', models.CharField(blank=True, max_length=120)),
                    ('taken_at', models.DateTimeField(null=True)),
                    ('vendor', models.CharField(blank=True, max_length=120)),
                    ('vendor_ticket', models.CharField(blank=True, max_length=60)),
                    ('vendor_told_at', models.DateTimeField(null=True)),
                    ('vendor_due_at', models.DateTimeField(null=True)),
                    ('solved_at', models.DateTimeField(null=True)),
                    ('solution', models.CharField(blank=True, max_length=1000)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('level', models.PositiveSmallIntegerField(default=0)),
                    ('climbs_at', models.DateTimeField(null=True)),
                    ('dossiers', models.PositiveIntegerField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-reported_at'], name='incident_of_province'),
                        models.Index(condition=models.Q(('climbs_at__isnull', False)), fields=['climbs_at'], name='incident_climbs'),
                        models.Index(condition=models.Q(('state', 'solved')), fields=['solved_at'], name='incident_solved'),
                        models.Index(condition=models.Q(('outlet__isnull', False)), fields=['outlet'], name='incident_of_outlet'),
                        models.Index(condition=models.Q(('centre__isnull', False)), fields=['centre'], name='incident_of_centre'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['reported', 'taken', 'with_vendor', 'solved', 'closed', 'reopened'])), name='incident_state_known'),
                        models.CheckConstraint(condition=models.Q(('level__lte', 3)), name='incident_level_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IncidentPlace',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='agents.incident')),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.centre')),
                    ('name', models.CharField(max_length=160)),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('centre', None), ('outlet__isnull', False)), models.Q(('centre__isnull', False), ('outlet', None)), _connector='OR'), name='incident_place_is_one'),
                        models.UniqueConstraint(fields=('incident', 'outlet'), name='incident_outlet_once'),
                        models.UniqueConstraint(fields=('incident', 'centre'), name='incident_centre_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IncidentEntry',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='agents.incident')),
                    ('what', models.CharField(max_length=16)),
                    ('text', models.CharField(blank=True, max_length=1000)),
                    ('by_name', models.CharField(max_length=120)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['incident', 'at'], name='incident_entry_of'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IncidentPhoto',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='agents.incident')),
                    ('content', models.BinaryField()),
                    ('content_type', models.CharField(max_length=20)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='VendorDuty',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('kind', models.CharField(choices=[('network', 'network'), ('software', 'software'), ('equipment', 'equipment'), ('procedure', 'procedure'), ('people', 'people')], max_length=10)),
                    ('vendor', models.CharField(max_length=120)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('minutes', models.PositiveSmallIntegerField()),
                    ('basis', models.CharField(blank=True, max_length=200)),
                    ('set_at', models.DateTimeField()),
                    ('set_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('province_code', 'kind'), name='vendor_duty_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PlaceBeat',
                fields=[
                    ('place_id', models.UUIDField(primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agents.centre')),
                    ('first_at', models.DateTimeField()),
                    ('last_at', models.DateTimeField()),
                    ('latency_ms', models.PositiveIntegerField(null=True)),
                    ('resumed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Outage',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('place_id', models.UUIDField()),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.centre')),
                    ('place_name', models.CharField(max_length=160)),
                    ('started_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by', models.CharField(blank=True, max_length=8)),
                    ('dossiers', models.PositiveIntegerField(null=True)),
                    ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outages', to='agents.incident')),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-started_at'], name='outage_of_province'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('place_id',), name='outage_open_once'),
                        models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='outage_ends_after_it_starts'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RosterShift',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('date', models.DateField()),
                    ('begins', models.TimeField()),
                    ('ends', models.TimeField()),
                    ('set_at', models.DateTimeField()),
                    ('set_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['outlet', 'date'], name='roster_of_outlet'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='roster_shift_ends_later'),
                        models.UniqueConstraint(fields=('outlet', 'account', 'date', 'begins'), name='roster_shift_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RosterAbsence',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('from_date', models.DateField()),
                    ('until_date', models.DateField()),
                    ('set_at', models.DateTimeField()),
                    ('set_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['outlet', 'until_date'], name='roster_absence_of_outlet'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('until_date__gt', models.F('from_date'))), name='roster_absence_span'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RosterSwap',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.outlet')),
                    ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps', to='agents.rostershift')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('state', models.CharField(choices=[('asked', 'asked'), ('taken', 'taken'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('lapsed', 'lapsed')], default=agents.roster.rules.SwapState['ASKED'], max_length=10)),
                    ('asked_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'asked')), fields=['outlet'], name='roster_swap_asked'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', [agents.roster.rules.SwapState['ASKED'], agents.roster.rules.SwapState['TAKEN'], agents.roster.rules.SwapState['DECLINED'], agents.roster.rules.SwapState['WITHDRAWN'], agents.roster.rules.SwapState['LAPSED']])), name='roster_swap_state_known'),
                        models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('shift',), name='roster_swap_asked_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PlaceLoad',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('place_id', models.UUIDField()),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agents.outlet')),
                    ('operator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                    ('centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agents.centre')),
                    ('hour', models.DateTimeField()),
                    ('count', models.PositiveIntegerField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', 'hour'], name='place_load_of_province'),
                        models.Index(fields=['hour'], name='place_load_by_hour'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('place_id', 'hour'), name='place_load_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CounterPin',
                fields=[
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=128)),
                    ('failures', models.PositiveSmallIntegerField(default=0)),
                    ('set_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Course',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40)),
                    ('valid_from', models.DateField()),
                    ('valid_to', models.DateField(null=True)),
                    ('group', models.CharField(max_length=40)),
                    ('place', models.PositiveSmallIntegerField()),
                    ('title_vi', models.CharField(max_length=120)),
                    ('title_en', models.CharField(max_length=120)),
                    ('summary_vi', models.CharField(max_length=300)),
                    ('summary_en', models.CharField(max_length=300)),
                    ('lessons', models.JSONField()),
                    ('questions', models.JSONField()),
                    ('draws', models.PositiveSmallIntegerField()),
                    ('pass_percent', models.PositiveSmallIntegerField()),
                    ('minutes', models.PositiveSmallIntegerField()),
                    ('wait_hours', models.PositiveSmallIntegerField()),
                    ('valid_months', models.PositiveSmallIntegerField()),
                    ('exercises', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(max_length=10)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('code', 'valid_from'), name='course_version_once'),
                        models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('group',), name='course_one_of_a_group'),
                        models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='course_valid_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.course')),
                    ('seed', models.BigIntegerField()),
                    ('paper', models.JSONField()),
                    ('answers', models.JSONField(default=dict)),
                    ('started_at', models.DateTimeField()),
                    ('closes_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('right', models.PositiveSmallIntegerField(default=0)),
                    ('has_passed', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['account', 'course', '-started_at'], name='attempts_of_person'),
                        models.Index(condition=models.Q(('finished_at', None)), fields=['closes_at'], name='attempt_open'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('account', 'course'), name='attempt_open_once'),
                        models.CheckConstraint(condition=models.Q(('has_passed', False), ('finished_at__isnull', False), _connector='OR'), name='attempt_passed_is_over'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Certificate',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('number', models.CharField(max_length=20, unique=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
                    ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='agents.attempt')),
                    ('group', models.CharField(max_length=40)),
                    ('title_vi', models.CharField(max_length=120)),
                    ('title_en', models.CharField(max_length=120)),
                    ('holder', models.CharField(max_length=120)),
                    ('outlet_name', models.CharField(max_length=200)),
                    ('issued_at', models.DateTimeField()),
                    ('issued_on', models.DateField()),
                    ('valid_until', models.DateField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['account', 'group', '-valid_until'], name='certificates_of_person'),
                        models.Index(fields=['valid_until'], name='certificate_ends'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('valid_until__gt', models.F('issued_on'))), name='certificate_holds_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TrainingGate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('holds_from', models.DateField(null=True)),
                    ('asks_practice', models.BooleanField(default=False)),
                    ('reason', models.CharField(max_length=300)),
                    ('set_at', models.DateTimeField()),
                    ('set_by_name', models.CharField(max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province', '-id'], name='training_gate_newest'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SubPoint',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sub_points', to='agents.outlet')),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(choices=[('culture_house', 'culture house'), ('mall', 'mall or market'), ('industrial_zone', 'industrial zone'), ('residential', 'residential area'), ('school', 'school'), ('former_office', 'former commune office'), ('other', 'other place')], max_length=16)),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(max_length=200)),
                    ('landmark', models.CharField(blank=True, max_length=200)),
                    ('access', models.CharField(blank=True, max_length=200)),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('opened_at', models.DateTimeField()),
                    ('opened_by_name', models.CharField(max_length=160)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by_name', models.CharField(blank=True, max_length=160)),
                    ('closed_because', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='sub_point_in_vietnam'),
                        models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('closed_because', ''), _negated=True), _connector='OR'), name='sub_point_closed_says_why'),
                        models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('outlet', 'name'), name='sub_point_name_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='VisitSeries',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('sub_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='agents.subpoint')),
                    ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField())),
                    ('opens', models.TimeField()),
                    ('closes', models.TimeField()),
                    ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('identity', 'electronic identity account'), ('file', 'filing online'), ('scan', 'scanning papers'), ('pay', 'paying online'), ('look_up', 'looking up a dossier')], max_length=10))),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField(null=True)),
                    ('laid_until', models.DateField()),
                    ('made_at', models.DateTimeField()),
                    ('made_by_name', models.CharField(max_length=160)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by_name', models.CharField(blank=True, max_length=160)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('ended_at', None)), fields=['laid_until'], name='visit_series_to_lay'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='visit_series_span'),
                        models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='visit_series_period'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Visit',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('sub_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='agents.subpoint')),
                    ('series', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='agents.visitseries')),
                    ('date', models.DateField()),
                    ('opens', models.TimeField()),
                    ('closes', models.TimeField()),
                    ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('identity', 'electronic identity account'), ('file', 'filing online'), ('scan', 'scanning papers'), ('pay', 'paying online'), ('look_up', 'looking up a dossier')], max_length=10))),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('planned', 'planned'), ('cancelled', 'cancelled'), ('held', 'held'), ('not_held', 'did not take place')], default='planned', max_length=10)),
                    ('because', models.CharField(blank=True, max_length=300)),
                    ('moved_to', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_from', to='agents.visit')),
                    ('people_helped', models.PositiveIntegerField(null=True)),
                    ('planned_at', models.DateTimeField()),
                    ('planned_by_name', models.CharField(max_length=160)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('settled_by_name', models.CharField(blank=True, max_length=160)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['date', 'opens'], name='visit_by_date'),
                        models.Index(fields=['sub_point', 'date'], name='visit_of_point'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='visit_span'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'cancelled', 'held', 'not_held'])), name='visit_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['cancelled', 'not_held']), _negated=True), models.Q(('because', ''), _negated=True), _connector='OR'), name='visit_called_off_says_why'),
                        models.CheckConstraint(condition=models.Q(('people_helped', None), ('state', 'held'), _connector='OR'), name='visit_helped_when_held'),
                        models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('sub_point', 'date', 'opens'), name='visit_once'),
                    ],
                },
            ),
        ]),
        # Nearest outlets: KNN over points on the sphere, in metres. Degrees would be wrong at the same index cost.
        migrations.RunSQL(
            "CREATE INDEX outlet_on_earth ON agents_outlet USING gist (ll_to_earth(latitude, longitude));",
            "DROP INDEX outlet_on_earth;"),
        *(migrations.RunSQL(wall, policy_undo_sql(table)) for table, wall in WALLS.items()),
    ]
