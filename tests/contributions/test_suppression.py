"""Attacks on what is published: nothing that can be worked out is about one to nine people."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contributions.measures.metric import PEOPLE_FLOOR
from contributions.suppression import Counted, Shown, Slice, publish, withheld

UNKNOWN = "?"
People = frozenset[int]


@dataclass(frozen=True)
class Fact:
    """An act in a cell. `person` 0 is an organisation; `part` is whether a smaller metric counts it too."""

    place: str
    person: int
    amount: int
    sure: bool
    part: bool


Row = dict[int, Fraction]  # a linear combination of facts, by their number


def facts_of(places: int) -> st.SearchStrategy[list[Fact]]:
    """Cells of few, of ten and of many people beside each other, some people in several of them."""
    fact = st.builds(
        Fact,
        place=st.sampled_from([UNKNOWN, *"ABCDE"[:places]]),
        person=st.integers(0, 30),
        amount=st.integers(1, 9),
        sure=st.booleans(),
        part=st.booleans(),
    )
    crowd = st.builds(
        lambda place, first, count, sure, part: [
            Fact(place, person, 1 + person % 5, sure, part) for person in range(first, first + count)
        ],
        st.sampled_from([UNKNOWN, *"ABCDE"[:places]]),
        st.integers(100, 140),
        st.integers(1, 25),
        st.booleans(),
        st.booleans(),
    )
    return st.builds(
        lambda loose, crowds: loose + [fact for each in crowds for fact in each],
        st.lists(fact, max_size=15),
        st.lists(crowd, min_size=1, max_size=6),
    )


def people(facts: Sequence[Fact]) -> People:
    return frozenset(fact.person for fact in facts if fact.person)


def only_here(who: People, others: Sequence[People]) -> int:
    return len(who - frozenset[int]().union(*others))


def slices(by_place: dict[str, list[Fact]]) -> dict[str, Slice]:
    who = {place: people(facts) for place, facts in by_place.items()}
    return {
        place: Slice(len(mine), only_here(mine, [other for name, other in who.items() if name != place]))
        for place, mine in who.items()
    }


def counted(world: Sequence[Fact], *, part: bool) -> list[Counted[str]]:
    """The cells as the database counts them: of all facts, or of the smaller metric's."""
    places = sorted({fact.place for fact in world})
    own = {at: [f for f in world if f.place == at and (f.part or not part)] for at in places}
    left = {at: [f for f in world if f.place == at and not f.part] for at in places}
    heads, rest = slices(own), slices(left)
    return [
        Counted(
            place=at,
            lower=Decimal(sum(f.amount for f in own[at] if f.sure)),
            upper=Decimal(sum(f.amount for f in own[at])),
            weight=Decimal(sum(f.amount for f in own[at])),
            slices=(heads[at], rest[at]) if part else (heads[at],),
            edges=tuple(
                Slice(len(people([f for f in left[at] if f.sure is sure]))) for sure in (True, False) if part
            ),
            sure=Slice(len(people([f for f in own[at] if f.sure]))),
            unsure=Slice(len(people([f for f in own[at] if not f.sure]))),
        )
        for at in places
        if own[at]
    ]


def known(world: Sequence[Fact], shown: list[Shown[str]], *, part: bool) -> list[Row]:
    """What a reader knows, as combinations of facts: every bound, and the world's total where it follows."""

    def row(wanted: object) -> Row:
        return {n: Fraction(f.amount) for n, f in enumerate(world) if wanted(f)}  # type: ignore[operator]

    def mine(fact: Fact) -> bool:
        return fact.part or not part

    rows: list[Row] = []
    by_place = {cell.place: cell for cell in shown}
    for cell in shown:
        if cell.upper is not None:
            rows.append(row(lambda f, at=cell.place: mine(f) and f.place == at))
        if cell.lower is not None:
            rows.append(row(lambda f, at=cell.place: mine(f) and f.place == at and f.sure))
    unknown = by_place.get(UNKNOWN)
    share = shown[0].unknown_share if shown else None
    if share and unknown and unknown.upper:
        rows.append(row(mine))  # the unknown figure divided by its share is the total of all
    # Rows of organisations are open in every cell, with their grade.
    rows += [{n: Fraction(f.amount)} for n, f in enumerate(world) if not f.person and mine(f)]
    return rows


