"""The seven instruments of the mission, so that an officer can write the first call."""

from django.db import migrations

PROGRAMMES = [
    ("compute", "compute-grants", "Compute grants"),
    ("fellowship", "fellowships", "Fellowships"),
    ("dataset", "public-dataset-grants", "Public dataset grants"),
    ("benchmark", "benchmark-labs", "Benchmark labs"),
    ("efficiency", "efficient-ai-research", "Efficient-AI research"),
    ("contribution", "contribution-incentives", "Contribution incentives"),
    ("procurement", "procurement-preference", "Procurement preference"),
]


def open_programmes(apps, schema_editor):
    programme = apps.get_model("grants", "Programme")
    for kind, slug, name in PROGRAMMES:
        programme.objects.get_or_create(slug=slug, defaults={"kind": kind, "name": name})


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_versions_append_only")]
    operations = [migrations.RunPython(open_programmes, migrations.RunPython.noop)]
