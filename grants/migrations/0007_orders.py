"""The orders of the desk's list that no index held: decision due first, highest score first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0006_likeness"),
        ("mission", "0003_individuals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["due_on", "id"], name="application_by_due"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                models.OrderBy(models.F("mean_total"), descending=True, nulls_last=True),
                models.F("id"),
                name="application_by_score",
            ),
        ),
    ]
