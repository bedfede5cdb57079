"""The steps of lineage behind one pair of nations, as a list that pages go through."""

from collections.abc import Iterable, Sequence
from typing import Any, overload

from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.give_and_take import Pair
from contributions.measures.metric import moments_of
from contributions.models import LinkKind
from contributions.open_steps import OpenStep, open_steps
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.exchange import NOWHERE, Exchanged


class StepsBetween(Sequence[OpenStep]):
    """Read a page at a time: one query for how many there are, one for each slice."""

    def __init__(self, giver: str, taker: str, found: Exchanged) -> None:
        self.giver, self.taker = giver, taker
        self.pair = Pair(NOWHERE.get(giver, (giver, False)), NOWHERE.get(taker, (taker, False)))
        self.found = found

    def _read(self, skip: int, limit: int) -> tuple[list[OpenStep], int]:
        first, last = self.found.first, self.found.last
        if first is None or last is None:
            return [], 0
        return open_steps(
            pair=self.pair,
            kinds=self.found.kinds,
            first=moments_of(first)[0],
            after=moments_of(last)[1],
            skip=skip,
            limit=limit,
        )

    def __len__(self) -> int:
        return self._read(0, 1)[1]

    @overload
    def __getitem__(self, at: int) -> OpenStep: ...
    @overload
    def __getitem__(self, at: slice) -> list[OpenStep]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            begin = at.start or 0
            return self._read(begin, at.stop - begin)[0]
        return self._read(at, 1)[0][0]


def links_figure(steps: Iterable[OpenStep], title: str, found: Exchanged) -> Figure:
    return Figure(
        slug="links",
        title=title,
        sentence=_(
            "What organisations published, newest first. What people published under their own names is in "
            "the figures, and is not listed by nation."
        ),
        columns=(
            Column("made", _("Made"), names=True),
            Column("how", _("How")),
            Column("on", _("From")),
            Column("at", _("Published")),
            Column("part", _("Part"), number=True, decimals=2),
        ),
        rows=tuple(
            Row(
                f"{step.child}-{step.kind}-{step.parent_name}",
                {
                    "made": step.child_name,
                    "how": str(LinkKind(step.kind).label),
                    "on": step.parent_name,
                    "at": step.at.date(),
                    "part": Reading.of(step.part),
                },
                url=reverse("dashboards:artifact", args=[step.child]),
            )
            for step in steps
        ),
        source=Source(_("Lineage on Hugging Face, attributed by the Mission"), retrieved=found.computed),
        open_table=True,
        empty=Empty(
            _("No step between the two can be listed"),
            _("There was none in this time, or people made them under their own names."),
        ),
    )
