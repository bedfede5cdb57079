"""Which commits of the default branch are changes of their own, and which came by a merged pull request.

Commits are walked as GitHub lists them, a child before its parent. A commit behind the merge of a pull
request belongs to it, and so do its ancestors, unless the branch reaches them by another way. GitHub's
"rebase and merge" leaves a row of commits written in the same second below the one the pull request
names: they belong to it too. Merge commits are nobody's change.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from contributions.found import FoundAccount

SAME_MOMENT = 2.0  # seconds between the commits of one rebase


class Commit(NamedTuple):
    sha: str
    parents: tuple[str, ...]
    at: datetime.datetime  # when it was written here
    author: FoundAccount | None = None
    url: str = ""


class Walk:
    """The walk's state: commits we expect, by how the branch reaches them. It lives in a source's cursor."""

    def __init__(self, state: Mapping[str, Any], known_head: str | None) -> None:
        self.line: set[str] = set(state.get("line", ()))  # on the branch by themselves
        self.side: set[str] = set(state.get("side", ()))  # behind the merge of a pull request
        self.known: set[str] = set(state.get("known", ()))  # counted by an earlier look
        # below a pull request: the time of writing
        self.rebased: dict[str, str] = dict(state.get("rebased", {}))
        self.last: set[str] = set(state.get("last", ()))  # the page before: pages may overlap
        if known_head:
            self.known.add(known_head)

    def state(self) -> dict[str, Any]:
        return {
            "line": sorted(self.line),
            "side": sorted(self.side),
            "known": sorted(self.known),
            "rebased": self.rebased,
            "last": sorted(self.last),
        }

    @property
    def finished(self) -> bool:
        """Everything that is still expected was counted by an earlier look."""
        return not (self.line | self.side) - self.known

    def own_changes(self, commits: Iterable[Commit], merged_as: Collection[str]) -> list[Commit]:
        """The commits of this page that count by themselves. `merged_as`: those that carry a pull request."""
        page = list(commits)
        fresh = [each for each in page if each.sha not in self.last]
        self.last = {each.sha for each in page}
        return [each for each in fresh if self._counts(each, each.sha in merged_as)]

    def _counts(self, commit: Commit, carries_pull: bool) -> bool:
        sha, parents = commit.sha, commit.parents
        known, side = sha in self.known, sha in self.side and sha not in self.line
        written = self.rebased.pop(sha, "")
        for pending in (self.known, self.line, self.side):
            pending.discard(sha)
        if known:
            self.known.update(parents)
            return False
        if side:
            self.side.update(parents)
            return False
        self.line.update(parents[:1])
        (self.side if carries_pull else self.line).update(parents[1:])
        if len(parents) > 1:
            return False
        rebased = bool(written) and _seconds_between(commit.at, written) <= SAME_MOMENT
        if (carries_pull or rebased) and parents:
            self.rebased[parents[0]] = commit.at.isoformat()
        return not (carries_pull or rebased)


def _seconds_between(at: datetime.datetime, written: str) -> float:
    return abs((at - datetime.datetime.fromisoformat(written)).total_seconds())
