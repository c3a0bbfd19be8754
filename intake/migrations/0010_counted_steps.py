
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0009_board_hours'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='dossierstep',
            name='step_counted',
        ),
        migrations.AddField(
            model_name='dossierstep',
            name='centre_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='dossierstep',
            name='procedure_code',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='dossierstep',
            name='province_code',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddIndex(
            model_name='dossierstep',
            index=models.Index(condition=models.Q(('action__in', ['receive', 'resolve']), ('machine', 'handling')), fields=['province_code', 'at'], include=('centre_id', 'procedure_code', 'action'), name='step_counted'),
        ),
    ]
