"""The ground (people, nations, organisations, access, audit) and the roof (settings, urls, asgi, celery)."""

from mission.celery import app as celery_app

__all__ = ["celery_app"]
