"""The files of artefacts, and what follows: their size, and which of them are another one again."""

from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from contributions.actions.openness import class_touched
from contributions.actions.rollups import mark_artifacts_stale
from contributions.found import FoundFiles
from contributions.likeness import FORK, MIRROR, Candidate, fingerprint, fork_of, mirror_of, verdicts
from contributions.models import Artifact, ArtifactKind, ArtifactLink, DuplicateOf
from contributions.openness_hub import telling
from contributions.sizes import fit
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

KEPT = 300  # files of an artefact: those that tell how open it is, and the largest; the rest is of all
ONE_AT_A_TIME = 4_1968_0001  # the number of our advisory lock
FIELDS = ["files", "files_revision", "revision", "fingerprint", "size_bytes", "quantised_bytes", "runs_on"]


def hold_likeness() -> None:
    """Whoever may find copies waits for whoever is finding some, until the transaction ends.

    Two workers each bringing in one of two equal artefacts would otherwise both find an original. To be
    called before anything else is locked, so that nobody waits in a ring.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def keep_files(*, found: Collection[FoundFiles]) -> int:
    """What was asked about files; the artefacts are there. Returns how many changed."""
    if not found:
        return 0
    changed, alike = [], []
    with transaction.atomic():
        hold_likeness()
        rows = _rows(found)
        lineage: dict[int, set[str]] = {}
        for child, kind in ArtifactLink.objects.filter(child__in=rows).values_list("child", "kind"):
            lineage.setdefault(child, set()).add(kind)
        for row, said in _pairs(rows.values(), found):
            before = [getattr(row, name) for name in FIELDS]
            _put(row, said, lineage.get(row.pk, set()))
            if before != [getattr(row, name) for name in FIELDS]:
                changed.append(row)
            if before[FIELDS.index("fingerprint")] != row.fingerprint:
                alike.append(row.pk)
        Artifact.objects.bulk_update(changed, FIELDS)
        touched = {row.pk for row in changed} | (settle_copies(ids=alike) if alike else set())
        class_touched(ids=[row.pk for row in changed])
        mark_artifacts_stale(artifacts=touched)
    return len(changed)


def _rows(found: Collection[FoundFiles]) -> dict[int, Artifact]:
    ids = {each.key.platform_id for each in found}
    return {row.pk: row for row in Artifact.objects.filter(platform_id__in=ids).order_by("pk")}


def _pairs(rows: Iterable[Artifact], found: Collection[FoundFiles]) -> list[tuple[Artifact, FoundFiles]]:
    by_key = {each.key: each for each in found}
    keyed = [(row, (row.platform, row.kind, row.platform_id)) for row in rows]
    return [(row, by_key[key]) for row, key in keyed if key in by_key]


def _put(row: Artifact, said: FoundFiles, lineage: set[str]) -> None:
    """Where the files are not to be seen, what was known of them before is no longer known to hold."""
    files = said.files or ()
    telltale = set(telling(file.path for file in files).values())
    kept = sorted(files, key=lambda file: (file.path not in telltale, -(file.size or 0), file.path))[:KEPT]
    row.files_revision = row.revision = said.revision
    row.files = [
        {"path": file.path, "size": file.size, "digest": file.digest}
        for file in sorted(kept, key=lambda file: file.path)
    ]
    row.fingerprint = fingerprint(row.kind, files)
    if files:
        row.size_bytes = sum(file.size or 0 for file in files)
    if row.kind == ArtifactKind.MODEL:
        fitting = fit(row.parameters, files, lineage=lineage)
        row.quantised_bytes, row.runs_on = fitting.quantised_bytes, fitting.runs_on


def settle_copies(*, ids: Collection[int]) -> set[int]:
    """Decide anew which of these, and of all that hang together with them, are originals.

    Returns who changed. The months of those are for the caller to mark. See likeness.verdicts for the rule.
    """
    rows = _together(ids)
    found = verdicts([_candidate(row) for row in rows])
    changed = []
    for row in rows:
        verdict = found.get(row.pk)
        if verdict and (row.duplicate_of_id, row.duplicate_why) != verdict:
            row.duplicate_of_id, row.duplicate_why = verdict
            changed.append(row)
    Artifact.objects.bulk_update(sorted(changed, key=lambda row: row.pk), ["duplicate_of", "duplicate_why"])
    return {row.pk for row in changed}


def settle_left_over() -> int:
    """What two workers may have missed, each busy with one of two that are alike. Returns who changed.

    Equal files without exactly one original, and declared copies that are taken for originals.
    """
    automatic = ~Q(duplicate_why=DuplicateOf.OFFICER)
    alike = (
        Artifact.objects.filter(automatic).exclude(fingerprint="").values("kind", "fingerprint").order_by()
    )
    odd = alike.annotate(members=Count("pk"), originals=Count("pk", filter=Q(duplicate_of=None))).filter(
        members__gt=1, originals__gt=1
    )
    prints = {each["fingerprint"] for each in odd}
    waiting = Q(duplicate_of=None) & ~Q(copied_from="")
    ids = Artifact.objects.filter(automatic & (Q(fingerprint__in=prints) | waiting)).values_list(
        "pk", flat=True
    )
    with transaction.atomic():
        hold_likeness()
        changed = settle_copies(ids=list(ids))
        mark_artifacts_stale(artifacts=changed)
    return len(changed)


def _together(ids: Collection[int]) -> list[Artifact]:
    """All that belong with these by files, by word, or by what was found before."""
    found: dict[int, Artifact] = {}
    wanted = Q(pk__in=ids)
    while fresh := [row for row in Artifact.objects.filter(wanted) if row.pk not in found]:
        found |= {row.pk: row for row in fresh}
        wanted = _beside(fresh)
    return list(found.values())


def _beside(rows: Collection[Artifact]) -> Q:
    ids = [row.pk for row in rows]
    beside = Q(duplicate_of__in=ids) | Q(pk__in=[row.duplicate_of_id for row in rows if row.duplicate_of_id])
    if prints := {row.fingerprint for row in rows if row.fingerprint}:
        beside |= Q(fingerprint__in=prints)
    beside |= Q(
        copied_from__in={word for row in rows for word in (fork_of(row.platform_id), mirror_of(row.url))}
    )
    for row in rows:
        if row.copied_from.startswith(FORK):
            parent = row.copied_from.removeprefix(FORK)
            beside |= Q(platform=row.platform, kind=row.kind, platform_id=parent)
        elif row.copied_from.startswith(MIRROR):
            beside |= Q(url__iexact=f"https://{row.copied_from.removeprefix(MIRROR)}")
    return beside


def _candidate(row: Artifact) -> Candidate:
    return Candidate(
        id=row.pk,
        kind=row.kind,
        platform=row.platform,
        platform_id=row.platform_id,
        url=row.url,
        created_at=row.created_at,
        gone=row.gone_at is not None,
        fingerprint=row.fingerprint,
        copied_from=row.copied_from,
        duplicate_of=row.duplicate_of_id,
        by_officer=row.duplicate_why == DuplicateOf.OFFICER,
    )


def decide_copy(*, actor: User, artifact: Artifact, original: Artifact | None, reason: str) -> Artifact:
    """An officer decides that it is a copy of `original`, or (None) that it is nobody's. It stands."""
    if original and original.pk == artifact.pk:
        raise Refused(_("Nothing is a copy of itself."), field="original", status=422)
    if not reason.strip():
        raise Refused(_("Say why, in a sentence."), field="reason", status=422)
    if original and original.duplicate_of_id == artifact.pk and original.duplicate_why == DuplicateOf.OFFICER:
        raise Refused(_("That one was decided to be a copy of this."), field="original")
    with transaction.atomic():
        hold_likeness()
        before = {artifact.pk, artifact.duplicate_of_id or artifact.pk}
        artifact.duplicate_of, artifact.duplicate_why = original, DuplicateOf.OFFICER
        artifact.save(update_fields=["duplicate_of", "duplicate_why"])
        record(
            actor=actor, verb="artifact.copy_decided", target=artifact,
            original=original and original.pk, reason=reason,
        )  # fmt: skip
        others = settle_copies(ids=before | ({original.pk} if original else set()))
        mark_artifacts_stale(artifacts={artifact.pk, *others})
    return artifact
