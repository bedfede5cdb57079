"""The Hub's JSON in our own words. Pure: it asks nobody and writes nothing.

The JSON is read as it is and not through huggingface_hub's classes, which refuse a whole answer for one
card with a slip in it.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any

from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundFile,
    FoundLink,
    FoundReading,
)
from contributions.huggingface_results import evaluations, results_published
from contributions.languages import among_tags, read
from contributions.licences import spdx_of
from contributions.models import ArtifactKind, ContributionKind, LinkKind, Platform
from contributions.sizes import parameters_told

Json = dict[str, Any]
KINDS = {
    "models": (ArtifactKind.MODEL, ContributionKind.MODEL, ""),
    "datasets": (ArtifactKind.DATASET, ContributionKind.DATASET, "datasets/"),
    "spaces": (ArtifactKind.SPACE, ContributionKind.APPLICATION, "spaces/"),
}
WEB = "https://huggingface.co"


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value if each] if isinstance(value, list) else [str(value)] if value else []


def _within(said: Json, name: str) -> Json:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(said: Any) -> datetime.datetime | None:
    """A time as the Hub writes it; what says no zone is UTC."""
    try:
        found = datetime.datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def platform_id(said: Json) -> str:
    """The Hub's own id, which outlives a rename and never passes to another."""
    return str(said.get("_id") or f"name:{str(said.get('id')).lower()}"[:64])


def key_of(step: str, said: Json) -> ArtifactKey:
    return ArtifactKey(Platform.HUGGINGFACE.value, KINDS[step][0].value, platform_id(said))


def lineage(tags: Sequence[str]) -> tuple[FoundLink, ...]:
    """`base_model:finetune:a/b` and `dataset:a/b`. A bare `base_model:a/b` counts only alone."""
    typed, bare = [], []
    for tag in tags:
        head, _colon, rest = tag.partition(":")
        if head == "dataset" and rest:
            typed.append(FoundLink(LinkKind.DATASET.value, ArtifactKind.DATASET.value, rest))
        elif head == "base_model":
            relation, _colon, name = rest.partition(":")
            if name and relation in LinkKind.values:
                typed.append(FoundLink(relation, ArtifactKind.MODEL.value, name))
            elif rest and not name:
                bare.append(FoundLink(LinkKind.BASE.value, ArtifactKind.MODEL.value, rest))
    named = {link.parent_name for link in typed if link.kind != LinkKind.DATASET}
    return tuple(dict.fromkeys([*typed, *(link for link in bare if link.parent_name not in named)]))


def _tagged(tags: Iterable[str], head: str) -> list[str]:
    return [tag.removeprefix(head) for tag in tags if tag.startswith(head)]


def _licence(tags: Sequence[str], card: Json) -> str:
    """The card's, where it names one: the tag is the Hub's own extract of it, and may lag behind."""
    own_name = card.get("license_name")
    said = spdx_of(_listed(card.get("license")), str(own_name or ""))
    return said or spdx_of(_tagged(tags, "license:"), str(own_name or ""))


def _licence_text(card: Json, home: str) -> str:
    """Where its own text can be read: an address of the web, or a file beside the card."""
    link = str(card.get("license_link") or "").strip()
    if re.fullmatch(r"[\w.-]+(/[\w.-]+)*", link):
        link = f"{home}/blob/main/{link}"
    return link if re.match(r"https?://", link) and len(link) <= 400 else ""


def _size(said: Json) -> int | None:
    """The number of parameters, from the tensors' headers."""
    tensors, gguf = _within(said, "safetensors"), _within(said, "gguf")
    by_type = {name: count for name, count in _within(tensors, "parameters").items() if _number(count)}
    return parameters_told(by_type, _number(tensors.get("total"))) or _number(gguf.get("total"))


