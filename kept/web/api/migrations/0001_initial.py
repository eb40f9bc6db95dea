"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("earlier", models.CharField(blank=True, db_index=True, max_length=64)),
                ("earlier_until", models.DateTimeField(null=True)),
                ("may", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=30)),
                ("level", models.CharField(max_length=20)),
                ("unit", models.CharField(blank=True, max_length=200)),
                ("made", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
            ],
        ),
    ]
