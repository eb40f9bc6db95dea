from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("entered", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(model_name="entered", name="answers", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="entered", name="sealed", field=models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
