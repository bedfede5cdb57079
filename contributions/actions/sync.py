"""Looking at a source: ask a page, write it in one short transaction; killed anywhere, it goes on."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import github_look, huggingface_look
from contributions.actions.contributions import Tally, store
from contributions.actions.sources import advance, finish, give_back, gone_for_good, take_over
from contributions.found import Look, Page
from contributions.models import Artifact, Contribution, Etag, Platform, Source, SourceKind
from contributions.outside import OutsideTrouble

NEXT_PAGE: dict[str, Callable[[Look], Page]] = {
    Platform.GITHUB.value: github_look.next_page,
    Platform.HUGGINGFACE.value: huggingface_look.next_page,
}


class LeaseLost(Exception):
    """Another worker holds the source: we were silent for too long. What this page found is thrown away."""


@dataclass
class Outcome:
    state: str  # finished | waiting | lost
    tally: Tally
    pages: int = 0


def sync_source(*, source_id: int, lease: uuid.UUID) -> Outcome:
    """Look at a source until nothing is left to ask, something stands in the way, or the lease is lost.

    No transaction is open while the outside is asked.
    """
    outcome = Outcome("lost", Tally())
    source = take_over(source_id=source_id, lease=lease)
    while source is not None and source.lease is not None:
        held = source.lease
        try:
            page = NEXT_PAGE[source.platform](look_of(source))
            outcome.tally += _write(source, held, page)
        except OutsideTrouble as trouble:
            _stop(source, held, trouble)
            outcome.state = "waiting"
            return outcome
        except LeaseLost:
            return outcome
        except Exception as error:  # a fault of ours: later again, ever less often, and seen in the log
            _stop(
                source, held, OutsideTrouble(_("Something broke here: %(error)s.") % {"error": repr(error)})
            )
            raise
        outcome.pages += 1
        if not page.cursor:
            finish(source_id=source.pk, lease=held)
            outcome.state = "finished"
            return outcome
        source = Source.objects.held(source.pk, held).first()
    return outcome


def look_of(source: Source) -> Look:
    """Where it stands, with the two things a platform may ask of our rows."""

    def etag_of(url: str, accept: str, credential: str) -> str | None:
        seen = Etag.objects.filter(source=source, url=url, accept=accept, credential=credential)
        return seen.values_list("etag", flat=True).first()

    def merged_as(shas: list[str]) -> set[str]:
        carried = Contribution.objects.filter(
            artifact__platform=source.platform,
            artifact__kind=SourceKind.REPOSITORY,
            artifact__platform_id=source.platform_id,
            revision__in=shas,
            external_id__startswith="github:pull:",
        )
        return set(carried.values_list("revision", flat=True))

    cursor, marks = dict[str, Any](source.cursor), dict[str, Any](source.marks)
    return Look(source.pk, source.kind, source.name, source.platform_id, cursor, marks, etag_of, merged_as)


def _write(source: Source, lease: uuid.UUID, page: Page) -> Tally:
    """Rows, cursor, ETags and lease move together, or not at all."""
    with transaction.atomic():
        values: dict[str, object] = {
            "cursor": page.cursor,
            "requests": F("requests") + page.requests,
            "requests_free": F("requests_free") + page.requests_free,
        }
        if page.marks is not None:
            values["marks"] = page.marks
        if page.name:
            values["name"] = page.name
        if page.platform_id and page.platform_id != source.platform_id:
            values |= _give_way(source, page)
        if not advance(source=source, lease=lease, **values):
            raise LeaseLost
        tally = store(found=page.found)
        _keep_etags(source, page)
        _add_children(source, page)
        advance(
            source=source,
            lease=lease,
            rows_new=F("rows_new") + tally.new,
            rows_changed=F("rows_changed") + tally.changed,
        )
    return tally


def _give_way(source: Source, page: Page) -> dict[str, object]:
    """The name led to another id than we knew. A second source of that id is taken in by this one."""
    same = Source.objects.filter(platform=source.platform, kind=source.kind, platform_id=page.platform_id)
    parent = source.parent_id or same.values_list("parent", flat=True).first()
    same.exclude(pk=source.pk).delete()
    values: dict[str, object] = {"platform_id": page.platform_id, "parent": parent}
    if source.platform_id:  # the name passed to something else: what we remember is about the old one
        source.etags.all().delete()
        values["marks"] = page.marks or {}
    return values


def _keep_etags(source: Source, page: Page) -> None:
    Etag.objects.bulk_create(
        [
            Etag(source=source, url=each.url, accept=each.accept, credential=each.credential, etag=each.etag)
            for each in page.etags
        ],
        update_conflicts=True,
        unique_fields=["source", "url", "accept", "credential"],
        update_fields=["etag", "seen_at"],
    )


def _add_children(source: Source, page: Page) -> None:
    """Repositories of an organisation become sources of their own, due at once."""
    Source.objects.bulk_create(
        [
            Source(
                platform=source.platform,
                kind=child.kind,
                name=child.name,
                platform_id=child.platform_id,
                parent=source,
            )
            for child in sorted(page.children, key=lambda child: child.platform_id)
        ],
        ignore_conflicts=True,
    )


def _stop(source: Source, lease: uuid.UUID, trouble: OutsideTrouble) -> None:
    with transaction.atomic():
        give_back(source=source, lease=lease, trouble=trouble)
        if source.kind == SourceKind.REPOSITORY and gone_for_good(source, trouble):
            gone = Artifact.objects.there().filter(platform=source.platform, platform_id=source.platform_id)
            gone.filter(kind=SourceKind.REPOSITORY).update(gone_at=timezone.now())
