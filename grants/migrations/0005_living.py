"""What lists ask of an application without reading its version; unread notifications are counted fast."""

from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE grants_application AS a
   SET first_step = coalesce(v.pinned -> 'route' -> 'steps' -> 0 ->> 'step', ''),
       reviews_needed = coalesce((v.pinned ->> 'reviews_needed')::int, 0)
  FROM grants_applicationversion AS v
 WHERE v.application_id = a.id
   AND v.number = (SELECT max(number) FROM grants_applicationversion WHERE application_id = a.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0004_desk"),
        ("mission", "0003_individuals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="first_step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("check", "Administrative check"),
                    ("technical", "Technical assessment"),
                    ("review", "Expert review"),
                    ("panel", "Panel"),
                    ("decision", "Decision"),
                    ("answer", "Answer to the award"),
                ],
                help_text="of its route",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="reviews_needed",
            field=models.PositiveSmallIntegerField(default=0, help_text="by its route"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["status", "status_since", "id"], name="application_waiting"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["user"], name="notification_unread"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
