from django.db import migrations

from shared.scope import OPERATOR_BY_CODE, policy_sql, policy_undo_sql


class Migration(migrations.Migration):
    """The second wall: a forgotten filter shows nothing instead of everything."""

    dependencies = [("delivery", "0002_what_a_parcel_remembers"), ("agents", "0001_initial")]

    operations = [
        migrations.RunSQL(
            policy_sql("delivery_parcel", columns={"outlet": "outlet_id", "centre": "centre_id", "province": "province_code"}, also=OPERATOR_BY_CODE),
            policy_undo_sql("delivery_parcel")),
    ]
