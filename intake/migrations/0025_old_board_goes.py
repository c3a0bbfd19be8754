"""The hourly counts of receptions and resolutions go; 0026 makes what all boards are read from."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0024_custody_collected_at_the_door'),
    ]

    operations = [
        migrations.DeleteModel('BoardTotal'),
        migrations.DeleteModel('BoardSnapshot'),
        migrations.DeleteModel('BoardHour'),
        migrations.DeleteModel('BoardDelta'),
        migrations.RemoveIndex(model_name='dossierstep', name='step_counted'),
    ]
