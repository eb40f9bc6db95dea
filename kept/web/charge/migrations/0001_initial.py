"""The first tables."""

from django.db import migrations, models

_ID = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChargeCheck",
            fields=[
                ("id", models.BigAutoField(**_ID)),
                ("investigation", models.CharField(db_index=True, max_length=200)),
                ("asked", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("loaded", models.DateTimeField()),
                ("result", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ChargeTask",
            fields=[
                ("id", models.BigAutoField(**_ID)),
                ("event", models.CharField(max_length=200, unique=True)),
                ("investigation", models.CharField(db_index=True, max_length=200)),
                ("charged", models.DateTimeField()),
                ("made", models.DateTimeField()),
                ("lacking", models.CharField(max_length=200)),
                ("checked", models.BooleanField()),
                ("done", models.DateTimeField(db_index=True, null=True)),
            ],
            options={"ordering": ["charged", "event"]},
        ),
        migrations.CreateModel(
            name="ChargesRead",
            fields=[("id", models.BigAutoField(**_ID)), ("version", models.BigIntegerField())],
        ),
    ]
