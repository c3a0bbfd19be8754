import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0026_dispute_rulings'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='posting',
            name='groups_known',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='posting',
            trigger=pgtrigger.compiler.Trigger(name='groups_known', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM (SELECT DISTINCT group_id FROM new_legs) leg WHERE (SELECT g.id FROM billing_postinggroup g WHERE g.id = leg.group_id) IS NULL) THEN RAISE EXCEPTION 'a leg names a group that is not there' USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;", hash='fdf25f952d6f17787cd9bdbf29d2a4fc2994d2ae', level='STATEMENT', operation='INSERT', pgid='pgtrigger_groups_known_53a9e', referencing='REFERENCING NEW TABLE AS new_legs ', table='billing_posting', when='AFTER')),
        ),
    ]
