from django.db import migrations

from shared.scope import OPERATOR_BY_CODE, policy_sql, policy_undo_sql

# Whoever may know of a parcel may know what happened to it; the wall of parcels decides.
OF_ITS_PARCEL = "EXISTS (SELECT 1 FROM delivery_parcel p WHERE p.id = parcel_id)"
WALLS = (
    ("delivery_deliveryround", {"outlet": "outlet_id", "province": "province_code"}, OPERATOR_BY_CODE),
    ("delivery_dooract", {"outlet": "outlet_id"}, OF_ITS_PARCEL),
    ("delivery_deliverychange", {"outlet": "outlet_id"}, OF_ITS_PARCEL),
    ("delivery_pickup", {"outlet": "outlet_id"}, OF_ITS_PARCEL),
)


class Migration(migrations.Migration):
    """The second wall: a forgotten filter shows nothing instead of everything."""

    dependencies = [("delivery", "0011_the_last_step"), ("agents", "0001_initial")]

    operations = [
        migrations.RunSQL(policy_sql(table, columns=columns, also=also), policy_undo_sql(table))
        for table, columns, also in WALLS
    ]
