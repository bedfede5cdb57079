"""One budget per credential, shared by all workers."""

import datetime
import time

import pytest
from django.utils import timezone

from contributions.outside import RateLimited
from contributions.rate_budget import RateBudget


def budget(credential: str = "token") -> RateBudget:
    return RateBudget("github", "https://api.example", credential)


def spend_all(mine: RateBudget, *, interactive: bool = False) -> int:
    spent = 0
    while spent < 1000:
        try:
            mine.spend(interactive=interactive)
        except RateLimited:
            break
        spent += 1
    return spent


def test_workers_together_spend_what_one_may_and_leave_a_reserve_for_checks() -> None:
    reset = int(time.time()) + 3600
    budget().learn(limit=100, remaining=50, reset=reset)
    assert spend_all(budget()) == 45
    assert spend_all(budget(), interactive=True) == 5
    with pytest.raises(RateLimited) as limited:
        budget().spend(interactive=True)
    assert limited.value.until.timestamp() == reset
    assert spend_all(budget("another token")) == 1000


def test_what_cost_nothing_is_given_back() -> None:
    reset = int(time.time()) + 3600
    mine = budget()
    mine.learn(limit=100, remaining=50, reset=reset)
    for _time in range(500):
        mine.spend()
        mine.learn(limit=100, remaining=50, reset=reset, refund=True)
    assert spend_all(mine) == 45


def test_an_answer_that_comes_late_does_not_raise_the_budget() -> None:
    reset = int(time.time()) + 3600
    mine = budget()
    mine.learn(limit=100, remaining=20, reset=reset)
    mine.learn(limit=100, remaining=90, reset=reset)
    assert spend_all(mine) == 15


def test_a_new_window_starts_afresh() -> None:
    mine = budget()
    mine.learn(limit=100, remaining=1, reset=int(time.time()) + 60)
    mine.learn(limit=100, remaining=100, reset=int(time.time()) + 3660)
    assert spend_all(mine) == 95


def test_being_asked_to_wait_holds_for_every_worker_and_the_longest_wait_counts() -> None:
    long, short = (timezone.now() + datetime.timedelta(seconds=wait) for wait in (60, 5))
    budget().block(long)
    budget().block(short)
    with pytest.raises(RateLimited) as limited:
        budget().spend(interactive=True)
    assert abs((limited.value.until - long).total_seconds()) < 2
