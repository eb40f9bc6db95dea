"""What was said of a victim is found by the victim, whichever case they are in now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("case", "0001_initial")]
    operations = [
        migrations.AlterField("dispute", "victim", models.CharField(blank=True, db_index=True, max_length=200))
    ]
