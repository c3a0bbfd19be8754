
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0007_issued_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='refusal',
            name='paper',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='supplementrequest',
            name='paper',
            field=models.JSONField(default=dict),
        ),
    ]
