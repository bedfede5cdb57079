"""What artefacts came from, the languages they speak, how they did on benchmarks: as named now."""

from collections.abc import Iterable

from django.utils import timezone

from contributions.found import FoundArtifact
from contributions.huggingface_results import RESULT, result_id
from contributions.models import (
    Artifact,
    ArtifactAlias,
    ArtifactKind,
    ArtifactLink,
    Contribution,
    ContributionKind,
    Evaluation,
)
from mission.models import Language

Pair = tuple[Artifact, FoundArtifact]
Name = tuple[str, str, str]  # platform, kind, name
COMPARED = ["value", "verified", "source_url", "benchmark_id"]


def named(names: Iterable[str]) -> dict[Name, Artifact]:
    """Who has these names: today, or else who had them before a rename."""
    wanted = set(names)
    old = ArtifactAlias.objects.filter(name__in=wanted, artifact__gone_at=None).select_related("artifact")
    found = {
        (alias.artifact.platform, alias.artifact.kind, alias.name): alias.artifact
        for alias in old.order_by("seen_at", "pk")
    }
    rows = Artifact.objects.there().filter(name__in=wanted)
    return found | {(row.platform, row.kind, row.name): row for row in rows}


def link(pairs: list[Pair]) -> set[int]:
    """Lineage exactly as named now: steps no longer named go. Returns whose lineage changed."""
    there = {
        (each.child_id, each.kind, each.parent_name): each
        for each in ArtifactLink.objects.filter(child__in=[artifact for artifact, _said in pairs])
    }
    wanted = {
        (artifact.pk, each.kind, each.parent_name): (artifact, each)
        for artifact, said in pairs
        for each in said.links
        if each.parent_name != artifact.name
    }
    gone = [each.pk for key, each in there.items() if key not in wanted]
    fresh = [wanted[key] for key in sorted(wanted) if key not in there]
    if not fresh and not gone:
        return set()
    ArtifactLink.objects.filter(pk__in=gone).delete()
    parents = named(each.parent_name for _artifact, each in fresh)
    rows = []
    for artifact, each in fresh:
        parent = parents.get((artifact.platform, each.parent_kind, each.parent_name))
        rows.append(
            ArtifactLink(
                child=artifact,
                kind=each.kind,
                parent_kind=each.parent_kind,
                parent_name=each.parent_name,
                parent=None if parent == artifact else parent,
            )
        )
    ArtifactLink.objects.bulk_create(rows, ignore_conflicts=True)
    return {artifact.pk for artifact, _each in fresh} | {key[0] for key in there.keys() - wanted.keys()}


def meet_waiting_children(pairs: list[Pair]) -> set[int]:
    """Lineage and results that named an artefact before anybody had looked at it. Returns whose."""
    kinds, names = {artifact.kind for artifact, _s in pairs}, {artifact.name for artifact, _s in pairs}
    by_name = {(artifact.platform, artifact.kind, artifact.name): artifact for artifact, _said in pairs}
    waiting = ArtifactLink.objects.filter(parent_kind__in=kinds, parent_name__in=names, parent=None)
    met = []
    for each in waiting.select_related("child"):
        each.parent = by_name.get((each.child.platform, each.parent_kind, each.parent_name))
        if each.parent and each.parent.pk != each.child_id:
            met.append(each)
    ArtifactLink.objects.bulk_update(met, ["parent"])
    _results_met(by_name)
    return {each.child_id for each in met}


def _results_met(by_name: dict[Name, Artifact]) -> None:
    names = {name for _platform, kind, name in by_name if kind == ArtifactKind.DATASET}
    if not names:
        return
    met = []
    waiting = Evaluation.objects.filter(benchmark=None, benchmark_name__in=names)
    for each in waiting.select_related("artifact"):
        each.benchmark = by_name.get((each.artifact.platform, ArtifactKind.DATASET, each.benchmark_name))
        if each.benchmark:
            met.append(each)
    Evaluation.objects.bulk_update(met, ["benchmark"])


def known_languages(found: Iterable[FoundArtifact]) -> set[str]:
    """Of the languages named, those among ours. The others stay visible with the words that are none."""
    codes = {code for said in found for code in said.languages}
    return set(Language.objects.filter(pk__in=codes).values_list("pk", flat=True)) if codes else set()


def speak(pairs: list[Pair], known: set[str]) -> set[int]:
    """Languages exactly as declared now, of those we know. Returns whose languages changed."""
    through = Artifact.languages.through
    ids = [artifact.pk for artifact, _said in pairs]
    rows_there = through.objects.filter(artifact__in=ids).values_list("artifact_id", "language_id", "pk")
    there = {(artifact_id, code): pk for artifact_id, code, pk in rows_there}
    wanted = {(artifact.pk, code) for artifact, said in pairs for code in said.languages if code in known}
    through.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    rows = [
        through(artifact_id=artifact_id, language_id=code)
        for artifact_id, code in sorted(wanted - there.keys())
    ]
    through.objects.bulk_create(rows, ignore_conflicts=True)
    return {artifact_id for artifact_id, _code in there.keys() ^ wanted}


def write_results(pairs: list[Pair]) -> set[int]:
    """Evaluation results exactly as published now. Returns whose changed."""
    models = [artifact for artifact, _said in pairs if artifact.kind == ArtifactKind.MODEL]
    there = {
        (row.artifact_id, row.benchmark_name, row.task, row.measure): row
        for row in Evaluation.objects.filter(artifact__in=models)
    }
    said_of = [(artifact, each) for artifact, said in pairs for each in said.evaluations]
    if not there and not said_of:
        return set()
    benchmarks = named(each.benchmark for _artifact, each in said_of if each.is_dataset)
    now, wanted = timezone.now(), {}
    for artifact, each in said_of:
        benchmark = benchmarks.get((artifact.platform, ArtifactKind.DATASET, each.benchmark))
        wanted[artifact.pk, each.benchmark, each.task, each.measure] = Evaluation(
            artifact=artifact,
            benchmark_name=each.benchmark,
            benchmark=benchmark if each.is_dataset else None,
            task=each.task,
            measure=each.measure,
            value=each.value,
            verified=each.verified,
            source_url=each.source_url,
            observed_at=now,
        )
    gone = [row.pk for key, row in there.items() if key not in wanted]
    fresh = [key for key in sorted(wanted) if key not in there or _differ(there[key], wanted[key])]
    Evaluation.objects.filter(pk__in=gone).delete()
    Evaluation.objects.bulk_create(
        [wanted[key] for key in fresh],
        update_conflicts=True,
        unique_fields=["artifact", "benchmark_name", "task", "measure"],
        update_fields=["value", "verified", "source_url", "benchmark", "observed_at"],
    )
    changed = {key[0] for key in fresh} | {key[0] for key in there.keys() - wanted.keys()}
    _withdrawn([(artifact, said) for artifact, said in pairs if artifact.pk in changed])
    return changed


def _withdrawn(pairs: list[Pair]) -> None:
    """Having evaluated stays done; where the results are no longer shown, that is marked."""
    ids = {result_id(row.platform_id, each.benchmark) for row, said in pairs for each in said.evaluations}
    acts = Contribution.objects.filter(artifact__in=[row for row, _said in pairs])
    acts = acts.filter(kind=ContributionKind.EVALUATION, external_id__startswith=RESULT)
    acts.filter(gone_at=None).exclude(external_id__in=ids).update(gone_at=timezone.now())
    acts.filter(external_id__in=ids).exclude(gone_at=None).update(gone_at=None)


def _differ(one: Evaluation, other: Evaluation) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in COMPARED)
