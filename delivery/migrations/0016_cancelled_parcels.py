"""A parcel whose trip was called off is not live; the column that says so is worked out anew by PostgreSQL itself."""

from django.db import migrations, models

import delivery.rules

STATES = [
    "booked", "accepted", "in_transit", "arrived", "out_for_delivery", "attempt_failed", "held", "at_collection_point",
    "delivered", "returning", "returned", "lost", "cancelled", "needs_review"]
BEFORE = ("delivered", "returned", "lost")
AFTER = (*BEFORE, "cancelled")


def _live(ended: tuple[str, ...]) -> str:
    """Django cannot alter a generated column; PostgreSQL 17 and later can."""
    states = ", ".join(f"'{state}'" for state in ended)
    return f"ALTER TABLE delivery_parcel ALTER COLUMN is_live SET EXPRESSION AS (NOT (state IN ({states})))"


class Migration(migrations.Migration):
    dependencies = [("delivery", "0015_carrier_shares")]

    operations = [
        migrations.RemoveConstraint(model_name="parcel", name="parcel_state_known"),
        migrations.AlterField(
            model_name="parcel", name="state",
            field=models.CharField(
                choices=[(state, state) for state in STATES], default=delivery.rules.ParcelState["BOOKED"],
                max_length=20),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_live(AFTER), _live(BEFORE))],
            state_operations=[migrations.AlterField(
                model_name="parcel", name="is_live",
                field=models.GeneratedField(
                    db_persist=True,
                    expression=models.Q(("state__in", list(AFTER)), _negated=True),  # type: ignore[arg-type]
                    output_field=models.BooleanField()),
            )],
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="parcel_state_known"),
        ),
    ]
