"""Who reviews what: fair and balanced, found without asking the database anything.

As many of the reviews needed as the rules allow, then loads as even as they can be, then the best fit
of expertise and language. Nobody gets a forbidden application, nobody more than there is room for.

It works on assignments like this: an application may drop a reviewer and take another, who may have to
drop something else in turn. Such a chain that ends at a free reviewer gives one review more; such a
chain from a busy reviewer to an idle one evens their loads. When no chain is left, no better exists.
"""

from collections import deque
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial

Pair = tuple[int, int]  # (application, reviewer)
SWEEPS = 4  # how often the fit is improved over all pairs


@dataclass(frozen=True)
class Room:
    """What a reviewer has waiting already, and the most they take."""

    load: int
    most: int


@dataclass
class Matching:
    """`pairs` to ask; `missing`: how many reviews an application does not get."""

    pairs: list[Pair] = field(default_factory=list)
    missing: dict[int, int] = field(default_factory=dict)
    loads: dict[int, int] = field(default_factory=dict)


def match(
    needs: Mapping[int, int],
    rooms: Mapping[int, Room],
    forbidden: AbstractSet[Pair],
    fit: Mapping[Pair, int] | None = None,
) -> Matching:
    """`needs`: reviews wanted by application. `fit`: more is better; 0 where it says nothing."""
    board = Board(needs, rooms, forbidden, fit or {})
    board.fill()
    board.even_out()
    board.improve_fit()
    return board.result()


class Board:
    """The assignments while they are being found."""

    def __init__(
        self,
        needs: Mapping[int, int],
        rooms: Mapping[int, Room],
        forbidden: AbstractSet[Pair],
        fit: Mapping[Pair, int],
    ) -> None:
        self.needs, self.rooms, self.fit = needs, rooms, fit
        self.load = {reviewer: room.load for reviewer, room in rooms.items()}
        self.of_application: dict[int, set[int]] = {application: set() for application in needs}
        self.of_reviewer: dict[int, set[int]] = {reviewer: set() for reviewer in rooms}
        self.allowed = {
            application: {r for r in rooms if (application, r) not in forbidden} for application in needs
        }

    def may_take(self, application: int) -> set[int]:
        return self.allowed[application] - self.of_application[application]

    def has_room(self, reviewer: int) -> bool:
        return self.load[reviewer] < self.rooms[reviewer].most

    def give(self, application: int, reviewer: int) -> None:
        self.of_application[application].add(reviewer)
        self.of_reviewer[reviewer].add(application)
        self.load[reviewer] += 1

    def take(self, application: int, reviewer: int) -> None:
        self.of_application[application].discard(reviewer)
        self.of_reviewer[reviewer].discard(application)
        self.load[reviewer] -= 1

    # As many as there can be: round by round, so that a shortage is shared.

    def fill(self) -> None:
        hard_first = sorted(self.needs, key=lambda a: (len(self.allowed[a]), a))
        for round_number in range(max(self.needs.values(), default=0)):
            for application in hard_first:
                if len(self.of_application[application]) == round_number < self.needs[application]:
                    self.one_more(application)

    def one_more(self, application: int) -> None:
        free = [r for r in self.may_take(application) if self.has_room(r)]
        if free:
            best = min(free, key=lambda r: (self.load[r], -self.fit.get((application, r), 0), r))
            self.give(application, best)
            return
        self.shift(self.has_room, starts=self.may_take(application), first=application)

    # Chains. `came_from[r]` is (the application that would take r, the reviewer it would drop).

    def shift(
        self,
        is_end: Callable[[int], bool],
        *,
        starts: AbstractSet[int] = frozenset(),
        first: int | None = None,
        giver: int | None = None,
    ) -> bool:
        """Find the shortest chain to a reviewer who `is_end`, and follow it."""
        came_from: dict[int, tuple[int, int | None]] = {}
        queue: deque[int] = deque()
        if first is not None:
            for reviewer in sorted(starts):
                came_from[reviewer] = (first, None)
                queue.append(reviewer)
        elif giver is not None:
            queue.append(giver)
        while queue:
            here = queue.popleft()
            if here != giver and is_end(here):
                self.follow(here, came_from)
                return True
            for application in sorted(self.of_reviewer[here]):
                for other in sorted(self.may_take(application) - came_from.keys() - {giver}):
                    came_from[other] = (application, here)
                    queue.append(other)
        return False

    def follow(self, end: int, came_from: Mapping[int, tuple[int, int | None]]) -> None:
        here: int | None = end
        steps: list[tuple[int, int, int | None]] = []
        while here is not None and here in came_from:
            application, dropped = came_from[here]
            steps.append((application, here, dropped))
            here = dropped
        for application, taken, dropped in steps:
            if dropped is not None:
                self.take(application, dropped)
            self.give(application, taken)

    # Loads as even as they can be.

    def even_out(self) -> None:
        """From the busiest to anybody with at least two fewer, until no chain is left."""
        settled: set[int] = set()
        while True:
            busy = [r for r in self.rooms if r not in settled and self.of_reviewer[r]]
            if not busy:
                return
            busiest = max(busy, key=lambda r: (self.load[r], r))
            idle = partial(self.is_idle, self.load[busiest] - 2)
            if self.shift(idle, giver=busiest):
                settled.clear()
            else:
                settled.add(busiest)

    def is_idle(self, ceiling: int, reviewer: int) -> bool:
        return self.has_room(reviewer) and self.load[reviewer] <= ceiling

    # The best fit that leaves the loads as even as they are.

    def improve_fit(self) -> None:
        if not self.fit:
            return
        for _sweep in range(SWEEPS):
            pairs = [(a, r) for a in sorted(self.needs) for r in sorted(self.of_application[a])]
            if not sum(self.better(a, r) for a, r in pairs):
                return

    def better(self, application: int, reviewer: int) -> bool:
        """Hand over to somebody with one fewer, or swap with somebody else's application."""
        if reviewer not in self.of_application[application]:
            return False
        have = self.fit.get((application, reviewer), 0)
        for other in sorted(self.may_take(application)):
            gain = self.fit.get((application, other), 0) - have
            if gain > 0 and self.load[other] == self.load[reviewer] - 1 and self.has_room(other):
                self.take(application, reviewer)
                self.give(application, other)
                return True
            for theirs in sorted(self.of_reviewer[other]):
                if reviewer not in self.may_take(theirs):
                    continue
                change = self.fit.get((theirs, reviewer), 0) - self.fit.get((theirs, other), 0)
                if gain + change > 0:
                    self.swap(application, reviewer, theirs, other)
                    return True
        return False

    def swap(self, application: int, reviewer: int, theirs: int, other: int) -> None:
        self.take(application, reviewer)
        self.take(theirs, other)
        self.give(application, other)
        self.give(theirs, reviewer)

    def result(self) -> Matching:
        short = {a: n - len(self.of_application[a]) for a, n in self.needs.items()}
        return Matching(
            pairs=sorted((a, r) for a, taken in self.of_application.items() for r in taken),
            missing={a: n for a, n in short.items() if n},
            loads=dict(self.load),
        )
