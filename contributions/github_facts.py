"""GitHub's JSON in our own words. Pure: it asks nobody and writes nothing."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from contributions.found import (
    ArtifactKey,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundReading,
    FoundSource,
)
from contributions.licences import spdx
from contributions.models import AccountKind, ArtifactKind, ContributionKind, Platform, SourceKind

Json = Mapping[str, Any]
KINDS = {"User": AccountKind.PERSON, "Organization": AccountKind.ORGANISATION, "Bot": AccountKind.BOT}


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def repository_key(repository_id: int | str) -> ArtifactKey:
    return ArtifactKey(Platform.GITHUB.value, ArtifactKind.REPOSITORY.value, str(repository_id))


def account(user: Json | None) -> FoundAccount | None:
    """None where GitHub knows nobody: a commit with an unknown address, a deleted user, a placeholder."""
    if not user or user.get("type") not in KINDS:
        return None
    kind = AccountKind.BOT if user["login"].endswith("[bot]") else KINDS[user["type"]]
    return FoundAccount(
        Platform.GITHUB.value, str(user["id"]), user["login"], kind.value, user.get("name") or ""
    )


def repository(said: Json, today: datetime.date) -> FoundArtifact:
    return FoundArtifact(
        key=repository_key(said["id"]),
        name=said["full_name"],
        url=said["html_url"],
        created_at=moment(said["created_at"]),
        owner=account(said["owner"]),
        summary=(said.get("description") or "")[:400],
        licence=spdx((said.get("license") or {}).get("spdx_id")),
        reading=FoundReading(day=today, stars=said.get("stargazers_count")),
    )


def repositories(said: Iterable[Json]) -> tuple[FoundSource, ...]:
    """What is worth looking at: public, and the organisation's own work rather than a fork of another's."""
    return tuple(
        FoundSource(SourceKind.REPOSITORY.value, str(each["id"]), each["full_name"])
        for each in said
        if not (each.get("fork") or each.get("private") or each.get("disabled"))
    )


def _contribution(
    kind: ContributionKind, repository_id: str, said: Json, who: Json | None, at: str, **more: str
) -> FoundContribution:
    names = {"MERGED_CHANGE": "pull", "REVIEW": "review", "RELEASE": "release"}
    return FoundContribution(
        external_id=f"github:{names[kind.name]}:{said['id']}",
        kind=kind.value,
        artifact=repository_key(repository_id),
        account=account(who),
        happened_at=moment(at),
        evidence_url=said["html_url"],
        **more,
    )


def merged_pulls(pulls: Iterable[Json], repository_id: str) -> tuple[FoundContribution, ...]:
    kind = ContributionKind.MERGED_CHANGE
    return tuple(
        _contribution(
            kind,
            repository_id,
            each,
            each["user"],
            each["merged_at"],
            revision=each["merge_commit_sha"] or "",
        )
        for each in pulls
        if each["merged_at"]
    )


def reviews(said: Iterable[Json], repository_id: str, author_id: int | None) -> tuple[FoundContribution, ...]:
    """Submitted reviews by others than the change's author."""
    return tuple(
        _contribution(ContributionKind.REVIEW, repository_id, each, each["user"], each["submitted_at"])
        for each in said
        if each.get("submitted_at") and (each.get("user") or {}).get("id") != author_id
    )


def releases(said: Iterable[Json], repository_id: str) -> tuple[FoundContribution, ...]:
    return tuple(
        _contribution(ContributionKind.RELEASE, repository_id, each, each["author"], each["published_at"])
        for each in said
        if each["published_at"] and not each["draft"] and not each["prerelease"]
    )


def commit(said: Json, repository_id: str) -> FoundContribution:
    return FoundContribution(
        external_id=f"github:commit:{repository_id}:{said['sha']}",
        kind=ContributionKind.MERGED_CHANGE.value,
        artifact=repository_key(repository_id),
        account=account(said.get("author")),
        happened_at=moment(said["commit"]["committer"]["date"]),
        evidence_url=said["html_url"],
        revision=said["sha"],
    )
