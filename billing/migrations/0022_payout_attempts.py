from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0021_evidence_checks'),
    ]

    operations = [
        migrations.AddField(
            model_name='payoutorder',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]
