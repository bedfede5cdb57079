"""Artefacts come in, keyed on the platform's own id; and go, days after they were last seen."""

import datetime
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from contributions.actions.accounts import register_accounts
from contributions.actions.benchmarks import settle_benchmarks
from contributions.actions.copies import settle_copies
from contributions.actions.lineage import known_languages, link, meet_waiting_children, speak, write_results
from contributions.actions.openness import class_touched
from contributions.actions.readings import read_off
from contributions.actions.rollups import mark_artifacts_stale
from contributions.found import ArtifactKey, FoundArtifact
from contributions.likeness import as_kept
from contributions.models import Account, Artifact, ArtifactAlias, Fetch, Reading
from contributions.sizes import fit, known_files
from mission.models import User

GONE_AFTER = datetime.timedelta(days=3)  # a repository may be private for an hour; then it is not gone
# What figures ask for: a change here makes months stale.
COUNTED = ["owner_id", "licence", "parameters", "runs_on", "created_at", "copied_from", "gated"]
SHOWN = ["name", "url", "summary", "licence_url", "task", "size_bytes", "quantised_bytes", "revision"]
SHOWN += ["derivatives", "papers", "languages_unread", "is_archived"]
FIELDS = [*COUNTED, *SHOWN]
NOT_SAID_AS_SUCH = {"owner_id", "summary", "languages_unread", "papers", "runs_on", "quantised_bytes"}
NOT_SAID_AS_SUCH |= {"copied_from"}
Pair = tuple[Artifact, FoundArtifact]


def key_of(artifact: Artifact) -> ArtifactKey:
    return ArtifactKey(artifact.platform, artifact.kind, artifact.platform_id)


def known_artifacts(keys: Iterable[ArtifactKey]) -> dict[ArtifactKey, Artifact]:
    """Those of the keys that are there."""
    wanted = set(keys)
    rows = Artifact.objects.filter(
        platform__in={key.platform for key in wanted},
        kind__in={key.kind for key in wanted},
        platform_id__in={key.platform_id for key in wanted},
    )
    return {key_of(row): row for row in rows if key_of(row) in wanted}


def register_artifacts(
    *, found: Collection[FoundArtifact], fetch: Fetch | None = None
) -> tuple[dict[ArtifactKey, Artifact], dict[str, int]]:
    """The artefacts for what was found, and how many rows are new and changed."""
    wanted = {each.key: each for each in found}
    if not wanted:
        return {}, {"new": 0, "changed": 0}
    owners = register_accounts(found=[each.owner for each in wanted.values() if each.owner])
    with transaction.atomic():
        before = known_artifacts(wanted)
        spoken = known_languages(wanted.values())
        written = _write(wanted, before, owners, fetch, spoken)
        known = known_artifacts(wanted)
        pairs = [(known[key], wanted[key]) for key in wanted]
        fresh = {known[key].pk for key in wanted if key not in before}
        touched = link(pairs) | speak(pairs, spoken) | write_results(pairs) | meet_waiting_children(pairs)
        touched |= settle_benchmarks(pairs=pairs)
        if written.copies:
            touched |= settle_copies(ids=[known[key].pk for key in written.copies])
        reclass = touched | {known[key].pk for key in written.counted}
        class_touched(ids=reclass)
        mark_artifacts_stale(artifacts=(touched | {known[key].pk for key in written.counted}) - fresh)
        new_readings, changed_readings = read_off(pairs)
    changed = {known[key].pk for key in written.rows} | (touched & {row.pk for row in known.values()})
    return known, {
        "new": len(fresh) + new_readings,
        "changed": len(changed - fresh) + changed_readings,
    }


class Written:
    """Keys of the rows written; of those where figures may change; of those that may be copies."""

    def __init__(self) -> None:
        self.rows: set[ArtifactKey] = set()
        self.counted: set[ArtifactKey] = set()
        self.copies: set[ArtifactKey] = set()

    def note(self, key: ArtifactKey, row: Artifact, old: Artifact | None) -> None:
        self.rows.add(key)
        back = old is None or old.gone_at is not None
        if back or any(getattr(old, name) != getattr(row, name) for name in COUNTED):
            self.counted.add(key)
        copied = bool(row.copied_from or (old and (old.copied_from or old.fingerprint)))
        if old is None or (copied and (back or old.copied_from != row.copied_from)):
            self.copies.add(key)


