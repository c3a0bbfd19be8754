"""A scenario is planned for a day: outlets count where they stand then."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("agents", "0001_squashed_0025_outlet_moves")]

    operations: ClassVar = [
        migrations.AddField(model_name="placementscenario", name="planned_on", field=models.DateField(null=True)),
    ]
