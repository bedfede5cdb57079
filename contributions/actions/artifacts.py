"""Artefacts come in, with their lineage, languages and the day's reading."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from contributions.actions.accounts import register_accounts
from contributions.found import ArtifactKey, FoundArtifact
from contributions.models import Account, Artifact, ArtifactAlias, ArtifactLink, Reading
from mission.models import Language, User

FIELDS = ["name", "url", "owner_id", "summary", "licence", "task", "parameters", "gated", "created_at"]
Pair = tuple[Artifact, FoundArtifact]


def _key(artifact: Artifact) -> ArtifactKey:
    return ArtifactKey(artifact.platform, artifact.kind, artifact.platform_id)


def known_artifacts(keys: Iterable[ArtifactKey]) -> dict[ArtifactKey, Artifact]:
    """Those of the keys that are there."""
    wanted = set(keys)
    rows = Artifact.objects.filter(
        platform__in={key.platform for key in wanted},
        kind__in={key.kind for key in wanted},
        platform_id__in={key.platform_id for key in wanted},
    )
    return {_key(row): row for row in rows if _key(row) in wanted}


def register_artifacts(
    *, found: Collection[FoundArtifact]
) -> tuple[dict[ArtifactKey, Artifact], dict[str, int]]:
    """The artefacts for what was found, and how many rows are new and changed."""
    wanted = {each.key: each for each in found}
    owners = register_accounts(found=[each.owner for each in wanted.values() if each.owner])
    with transaction.atomic():
        known = known_artifacts(wanted)
        before = {row.pk for row in known.values()}
        new, changed = _write(wanted, known, owners)
        known = known_artifacts(wanted)
        fresh = {row.pk for row in known.values()} - before
        pairs = [(known[key], wanted[key]) for key in wanted]
        touched = _link(pairs) | _speak(pairs)
        changed += len(touched - fresh)
        new_readings, changed_readings = _read_off(pairs)
        _meet_waiting_children(pairs)
    return known, {"new": new + new_readings, "changed": changed + changed_readings}


def _write(
    wanted: Mapping[ArtifactKey, FoundArtifact],
    known: Mapping[ArtifactKey, Artifact],
    owners: Mapping[tuple[str, str], Account],
) -> tuple[int, int]:
    now, rows, aliases = timezone.now(), [], []
    for key in sorted(wanted):
        said, old = wanted[key], known.get(key)
        row = Artifact(platform=key.platform, kind=key.kind, platform_id=key.platform_id, observed_at=now)
        for name in FIELDS:
            if name != "owner_id":
                setattr(row, name, getattr(said, name))
        row.summary = said.summary[:400]
        row.owner_id = owners[said.owner.key].pk if said.owner else (old.owner_id if old else None)
        if old and old.name != said.name:
            aliases.append(ArtifactAlias(artifact=old, name=old.name, seen_at=now))
        if old is None or old.gone_at or any(getattr(old, name) != getattr(row, name) for name in FIELDS):
            rows.append(row)
    Artifact.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["platform", "kind", "platform_id"],
        update_fields=["name", "url", "owner", *FIELDS[3:], "gone_at", "observed_at"],
    )
    ArtifactAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    new = sum(_key(row) not in known for row in rows)
    return new, len(rows) - new


def _link(pairs: list[Pair]) -> set[int]:
    """Lineage exactly as named now: steps no longer named go. Returns whose lineage changed."""
    there = {
        (link.child_id, link.kind, link.parent_name): link
        for link in ArtifactLink.objects.filter(child__in=[artifact for artifact, _said in pairs])
    }
    named = {
        (artifact.pk, link.kind, link.parent_name): (artifact, link)
        for artifact, said in pairs
        for link in said.links
        if link.parent_name != artifact.name
    }
    gone = [link.pk for key, link in there.items() if key not in named]
    fresh = [named[key] for key in sorted(named) if key not in there]
    if not fresh and not gone:
        return set()
    ArtifactLink.objects.filter(pk__in=gone).delete()
    names = {link.parent_name for _artifact, link in fresh}
    parents = {
        (row.platform, row.kind, row.name): row for row in Artifact.objects.there().filter(name__in=names)
    }
    ArtifactLink.objects.bulk_create(
        [
            ArtifactLink(
                child=artifact,
                kind=link.kind,
                parent_kind=link.parent_kind,
                parent_name=link.parent_name,
                parent=parents.get((artifact.platform, link.parent_kind, link.parent_name)),
            )
            for artifact, link in fresh
        ],
        ignore_conflicts=True,
    )
    return {artifact.pk for artifact, _link in fresh} | {key[0] for key in there.keys() - named.keys()}


def _meet_waiting_children(pairs: list[Pair]) -> None:
    """Lineage that named an artefact before anybody had looked at it."""
    kinds, names = {artifact.kind for artifact, _s in pairs}, {artifact.name for artifact, _s in pairs}
    waiting = ArtifactLink.objects.filter(parent_kind__in=kinds, parent_name__in=names, parent=None)
    by_name = {(artifact.platform, artifact.kind, artifact.name): artifact for artifact, _said in pairs}
    met = []
    for link in waiting.select_related("child"):
        link.parent = by_name.get((link.child.platform, link.parent_kind, link.parent_name))
        if link.parent and link.parent.pk != link.child_id:
            met.append(link)
    ArtifactLink.objects.bulk_update(met, ["parent"])


def _speak(pairs: list[Pair]) -> set[int]:
    """Languages exactly as declared now, of those we know. Returns whose languages changed."""
    through = Artifact.languages.through
    ids = [artifact.pk for artifact, _said in pairs]
    codes = {code for _artifact, said in pairs for code in said.languages}
    known = set(Language.objects.filter(pk__in=codes).values_list("pk", flat=True))
    there = set(through.objects.filter(artifact__in=ids).values_list("artifact_id", "language_id"))
    wanted = {(artifact.pk, code) for artifact, said in pairs for code in said.languages if code in known}
    for artifact_id, code in there - wanted:
        through.objects.filter(artifact_id=artifact_id, language_id=code).delete()
    rows = [
        through(artifact_id=artifact_id, language_id=code) for artifact_id, code in sorted(wanted - there)
    ]
    through.objects.bulk_create(rows, ignore_conflicts=True)
    return {artifact_id for artifact_id, _code in there ^ wanted}


def _read_off(pairs: list[Pair]) -> tuple[int, int]:
    """One reading a day; the day's last one stands."""
    fields = ["downloads", "downloads_all_time", "likes", "stars"]
    wanted = {(artifact.pk, said.reading.day): said.reading for artifact, said in pairs if said.reading}
    there = {
        (row.artifact_id, row.day): row
        for row in Reading.objects.filter(
            artifact__in={pk for pk, _day in wanted}, day__in={day for _pk, day in wanted}
        )
    }
    rows = []
    for key in sorted(wanted):
        values = {name: getattr(wanted[key], name) for name in fields}
        if key not in there or any(getattr(there[key], name) != value for name, value in values.items()):
            rows.append(Reading(artifact_id=key[0], day=key[1], **values))
    Reading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["artifact", "day"], update_fields=fields
    )
    new = sum((row.artifact_id, row.day) not in there for row in rows)
    return new, len(rows) - new


def register_artifact(*, actor: User | None, found: FoundArtifact) -> Artifact:
    """One artefact; registering it again brings it up to date."""
    return register_artifacts(found=[found])[0][found.key]
