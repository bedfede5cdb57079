"""The site as it is served, with two pages more (bench/bare_urls.py). Only for bench."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
settings.ROOT_URLCONF = "bench.bare_urls"

from mission.asgi import application  # noqa: E402  (it loads every view, and so these)

__all__ = ["application"]