def _artifact(step: str, said: Json, owner: FoundAccount, day: datetime.date) -> FoundArtifact:
    _kind, _contribution, folder = KINDS[step]
    tags, card = _listed(said.get("tags")), _within(said, "cardData")
    named, spoken = among_tags(tags), read(_listed(card.get("language")))
    results = evaluations(said) if step == "models" else ()
    created = moment(said.get("createdAt")) or moment(said.get("lastModified"))
    return FoundArtifact(
        key=key_of(step, said),
        name=said["id"],
        url=f"{WEB}/{folder}{said['id']}",
        created_at=created or datetime.datetime(2022, 3, 2, tzinfo=datetime.UTC),  # as old as the Hub tells
        owner=owner,
        summary=str(card.get("short_description") or card.get("pretty_name") or ""),
        licence=_licence(tags, card),
        licence_url=_licence_text(card, f"{WEB}/{folder}{said['id']}"),
        task=next(iter([*_listed(said.get("pipeline_tag")), *_tagged(tags, "task_categories:")]), "")[:60],
        parameters=_size(said),
        gated=bool(said.get("gated")),
        languages=tuple(sorted(named.codes | spoken.codes)),
        languages_unread=tuple(dict.fromkeys((*named.unread, *spoken.unread))),
        links=(*lineage(tags), *_measured_on(results)) if step == "models" else (),
        reading=_reading(said, day),
        size_bytes=_number(said.get("usedStorage")),
        revision=str(said.get("sha") or ""),
        is_benchmark=step == "datasets" and _calls_itself_benchmark(tags, card),
        derivatives=_number(said.get("childrenModelCount")),
        papers=tuple(dict.fromkeys(_tagged(tags, "arxiv:"))),
        evaluations=results,
    )


def _measured_on(results: Iterable[Any]) -> tuple[FoundLink, ...]:
    named = dict.fromkeys(each.benchmark for each in results if each.is_dataset)
    return tuple(FoundLink(LinkKind.EVALUATED.value, ArtifactKind.DATASET.value, name) for name in named)


def _calls_itself_benchmark(tags: Sequence[str], card: Json) -> bool:
    words = [*tags, *_listed(card.get("tags"))]
    return any(word == "benchmark" or word.startswith("benchmark:") for word in words)


def _reading(said: Json, day: datetime.date) -> FoundReading:
    return FoundReading(
        day=day,
        downloads=_number(said.get("downloads")),
        downloads_all_time=_number(said.get("downloadsAllTime")),
        likes=_number(said.get("likes")),
    )


def published(step: str, infos: Sequence[Json], owner: FoundAccount, day: datetime.date) -> Found:
    """Each model, dataset or space is an artefact, and publishing it a contribution of its owner.

    A dataset that is a benchmark is counted once, as a benchmark: see actions.contributions. Private ones
    are left out; one the Hub has disabled is taken down.
    """
    shown = [each for each in infos if not (each.get("private") or each.get("disabled"))]
    artifacts = tuple(_artifact(step, each, owner, day) for each in shown)
    return Found(
        artifacts=artifacts,
        contributions=tuple(
            act
            for artifact in artifacts
            for act in (_publishing(step, artifact, owner), *results_published(artifact, owner))
        ),
        taken_down=tuple(key_of(step, each) for each in infos if each.get("disabled")),
    )


def _publishing(step: str, artifact: FoundArtifact, owner: FoundAccount) -> FoundContribution:
    return FoundContribution(
        external_id=f"huggingface:{artifact.key.kind}:{artifact.key.platform_id}",
        kind=KINDS[step][1].value,
        artifact=artifact.key,
        account=owner,
        happened_at=artifact.created_at,
        evidence_url=artifact.url,
    )


def files(said: Json) -> tuple[FoundFile, ...]:
    """Large files by the digest of their content; small ones by git's name for theirs."""
    found = []
    for each in said.get("siblings") or []:
        lfs = _within(each, "lfs")
        digest = f"sha256:{lfs['sha256']}" if lfs.get("sha256") else ""
        digest = digest or (f"git:{each['blobId']}" if each.get("blobId") else "")
        size = _number(lfs.get("size")) or _number(each.get("size"))
        found.append(FoundFile(str(each.get("rfilename", "")), size, digest))
    return tuple(found)
