"""Matching reviewers to applications: against brute force on small worlds, and for time on large ones."""

import itertools
import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from grants.models.matching import Matching, Room, match

World = tuple[dict[int, int], dict[int, Room], set[tuple[int, int]], dict[tuple[int, int], int]]


@st.composite
def worlds(draw: st.DrawFn, applications: int = 8, reviewers: int = 7, most: int = 6) -> World:
    needs = {n: draw(st.integers(0, 3)) for n in range(draw(st.integers(1, applications)))}
    rooms = {
        100 + n: Room(draw(st.integers(0, 4)), draw(st.integers(0, most)))
        for n in range(draw(st.integers(1, reviewers)))
    }
    pairs = [(a, r) for a in needs for r in rooms]
    forbidden = draw(st.sets(st.sampled_from(pairs), max_size=len(pairs)))
    fit = draw(st.dictionaries(st.sampled_from(pairs), st.integers(0, 9), max_size=12))
    return needs, rooms, forbidden, fit


def keeps_the_rules(world: World, found: Matching) -> None:
    needs, rooms, forbidden, _fit = world
    assert not set(found.pairs) & forbidden
    assert len(set(found.pairs)) == len(found.pairs)
    for reviewer, room in rooms.items():
        taken = sum(1 for _a, r in found.pairs if r == reviewer)
        assert found.loads[reviewer] == room.load + taken
        assert taken == 0 or found.loads[reviewer] <= room.most
    for application, wanted in needs.items():
        got = sum(1 for a, _r in found.pairs if a == application)
        assert got + found.missing.get(application, 0) == wanted


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_forbidden_pair_no_capacity_broken(world: World) -> None:
    found = match(*world)
    keeps_the_rules(world, found)
    assert not set(found.pairs) & world[2]


def every_way(world: World) -> list[list[tuple[int, int]]]:
    """All assignments that keep the rules, each application at its need or below."""
    needs, rooms, forbidden, _fit = world
    ways: list[list[tuple[int, int]]] = [[]]
    for application, wanted in needs.items():
        may = [r for r in rooms if (application, r) not in forbidden]
        crews = [crew for size in range(wanted + 1) for crew in itertools.combinations(may, size)]
        ways = [[*way, *((application, r) for r in crew)] for way in ways for crew in crews]
    return [way for way in ways if all(fits(way, r, room) for r, room in rooms.items())]


def fits(way: list[tuple[int, int]], reviewer: int, room: Room) -> bool:
    taken = sum(1 for _a, r in way if r == reviewer)
    return taken == 0 or room.load + taken <= room.most


def loads(way: list[tuple[int, int]], rooms: dict[int, Room]) -> list[int]:
    return [room.load + sum(1 for _a, r in way if r == reviewer) for reviewer, room in rooms.items()]


def degrees(way: list[tuple[int, int]], needs: dict[int, int]) -> list[int]:
    return [sum(1 for a, _r in way if a == application) for application in needs]


@settings(max_examples=120, deadline=None)
@given(worlds(applications=4, reviewers=4))
def test_nobody_could_do_more_and_nobody_could_do_it_more_evenly(world: World) -> None:
    """Against every way there is: as many reviews as possible; the least sum of squared loads; so within
    one of each other wherever that can be."""
    needs, rooms, _forbidden, _fit = world
    found, ways = match(*world), every_way(world)
    assert len(found.pairs) == max(len(way) for way in ways)
    alike = [way for way in ways if degrees(way, needs) == degrees(found.pairs, needs)]
    assert sum(n * n for n in found.loads.values()) == min(sum(n * n for n in loads(w, rooms)) for w in alike)
    if any(max(loads(way, rooms)) - min(loads(way, rooms)) <= 1 for way in alike):
        assert max(found.loads.values()) - min(found.loads.values()) <= 1


def test_a_shortage_is_shared() -> None:
    found = match({1: 2, 2: 2}, {7: Room(0, 1), 8: Room(0, 1)}, set())
    assert found.missing == {1: 1, 2: 1}


def test_the_only_free_reviewer_is_kept_for_the_application_that_needs_them() -> None:
    """2 may have nobody but 7, so 1 has to make do with 8."""
    found = match({1: 1, 2: 1}, {7: Room(0, 1), 8: Room(0, 1)}, {(2, 8)}, {(1, 7): 9})
    assert found.pairs == [(1, 8), (2, 7)]


def test_expertise_decides_where_loads_do_not() -> None:
    fit = {(1, 8): 5, (2, 7): 5}
    found = match({1: 1, 2: 1}, {7: Room(0, 5), 8: Room(0, 5)}, set(), fit)
    assert found.pairs == [(1, 8), (2, 7)]


def test_who_has_much_waiting_is_asked_last() -> None:
    found = match({1: 1, 2: 1}, {7: Room(3, 9), 8: Room(0, 9)}, set(), {(1, 7): 9, (2, 7): 9})
    assert found.pairs == [(1, 8), (2, 8)]


def test_200_applications_with_3_of_60_reviewers_each_take_a_moment() -> None:
    chance = random.Random(7)
    needs = dict.fromkeys(range(200), 3)
    rooms = {1000 + n: Room(0, 12) for n in range(60)}
    forbidden = {(a, r) for a in needs for r in rooms if chance.random() < 0.1}
    fit = {(a, r): chance.randint(1, 6) for a in needs for r in rooms if chance.random() < 0.3}
    began = time.process_time()
    world = (needs, rooms, forbidden, fit)
    found = match(*world)
    assert time.process_time() - began < 3
    keeps_the_rules(world, found)
    assert not found.missing
    assert set(found.loads.values()) == {10}
    blind = match(needs, rooms, forbidden)
    assert sum(fit.get(p, 0) for p in found.pairs) > sum(fit.get(p, 0) for p in blind.pairs)
