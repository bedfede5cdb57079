"""Looking at a source: ask a page, write it in one short transaction; killed anywhere, it goes on."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import github_look, huggingface_look
from contributions.actions.artifacts import known_artifacts, note_absent, retire
from contributions.actions.contributions import Tally, store
from contributions.actions.sources import (
    adopt,
    advance,
    finish,
    give_back,
    gone_for_good,
    let_go,
    take_over,
)
from contributions.due import absent, files_due
from contributions.found import Found, FoundArtifact, Look, Page
from contributions.models import Artifact, Contribution, Etag, Fetch, Platform, Source, SourceKind
from contributions.outside import OutsideTrouble, Unreachable

NEXT_PAGE: dict[str, Callable[[Look], Page]] = {
    Platform.GITHUB.value: github_look.next_page,
    Platform.HUGGINGFACE.value: huggingface_look.next_page,
}


SLICE = 5  # pages of the past at a time; fresh looks come in between


class LeaseLost(Exception):
    """Another worker holds the source: we were silent for too long. What this page found is thrown away."""


@dataclass
class Outcome:
    state: str  # finished | waiting | lost
    tally: Tally
    pages: int = 0
    wakes: bool = False  # something else is due now: what it found, or its own past


def sync_source(*, source_id: int, lease: uuid.UUID) -> Outcome:
    """Look at a source until nothing is left to ask, something stands in the way, or the lease is lost.

    Where only its past is left to ask, a few pages of that, so that fresh looks come in between. No
    transaction is open while the outside is asked.
    """
    outcome = Outcome("lost", Tally())
    source = take_over(source_id=source_id, lease=lease)
    past = source is not None and source.only_past_is_due(timezone.now())
    while source is not None and source.lease is not None:
        held = source.lease
        try:
            page = NEXT_PAGE[source.platform](look_of(source, past=past))
            outcome.tally += _write(source, held, page, past=past)
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
        outcome.wakes |= bool(past or page.children or page.past or page.listed is not None)
        if outcome.pages >= SLICE if past else not page.cursor:
            finish(source=source, lease=held, past=past)
            outcome.state = "finished"
            return outcome
        source = Source.objects.held(source.pk, held).first()
        if past and source is not None and not source.cursors:
            finish(source=source, lease=held, past=True)
            outcome.state = "finished"
            return outcome
    return outcome


def look_of(source: Source, *, past: bool = False) -> Look:
    """Where it stands, with the things a platform may ask of our rows."""

    def etag_of(url: str, accept: str, credential: str) -> str | None:
        seen = Etag.objects.filter(source=source, url=url, accept=accept, credential=credential)
        return seen.values_list("etag", flat=True).first()

    def merged_as(shas: list[str]) -> set[str]:
        carried = _of_repository(source).filter(revision__in=shas, external_id__startswith="github:pull:")
        return set(carried.values_list("revision", flat=True))

    def merged() -> int:
        return _of_repository(source).filter(external_id__startswith="github:pull:").count()

    def known(ids: list[str]) -> set[str]:
        there = Source.objects.filter(platform=source.platform, kind=SourceKind.REPOSITORY)
        return set(there.filter(platform_id__in=ids).values_list("platform_id", flat=True))

    return Look(
        source_id=source.pk,
        kind=source.kind,
        name=source.name,
        platform_id=source.platform_id,
        cursor=dict(source.cursors[0]) if past else dict(source.cursor),
        marks=dict(source.marks),
        etag_of=etag_of,
        merged_as=merged_as,
        known=known,
        merged=merged,
        owned=source.parent_id is not None,
        moved=source.moved,
        missing=source.missing_since is not None,
        past=tuple(source.cursors),
        thorough=source.needs_reconciling(timezone.now()),
        files_due=partial(files_due, source.platform, source.platform_id),
        absent=partial(absent, source.platform, source.platform_id),
    )


def _of_repository(source: Source) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        artifact__platform=source.platform,
        artifact__kind=SourceKind.REPOSITORY,
        artifact__platform_id=source.platform_id,
    )


def _note_gone(source: Source, kind: str, there: Collection[str]) -> None:
    """What the platform no longer shows happened all the same: it is marked, and stays."""
    rows, now = _of_repository(source).filter(kind=kind), timezone.now()
    rows.filter(gone_at=None).exclude(external_id__in=there).update(gone_at=now)
    rows.filter(external_id__in=there, gone_at__isnull=False).update(gone_at=None)


def _write(source: Source, lease: uuid.UUID, page: Page, *, past: bool) -> Tally:
    """Rows, cursor, ETags and lease move together, or not at all."""
    with transaction.atomic():
        values = _further(source, page, past=past) | {
            "requests": F("requests") + page.requests,
            "requests_free": F("requests_free") + page.requests_free,
            "quota": F("quota") + page.quota,
        }
        if page.marks is not None:
            values["marks"] = page.marks
        if page.name:
            values["name"] = page.name
        if page.platform_id and page.platform_id != source.platform_id:
            values |= _learn_id(source, page)
        if not advance(source=source, lease=lease, **values):
            raise LeaseLost
        tally = _store(source, page)
        if page.walked:
            note_absent(platform=source.platform, owner_id=source.platform_id, day=page.walked)
        _keep_etags(source, page)
        adopt(source=source, children=page.children)
        if page.whole:
            _note_gone(source, *page.whole)
        if page.listed is not None:
            let_go(source=source, listed=page.listed)
        if tally.new or tally.changed:
            counts = {
                "rows_new": F("rows_new") + tally.new,
                "rows_changed": F("rows_changed") + tally.changed,
            }
            advance(source=source, lease=lease, **counts)
    return tally


def _further(source: Source, page: Page, *, past: bool) -> dict[str, object]:
    """Where to go on: in fresh data, or in one of the cursors of the past."""
    if not past:
        values: dict[str, object] = {"cursor": page.cursor}
        if page.past:
            waiting = [each for each in page.past if each not in source.cursors]
            values["backfill"] = {"cursors": [*source.cursors, *waiting]}
            values["backfill_slices"] = F("backfill_slices") + page.slices
        return values
    cursors = [*([page.cursor] if page.cursor else []), *source.cursors[1:], *page.past]
    done = source.backfill_done + (source.cursors[0].get("step") != "reviews")
    return {
        "backfill": {"cursors": cursors} if cursors else {},
        "backfill_done": done,
        "backfill_slices": max(source.backfill_slices, done + 1) if cursors else done,
    }


def _store(source: Source, page: Page) -> Tally:
    """What it found, each row with the answer it came from. An answer that brought none is not kept."""
    said = page.fetch
    if page.found == Found():
        return store(found=page.found)
    fetch = None
    if said:
        fetch = Fetch.objects.create(
            source=source,
            url=said.url[:600],
            query=said.query,
            cursor=said.cursor[:300],
            etag=said.etag[:200],
            status=said.status,
            quota=said.quota,
            at=said.at,
        )
    tally = store(found=replace(page.found, artifacts=_wanted(page)), fetch=fetch)
    if source.commons_role:
        ours = Artifact.objects.filter(platform=source.platform, platform_id=source.platform_id)
        ours.filter(kind=SourceKind.REPOSITORY).exclude(commons_role=source.commons_role).update(
            commons_role=source.commons_role
        )
    if fetch and not (tally.new or tally.changed or page.found.accounts):
        fetch.delete()
    return tally


def _wanted(page: Page) -> tuple[FoundArtifact, ...]:
    """Found, and those mentioned of which we know nothing better."""
    known = known_artifacts(each.key for each in page.mentioned) if page.mentioned else {}
    return (*page.found.artifacts, *(each for each in page.mentioned if each.key not in known))


def _learn_id(source: Source, page: Page) -> dict[str, object]:
    """The name leads to an id. A second source of that id is taken in by this one; never another's rows."""
    if source.platform_id:
        raise Unreachable(_("The answer is about something else of that name."))
    same = Source.objects.filter(platform=source.platform, kind=source.kind, platform_id=page.platform_id)
    other = same.exclude(pk=source.pk).first()
    values: dict[str, object] = {"platform_id": page.platform_id}
    if other:
        values |= {
            "parent": source.parent_id or other.parent_id,
            "commons_role": source.commons_role or other.commons_role,
            "marks": other.marks | (page.marks or {}),
            "moved": other.moved,
            "backfill": other.backfill,
        }
        other.etags.update(source=source)
        other.children.update(parent=source)
        other.delete()
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


def _stop(source: Source, lease: uuid.UUID, trouble: OutsideTrouble) -> None:
    with transaction.atomic():
        give_back(source=source, lease=lease, trouble=trouble)
        if gone_for_good(source, trouble):
            gone = Artifact.objects.there().filter(platform=source.platform)
            if source.kind == SourceKind.REPOSITORY:
                gone = gone.filter(kind=SourceKind.REPOSITORY, platform_id=source.platform_id)
            else:
                gone = gone.filter(owner__platform=source.platform, owner__platform_id=source.platform_id)
            retire(ids=list(gone.values_list("pk", flat=True)))
