from django.db import migrations, models

FILL = """
UPDATE contributions_attribution a SET kind = c.kind, happened_at = c.happened_at
FROM contributions_contribution c WHERE c.id = a.contribution_id
"""
KINDS = [
    ("merged_change", "Merged change"),
    ("review", "Review"),
    ("release", "Release"),
    ("model", "Model"),
    ("dataset", "Dataset"),
    ("benchmark", "Benchmark"),
    ("evaluation", "Evaluation"),
    ("application", "Application"),
]


class Migration(migrations.Migration):
    """At ten million contributions the filling takes some minutes, in which nobody can write to shares. It
    writes each row once more; where room is short, VACUUM FULL contributions_attribution gives it back."""

    dependencies = [("contributions", "0022_published_by_account")]

    operations = [
        migrations.AddField(
            model_name="attribution",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14, null=True),
        ),
        migrations.AddField(
            model_name="attribution", name="happened_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="attribution",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14),
        ),
        migrations.AlterField(model_name="attribution", name="happened_at", field=models.DateTimeField()),
    ]
