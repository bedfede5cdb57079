"""The Hub's JSON in our own words. Pure: it asks nobody and writes nothing."""

import datetime
from collections.abc import Sequence
from typing import Any

from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundLink,
    FoundReading,
)
from contributions.languages import among_tags, declared
from contributions.licences import spdx
from contributions.models import ArtifactKind, ContributionKind, LinkKind, Platform

KINDS = {
    "models": (ArtifactKind.MODEL, ContributionKind.MODEL, ""),
    "datasets": (ArtifactKind.DATASET, ContributionKind.DATASET, "datasets/"),
    "spaces": (ArtifactKind.SPACE, ContributionKind.APPLICATION, "spaces/"),
}


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def lineage(tags: Sequence[str]) -> tuple[FoundLink, ...]:
    """`base_model:finetune:a/b` and `dataset:a/b`. A bare `base_model:a/b` counts only alone."""
    typed, bare = [], []
    for tag in tags:
        head, _colon, rest = tag.partition(":")
        if head == "dataset":
            typed.append(FoundLink(LinkKind.DATASET.value, ArtifactKind.DATASET.value, rest))
        elif head == "base_model":
            relation, _colon, name = rest.partition(":")
            if name and relation in LinkKind.values:
                typed.append(FoundLink(relation, ArtifactKind.MODEL.value, name))
            elif not name:
                bare.append(FoundLink(LinkKind.BASE.value, ArtifactKind.MODEL.value, rest))
    named = {link.parent_name for link in typed if link.kind != LinkKind.DATASET}
    return tuple(dict.fromkeys([*typed, *(link for link in bare if link.parent_name not in named)]))


def _artifact(step: str, info: Any, owner: FoundAccount, today: datetime.date) -> FoundArtifact:
    kind, _contribution, folder = KINDS[step]
    tags = info.tags or []
    card = info.card_data
    said = next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")
    size = getattr(info, "safetensors", None)
    gguf = getattr(info, "gguf", None) or {}
    return FoundArtifact(
        key=ArtifactKey(Platform.HUGGINGFACE.value, kind.value, _platform_id(info)),
        name=info.id,
        url=f"https://huggingface.co/{folder}{info.id}",
        created_at=info.created_at,
        owner=owner,
        licence=spdx(
            said or next(iter(_listed(getattr(card, "license", None))), ""),
            getattr(card, "license_name", None),
        ),
        task=(getattr(info, "pipeline_tag", None) or "")[:60],
        parameters=size.total if size else gguf.get("total"),
        gated=bool(getattr(info, "gated", False)),
        languages=tuple(sorted(among_tags(tags) | declared(_listed(getattr(card, "language", None))))),
        links=lineage(tags) if step == "models" else (),
        reading=FoundReading(
            day=today,
            downloads=getattr(info, "downloads", None),
            downloads_all_time=getattr(info, "downloads_all_time", None),
            likes=info.likes,
        ),
    )


def _platform_id(info: Any) -> str:
    """The Hub's own id, which outlives a rename."""
    return str(getattr(info, "_id", None) or f"name:{info.id.lower()}"[:64])


def published(step: str, infos: Sequence[Any], owner: FoundAccount, today: datetime.date) -> Found:
    """Each model, dataset or space is an artefact, and publishing it a contribution of its owner."""
    artifacts = tuple(_artifact(step, info, owner, today) for info in infos)
    return Found(
        artifacts=artifacts,
        contributions=tuple(
            FoundContribution(
                external_id=f"huggingface:{artifact.key.kind}:{artifact.key.platform_id}",
                kind=KINDS[step][1].value,
                artifact=artifact.key,
                account=owner,
                happened_at=artifact.created_at,
                evidence_url=artifact.url,
                revision=info.sha or "",
            )
            for artifact, info in zip(artifacts, infos, strict=True)
        ),
    )
