"""GitHub's JSON, of REST and of GraphQL, in our own words. Pure: it asks nobody and writes nothing.

Both name the same things by the same ids. They differ in what they call a bot, and in what they say of
somebody who deleted the account: the user `ghost`, or nobody.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from contributions import bots
from contributions.default_branch import Commit
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
GHOST = "10137"  # whoever deleted the account
APPS = {"copilot-swe-agent": "Copilot"}  # bots that REST does not call after their app
PRIVATE_ADDRESS = re.compile(r"(\d+)\+(.+)@users\.noreply\.github\.com")


class Pull(NamedTuple):
    """A closed pull request, as far as it matters here. Times are text, as GitHub writes them."""

    id: str
    number: int
    node: str
    author: FoundAccount | None
    author_id: str  # also of placeholders; empty where the account was deleted
    updated_at: str
    merged_at: str | None
    merged_as: str
    url: str


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def repository_key(repository_id: int | str) -> ArtifactKey:
    return ArtifactKey(Platform.GITHUB.value, ArtifactKind.REPOSITORY.value, str(repository_id))


def account(user: Json | None) -> FoundAccount | None:
    """None where GitHub knows nobody: a commit with an unknown address, a deleted user, a placeholder."""
    if not account_id(user) or user is None or user.get("type") not in KINDS:
        return None
    return bots.seen(Platform.GITHUB, str(user["id"]), user["login"], user["type"], user.get("name") or "")


def account_id(user: Json | None) -> str:
    number = str((user or {}).get("id") or "")
    return "" if number == GHOST else number


def actor(said: Json | None) -> FoundAccount | None:
    """The same of a GraphQL actor, under the name that REST gives it."""
    if not actor_id(said) or said is None or said["__typename"] not in KINDS:
        return None
    login = said["login"]
    if said["__typename"] == "Bot":
        login = APPS.get(login, f"{login.removesuffix('[bot]')}[bot]")
    return bots.seen(Platform.GITHUB, actor_id(said), login, said["__typename"])


def actor_id(said: Json | None) -> str:
    return str((said or {}).get("databaseId") or "")


def repository(said: Json, today: datetime.date, parent_id: str = "") -> FoundArtifact:
    """Of REST: alone, or from its owner's list, which does not name a fork's parent."""
    parent, mirror = str((said.get("parent") or {}).get("id", parent_id)), said.get("mirror_url")
    copied_from = f"fork:{parent}" if parent else f"mirror:{mirror}" if mirror else ""
    return FoundArtifact(
        key=repository_key(said["id"]),
        name=said["full_name"],
        url=said["html_url"],
        created_at=moment(said["created_at"]),
        owner=account(said["owner"]),
        summary=(said.get("description") or "")[:400],
        licence=spdx((said.get("license") or {}).get("spdx_id")),
        reading=FoundReading(day=today, stars=said.get("stargazers_count")),
        is_archived=bool(said.get("archived")),
        copied_from=copied_from,
    )


def is_shown(said: Json) -> bool:
    return not (said.get("private") or said.get("disabled"))


def is_copy(said: Json) -> bool:
    """Another's work once more: listed, and not looked at."""
    return bool(said.get("fork") or said.get("mirror_url"))


def moved(said: Json) -> str:
    """Changes whenever a branch moves. The size beside the second, in which two things may happen."""
    return f"{said.get('pushed_at') or ''} {said.get('size', '')}".strip()


def source(said: Json) -> FoundSource:
    return FoundSource(SourceKind.REPOSITORY.value, str(said["id"]), said["full_name"], moved(said))


def pulls(said: Iterable[Json]) -> list[Pull]:
    return [
        Pull(
            str(each["id"]),
            each["number"],
            each.get("node_id") or "",
            account(each["user"]),
            account_id(each["user"]),
            each["updated_at"],
            each["merged_at"],
            each["merge_commit_sha"] or "",
            each["html_url"],
        )
        for each in said
    ]


def _contribution(
    kind: ContributionKind, external_id: str, repository_id: str, who: FoundAccount | None, at: str, url: str
) -> FoundContribution:
    return FoundContribution(
        external_id=external_id,
        kind=kind.value,
        artifact=repository_key(repository_id),
        account=who,
        happened_at=moment(at),
        evidence_url=url,
    )


def merged(found: Iterable[Pull], repository_id: str) -> tuple[FoundContribution, ...]:
    return tuple(
        FoundContribution(
            external_id=f"github:pull:{each.id}",
            kind=ContributionKind.MERGED_CHANGE.value,
            artifact=repository_key(repository_id),
            account=each.author,
            happened_at=moment(each.merged_at),
            evidence_url=each.url,
            revision=each.merged_as,
        )
        for each in found
        if each.merged_at
    )


def reviews(said: Iterable[Json], repository_id: str, author_id: str) -> tuple[FoundContribution, ...]:
    """Submitted reviews by others than the change's author; of two deleted accounts nobody can tell."""
    return tuple(
        _contribution(
            ContributionKind.REVIEW,
            f"github:review:{each['id']}",
            repository_id,
            account(each["user"]),
            each["submitted_at"],
            each["html_url"],
        )
        for each in said
        if each.get("submitted_at") and account_id(each.get("user")) != author_id
    )


def graph_reviews(
    said: Iterable[Json | None], repository_id: str, author_id: str
) -> tuple[FoundContribution, ...]:
    return tuple(
        _contribution(
            ContributionKind.REVIEW,
            f"github:review:{each['fullDatabaseId']}",
            repository_id,
            actor(each["author"]),
            each["submittedAt"],
            each["url"],
        )
        for each in said
        if each and each["submittedAt"] and actor_id(each["author"]) != author_id
    )


def releases(said: Iterable[Json], repository_id: str) -> tuple[FoundContribution, ...]:
    return tuple(
        _contribution(
            ContributionKind.RELEASE,
            f"github:release:{each['id']}",
            repository_id,
            account(each["author"]),
            each["published_at"],
            each["html_url"],
        )
        for each in said
        if each["published_at"] and not each["draft"] and not each["prerelease"]
    )


def commits(said: Iterable[Json]) -> list[Commit]:
    return [
        Commit(
            each["sha"],
            tuple(parent["sha"] for parent in each["parents"]),
            moment(each["commit"]["committer"]["date"]),
            account(each.get("author")),
            each["html_url"],
        )
        for each in said
    ]


def graph_commit(said: Json) -> Commit:
    return Commit(
        said["oid"],
        tuple(parent["oid"] for parent in said["parents"]["nodes"] if parent),
        moment(said["committedDate"]),
        _writer(said["author"] or {}),
        said["url"],
    )


def _writer(said: Json) -> FoundAccount | None:
    """Who wrote a commit. GraphQL names users only; a bot is known by the address GitHub gave it."""
    if said.get("user"):
        return actor({**said["user"], "__typename": "User"})
    address = PRIVATE_ADDRESS.fullmatch(said.get("email") or "")
    if address and (address[2].endswith("[bot]") or address[2] in APPS.values()):
        return bots.seen(Platform.GITHUB, address[1], address[2], "Bot")
    return None


def direct(found: Iterable[Commit], repository_id: str) -> tuple[FoundContribution, ...]:
    """Commits that are changes of their own."""
    return tuple(
        FoundContribution(
            external_id=f"github:commit:{repository_id}:{each.sha}",
            kind=ContributionKind.MERGED_CHANGE.value,
            artifact=repository_key(repository_id),
            account=each.author,
            happened_at=each.at,
            evidence_url=each.url,
            revision=each.sha,
        )
        for each in found
    )
