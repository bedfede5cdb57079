"""What a new call starts from, so that a good one can be opened in ten minutes: one file a programme kind.

A starter is a dictionary of fields of a call, as `actions.calls.create_call` takes them.
"""

from collections.abc import Callable
from typing import Any

from grants.models.programmes import ProgrammeKind
from grants.models.starters import (
    benchmark,
    compute,
    contribution,
    dataset,
    efficiency,
    fellowship,
    plain,
    procurement,
)

STARTERS: dict[str, Callable[[], dict[str, Any]]] = {
    ProgrammeKind.COMPUTE: compute.starter,
    ProgrammeKind.FELLOWSHIP: fellowship.starter,
    ProgrammeKind.DATASET: dataset.starter,
    ProgrammeKind.BENCHMARK: benchmark.starter,
    ProgrammeKind.EFFICIENCY: efficiency.starter,
    ProgrammeKind.CONTRIBUTION: contribution.starter,
    ProgrammeKind.PROCUREMENT: procurement.starter,
}


def starter(kind: str = "") -> dict[str, Any]:
    """The starter of a programme kind; without one, a plain call: reviews, then the decision."""
    return STARTERS.get(kind, plain.starter)()
