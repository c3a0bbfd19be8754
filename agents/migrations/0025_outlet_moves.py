import agents.moves.rules
import django.db.models.deletion
import shared.ids
from shared.scope import policy_sql, policy_undo_sql
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0024_counter_pins'),
        ('shared', '0003_given_up_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutletMove',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('province_code', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('approved', 'approved'), ('refused', 'refused'), ('cancelled', 'cancelled'), ('done', 'done')], default=agents.moves.rules.MoveState['ASKED'], max_length=10)),
                ('effective_from', models.DateField()),
                ('address', models.CharField(max_length=200)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('from_address', models.CharField(max_length=200)),
                ('from_phone', models.CharField(blank=True, max_length=20)),
                ('from_latitude', models.FloatField()),
                ('from_longitude', models.FloatField()),
                ('reason', models.CharField(max_length=300)),
                ('wants_survey', models.BooleanField()),
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
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                ('from_commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shared.commune')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.operator')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='agents.outlet')),
                ('survey', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.survey')),
            ],
            options={
                'indexes': [models.Index(fields=['province_code', 'state'], name='outlet_move_by_city'), models.Index(condition=models.Q(('state', 'approved')), fields=['effective_from'], name='outlet_move_to_carry_out')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'refused', 'cancelled', 'done'])), name='outlet_move_state_known'), models.CheckConstraint(condition=models.Q(('latitude__range', (8, 24)), ('longitude__range', (102, 115))), name='outlet_move_in_vietnam'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'done']), _negated=True), models.Q(models.Q(('decided_by', ''), _negated=True), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='outlet_move_decided_by_somebody'), models.UniqueConstraint(condition=models.Q(('state__in', [agents.moves.rules.MoveState['APPROVED'], agents.moves.rules.MoveState['ASKED']])), fields=('outlet',), name='outlet_move_one_open'), models.UniqueConstraint(condition=models.Q(('state', 'done')), fields=('outlet', 'effective_from'), name='outlet_move_once_a_day')],
            },
        ),
        migrations.RunSQL(policy_sql("agents_outletmove", columns={
            "outlet": "outlet_id", "operator": "operator_id", "province": "province_code"}),
                          policy_undo_sql("agents_outletmove")),
    ]