def _write(
    wanted: Mapping[ArtifactKey, FoundArtifact],
    known: Mapping[ArtifactKey, Artifact],
    owners: Mapping[tuple[str, str], Account],
    fetch: Fetch | None,
    spoken: set[str],
) -> Written:
    written, rows, aliases = Written(), [], []
    for key in sorted(wanted):
        said, old = wanted[key], known.get(key)
        row = _row(key, said, old, spoken)
        row.owner_id = owners[said.owner.key].pk if said.owner else (old.owner_id if old else None)
        row.fetch = fetch
        if old and old.name != said.name:
            aliases.append(ArtifactAlias(artifact=old, name=old.name, seen_at=row.observed_at))
        back = old is None or old.gone_at or old.missing_since
        if back or any(getattr(old, name) != getattr(row, name) for name in FIELDS):
            rows.append(row)
            written.note(key, row, old)
    Artifact.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["platform", "kind", "platform_id"],
        update_fields=[
            *(name.removesuffix("_id") for name in FIELDS),
            "fetch",
            "gone_at",
            "missing_since",
            "observed_at",
        ],
    )
    ArtifactAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    return written


def _row(key: ArtifactKey, said: FoundArtifact, old: Artifact | None, spoken: set[str]) -> Artifact:
    """As it is said now. The files, asked by themselves, are as they were."""
    row = Artifact(platform=key.platform, kind=key.kind, platform_id=key.platform_id)
    row.observed_at, row.is_benchmark = timezone.now(), said.is_benchmark
    for name in FIELDS:
        if name not in NOT_SAID_AS_SUCH:
            setattr(row, name, getattr(said, name))
    row.copied_from = as_kept(said.copied_from)
    row.summary, row.papers = said.summary[:400], list(said.papers)
    unread = [*said.languages_unread, *sorted(set(said.languages) - spoken)]
    row.languages_unread = ", ".join(unread)[:200]
    files = known_files(old.files) if old else ()
    if old and files:
        row.size_bytes = old.size_bytes
    fitting = fit(said.parameters, files, lineage={each.kind for each in said.links})
    if key.kind == "model":
        row.quantised_bytes, row.runs_on = fitting.quantised_bytes, fitting.runs_on
    return row


def take_down(*, keys: Collection[ArtifactKey]) -> int:
    """The platform has disabled these: gone at once."""
    return retire(ids=[row.pk for row in known_artifacts(keys).values() if row.gone_at is None])


def retire(*, ids: Collection[int]) -> int:
    """Deleted, made private or taken down. The row stays, and so does what was done on it."""
    with transaction.atomic():
        gone = Artifact.objects.there().filter(pk__in=ids).update(gone_at=timezone.now())
        if gone:
            mark_artifacts_stale(artifacts=[*ids, *settle_copies(ids=ids)])
    return gone


def note_absent(*, platform: str, owner_id: str, day: datetime.date) -> int:
    """All lists of an account were read to their end since `day`: what is in none of them is missing.

    Whatever a list shows gets the day's reading, so what has none was not shown. Missing for days, it is
    gone; listed again, it is there again. Returns how many are gone now.
    """
    theirs = Artifact.objects.there().filter(platform=platform, owner__platform_id=owner_id)
    absent = theirs.exclude(
        pk__in=Reading.objects.filter(artifact__in=theirs, day__gte=day).values("artifact")
    )
    now = timezone.now()
    absent.filter(missing_since=None).update(missing_since=now)
    gone = absent.filter(missing_since__lt=now - GONE_AFTER).values_list("pk", flat=True)
    return retire(ids=list(gone))


def register_artifact(*, actor: User | None, found: FoundArtifact) -> Artifact:
    """One artefact; registering it again brings it up to date."""
    return register_artifacts(found=[found])[0][found.key]