def reduced(rows: list[Row]) -> list[Row]:
    """Gauss and Jordan: what the reader knows, in its simplest form."""
    done: list[Row] = []
    for row in rows:
        row = dict(row)
        for other in done:
            pivot = min(other)
            if pivot in row:
                row = minus(row, other, row[pivot] / other[pivot])
        if not row:
            continue
        pivot = min(row)
        done = [minus(o, row, o[pivot] / row[pivot]) if pivot in o else o for o in done]
        done.append(row)
        done.sort(key=min)
    return done


def minus(row: Row, other: Row, times: Fraction) -> Row:
    found = {
        n: row.get(n, Fraction(0)) - times * other.get(n, Fraction(0)) for n in row.keys() | other.keys()
    }
    return {n: value for n, value in found.items() if value}


def told(world: Sequence[Fact], rows: list[Row]) -> list[tuple[int, Row]]:
    """Everything found by taking figures from each other that is about one to nine people."""
    simple = reduced(rows)
    tried = [*rows, *simple]
    for count in (2, 3):
        if len(rows) <= 14:
            for chosen in combinations(rows, count):
                whole = max(chosen, key=len)
                for other in (one for one in chosen if one is not whole):
                    whole = minus(whole, other, Fraction(1))
                tried.append(whole)
    few = []
    for row in tried:
        about = {world[n].person for n in row} - {0}
        if 0 < len(about) < PEOPLE_FLOOR:
            few.append((len(about), row))
    return few


ALONE = [Fact("A", n, 3, True, True) for n in range(1, 6)]
ABROAD = [Fact(UNKNOWN, n, 2, False, True) for n in range(40, 55)]
NOBODY = [Fact(UNKNOWN, 0, 2, False, True)]


@settings(max_examples=150, deadline=None)
@given(facts_of(5))
@example(ALONE)
@example(ALONE + ABROAD)
@example(ALONE + NOBODY)
@example(ALONE + NOBODY + [Fact("B", n, 1, True, True) for n in range(60, 90)])
@example(ALONE + [Fact("B", n, 3, True, True) for n in range(1, 6)] + NOBODY)
def test_no_figure_and_no_difference_of_figures_is_about_few_people(world: list[Fact]) -> None:
    shown = publish(counted(world, part=False), UNKNOWN)
    assert told(world, known(world, shown, part=False)) == []


@settings(max_examples=150, deadline=None)
@given(facts_of(4))
@example([Fact("A", n, 1, True, n > 3) for n in range(1, 30)])
@example(
    [Fact("A", n, 1, True, n > 3) for n in range(1, 30)]
    + [Fact("B", n, 1, True, True) for n in range(40, 60)]
    + NOBODY
)
def test_a_metric_less_its_part_is_not_about_few_people(world: list[Fact]) -> None:
    closed, _safe = withheld(counted(world, part=False))
    whole = publish(counted(world, part=False), UNKNOWN)
    part = publish(counted(world, part=True), UNKNOWN, closed)
    rows = known(world, whole, part=False) + known(world, part, part=True)
    assert told(world, rows) == []


@settings(max_examples=100, deadline=None)
@given(facts_of(5))
def test_what_is_withheld_beyond_need_is_the_smallest(world: list[Fact]) -> None:
    cells = counted(world, part=False)
    hidden, _safe = withheld(cells)
    beyond = [c.slices[0].people for c in cells if c.place in hidden and not c.slices[0].few]
    left = [c.slices[0].people for c in cells if c.place not in hidden and c.slices[0].people]
    assert not beyond or not left or max(beyond) <= min(left)
    assert all(c.slices[0].people for c in cells if c.place in hidden), "organisations protect nobody"


def test_nothing_is_withheld_where_everybody_is_one_of_ten() -> None:
    world = [Fact(at, n, 1, True, True) for at in "ABC" for n in range(ord(at) * 100, ord(at) * 100 + 10)]
    assert [cell.upper for cell in publish(counted(world, part=False), UNKNOWN)] == [10, 10, 10]


def test_the_largest_ones_share_is_withheld_with_its_cell() -> None:
    cell = Counted("A", Decimal(1), Decimal(1), Decimal(1), (Slice(3, 3),), top_share=Decimal("0.9"))
    assert publish([cell], UNKNOWN)[0].top_share is None
