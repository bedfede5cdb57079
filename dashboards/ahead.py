"""Parts of public pages drawn before a reader comes: after a recount, and again before they grow old."""

import math
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.cache import cache as store
from django.utils.translation import override

from dashboards.figures.indicators import INDICATORS
from dashboards.figures.nations import USUAL_ONES, names_of, usual_figure
from dashboards.figures.places import places
from dashboards.figures.relative import TOTAL
from dashboards.freshness import digest
from dashboards.parts import Part
from dashboards.stamp import build, data_stamp, read_stamp
from dashboards.views import indicators, nation
from mission.remembered import Subject, standing_at, state_of

OFTEN = 300  # seconds: what hangs on artefacts or on people's work here changes all day
HELD = 120  # seconds, after which a pass that somebody killed holds up nobody
HOLDER, LAST = "holder", "last"


def draw_due(within: float = math.inf) -> int:
    """Draws what is not drawn yet, where figures have changed since this build's last pass, or that is
    some minutes ago. `within`: seconds, after which the next pass goes on. How many parts were drawn; 0 too
    while another process is at it."""
    with standing_at(read_stamp()):
        state = state_of(Subject.FIGURES, Subject.HOLDINGS)
    last, at = store.get(place(LAST), ("", 0.0))
    if (last == state and time.time() - at < OFTEN) or not store.add(place(HOLDER), 1, HELD):
        return 0
    try:
        store.set(place(LAST), (state, time.time()))
        return draw(within)
    finally:
        store.delete(place(HOLDER))


def place(name: str) -> str:
    """Each build has its own, as its parts have: who still draws for the old one does not hold up the new."""
    return f"ahead:{digest(build())[:8]}:{name}"


def draw(within: float = math.inf) -> int:
    """Each part in the state that the data are in when its turn comes. What is good is left as it is."""
    drawn, began = 0, time.monotonic()
    for language, _name in settings.LANGUAGES:
        with override(language):
            for part, names in _wanted():
                if time.monotonic() - began > within:
                    store.delete(place(LAST))
                    return drawn
                with standing_at(data_stamp()):
                    drawn += part.renew(*names)
                store.touch(place(HOLDER), HELD)
    return drawn


def _wanted() -> Iterator[tuple[Part[Any], tuple[str, ...]]]:
    """The pages that most are sent to first."""
    yield from ((usual_figure, names) for names in USUAL_ONES)
    for metric in INDICATORS:
        yield indicators.usually, (metric, TOTAL)
        yield usual_figure, names_of(metric, TOTAL, indicators.MAP)
    for code in places():
        yield from ((part, (code,)) for part in nation.PARTS)
