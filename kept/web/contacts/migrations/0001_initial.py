"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("person", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
                ("written", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
            ],
        ),
    ]
