"""The clock of the ground."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

HEARTBEAT_KEY = "worker-heartbeat"


@shared_task
def heartbeat() -> None:
    """Beat asks, a worker answers: so /readyz knows that both live. Kept for 60 seconds."""
    cache.set(HEARTBEAT_KEY, timezone.now().timestamp(), timeout=60)
