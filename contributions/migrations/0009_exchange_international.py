from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0008_correction_letters"),
        ("mission", "0003_individuals"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="exchange",
            name="exchange_once",
        ),
        migrations.AddField(
            model_name="exchange",
            name="giver_international",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="exchange",
            name="taker_international",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.UniqueConstraint(
                fields=("giver", "giver_international", "taker", "taker_international", "month", "kind"),
                name="exchange_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("giver_international", False), ("giver", None), _connector="OR"),
                    models.Q(("taker_international", False), ("taker", None), _connector="OR"),
                ),
                name="exchange_international_has_no_nation",
            ),
        ),
    ]
