"""Webhooks: what came in is written down once, and whatever it concerns is looked at soon."""

import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contributions.actions.sources import hurry
from contributions.models import Delivery, Platform, Source, SourceKind
from contributions.webhooks import Message

KEPT_FOR = datetime.timedelta(days=30)


def receive(*, message: Message) -> tuple[Delivery, bool]:
    """Write it down; one INSERT, so that the sender is answered at once. False: it came before."""
    from contributions.tasks import handle_delivery

    with transaction.atomic():
        row = Delivery(
            platform=message.platform,
            delivery_id=message.delivery_id,
            event=message.event,
            name=message.name,
            platform_id=message.platform_id,
            owner=message.owner,
            owner_id=message.owner_id,
            handled_at=None if message.asks else timezone.now(),
        )
        Delivery.objects.bulk_create([row], ignore_conflicts=True)
        there = Delivery.objects.get(platform=message.platform, delivery_id=message.delivery_id)
        fresh = there.received_at == row.received_at
        if fresh and message.asks:
            transaction.on_commit(partial(handle_delivery.delay, there.pk))
    return there, fresh


def handle(*, delivery_id: int) -> int:
    """Hurry the sources it concerns. Returns how many; twice is harmless."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=delivery_id, handled_at=None).first()
        if row is None:
            return 0
        message = Message(
            row.platform, row.delivery_id, row.event, row.name, row.platform_id, row.owner, row.owner_id
        )
        sources = list(_concerned(message))
        for source in sources:
            hurry(
                source=source,
                alone=True,
                check=message.check,
                moved=f"{row.event} {row.delivery_id}"
                if message.moved and source.kind == "repository"
                else "",
            )
        row.handled_at, row.sources = timezone.now(), len(sources)
        row.save(update_fields=["handled_at", "sources"])
    return len(sources)


def _concerned(message: Message) -> set[Source]:
    """The repository by its id; its owner, where its list may have changed, or where that is all we have."""
    sources = Source.objects.filter(platform=message.platform, due_at__isnull=False)
    found = set[Source]()
    if message.platform == Platform.GITHUB and message.platform_id:
        found |= set(sources.filter(kind=SourceKind.REPOSITORY, platform_id=message.platform_id))
    if message.owner and (not found or message.check):
        by_id = Q(platform_id=message.owner_id) if message.owner_id else Q()
        owners = sources.filter(kind=SourceKind.ORGANISATION)
        found |= set(owners.filter(by_id, ~Q(platform_id=""))) if by_id else set()
        found |= set(owners.filter(name__iexact=message.owner)) if not found else set()
    return found


def handle_waiting() -> int:
    """What the broker lost; and what is long done is thrown away. Returns how many sources were hurried."""
    before = timezone.now() - datetime.timedelta(minutes=1)
    waiting = Delivery.objects.filter(handled_at=None, received_at__lt=before).order_by("received_at")
    hurried = sum(handle(delivery_id=pk) for pk in list(waiting.values_list("pk", flat=True)[:500]))
    Delivery.objects.filter(received_at__lt=timezone.now() - KEPT_FOR, handled_at__isnull=False).delete()
    return hurried
