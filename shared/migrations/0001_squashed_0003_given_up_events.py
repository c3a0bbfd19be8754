"""All tables as the migrations up to 23 November 2026 left them, made at once."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations, models

from shared.migrating import CreateTables


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('shared', '0001_initial'),
        ('shared', '0002_island_districts'),
        ('shared', '0003_given_up_events'),
    ]

    dependencies = [
    ]

    operations = [
        # Trigram search, ranges with equality in one constraint, distances on the ground: all ship with PostgreSQL.
        BtreeGistExtension(),
        TrigramExtension(),
        CreateExtension('cube'),
        CreateExtension('earthdistance'),
        CreateTables([
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('date', models.DateField(primary_key=True, serialize=False)),
                    ('is_working', models.BooleanField()),
                    ('name_vi', models.CharField(max_length=120)),
                    ('name_en', models.CharField(max_length=120)),
                    ('legal_basis', models.CharField(max_length=300)),
                    ('confidence', models.CharField(choices=[('verified', 'verified'), ('known', 'known, not checked at the source'), ('assumed', 'assumed')], max_length=10)),
                ],
            ),
            migrations.CreateModel(
                name='OutboxMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('subscriber', models.CharField(max_length=80)),
                    ('event', models.CharField(max_length=80)),
                    ('payload', models.JSONField()),
                    ('stream', models.CharField(max_length=80)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('next_at', models.DateTimeField(auto_now_add=True)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('state', models.CharField(choices=[('pending', 'Pending'), ('sent', 'Sent'), ('parked', 'Parked')], default='pending', max_length=8)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('last_error', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('state', 'pending')), fields=['next_at', 'id'], name='outbox_waiting'),
                        models.Index(condition=models.Q(('state', 'sent'), _negated=True), fields=['subscriber', 'stream', 'id'], name='outbox_stream'),
                    ],
                    'constraints': [
                        models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'parked'])), name='outbox_state_known'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='InboxMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=40)),
                    ('event_id', models.CharField(max_length=120)),
                    ('received_at', models.DateTimeField()),
                    ('headers', models.JSONField(default=dict)),
                    ('raw', models.BinaryField()),
                    ('processed_at', models.DateTimeField(null=True)),
                    ('verdict', models.CharField(blank=True, max_length=40)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('processed_at', None)), fields=['received_at'], name='inbox_waiting'),
                        models.Index(condition=models.Q(('verdict', 'given-up')), fields=['received_at'], name='inbox_given_up'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(fields=('source', 'event_id'), name='inbox_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='IdempotencyKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope', models.CharField(max_length=80)),
                    ('key', models.CharField(max_length=255)),
                    ('route', models.CharField(max_length=200)),
                    ('fingerprint', models.BinaryField(max_length=32)),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('body', models.BinaryField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('scope', 'key'), name='idempotency_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('actor_kind', models.CharField(choices=[('person', 'person'), ('machine', 'machine'), ('job', 'job'), ('carrier', 'carrier'), ('centre', 'centre'), ('citizen', 'citizen')], max_length=10)),
                    ('actor_id', models.CharField(max_length=80)),
                    ('action', models.CharField(max_length=60)),
                    ('object_type', models.CharField(max_length=40)),
                    ('object_id', models.CharField(max_length=80)),
                    ('before', models.JSONField(default=dict)),
                    ('after', models.JSONField(default=dict)),
                    ('reason', models.CharField(blank=True, max_length=300)),
                    ('request_id', models.CharField(blank=True, max_length=64)),
                ],
                options={
                    'indexes': [
                        models.Index(fields=['object_type', 'object_id', 'at'], name='audit_of_object'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='ProcessHeartbeat',
                fields=[
                    ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                    ('seen_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='WorkItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('reference', models.CharField(max_length=120)),
                    ('owner_role', models.CharField(max_length=20)),
                    ('owner_place', models.CharField(blank=True, max_length=40)),
                    ('opened_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by', models.CharField(blank=True, max_length=80)),
                    ('detail', models.JSONField(default=dict)),
                    ('outcome', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'indexes': [
                        models.Index(condition=models.Q(('closed_at', None)), fields=['owner_role', 'owner_place', 'due_at'], name='work_item_open'),
                    ],
                    'constraints': [
                        models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'reference'), name='work_item_open_once'),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Province',
                fields=[
                    ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60)),
                    ('kind', models.CharField(max_length=20)),
                    ('region', models.CharField(max_length=10)),
                ],
            ),
            migrations.CreateModel(
                name='Commune',
                fields=[
                    ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                    ('kind', models.CharField(choices=[('phuong', 'ward'), ('xa', 'commune'), ('dac_khu', 'special zone'), ('thi_tran', 'township'), ('huyen', 'island district')], max_length=10)),
                    ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.province')),
                    ('latitude', models.FloatField()),
                    ('longitude', models.FloatField()),
                    ('area_km2', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                    ('population', models.PositiveIntegerField(null=True)),
                    ('former_district_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list)),
                    ('search_key', models.CharField(max_length=120)),
                ],
                options={
                    'indexes': [
                        django.contrib.postgres.indexes.GinIndex(fields=['search_key'], name='commune_search', opclasses=['gin_trgm_ops']),
                    ],
                },
            ),
            migrations.CreateModel(
                name='FormerCommune',
                fields=[
                    ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                    ('kind', models.CharField(choices=[('phuong', 'ward'), ('xa', 'commune'), ('dac_khu', 'special zone'), ('thi_tran', 'township'), ('huyen', 'island district')], max_length=10)),
                    ('district_code', models.CharField(max_length=3)),
                    ('district_name', models.CharField(max_length=80)),
                    ('province_code', models.CharField(max_length=2)),
                    ('province_name', models.CharField(max_length=60)),
                    ('dissolved_on', models.DateField()),
                    ('search_key', models.CharField(max_length=240)),
                ],
                options={
                    'indexes': [
                        django.contrib.postgres.indexes.GinIndex(fields=['search_key'], name='former_commune_search', opclasses=['gin_trgm_ops']),
                    ],
                },
            ),
            migrations.CreateModel(
                name='Succession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('former', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='successions', to='shared.formercommune')),
                    ('commune', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='predecessions', to='shared.commune')),
                    ('is_default', models.BooleanField()),
                ],
                options={
                    'constraints': [
                        models.UniqueConstraint(fields=('former', 'commune'), name='succession_once'),
                        models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('former',), name='succession_one_default'),
                    ],
                },
            ),
        ]),
    ]
