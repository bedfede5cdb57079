"""How open a model is: its class with the evidence, from an imported entry or from what the Hub shows."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contributions import osaid
from contributions.actions.rollups import mark_artifacts_stale
from contributions.models import (
    Artifact,
    ArtifactKind,
    ArtifactLink,
    Evaluation,
    LinkKind,
    Platform,
)
from contributions.openness import Part, class_release, kept_parts
from contributions.openness_entries import read_entry
from contributions.openness_hub import Elsewhere, component_of, parts_seen
from mission.actions.audit import record, record_all
from mission.errors import Refused
from mission.models import User

ENTRY, HUB = "entry", "hub"  # where the evidence is from; an entry goes before what the Hub shows
FIELDS = ["openness_class", "openness", "osaid"]
DATA = [LinkKind.DATASET, LinkKind.EVALUATED]
BATCH = 500


def class_artifacts(*, artifacts: Iterable[Artifact]) -> int:
    """Class these models anew, and return how many came out different. Anything but a model is left alone.

    Where an entry of the framework was recorded, that decides, and only a new rule changes anything.
    """
    changed = 0
    rows = (row for row in artifacts if row.kind == ArtifactKind.MODEL)
    while batch := list(islice(rows, BATCH)):
        changed += _class_batch(batch)
    return changed


def class_touched(*, ids: Collection[int]) -> int:
    """After these artefacts were written: class the models among them, and those that name one as their data.

    The call for whoever wrote what the evidence rests on: licence, files, papers, links, evaluations.
    """
    naming = ArtifactLink.objects.filter(parent__in=ids, kind__in=DATA).values("child")
    wanted = Artifact.objects.of_kind(ArtifactKind.MODEL).filter(Q(pk__in=ids) | Q(pk__in=naming))
    return class_artifacts(artifacts=_streamed(wanted))


def class_all() -> int:
    """Every model of the catalogue: after a change of rule."""
    return class_artifacts(artifacts=_streamed(Artifact.objects.there().of_kind(ArtifactKind.MODEL)))


def _streamed(rows: "QuerySet[Artifact]") -> Iterator[Artifact]:
    """By primary key, so that no cursor stays open while we write."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from page
        last = page[-1].pk


def _class_batch(batch: list[Artifact]) -> int:
    ids = [row.pk for row in batch]
    named = _named(ids)
    results = set(Evaluation.objects.filter(artifact__in=ids).values_list("artifact_id", flat=True))
    differ: list[Artifact] = []
    reclassed: list[tuple[Artifact, dict[str, Any]]] = []
    for row in batch:
        parts, source = _parts(row, named.get(row.pk, []), row.pk in results)
        before = [getattr(row, name) for name in FIELDS]
        _put(row, parts, source)
        if before != [getattr(row, name) for name in FIELDS]:
            differ.append(row)
        if before[0] != row.openness_class:
            reclassed.append((row, {"before": before[0], "after": row.openness_class}))
    with transaction.atomic():
        Artifact.objects.bulk_update(differ, FIELDS)
        record_all(actor=None, verb="artifact.reclassed", about=reclassed)
        mark_artifacts_stale(artifacts=[row.pk for row, _facts in reclassed])
    return len(differ)


def _put(row: Artifact, parts: list[Part], source: str) -> None:
    complete = source == ENTRY
    classed = class_release(parts, complete=complete)
    row.openness_class = classed.openness_class
    row.openness = classed.as_json(source=source)
    row.osaid = osaid.as_json(osaid.elements(classed.findings, complete=complete))


def _parts(row: Artifact, named: list[tuple[str, Elsewhere]], has_results: bool) -> tuple[list[Part], str]:
    kept: dict[str, Any] = row.openness
    if kept.get("source") == ENTRY:
        return kept_parts(kept), ENTRY
    parts = parts_seen(
        url=row.url,
        licence=row.licence,
        paths=[str(file.get("path", "")) for file in row.files],
        datasets=[each for kind, each in named if kind == LinkKind.DATASET],
        benchmarks=[each for kind, each in named if kind == LinkKind.EVALUATED],
        papers=row.papers,
        has_results=has_results,
    )
    return parts, HUB


def _named(ids: list[int]) -> dict[int, list[tuple[str, Elsewhere]]]:
    """The datasets and benchmarks each model names, with the licence of those that we know."""
    links = ArtifactLink.objects.filter(child__in=ids, kind__in=DATA).select_related("parent")
    found: dict[int, list[tuple[str, Elsewhere]]] = {}
    for link in links.order_by("parent_name"):
        parent = link.parent
        url = parent.url if parent else f"https://huggingface.co/datasets/{link.parent_name}"
        carded = (
            any(component_of(str(file.get("path", ""))) == "model_card" for file in parent.files)
            if parent
            else False
        )
        one = Elsewhere(link.parent_name, url, parent.licence if parent else "", carded)
        found.setdefault(link.child_id, []).append((link.kind, one))
    return found


def record_entry(*, actor: User | None, text: str, where: str) -> Artifact:
    """Record an entry of the Model Openness Framework for the model it is about; it then decides the class.

    `text` is YAML; `where` names it in refusals. The same entry again changes nothing.
    """
    entry = read_entry(text, where=where)
    artifact = _about(entry.huggingface)
    if artifact is None:
        sentence = _("%(where)s: no model in the catalogue has the address “%(url)s”.")
        raise Refused(sentence % {"where": where, "url": entry.huggingface}, code="unknown_model", status=404)
    before = artifact.openness
    reclassed = artifact.openness_class
    _put(artifact, list(entry.parts), ENTRY)
    if artifact.openness == before:
        return artifact
    with transaction.atomic():
        artifact.save(update_fields=FIELDS)
        earned = artifact.openness_class
        record(actor=actor, verb="artifact.openness_recorded", target=artifact, openness_class=earned)
        mark_artifacts_stale(artifacts=[artifact.pk] if reclassed != earned else [])
    return artifact


def _about(address: str) -> Artifact | None:
    """The model at an address on the Hub, whichever of its names the address uses."""
    name = urlsplit(address).path.strip("/")
    if not name:
        return None
    models = Artifact.objects.there().of_kind(ArtifactKind.MODEL).filter(platform=Platform.HUGGINGFACE)
    return models.filter(name=name).first() or models.filter(aliases__name=name).first()
