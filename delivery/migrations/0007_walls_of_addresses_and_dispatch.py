from django.db import migrations

from shared.scope import OPERATOR_BY_CODE, policy_sql, policy_undo_sql

PLACED = {"outlet": "outlet_id", "centre": "centre_id", "province": "province_code"}


class Migration(migrations.Migration):
    """Addresses stay with the place that wrote them down; dispatch lists with place, operator and city."""

    dependencies = [("delivery", "0006_addresses_pools_dispatch"), ("agents", "0001_initial")]

    operations = [
        migrations.RunSQL(
            policy_sql("delivery_address", columns={"outlet": "outlet_id", "centre": "centre_id"}),
            policy_undo_sql("delivery_address")),
        migrations.RunSQL(policy_sql("delivery_dispatch", columns=PLACED, also=OPERATOR_BY_CODE),
                          policy_undo_sql("delivery_dispatch")),
        migrations.RunSQL(policy_sql("delivery_cutoff", columns=PLACED, also=OPERATOR_BY_CODE),
                          policy_undo_sql("delivery_cutoff")),
    ]
