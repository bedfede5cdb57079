from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0004_artifact_revisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="moved",
            field=models.CharField(
                blank=True,
                default="",
                max_length=60,
                verbose_name="when a branch moved, as its owner's list says",
            ),
        ),
    ]
