"""The Celery application. Tasks live in each package's `tasks.py`; beat's timetable in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")

app = Celery("mission")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
