"""Which commits of the default branch are changes of their own, and which came by a merged pull request.

Commits are walked as GitHub lists them, a child before its parent. A commit behind the merge of a pull
request belongs to it, and so do its ancestors, unless the branch reaches them by another way. GitHub's
"rebase and merge" leaves a row of commits written in the same second below the one the pull request
names: they belong to it too. Merge commits are nobody's change.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from contributions.github_facts import moment

SAME_MOMENT = 2.0  # seconds between the commits of one rebase


class Walk:
    """The walk's state: commits we expect, by how the branch reaches them. It lives in a source's cursor."""

    def __init__(self, state: Mapping[str, Any], known_head: str | None) -> None:
        self.line: set[str] = set(state.get("line", ()))  # on the branch by themselves
        self.side: set[str] = set(state.get("side", ()))  # behind the merge of a pull request
        self.known: set[str] = set(state.get("known", ()))  # counted by an earlier look
        self.rebased: dict[str, str] = dict(
            state.get("rebased", {})
        )  # below a pull request: the time of writing
        if known_head:
            self.known.add(known_head)

    def state(self) -> dict[str, Any]:
        return {
            "line": sorted(self.line),
            "side": sorted(self.side),
            "known": sorted(self.known),
            "rebased": self.rebased,
        }

    @property
    def finished(self) -> bool:
        """Everything that is still expected was counted by an earlier look."""
        return not (self.line | self.side) - self.known

    def own_changes(
        self, commits: Iterable[Mapping[str, Any]], merged_as: Collection[str]
    ) -> list[Mapping[str, Any]]:
        """The commits of this page that count by themselves. `merged_as`: those that carry a pull request."""
        return [each for each in commits if self._counts(each, each["sha"] in merged_as)]

    def _counts(self, commit: Mapping[str, Any], carries_pull: bool) -> bool:
        sha, parents = commit["sha"], [parent["sha"] for parent in commit["parents"]]
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
        at = commit["commit"]["committer"]["date"]
        rebased = bool(written) and abs((moment(at) - moment(written)).total_seconds()) <= SAME_MOMENT
        if (carries_pull or rebased) and parents:
            self.rebased[parents[0]] = at
        return not (carries_pull or rebased)
