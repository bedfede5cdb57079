from django.db import migrations, models

# What is read from an index alone wants its newest pages looked through. By PostgreSQL's own measure, a fifth
# of the table, that would be once in years.
OFTEN = "ALTER TABLE {} SET (autovacuum_vacuum_insert_scale_factor = 0.005)"
USUALLY = "ALTER TABLE {} RESET (autovacuum_vacuum_insert_scale_factor)"
TABLES = ("contributions_contribution", "contributions_attribution", "contributions_reading")


class Migration(migrations.Migration):
    """At 36 million readings it takes half a minute, in which nobody can write to them."""

    dependencies = [("contributions", "0024_shares_by_place")]

    operations = [
        migrations.RemoveConstraint(model_name="reading", name="reading_once_a_day"),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                fields=["artifact", "day"], include=["downloads"], name="reading_once_a_day"
            ),
        ),
        *(migrations.RunSQL(OFTEN.format(table), USUALLY.format(table)) for table in TABLES),
    ]
