import billing.payouts.rules.judging
import billing.payouts.rules.states
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
import shared.ids
import shared.money
from django.db import migrations, models

from shared.scope import policy_sql, policy_undo_sql


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0015_withheld_and_late_lines'),
    ]

    operations = [
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('period', models.DateField()),
                ('payee', models.CharField(max_length=60)),
                ('payee_name', models.CharField(max_length=160)),
                ('outlet_id', models.UUIDField(null=True)),
                ('operator_id', models.UUIDField()),
                ('operator_code', models.CharField(max_length=12)),
                ('province_code', models.CharField(max_length=2)),
                ('postage', shared.money.MoneyField(default=0)),
                ('work', shared.money.MoneyField(default=0)),
                ('amount', shared.money.MoneyField()),
                ('state', models.CharField(choices=[('due', 'due'), ('ordered', 'ordered'), ('paid', 'paid'), ('returned', 'returned'), ('withdrawn', 'withdrawn')], default=billing.payouts.rules.states.PayoutState['DUE'], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('state_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PayoutBankFile',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('province_code', models.CharField(max_length=2)),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=120)),
                ('lines', models.PositiveIntegerField()),
                ('new_lines', models.PositiveIntegerField()),
                ('read_at', models.DateTimeField()),
                ('read_by_name', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutBankLine',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('province_code', models.CharField(max_length=2)),
                ('bank_ref', models.CharField(max_length=80)),
                ('booked_at', models.DateTimeField()),
                ('amount', shared.money.MoneyField()),
                ('purpose', models.CharField(max_length=300)),
                ('told_at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('confirmed', 'confirmed'), ('returned', 'returned'), ('no-reference', 'no-reference'), ('unknown-reference', 'unknown-reference'), ('several-references', 'several-references'), ('wrong-amount', 'wrong-amount'), ('not-handed-over', 'not-handed-over'), ('told-before', 'told-before'), ('other-income', 'other-income')], max_length=20)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by_name', models.CharField(blank=True, max_length=120)),
                ('settlement', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('province_code', models.CharField(max_length=2)),
                ('method', models.CharField(choices=[('bank', 'bank'), ('stripe', 'stripe')], max_length=8)),
                ('state', models.CharField(choices=[('made', 'made'), ('approved', 'approved'), ('handed_over', 'handed_over'), ('settled', 'settled'), ('dropped', 'dropped')], default=billing.payouts.rules.states.BatchState['MADE'], max_length=12)),
                ('orders_count', models.PositiveIntegerField()),
                ('total', shared.money.MoneyField()),
                ('digest', models.CharField(max_length=64)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=80)),
                ('made_by_name', models.CharField(max_length=120)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.CharField(blank=True, max_length=80)),
                ('approved_by_name', models.CharField(blank=True, max_length=120)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('handed_over_by_name', models.CharField(blank=True, max_length=120)),
                ('bank_reference', models.CharField(blank=True, max_length=60)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutOrder',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=16, unique=True)),
                ('amount', shared.money.MoneyField()),
                ('state', models.CharField(choices=[('written', 'written'), ('sent', 'sent'), ('unknown', 'unknown'), ('confirmed', 'confirmed'), ('returned', 'returned'), ('dropped', 'dropped')], default=billing.payouts.rules.states.OrderState['WRITTEN'], max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=80)),
                ('asked_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='ShiftPaper',
            fields=[
                ('shift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='paper', serialize=False, to='billing.cashshift')),
                ('said', models.TextField()),
                ('signature', models.BinaryField()),
                ('code', models.CharField(max_length=12)),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PayeeAccount',
            fields=[
                ('id', models.UUIDField(default=shared.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('payee', models.CharField(max_length=60)),
                ('outlet_id', models.UUIDField(null=True)),
                ('operator_id', models.UUIDField()),
                ('operator_code', models.CharField(max_length=12)),
                ('province_code', models.CharField(max_length=2)),
                ('payee_name', models.CharField(max_length=160)),
                ('method', models.CharField(choices=[('bank', 'bank'), ('stripe', 'stripe')], max_length=8)),
                ('bank_bin', models.CharField(blank=True, max_length=6)),
                ('bank_name', models.CharField(blank=True, max_length=60)),
                ('number_sealed', models.BinaryField()),
                ('number_index', models.BinaryField(max_length=32)),
                ('last_digits', models.CharField(max_length=4)),
                ('holder_name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('entered', 'entered'), ('approved', 'approved'), ('refused', 'refused'), ('ended', 'ended')], default=billing.payouts.rules.states.AccountState['ENTERED'], max_length=10)),
                ('entered_by', models.CharField(max_length=80)),
                ('entered_by_name', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_by_name', models.CharField(blank=True, max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('usable_from', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['number_index'], name='payee_account_number')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', billing.payouts.rules.states.AccountState['APPROVED'])), fields=('payee', 'province_code'), name='payee_account_one_in_force'), models.UniqueConstraint(condition=models.Q(('state', billing.payouts.rules.states.AccountState['ENTERED'])), fields=('payee', 'province_code'), name='payee_account_one_entered'), models.CheckConstraint(condition=models.Q(('decided_by', ''), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='payee_account_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('state', billing.payouts.rules.states.AccountState['APPROVED']), _negated=True), ('usable_from__isnull', False), _connector='OR'), name='payee_account_cools_off')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payeeaccount',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5612d9d6a5920f5ce7e7eee2c17b5cb3bb2ac59d', operation='DELETE', pgid='pgtrigger_never_deleted_61931', table='billing_payeeaccount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payeeaccount',
            trigger=pgtrigger.compiler.Trigger(name='as_entered', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.payee, OLD.province_code, OLD.method, OLD.bank_bin, OLD.number_sealed, OLD.number_index, OLD.holder_name) IS DISTINCT FROM (NEW.payee, NEW.province_code, NEW.method, NEW.bank_bin, NEW.number_sealed, NEW.number_index, NEW.holder_name))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d5a5c759655106d106ed3224244d629b8a6eeb10', operation='UPDATE', pgid='pgtrigger_as_entered_51a39', table='billing_payeeaccount', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='payout',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.statement'),
        ),
        migrations.AddConstraint(
            model_name='payoutbankfile',
            constraint=models.UniqueConstraint(fields=('province_code', 'sha256'), name='payout_bank_file_once'),
        ),
        migrations.AddIndex(
            model_name='payoutbatch',
            index=models.Index(fields=['province_code', '-made_at'], name='payout_batch_of_city'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('made_by')), _negated=True), _connector='OR'), name='payout_batch_two_people'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('handed_over_at', None), models.Q(('approved_by', ''), _negated=True), _connector='OR'), name='payout_batch_approved_before'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8c6f6df73365cfb7c9b0a56d3962e2210ecd4e07', operation='DELETE', pgid='pgtrigger_never_deleted_23f5d', table='billing_payoutbatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='as_made', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.number, OLD.method, OLD.orders_count, OLD.total, OLD.digest, OLD.made_by) IS DISTINCT FROM (NEW.number, NEW.method, NEW.orders_count, NEW.total, NEW.digest, NEW.made_by))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e48bfd4bc032670ae02f9e7fff4b2a2d7c9e0876', operation='UPDATE', pgid='pgtrigger_as_made_82539', table='billing_payoutbatch', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='payoutorder',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.payeeaccount'),
        ),
        migrations.AddField(
            model_name='payoutorder',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='billing.payoutbatch'),
        ),
        migrations.AddField(
            model_name='payoutorder',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='billing.payout'),
        ),
        migrations.AddField(
            model_name='payoutorder',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='billing.payoutorder'),
        ),
        migrations.AddField(
            model_name='payoutbankline',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_lines', to='billing.payoutorder'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shiftpaper',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='83c78ed948b329854786329cf4eadfebf2c35d6e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f61d6', table='billing_shiftpaper', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(fields=['province_code', 'state', '-due_at'], name='payout_of_city'),
        ),
        migrations.AddIndex(
            model_name='payout',
            index=models.Index(fields=['operator_id', '-due_at'], name='payout_of_operator'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(fields=('statement', 'payee'), name='payout_once'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(models.F('postage'), '+', models.F('work'))), ('amount__gt', 0)), name='payout_adds_up'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c9e68dccd9add69d64e61ee1304e6df141cd7c62', operation='DELETE', pgid='pgtrigger_never_deleted_9fd91', table='billing_payout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='as_released', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.statement_id, OLD.payee, OLD.postage, OLD.work, OLD.amount) IS DISTINCT FROM (NEW.statement_id, NEW.payee, NEW.postage, NEW.work, NEW.amount))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0d14bfd27081a71d09b9ff892933c50e4cc236c3', operation='UPDATE', pgid='pgtrigger_as_released_a5799', table='billing_payout', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='payoutorder',
            index=models.Index(condition=models.Q(('state__in', ['sent', 'unknown'])), fields=['state', 'asked_at'], name='payout_order_open'),
        ),
        migrations.AddConstraint(
            model_name='payoutorder',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', (billing.payouts.rules.states.OrderState['WRITTEN'], billing.payouts.rules.states.OrderState['SENT'], billing.payouts.rules.states.OrderState['UNKNOWN'], billing.payouts.rules.states.OrderState['CONFIRMED']))), fields=('payout',), name='payout_one_live_order'),
        ),
        migrations.AddConstraint(
            model_name='payoutorder',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('external_id',), name='payout_external_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutorder',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_order_pays'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutorder',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ee2037f574b61f6ff505107c97e3300b84b51b56', operation='DELETE', pgid='pgtrigger_never_deleted_0b175', table='billing_payoutorder', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutorder',
            trigger=pgtrigger.compiler.Trigger(name='as_ordered', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.batch_id, OLD.payout_id, OLD.account_id, OLD.reference, OLD.amount, OLD.replaces_id) IS DISTINCT FROM (NEW.batch_id, NEW.payout_id, NEW.account_id, NEW.reference, NEW.amount, NEW.replaces_id))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='abea871d7bb45977457c5f4a98c4ddf188373f83', operation='UPDATE', pgid='pgtrigger_as_ordered_e8b79', table='billing_payoutorder', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='payoutbankline',
            index=models.Index(fields=['province_code', '-booked_at'], name='payout_line_of_city'),
        ),
        migrations.AddConstraint(
            model_name='payoutbankline',
            constraint=models.UniqueConstraint(fields=('province_code', 'bank_ref'), name='payout_line_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutbankline',
            constraint=models.UniqueConstraint(condition=models.Q(('verdict', billing.payouts.rules.judging.Verdict['CONFIRMED'])), fields=('order',), name='payout_line_confirms_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbankline',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7b7c759b0d710768971bc067cc4457d0e7b748e4', operation='DELETE', pgid='pgtrigger_never_deleted_856d7', table='billing_payoutbankline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbankline',
            trigger=pgtrigger.compiler.Trigger(name='as_told', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.province_code, OLD.bank_ref, OLD.booked_at, OLD.amount, OLD.purpose) IS DISTINCT FROM (NEW.province_code, NEW.bank_ref, NEW.booked_at, NEW.amount, NEW.purpose))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aea40d92bfa99c267b0f00df02af81837931b003', operation='UPDATE', pgid='pgtrigger_as_told_24481', table='billing_payoutbankline', when='BEFORE')),
        ),
        # The second wall: a forgotten filter shows nothing instead of everything.
        *(migrations.RunSQL(
            policy_sql(table, columns={"outlet": "outlet_id", "operator": "operator_id", "province": "province_code"}),
            policy_undo_sql(table)) for table in ("billing_payeeaccount", "billing_payout")),
        *(migrations.RunSQL(policy_sql(table, columns={"province": "province_code"}), policy_undo_sql(table))
          for table in ("billing_payoutbatch", "billing_payoutbankline", "billing_payoutbankfile")),
        migrations.RunSQL(
            policy_sql("billing_payoutorder", columns={}, also="payout_id IN (SELECT id FROM billing_payout)"),
            policy_undo_sql("billing_payoutorder")),
        migrations.RunSQL(
            policy_sql("billing_shiftpaper", columns={}, also="shift_id IN (SELECT id FROM billing_cashshift)"),
            policy_undo_sql("billing_shiftpaper")),
    ]
