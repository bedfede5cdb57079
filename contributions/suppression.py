"""What may be told of a month's cells without telling of fewer than ten people. Numbers in, numbers out.

A published figure tells of everybody behind it, and of whoever can be told from it by taking away what is
known otherwise: evidence of grades C and D is upper less lower, what a metric leaves out is the figure of
the larger metric less its own, one nation is the world less all others. Each of these is a *slice* of
people; none that can be worked out may hold one to nine of them.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from contributions.measures.metric import PEOPLE_FLOOR

P = TypeVar("P", bound=Hashable)  # what names a cell


@dataclass(frozen=True, slots=True)
class Slice:
    """How many different people; `only_here`: those of them who are in no other cell's slice."""

    people: int = 0
    only_here: int = 0

    @property
    def few(self) -> bool:
        return 0 < self.people < PEOPLE_FLOOR


@dataclass(frozen=True, slots=True)
class Counted(Generic[P]):
    """A cell as it is, before anybody may see it. `weight` is its part of the unknown share's whole.

    `slices[0]` is everybody behind the figure; the others are whoever could be told by a difference.
    `sure` and `unsure` are the people behind `lower`, and behind what `upper` has more; `edges` those whom
    the lower bounds of two figures would tell by their difference.
    """

    place: P
    lower: Decimal
    upper: Decimal
    weight: Decimal
    slices: tuple[Slice, ...]
    sure: Slice = field(default_factory=Slice)
    unsure: Slice = field(default_factory=Slice)
    edges: tuple[Slice, ...] = ()
    top_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shown(Generic[P]):
    """A cell as it may be published."""

    place: P
    lower: Decimal | None
    upper: Decimal | None
    suppressed: bool
    unknown_share: Decimal | None
    top_share: Decimal | None


def publish(cells: Sequence[Counted[P]], unknown: P, closed: Collection[P] = ()) -> list[Shown[P]]:
    """All cells of one metric and month, as they may be shown. `unknown` is the place nobody knows.

    `closed` are places where a figure that holds this one is suppressed.
    """
    hidden, safe = withheld(cells, closed)
    part = any(cell.edges for cell in cells)  # two totals, of a part and of its whole, would tell together
    open_to_all = safe and unknown not in hidden and not (part and hidden)
    share = _unknown_share(cells, unknown) if open_to_all else None
    return [_shown(cell, cell.place in hidden, share) for cell in cells]


def withheld(cells: Sequence[Counted[P]], closed: Collection[P] = ()) -> tuple[set[P], bool]:
    """Places to suppress; and whether a total over all cells tells nothing about few people.

    First those about few people; then the smallest others, until those withheld are two cells or more and
    ten people or more, in every slice. A cell without people protects nobody: its rows are open.
    """
    hidden = [
        cell
        for cell in cells
        if any(part.few for part in _told_by(cell)) or (cell.place in closed and cell.slices[0].people)
    ]
    others = sorted(
        (cell for cell in cells if cell.slices[0].people and cell not in hidden),
        key=lambda cell: (cell.slices[0].people, cell.weight, repr(cell.place)),
    )
    while hidden and others and not _together(hidden):
        hidden.append(others.pop(0))
    return {cell.place for cell in hidden}, not hidden or _together(hidden)


def _told_by(cell: Counted[P]) -> tuple[Slice, ...]:
    """A part of a larger figure has both bounds or none: the larger one's would tell the one withheld."""
    return (*cell.slices, cell.sure, cell.unsure, *cell.edges) if cell.edges else cell.slices


def _together(hidden: Sequence[Counted[P]]) -> bool:
    """Whether the sum over these cells may be known: of two or more, and of no slice with few people.

    People may be in several cells, so those in no other are added, and the largest cell alone is enough.
    """
    if len(hidden) < 2:
        return False
    for parts in zip(*(cell.slices for cell in hidden), strict=True):
        surely = max(sum(part.only_here for part in parts), *(part.people for part in parts))
        if any(part.people for part in parts) and surely < PEOPLE_FLOOR:
            return False
    return True


def _unknown_share(cells: Sequence[Counted[P]], unknown: P) -> Decimal | None:
    whole = sum((cell.weight for cell in cells), Decimal(0))
    if not whole:
        return None
    part = sum((cell.weight for cell in cells if cell.place == unknown), Decimal(0))
    return round(part / whole, 5)


def _shown(cell: Counted[P], hidden: bool, share: Decimal | None) -> Shown[P]:
    if hidden:
        return Shown(cell.place, None, None, True, share, None)
    told = (cell.sure, cell.unsure, *cell.edges)
    lower = None if any(part.few for part in told) else cell.lower
    return Shown(cell.place, lower, cell.upper, False, share, cell.top_share)
