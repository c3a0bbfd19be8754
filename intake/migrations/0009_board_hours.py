
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0008_decision_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province_code', models.CharField(max_length=2)),
                ('hour', models.DateTimeField()),
                ('received', models.IntegerField()),
                ('resolved', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('province_code', 'hour'), name='board_hour_once')],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO intake_boardhour (province_code, hour, received, resolved)"
            " SELECT province_code, hour, SUM(received), SUM(resolved) FROM intake_boarddelta WHERE is_folded GROUP BY 1, 2",
            migrations.RunSQL.noop),
    ]
