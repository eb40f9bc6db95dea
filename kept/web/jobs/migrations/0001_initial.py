"""The first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(blank=True, max_length=300)),
                ("payload", models.JSONField(default=dict)),
                ("asked", models.DateTimeField()),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("due", models.DateTimeField()),
                ("lease", models.DateTimeField(null=True)),
                ("taken_by", models.CharField(blank=True, max_length=100)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("kept", models.JSONField(default=dict)),
                ("step", models.JSONField(default=dict)),
                ("ended", models.DateTimeField(null=True)),
                ("given_up", models.BooleanField(default=False)),
                ("says", models.TextField(blank=True)),
                ("came_to", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended", None)), fields=["due"], name="jobs_due"),
                    models.Index(fields=["kind", "-id"], name="jobs_of_a_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended", None), ("tries", 0), models.Q(("key", ""), _negated=True)),
                        fields=("kind", "key"),
                        name="one_waits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("began", models.DateTimeField()),
                ("seen", models.DateTimeField(db_index=True)),
                ("ended", models.DateTimeField(null=True)),
                (
                    "doing",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="jobs.job"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("says", models.CharField(max_length=500)),
                ("values", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=500)),
                ("put_away", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-at"], name="notices_of")],
            },
        ),
    ]
