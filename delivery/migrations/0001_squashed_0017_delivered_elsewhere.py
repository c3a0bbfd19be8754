"""All tables as the migrations up to 23 November 2026 left them, made at once."""

import delivery.addresses.rules
import delivery.dispatch.rules
import delivery.indemnities.rules
import delivery.rules
import delivery.rules.carrier_requests
import delivery.searches.rules
import delivery.shares.rules
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import shared.ids
import shared.money
from django.db import migrations, models

from delivery.migrations._walls import WALLS
from shared.migrating import CreateTables
from shared.scope import policy_undo_sql


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('delivery', '0001_initial'),
        ('delivery', '0002_what_a_parcel_remembers'),
        ('delivery', '0003_row_level_security'),
        ('delivery', '0004_fewer_indexes'),
        ('delivery', '0005_carrier_requests'),
        ('delivery', '0006_addresses_pools_dispatch'),
        ('delivery', '0007_walls_of_addresses_and_dispatch'),
        ('delivery', '0008_search_cases'),
        ('delivery', '0009_poll_rounds'),
        ('delivery', '0010_promise_counts'),
        ('delivery', '0011_the_last_step'),
        ('delivery', '0012_walls_of_the_last_step'),
        ('delivery', '0013_indemnities'),
        ('delivery', '0014_one_index_of_a_parcels_events'),
        ('delivery', '0015_carrier_shares'),
        ('delivery', '0016_cancelled_parcels'),
        ('delivery', '0017_delivered_elsewhere'),
    ]

    dependencies = [
        ('agents', '0001_squashed_0025_outlet_moves'),
        ('shared', '0001_squashed_0003_given_up_events'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Address',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField(null=True)),
                    ('province_code', models.CharField(max_length=2)),
                    ('street', models.CharField(max_length=200)),
                    ('landmark', models.CharField(blank=True, max_length=160)),
                    ('commune', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('former_commune', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.formercommune')),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('precision', models.CharField(choices=[('pin', 'pin'), ('house', 'house'), ('street', 'street'), ('area', 'area'), ('commune', 'commune')], max_length=10)),
                    ('found_as', models.CharField(blank=True, max_length=300)),
                    ('search', models.CharField(choices=[('not_asked', 'not_asked'), ('waiting', 'waiting'), ('found', 'found'), ('nothing', 'nothing'), ('elsewhere', 'elsewhere'), ('gave_up', 'gave_up')], default=delivery.addresses.rules.Search['NOT_ASKED'], max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('try_at', models.DateTimeField(null=True)),
                    ('verified_at', models.DateTimeField(null=True)),
                    ('verified_by', models.CharField(blank=True, max_length=80)),
                    ('written_at', models.DateTimeField()),
                    ('written_by', models.CharField(max_length=80)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('search', 'waiting')), fields=['try_at'], name='address_waiting'),
                        models.Index(fields=['outlet_id', 'commune', 'street'], name='address_of_outlet'),
                        models.Index(fields=['centre_id', 'commune', 'street'], name='address_of_centre'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('precision__in', [delivery.addresses.rules.Precision['PIN'], delivery.addresses.rules.Precision['HOUSE'], delivery.addresses.rules.Precision['STREET'], delivery.addresses.rules.Precision['AREA'], delivery.addresses.rules.Precision['COMMUNE']])), name='address_precision_known'),
                        models.CheckConstraint(condition=models.Q(('search__in', [delivery.addresses.rules.Search['NOT_ASKED'], delivery.addresses.rules.Search['WAITING'], delivery.addresses.rules.Search['FOUND'], delivery.addresses.rules.Search['NOTHING'], delivery.addresses.rules.Search['ELSEWHERE'], delivery.addresses.rules.Search['GAVE_UP']])), name='address_search_known'),
                        models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='address_point_on_earth'),
                        models.CheckConstraint(condition=models.Q(models.Q(('search', 'waiting'), ('try_at__isnull', False)), models.Q(models.Q(('search', 'waiting'), _negated=True), ('try_at', None)), _connector='OR'), name='address_search_has_its_moment'),
                        models.CheckConstraint(condition=models.Q(('outlet_id__isnull', False), ('centre_id__isnull', False), _connector='OR'), name='address_has_its_place'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ZoneEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('operator_code', models.CharField(max_length=12)),
                    ('basis', models.CharField(max_length=16)),
                    ('origin_code', models.CharField(max_length=5)),
                    ('destination_code', models.CharField(max_length=5)),
                    ('zone', models.CharField(max_length=24)),
                    ('valid_from', models.DateField()),
                    ('valid_to', models.DateField(null=True)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(max_length=12)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('basis__in', ['commune', 'former_district', 'province'])), name='zone_entry_basis_known'),
                        models.CheckConstraint(condition=models.Q(('origin_code__lte', models.F('destination_code'))), name='zone_entry_one_way_round'),
                        models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='zone_entry_period'),
                        models.UniqueConstraint(fields=('operator_code', 'basis', 'origin_code', 'destination_code', 'valid_from'), name='zone_entry_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PromiseCount',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('week', models.DateField()),
                    ('operator_code', models.CharField(max_length=12)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('commune_code', models.CharField(max_length=5)),
                    ('direction', models.CharField(max_length=12)),
                    ('kept', models.PositiveIntegerField()),
                    ('late', models.PositiveIntegerField()),
                    ('waiting', models.PositiveIntegerField()),
                    ('lost', models.PositiveIntegerField()),
                    ('uncounted', models.PositiveIntegerField()),
                    ('counted_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('province_code', 'week', 'operator_code', 'outlet_id', 'commune_code', 'direction'), name='promise_count_once', nulls_distinct=False),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CutOff',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField(null=True)),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator_code', models.CharField(max_length=12)),
                    ('at', models.TimeField()),
                    ('set_at', models.DateTimeField()),
                    ('set_by', models.CharField(max_length=80)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(models.Q(('centre_id', None), ('outlet_id__isnull', False)), models.Q(('centre_id__isnull', False), ('outlet_id', None)), _connector='OR'), name='cut_off_one_place'),
                        models.UniqueConstraint(fields=('operator_code', 'outlet_id', 'centre_id'), name='cut_off_once', nulls_distinct=False),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Dispatch',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=16)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField(null=True)),
                    ('province_code', models.CharField(max_length=2)),
                    ('operator_code', models.CharField(max_length=12)),
                    ('carrier', models.CharField(max_length=12)),
                    ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed'), ('handed_over', 'handed_over'), ('dropped', 'dropped')], default=delivery.dispatch.rules.DispatchState['OPEN'], max_length=12)),
                    ('opened_at', models.DateTimeField()),
                    ('opened_by', models.CharField(max_length=80)),
                    ('cut_off_at', models.DateTimeField(null=True)),
                    ('bags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by_name', models.CharField(blank=True, max_length=120)),
                    ('handed_over_at', models.DateTimeField(null=True)),
                    ('gave_name', models.CharField(blank=True, max_length=120)),
                    ('taken_by_name', models.CharField(blank=True, max_length=120)),
                    ('taken_by_badge', models.CharField(blank=True, max_length=20)),
                    ('paper', models.JSONField(default=dict)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['outlet_id', '-opened_at'], name='dispatch_of_outlet'),
                        models.Index(fields=['centre_id', '-opened_at'], name='dispatch_of_centre'),
                        models.Index(fields=['operator_code', '-opened_at'], name='dispatch_of_operator'),
                        models.Index(condition=models.Q(('state__in', ['open', 'closed'])), fields=['cut_off_at'], name='dispatch_pending'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('code',), name='dispatch_code_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', [delivery.dispatch.rules.DispatchState['OPEN'], delivery.dispatch.rules.DispatchState['CLOSED'], delivery.dispatch.rules.DispatchState['HANDED_OVER'], delivery.dispatch.rules.DispatchState['DROPPED']])), name='dispatch_state_known'),
                        models.CheckConstraint(condition=models.Q(models.Q(('centre_id', None), ('outlet_id__isnull', False)), models.Q(('centre_id__isnull', False), ('outlet_id', None)), _connector='OR'), name='dispatch_one_place'),
                        models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('operator_code', 'outlet_id', 'centre_id'), name='dispatch_one_open', nulls_distinct=False),
                        models.CheckConstraint(condition=models.Q(models.Q(('state', 'handed_over'), _negated=True), models.Q(('handed_over_at__isnull', False), models.Q(('taken_by_name', ''), _negated=True), models.Q(('gave_name', ''), _negated=True)), _connector='OR'), name='dispatch_handed_over_is_signed'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DispatchItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('dispatch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='delivery.dispatch')),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed', to='delivery.parcel')),
                    ('bag', models.PositiveSmallIntegerField(default=1)),
                    ('position', models.PositiveIntegerField()),
                    ('scanned_at', models.DateTimeField()),
                    ('scanned_by_name', models.CharField(blank=True, max_length=120)),
                    ('is_live', models.BooleanField(default=True)),
                    ('left_because', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('parcel',), name='dispatch_item_one_list'),
                        models.CheckConstraint(condition=models.Q(('is_live', True), models.Q(('left_because', ''), _negated=True), _connector='OR'), name='dispatch_item_left_explained'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Release',
                fields=[
                    ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='release', serialize=False, to='delivery.parcel')),
                    ('rule', models.CharField(choices=[('in_person', 'in_person'), ('certified', 'certified'), ('authorised', 'authorised')], max_length=12)),
                    ('collects', models.JSONField(default=list)),
                    ('legal_basis', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('rule__in', ['in_person', 'certified', 'authorised'])), name='release_rule_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DeliveryRound',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('operator_code', models.CharField(max_length=12)),
                    ('carrier', models.CharField(max_length=12)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('province_code', models.CharField(max_length=2)),
                    ('postman_name', models.CharField(max_length=120)),
                    ('badge', models.CharField(blank=True, max_length=20)),
                    ('round_date', models.DateField()),
                    ('token_digest', models.BinaryField(max_length=32, unique=True)),
                    ('device_digest', models.BinaryField(max_length=32, null=True, unique=True)),
                    ('opened_by', models.CharField(max_length=80)),
                    ('opened_at', models.DateTimeField()),
                    ('claimed_at', models.DateTimeField(null=True)),
                    ('expires_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('last_seen_at', models.DateTimeField(null=True)),
                    ('last_sequence', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['operator_code', '-round_date'], name='round_of_operator'),
                        models.Index(fields=['outlet_id', '-round_date'], name='round_of_outlet'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='RoundStop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='delivery.deliveryround')),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='delivery.parcel')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('added_at', models.DateTimeField()),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('removed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('round', 'parcel'), name='round_stop_once'),
                        models.UniqueConstraint(condition=models.Q(('answered_at', None), ('removed_at', None)), fields=('parcel',), name='round_stop_on_one_round'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DoorAct',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='delivery.parcel')),
                    ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='delivery.deliveryround')),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('what', models.CharField(max_length=10)),
                    ('sequence', models.PositiveIntegerField(default=0)),
                    ('digest', models.BinaryField(max_length=32)),
                    ('device_at', models.DateTimeField()),
                    ('corrected_at', models.DateTimeField()),
                    ('server_at', models.DateTimeField()),
                    ('is_clock_doubtful', models.BooleanField(default=False)),
                    ('reason', models.CharField(blank=True, max_length=20)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('receiver_name', models.CharField(blank=True, max_length=160)),
                    ('relation', models.CharField(blank=True, max_length=24)),
                    ('id_kind', models.CharField(blank=True, max_length=12)),
                    ('paper', models.CharField(blank=True, max_length=20)),
                    ('method', models.CharField(blank=True, max_length=16)),
                    ('signature', models.TextField(blank=True)),
                    ('is_code_right', models.BooleanField(null=True)),
                    ('collected', models.JSONField(default=list)),
                    ('photo', models.CharField(blank=True, max_length=40)),
                    ('photo_sha256', models.CharField(blank=True, max_length=64)),
                    ('commune_code', models.CharField(blank=True, max_length=5)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['parcel', 'corrected_at'], name='door_act_of_parcel'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('what__in', ['delivered', 'failed'])), name='door_act_known'),
                        models.UniqueConstraint(condition=models.Q(('what', 'delivered')), fields=('parcel',), name='door_act_one_delivery'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2874ae8b7c8a7f6eacd5c4a29e44620ffcb95cc2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_de6f0', table='delivery_dooract', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='DeliveryChange',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='delivery.parcel')),
                    ('kind', models.CharField(choices=[('pick_up', 'pick_up'), ('another_day', 'another_day'), ('address', 'address')], max_length=12)),
                    ('wanted_date', models.DateField(null=True)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('commune', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('address', models.CharField(blank=True, max_length=300)),
                    ('ordered_by_kind', models.CharField(choices=[('person', 'person'), ('machine', 'machine'), ('job', 'job'), ('carrier', 'carrier'), ('centre', 'centre'), ('citizen', 'citizen')], max_length=10)),
                    ('ordered_by', models.CharField(max_length=80)),
                    ('ordered_at', models.DateTimeField()),
                    ('why', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['parcel', '-ordered_at'], name='delivery_change_of_parcel'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('kind__in', ['pick_up', 'another_day', 'address'])), name='delivery_change_known'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b27308a531ca992d3167476f3476724cdb3de4d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a957c', table='delivery_deliverychange', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PickUp',
                fields=[
                    ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='pick_up', serialize=False, to='delivery.parcel')),
                    ('outlet_id', models.UUIDField()),
                    ('ordered_at', models.DateTimeField()),
                    ('arrived_at', models.DateTimeField(null=True)),
                    ('until_date', models.DateField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('ended_at', None)), fields=['outlet_id', 'until_date'], name='pick_up_open'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IndemnityTerms',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40)),
                    ('name_vi', models.CharField(max_length=200)),
                    ('name_en', models.CharField(max_length=200)),
                    ('valid_from', models.DateField(unique=True)),
                    ('valid_to', models.DateField(null=True)),
                    ('loss_times', models.PositiveSmallIntegerField()),
                    ('numerator', models.PositiveSmallIntegerField()),
                    ('denominator', models.PositiveSmallIntegerField()),
                    ('answer_working_days', models.PositiveSmallIntegerField()),
                    ('pay_days', models.PositiveSmallIntegerField()),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('verified', 'verified'), ('known', 'known, not checked at the source'), ('assumed', 'assumed')], max_length=10)),
                ],
                options={
                    'constraints': [
                        django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='indemnity_terms_one_a_day'),
                        models.CheckConstraint(condition=models.Q(('loss_times__gte', 4)), name='indemnity_terms_keep_the_law'),
                        models.CheckConstraint(condition=models.Q(('numerator__lte', models.F('denominator')), ('denominator__gt', 0)), name='indemnity_terms_share'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Indemnity',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indemnities', to='delivery.parcel')),
                    ('kind', models.CharField(choices=[('late', 'late'), ('loss', 'loss'), ('reissue', 'reissue')], max_length=10)),
                    ('operator_code', models.CharField(max_length=12)),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField()),
                    ('amount', shared.money.MoneyField()),
                    ('parts', models.JSONField(default=dict)),
                    ('steps', models.JSONField()),
                    ('terms_code', models.CharField(max_length=40)),
                    ('happened_at', models.DateTimeField()),
                    ('what', models.CharField(blank=True, max_length=300)),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('objected', 'objected'), ('unanswered', 'unanswered'), ('owed', 'owed'), ('paid', 'paid'), ('waived', 'waived')], default=delivery.indemnities.rules.IndemnityState['PROPOSED'], max_length=12)),
                    ('opened_at', models.DateTimeField()),
                    ('answer_by', models.DateField()),
                    ('ground', models.CharField(blank=True, max_length=20)),
                    ('answer_words', models.CharField(blank=True, max_length=500)),
                    ('decision_words', models.CharField(blank=True, max_length=500)),
                    ('owed_at', models.DateTimeField(null=True)),
                    ('pay_by', models.DateField(null=True)),
                    ('line_id', models.UUIDField(null=True)),
                    ('paid_on', models.DateField(null=True)),
                    ('paid_reference', models.CharField(blank=True, max_length=80)),
                    ('is_reminded', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-opened_at', '-id'], name='indemnity_of_province'),
                        models.Index(condition=models.Q(('state__in', [delivery.indemnities.rules.IndemnityState['PAID'], delivery.indemnities.rules.IndemnityState['WAIVED']]), _negated=True), fields=['state', 'answer_by'], name='indemnity_open'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'objected', 'unanswered', 'owed', 'paid', 'waived'])), name='indemnity_state_known'),
                        models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='indemnity_of_something'),
                        models.UniqueConstraint(condition=models.Q(('kind', delivery.indemnities.rules.IndemnityKind['REISSUE']), _negated=True), fields=('parcel', 'kind'), name='indemnity_once'),
                        models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['owed', 'paid']), _negated=True), ('pay_by__isnull', False), _connector='OR'), name='indemnity_owed_by_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CarrierRequest',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carrier_requests', to='delivery.parcel')),
                    ('reference', models.CharField(max_length=80)),
                    ('kind', models.CharField(choices=[('cancel', 'cancel'), ('redirect', 'redirect'), ('reschedule', 'reschedule'), ('return', 'return')], max_length=12)),
                    ('details', models.JSONField(default=dict)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('asked_by', models.CharField(max_length=80)),
                    ('asked_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('unknown', 'unknown'), ('by_hand', 'by_hand'), ('accepted', 'accepted'), ('refused', 'refused'), ('overtaken', 'overtaken')], default=delivery.rules.carrier_requests.RequestState['WAITING'], max_length=12)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('answer', models.CharField(blank=True, max_length=300)),
                    ('answered_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state__in', [delivery.rules.carrier_requests.RequestState['ACCEPTED'], delivery.rules.carrier_requests.RequestState['OVERTAKEN'], delivery.rules.carrier_requests.RequestState['REFUSED']]), _negated=True), fields=['next_at'], name='carrier_request_open'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('reference',), name='carrier_request_once'),
                        models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'unknown', 'by_hand', 'accepted', 'refused', 'overtaken'])), name='carrier_request_state_known'),
                        models.CheckConstraint(condition=models.Q(('kind__in', ['cancel', 'redirect', 'reschedule', 'return'])), name='carrier_request_kind_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TrackingEvent',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='delivery.parcel')),
                    ('carrier', models.CharField(max_length=12)),
                    ('event_id', models.CharField(max_length=120)),
                    ('code', models.CharField(max_length=8)),
                    ('carrier_code', models.CharField(blank=True, max_length=20)),
                    ('occurred_at', models.DateTimeField()),
                    ('received_at', models.DateTimeField()),
                    ('office', models.CharField(blank=True, max_length=120)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('data', models.JSONField(default=dict)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['parcel', 'occurred_at'], name='tracking_event_of_parcel'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('carrier', 'event_id'), name='tracking_event_once'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='55b7d8c02dd654a31de76eaef8f0ccf2527e4c43', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_528ca', table='delivery_trackingevent', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProofOfDelivery',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proof', to='delivery.parcel')),
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.trackingevent')),
                    ('delivered_at', models.DateTimeField()),
                    ('receiver_name', models.CharField(max_length=160)),
                    ('relation', models.CharField(max_length=40)),
                    ('id_kind', models.CharField(blank=True, max_length=20)),
                    ('method', models.CharField(max_length=20)),
                ],
            ),
            migrations.CreateModel(
                name='CarrierLine',
                fields=[
                    ('carrier', models.CharField(max_length=12, primary_key=True, serialize=False)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('failures', models.PositiveIntegerField(default=0)),
                    ('failing_since', models.DateTimeField(null=True)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('error', models.CharField(blank=True, max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name='CarrierNumber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('carrier', models.CharField(max_length=12)),
                    ('number', models.CharField(max_length=20)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carrier_numbers', to='delivery.parcel')),
                    ('source', models.CharField(max_length=12)),
                    ('known_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('carrier', 'number'), name='carrier_number_once'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='167286f3b3d2d26eeb927edc40e77c95c490a381', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8be77', table='delivery_carriernumber', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='PollRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('carrier', models.CharField(max_length=12)),
                    ('started_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('cursor', models.UUIDField(null=True)),
                    ('leased_until', models.DateTimeField(null=True)),
                    ('calls', models.PositiveIntegerField(default=0)),
                    ('parcels', models.PositiveIntegerField(default=0)),
                    ('learned', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['carrier', '-started_at'], name='poll_round_latest'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('carrier',), name='poll_round_one_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='NumberPool',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('operator_code', models.CharField(max_length=12)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('service', models.CharField(max_length=2)),
                    ('form', models.CharField(default='s10', max_length=12)),
                    ('first_serial', models.PositiveIntegerField()),
                    ('next_serial', models.PositiveIntegerField()),
                    ('last_serial', models.PositiveIntegerField()),
                    ('allotted_at', models.DateTimeField(null=True)),
                    ('recalled_at', models.DateTimeField(null=True)),
                    ('recalled_because', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['operator_code', 'service'], name='number_pool_of_operator'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('recalled_at', None), models.Q(('recalled_because', ''), _negated=True), _connector='OR'), name='number_pool_recall_explained'),
                        models.CheckConstraint(condition=models.Q(('next_serial__lte', django.db.models.expressions.CombinedExpression(models.F('last_serial'), '+', models.Value(1)))), name='number_pool_not_overdrawn'),
                        models.CheckConstraint(condition=models.Q(('last_serial__lte', 99999999), ('next_serial__gte', models.F('first_serial'))), name='number_pool_in_range'),
                        django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('service', '='), (models.Func('first_serial', 'last_serial', models.Value('[]'), function='int4range', output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&')], name='number_pool_ranges_apart'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Parcel',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('number', models.CharField(max_length=20)),
                    ('booking_ref', models.CharField(max_length=80)),
                    ('carrier', models.CharField(max_length=12)),
                    ('operator_code', models.CharField(max_length=12)),
                    ('direction', models.CharField(choices=[('dossier', 'dossier'), ('result', 'result'), ('posted_in', 'posted_in'), ('to_outlet', 'to_outlet')], max_length=12)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField()),
                    ('province_code', models.CharField(max_length=2)),
                    ('weight_grams', models.PositiveIntegerField()),
                    ('zone', models.CharField(max_length=24)),
                    ('sender_name', models.CharField(max_length=160)),
                    ('sender_address', models.CharField(max_length=300)),
                    ('recipient_name', models.CharField(max_length=160)),
                    ('recipient_phone', models.CharField(blank=True, max_length=16)),
                    ('recipient_address', models.CharField(max_length=300)),
                    ('recipient_commune', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('recipient_landmark', models.CharField(blank=True, max_length=160)),
                    ('recipient_former', models.CharField(blank=True, max_length=160)),
                    ('recipient_latitude', models.FloatField(null=True)),
                    ('recipient_longitude', models.FloatField(null=True)),
                    ('recipient_precision', models.CharField(blank=True, max_length=10)),
                    ('address_id', models.UUIDField(null=True)),
                    ('is_address_verified', models.BooleanField(default=False)),
                    ('origin_commune', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                    ('pricing', models.JSONField()),
                    ('tracking_code', models.CharField(max_length=16)),
                    ('seal_number', models.CharField(blank=True, max_length=20)),
                    ('split_from', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='delivery.parcel')),
                    ('booked_at', models.DateTimeField()),
                    ('label_printed_at', models.DateTimeField(null=True)),
                    ('handed_over_at', models.DateTimeField(null=True)),
                    ('promised_date', models.DateField()),
                    ('state', models.CharField(choices=[('booked', 'booked'), ('accepted', 'accepted'), ('in_transit', 'in_transit'), ('arrived', 'arrived'), ('out_for_delivery', 'out_for_delivery'), ('attempt_failed', 'attempt_failed'), ('held', 'held'), ('at_collection_point', 'at_collection_point'), ('delivered', 'delivered'), ('returning', 'returning'), ('returned', 'returned'), ('lost', 'lost'), ('cancelled', 'cancelled'), ('needs_review', 'needs_review')], default=delivery.rules.ParcelState['BOOKED'], max_length=20)),
                    ('state_at', models.DateTimeField()),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('is_live', models.GeneratedField(db_persist=True, expression=models.Q(('state__in', ['delivered', 'returned', 'lost', 'cancelled']), _negated=True), output_field=models.BooleanField())),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('delivered_at', models.DateTimeField(null=True)),
                    ('delivered_in', models.CharField(blank=True, db_default='', default='', max_length=5)),
                    ('summary', models.JSONField(default=dict)),
                    ('contradictions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list)),
                    ('told', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list)),
                    ('is_sent_to_carrier', models.BooleanField(default=False)),
                    ('send_attempts', models.PositiveSmallIntegerField(default=0)),
                    ('send_next_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('send_error', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['outlet_id', '-booked_at', '-id'], name='parcel_of_outlet'),
                        models.Index(fields=['centre_id', '-booked_at', '-id'], name='parcel_of_centre'),
                        models.Index(condition=models.Q(('is_live', True)), fields=['province_code', 'promised_date'], name='parcel_awaited'),
                        models.Index(condition=models.Q(('handed_over_at', None), ('is_live', True)), fields=['outlet_id'], name='parcel_at_outlet'),
                        models.Index(condition=models.Q(('handed_over_at', None), ('is_live', True)), fields=['centre_id'], name='parcel_at_centre'),
                        models.Index(condition=models.Q(('split_from__isnull', False)), fields=['split_from'], name='parcel_parts'),
                        models.Index(condition=models.Q(('is_sent_to_carrier', False)), fields=['send_next_at'], name='parcel_unsent'),
                        models.Index(condition=models.Q(('is_live', True)), fields=['carrier', 'id'], name='parcel_to_poll'),
                        django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['promised_date'], name='parcel_promised'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'accepted', 'in_transit', 'arrived', 'out_for_delivery', 'attempt_failed', 'held', 'at_collection_point', 'delivered', 'returning', 'returned', 'lost', 'cancelled', 'needs_review'])), name='parcel_state_known'),
                        models.CheckConstraint(condition=models.Q(('weight_grams__range', (1, 30000))), name='parcel_weight_plausible'),
                        models.CheckConstraint(condition=models.Q(models.Q(('recipient_latitude', None), ('recipient_longitude', None), ('recipient_precision', '')), models.Q(('recipient_latitude__range', (-90, 90)), ('recipient_longitude__range', (-180, 180)), models.Q(('recipient_precision', ''), _negated=True)), _connector='OR'), name='parcel_point_whole'),
                        models.UniqueConstraint(fields=('number',), name='parcel_number_once'),
                        models.UniqueConstraint(fields=('booking_ref',), name='parcel_booking_once'),
                        models.UniqueConstraint(fields=('tracking_code',), name='parcel_tracking_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ParcelDossier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='delivery.parcel')),
                    ('dossier_id', models.UUIDField()),
                    ('dossier_code', models.CharField(max_length=40)),
                    ('contents', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list)),
                    ('originals', models.JSONField(default=list)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['dossier_id'], name='parcel_by_dossier'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('parcel', 'dossier_id'), name='parcel_dossier_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='TrackingTry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.BinaryField(max_length=16)),
                    ('tried_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['key', 'tried_at'], name='tracking_try_recent'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SearchCase',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='searches', to='delivery.parcel')),
                    ('operator_code', models.CharField(max_length=12)),
                    ('province_code', models.CharField(max_length=2)),
                    ('outlet_id', models.UUIDField(null=True)),
                    ('centre_id', models.UUIDField()),
                    ('cause', models.CharField(choices=[('silent', 'silent'), ('overdue', 'overdue'), ('reported', 'reported'), ('not_received', 'not_received'), ('lost', 'lost')], max_length=12)),
                    ('state', models.CharField(choices=[('searching', 'searching'), ('overdue', 'overdue'), ('found', 'found'), ('lost', 'lost')], default=delivery.searches.rules.SearchState['SEARCHING'], max_length=10)),
                    ('opened_at', models.DateTimeField()),
                    ('answer_by', models.DateField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('ended_at', None)), fields=['operator_code', 'answer_by'], name='search_running'),
                        models.Index(fields=['province_code', '-opened_at', '-id'], name='search_of_province'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['searching', 'overdue', 'found', 'lost'])), name='search_state_known'),
                        models.CheckConstraint(condition=models.Q(('ended_at', None), ('state__in', [delivery.searches.rules.SearchState['FOUND'], delivery.searches.rules.SearchState['LOST']]), _connector='XOR'), name='search_ends_with_an_answer'),
                        models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('parcel',), name='search_one_at_a_time'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='SearchStep',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('search', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='delivery.searchcase')),
                    ('at', models.DateTimeField()),
                    ('action', models.CharField(max_length=12)),
                    ('by_kind', models.CharField(max_length=10)),
                    ('by_id', models.CharField(max_length=80)),
                    ('by_name', models.CharField(blank=True, max_length=120)),
                    ('words', models.CharField(blank=True, max_length=500)),
                    ('office', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['search', 'id'], name='search_step_of_search'),
                    ],
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e1e7820a8fe2da582c56c83d7b390e6dcc5b4a9b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94ae5', table='delivery_searchstep', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Delay',
                fields=[
                    ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='delay', serialize=False, to='delivery.parcel')),
                    ('promised_date', models.DateField()),
                    ('expected_date', models.DateField(null=True)),
                    ('noticed_at', models.DateTimeField()),
                ],
                options={
                    'triggers': [
                        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='432ee09c592d0de6a622484b5bcfada36113949b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_455c0', table='delivery_delay', when='BEFORE')),
                    ],
                },
            ),
            migrations.CreateModel(
                name='CarrierContract',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('operator_code', models.CharField(max_length=12)),
                    ('floor', models.PositiveSmallIntegerField()),
                    ('usual', models.PositiveSmallIntegerField()),
                    ('valid_from', models.DateField()),
                    ('valid_to', models.DateField(null=True)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('verified', 'verified'), ('known', 'known, not checked at the source'), ('assumed', 'assumed')], max_length=10)),
                ],
                options={
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('floor__lte', models.F('usual')), ('usual__lte', 100)), name='contract_shares_sane'),
                        django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('province', '='), ('operator_code', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='contract_one_a_day'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ShareProposal',
                fields=[
                    ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('province_code', models.CharField(max_length=2)),
                    ('before', models.JSONField()),
                    ('shares', models.JSONField()),
                    ('records', models.JSONField()),
                    ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('declined', 'declined')], default=delivery.shares.rules.ProposalState['PROPOSED'], max_length=10)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.CharField(blank=True, max_length=80)),
                    ('words', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['province_code', '-decided_at'], name='proposal_in_force'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'declined'])), name='proposal_state_known'),
                        models.UniqueConstraint(condition=models.Q(('state', delivery.shares.rules.ProposalState['PROPOSED'])), fields=('province_code',), name='proposal_one_at_a_time'),
                    ],
                },
            ),
        ]),
        # Room on a page for the row's next version: an update that touches no index then stays on it.
        migrations.RunSQL("ALTER TABLE delivery_parcel SET (fillfactor = 70)", "ALTER TABLE delivery_parcel RESET (fillfactor)"),
        *(migrations.RunSQL(wall, policy_undo_sql(table)) for table, wall in WALLS.items()),
    ]
