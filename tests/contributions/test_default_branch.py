"""Which commits count by themselves, on histories small enough to draw."""

import datetime
from typing import Any

from contributions.default_branch import Commit, Walk

NOON = "2025-01-01T12:00:00Z"
LATER = "2025-01-01T13:00:00Z"


def commit(sha: str, *parents: str, at: str = NOON) -> Commit:
    return Commit(sha, parents, datetime.datetime.fromisoformat(at))


def counted(history: list[Commit], *pulls: str, known: str | None = None) -> str:
    walk = Walk({}, known)
    return "".join(each.sha for each in walk.own_changes(history, set(pulls)))


def test_commits_pushed_straight_count_each() -> None:
    assert counted([commit("c", "b"), commit("b", "a"), commit("a")]) == "cba"


def test_a_squash_counts_with_its_pull_request() -> None:
    assert counted([commit("c", "b"), commit("b", "a", at=LATER), commit("a")], "b") == "ca"


def test_commits_behind_the_merge_of_a_pull_request_belong_to_it() -> None:
    history = [commit("m", "b", "y"), commit("y", "x"), commit("b", "a"), commit("x", "a"), commit("a")]
    assert counted(history, "m") == "ba"


def test_a_branch_merged_without_a_pull_request_counts_but_its_merge_does_not() -> None:
    history = [commit("m", "b", "y"), commit("y", "a"), commit("b", "a"), commit("a")]
    assert counted(history) == "yba"


def test_a_rebase_leaves_a_row_of_one_moment_that_belongs_to_the_pull_request() -> None:
    history = [commit("d", "c", at=LATER), commit("c", "b", at=LATER), commit("b", "a"), commit("a")]
    assert counted(history, "d") == "ba"


def test_a_later_look_stops_where_the_last_one_began_though_old_work_is_merged_in() -> None:
    """`y` is older than the known head `b`, and new to the branch."""
    walk = Walk({}, "b")
    history = [commit("m", "b", "y"), commit("b", "a", at=LATER), commit("y", "a"), commit("a")]
    assert [each.sha for each in walk.own_changes(history, set())] == ["y"]
    assert walk.finished


def test_the_walk_goes_on_over_pages_from_its_state() -> None:
    history = [commit("m", "b", "y"), commit("y", "x"), commit("b", "a"), commit("x", "a"), commit("a")]
    found, state = [], dict[str, Any]()
    for each in history:
        walk = Walk(state, None)
        found += walk.own_changes([each], {"m"})
        state = walk.state()
    assert [each.sha for each in found] == ["b", "a"]


def test_commits_listed_without_those_between_them_count() -> None:
    """A list filtered by a path leaves gaps."""
    assert counted([commit("f", "e"), commit("c", "b")]) == "fc"


def test_pages_that_overlap_count_every_commit_once() -> None:
    history = [commit("m", "b", "y"), commit("y", "x"), commit("b", "a"), commit("x", "a"), commit("a")]
    walk, found = Walk({}, None), list[str]()
    for page in (history[:2], history[1:4], history[3:]):
        found += [each.sha for each in walk.own_changes(page, {"m"})]
        walk = Walk(walk.state(), None)
    assert found == ["b", "a"]
