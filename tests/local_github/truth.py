"""What a complete sync of a generated world must hold: every contribution with all its fields that matter."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.local_github.people import GHOST

if TYPE_CHECKING:
    from tests.local_github.generated import World


class Row(NamedTuple):
    """A contribution that must be there. `account` is empty where nobody can be told."""

    external_id: str
    kind: str
    artifact: str  # the repository's own id
    account: str
    happened_at: datetime.datetime
    evidence_url: str
    revision: str = ""


def rows(world: "World", login: str) -> set[Row]:
    """Of the repositories of one owner; those that are a copy of others' work do not count."""
    found: set[Row] = set()
    for repository in world.repositories.values():
        owned = repository["owner"]["login"] == login
        if owned and not (repository["fork"] or repository["mirror_url"] or repository["private"]):
            found |= set(_of_repository(world, repository["id"]))
    return found


def _of_repository(world: "World", repository_id: int) -> Iterator[Row]:
    here = str(repository_id)
    for pull in world.pulls[repository_id]:
        if pull["merged_at"]:
            at, sha = _moment(pull["merged_at"]), pull["merge_commit_sha"]
            name, who = f"github:pull:{pull['id']}", _account(pull["user"])
            yield Row(name, "merged_change", here, who, at, pull["html_url"], sha)
            yield from _reviews(world, repository_id, pull)
    for release in world.releases[repository_id]:
        if not (release["draft"] or release["prerelease"]):
            at, who = _moment(release["published_at"]), _account(release["author"])
            yield Row(f"github:release:{release['id']}", "release", here, who, at, release["html_url"])
    for commit in world.commits[repository_id]:
        if commit.get("own"):
            sha, at = commit["sha"], _moment(commit["commit"]["committer"]["date"])
            name, who = f"github:commit:{here}:{sha}", _account(commit["author"])
            yield Row(name, "merged_change", here, who, at, commit["html_url"], sha)


def _reviews(world: "World", repository_id: int, pull: dict[str, Any]) -> Iterator[Row]:
    """By others than the author of the change."""
    for review in world.reviews[repository_id, pull["number"]]:
        if review["user"]["id"] != pull["user"]["id"]:
            at, who = _moment(review["submitted_at"]), _account(review["user"])
            name = f"github:review:{review['id']}"
            yield Row(name, "review", str(repository_id), who, at, review["html_url"])


def _account(who: dict[str, Any] | None) -> str:
    """Nobody stands behind an unknown address, a deleted account or a placeholder of an import."""
    return "" if who is None or who["id"] == GHOST["id"] or who["type"] == "Mannequin" else str(who["id"])


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
