from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0009_exchange_international"),
        ("mission", "0003_individuals"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="exchange",
            index=models.Index(fields=["-computed_at"], name="exchange_computed"),
        ),
    ]
