"""Which datasets are benchmarks, and that each of them counts once, as one or the other."""

from collections.abc import Collection

from contributions.actions.attribution import attribute
from contributions.found import FoundArtifact
from contributions.models import (
    Artifact,
    ArtifactKind,
    ArtifactLink,
    Contribution,
    ContributionKind,
    LinkKind,
)

PUBLISHED = [ContributionKind.DATASET, ContributionKind.BENCHMARK]


def kind_published(kind: str, artifact: Artifact) -> str:
    """A dataset that is a benchmark counts once, as a benchmark, and not among the datasets."""
    is_benchmark = kind == ContributionKind.DATASET and artifact.is_benchmark
    return ContributionKind.BENCHMARK.value if is_benchmark else kind


def settle_benchmarks(*, pairs: Collection[tuple[Artifact, FoundArtifact]]) -> set[int]:
    """A dataset is a benchmark where it calls itself one, or a model was evaluated on it.

    What was published as a dataset becomes a benchmark then, in the month it was published; and a dataset
    again where neither holds any more and somebody looks at it. Returns which datasets changed.
    """
    said = {row.pk: found.is_benchmark for row, found in pairs if row.kind == ArtifactKind.DATASET}
    models = [row.pk for row, _found in pairs if row.kind == ArtifactKind.MODEL]
    measured = ArtifactLink.objects.filter(kind=LinkKind.EVALUATED, parent__isnull=False)
    by_page = set(measured.filter(child__in=models).values_list("parent", flat=True)) if models else set()
    used = by_page | (
        set(measured.filter(parent__in=said).values_list("parent", flat=True)) if said else set()
    )
    if not said and not used:
        return set()
    rows = Artifact.objects.filter(pk__in=said.keys() | used, kind=ArtifactKind.DATASET)
    wanted = {row.pk: said.get(row.pk, row.is_benchmark) or row.pk in used for row in rows}
    changed = [row for row in rows if row.is_benchmark != wanted[row.pk]]
    for row in changed:
        row.is_benchmark = wanted[row.pk]
    Artifact.objects.bulk_update(changed, ["is_benchmark"])
    _count_as(changed)
    for row, _found in pairs:
        row.is_benchmark = wanted.get(row.pk, row.is_benchmark)
    return {row.pk for row in changed}


def _count_as(changed: Collection[Artifact]) -> None:
    """Their publishing leaves the cells of the one kind and comes into those of the other."""
    acts = list(Contribution.objects.filter(artifact__in=changed, kind__in=PUBLISHED).order_by("pk"))
    if not acts:
        return
    is_benchmark = {row.pk: row.is_benchmark for row in changed}
    for act in acts:
        act.kind = PUBLISHED[is_benchmark[act.artifact_id]].value
    Contribution.objects.bulk_update(acts, ["kind"])
    attribute(contributions=acts)
