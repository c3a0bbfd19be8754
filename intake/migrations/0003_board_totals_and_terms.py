
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_procedure_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province_code', models.CharField(max_length=2)),
                ('starts_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BoardTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('centre_id', models.UUIDField()),
                ('procedure_code', models.CharField(max_length=20)),
                ('received', models.IntegerField()),
                ('resolved', models.IntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='boarddelta',
            name='is_folded',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='dossier',
            name='term_minutes',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='supplementrequest',
            name='again_because',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddIndex(
            model_name='boarddelta',
            index=models.Index(condition=models.Q(('is_folded', False)), fields=['province_code'], name='board_delta_loose'),
        ),
        migrations.AddIndex(
            model_name='dossierstep',
            index=models.Index(condition=models.Q(('action__in', ['receive', 'resolve']), ('machine', 'handling')), fields=['at'], name='step_counted'),
        ),
        migrations.AddConstraint(
            model_name='boarddelta',
            constraint=models.UniqueConstraint(condition=models.Q(('is_folded', True)), fields=('province_code', 'hour', 'centre_id', 'procedure_code'), name='board_delta_folded_once'),
        ),
        migrations.AddConstraint(
            model_name='boardsnapshot',
            constraint=models.UniqueConstraint(fields=('province_code', 'starts_at'), name='board_snapshot_once_a_day'),
        ),
        migrations.AddField(
            model_name='boardtotal',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals', to='intake.boardsnapshot'),
        ),
        migrations.AddConstraint(
            model_name='boardtotal',
            constraint=models.UniqueConstraint(fields=('snapshot', 'centre_id', 'procedure_code'), name='board_total_once'),
        ),
    ]
