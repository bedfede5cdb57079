from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself, since an index made in the transaction that fills holds the rows of before, too."""

    dependencies = [("contributions", "0023_what_is_shared_and_when")]

    operations = [
        migrations.RemoveIndex(model_name="contribution", name="contribution_published"),
        migrations.RemoveIndex(model_name="contribution", name="contribution_account"),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["account", "happened_at"], name="contribution_account"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(
                fields=["nation", "international", "kind", "happened_at", "contribution"],
                name="attribution_place",
            ),
        ),
    ]
