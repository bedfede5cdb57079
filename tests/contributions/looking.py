"""Looking at a local GitHub again and again, and what is held of it then."""

import redis
from django.conf import LazySettings
from django.db import connection

from contributions.actions.sources import claim_due, hurry, watch
from contributions.actions.sync import sync_source
from contributions.models import Account, Affiliation, Artifact, Contribution, Rollup, Source
from tests.local_github import LocalGitHub, truth

ORG = "kaveri-labs"


def begin_anew() -> None:
    tables = [each._meta.db_table for each in (Source, Account, Artifact, Contribution, Affiliation, Rollup)]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def wait_is_over(settings: LazySettings) -> None:
    """What we were asked to wait for has passed."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter("rate-budget:*"):
            client.delete(key)


def look(settings: LazySettings) -> None:
    """At the organisation and everything of it, as the worker would."""
    wait_is_over(settings)
    hurry(source=watch(actor=None, platform="github", name=ORG))
    Source.objects.update(due_at=Source.objects.order_by("due_at").values_list("due_at", flat=True)[0])
    while claimed := claim_due(limit=100):
        for source_id, lease in claimed:
            sync_source(source_id=source_id, lease=lease)


def look_until_quiet(server: LocalGitHub, settings: LazySettings) -> None:
    """Until a look meets no fault, stops nowhere and finds nothing new."""
    for _round in range(40):
        before = (sum(fault.times for fault in server.faults), rows())
        look(settings)
        troubled = Source.objects.exclude(trouble="").exists()
        if not troubled and before == (sum(fault.times for fault in server.faults), rows()):
            return
    raise AssertionError(f"never quiet: {list(Source.objects.exclude(trouble='').values('name', 'trouble'))}")


def rows() -> list[truth.Row]:
    there = Contribution.objects.select_related("artifact", "account").order_by("external_id")
    return [
        truth.Row(
            each.external_id,
            each.kind,
            each.artifact.platform_id,
            each.account.platform_id if each.account else "",
            each.happened_at,
            each.evidence_url,
            each.revision,
        )
        for each in there
    ]


def differ(found: list[truth.Row], wanted: list[truth.Row]) -> None:
    """Both hold the same, each once."""
    assert sorted(set(found) - set(wanted)) == [], "found, and not there"
    assert sorted(set(wanted) - set(found)) == [], "there, and not found"
    assert len(found) == len(wanted)
