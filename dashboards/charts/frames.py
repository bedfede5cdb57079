"""What every kind of drawing shares: frames, axes, room between labels, marks of what is not known, readouts.

A drawing is made twice, wide and narrow, and the stylesheet shows one of them; its readouts are made once and
lie over both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import detroit as d3
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.charts.figure import Column, Figure, Known, Reading, Row, in_words
from dashboards.charts.reads import Readout


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend. `mark` is the CSS class of its sample, `hatch` the number of a pattern over it,
    `sign` a path instead of a filled box."""

    label: str
    mark: str = "no"
    hatch: int = 0
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a drawing is, and the room it leaves at its edges, in units of the drawing."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int = 12
    bottom: int = 30
    ticks: int = 6
    label_length: int = 24

    @property
    def span(self) -> tuple[int, int]:
        return self.left, self.width - self.right

    @property
    def floor(self) -> int:
        return self.height - self.bottom


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers to places, in plain floats: a drawing asks it a few hundred times."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) * (self.end - self.start) / (self.high - self.low)


@lru_cache(maxsize=2048)
def round_ends(low: float, high: float, count: int) -> tuple[float, float, tuple[float, ...]]:
    """Round numbers at or beyond both ends, and those between them for an axis of about `count` ticks."""
    scale = d3.scale_linear([low, high if high > low else low + 1], [0, 1]).nice(count)
    start, end = scale.get_domain()
    return float(start), float(end), tuple(float(tick) for tick in scale.ticks(count))


def axis(values: Iterable[float], start: float, end: float, count: int = 5) -> tuple[Scale, list[Tick]]:
    """A scale from zero (or below, where a value is) to the greatest of the values, with its ticks."""
    known = [0.0, *values]
    low, high, ticks = round_ends(min(known), max(known), count)
    if all(value == int(value) for value in known):  # nobody made half a model
        ticks = tuple(tick for tick in ticks if tick == int(tick))
    scale = Scale(low, high, start, end)
    labels = _in_words(ticks, get_language())
    return scale, [Tick(coordinate(scale(tick)), label) for tick, label in zip(ticks, labels, strict=True)]


@lru_cache(maxsize=2048)
def _in_words(ticks: tuple[float, ...], language: str | None) -> tuple[str, ...]:
    """`language` is that of the request: the words are kept by it."""
    return tuple(words.short(tick) for tick in ticks)


def coordinate(value: float) -> str:
    """A number in an SVG attribute: never localised, one decimal at most."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def thinned(ticks: list[Tick], most: int) -> list[Tick]:
    step = -(-len(ticks) // most) if ticks else 1
    return ticks[::step]


def rules(ticks: list[Tick], left: float, right: float) -> str:
    """All lines across a drawing as one path."""
    return "".join(f"M{coordinate(left)} {tick.at}H{coordinate(right)}" for tick in ticks)


def apart(wanted: list[float], gap: float, lowest: float) -> list[float]:
    """Places near the wanted ones, at least `gap` from each other, none below `lowest` (y goes down)."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = [wanted[i] for i in order]
    for _round in range(60):
        moved = False
        for i, (upper, lower) in enumerate(pairwise(placed)):
            if gap - (lower - upper) > 0.05:
                push, moved = (gap - lower + upper) / 2, True
                placed[i], placed[i + 1] = upper - push, lower + push
        if placed and placed[-1] > lowest:
            placed[-1], moved = lowest, True
        if not moved:
            break
    result = [0.0] * len(wanted)
    for index, place in zip(order, placed, strict=True):
        result[index] = place
    return result


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as part of a path."""
    return f"M{coordinate(x)} {coordinate(y)}h{coordinate(width)}v{coordinate(height)}h{coordinate(-width)}z"


def sign(status: Known, x: float, y: float, size: float = 8) -> str:
    """A small hollow mark around a point: a hatched square where suppressed, a ring where unknown."""
    half = size / 2
    if status == Known.SUPPRESSED:
        s, h = coordinate(size), coordinate(half)
        corner = f"M{coordinate(x - half)} {coordinate(y - half)}"
        return f"{corner}h{s}v{s}h-{s}zm0 {h}l{h} -{h}M{coordinate(x - half)} {coordinate(y + half)}l{s} -{s}"
    turn = f"a{coordinate(half)} {coordinate(half)} 0 1 "
    return (
        f"M{coordinate(x - half)} {coordinate(y)}{turn}0 {coordinate(size)} 0{turn}0 -{coordinate(size)} 0z"
    )


def revised_sign(x: float, y: float) -> str:
    """A small open diamond: this row was published otherwise before."""
    return f"M{coordinate(x)} {coordinate(y - 5)}l5 5l-5 5l-5-5z"


def keys_of_signs(statuses: set[Known], revised: bool = False) -> list[Key]:
    """What the marks in a drawing mean, for those that are in it."""
    names = {Known.SUPPRESSED: _("suppressed"), Known.UNKNOWN: _("unknown")}
    keys = [Key(name, sign=sign(status, 10, 7, 10)) for status, name in names.items() if status in statuses]
    return [*keys, Key(_("revised"), sign=revised_sign(10, 7))] if revised else keys


def readouts(figure: Figure, columns: Sequence[Column]) -> list[Readout]:
    """The words of every row, each with its own name and that it was revised."""
    middle, pattern, language = len(figure.rows) / 2, _("%(name)s: %(value)s"), get_language()
    found = []
    for number, row in enumerate(figure.rows):
        values = [(c.label, in_words(row.cells[c.key], c.decimals, language)) for c in columns]
        told = [pattern % {"name": label, "value": value} for label, value in values]
        title = f"{row.key} ({row.revised})" if row.revised else row.key
        found.append(Readout(title, told, number >= middle))
    return found


def name_of(figure: Figure, row: Row) -> str:
    """The cell that names a row."""
    naming = next((c.key for c in figure.columns if c.names), "")
    return str(row.cells[naming] or row.key) if naming else row.key


def ends(reading: Reading) -> tuple[float, float] | None:
    """Both bounds as floats; a withheld lower bound is drawn from zero; None where there is no number."""
    if reading.upper is None:
        return None
    upper = float(reading.upper)
    return (float(reading.lower) if reading.lower is not None else 0.0), upper


def in_short(reading: Reading) -> str:
    """For small fields: 12–34, ≤ 5, 1.2k. Empty where there is no number."""
    if reading.upper is None:
        return ""
    upper = words.short(reading.upper)
    if reading.lower == reading.upper:
        return upper
    lower = words.short(reading.lower) if reading.lower is not None else ""
    return upper if lower == upper else f"{lower}–{upper}" if lower else f"≤ {upper}"


def cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    # Drawings run from left to right: the mark keeps the dots at the end of Arabic words.
    end = "…\N{RIGHT-TO-LEFT MARK}" if get_language_bidi() else "…"
    return text[: length - 1].rstrip() + end
