"""A trend as tall as a line of text, to stand beside the number it leads to; it has no numbers of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.figure import Known, Reading
from dashboards.charts.frames import Scale, coordinate, ends, sign

WIDTH, HEIGHT, EDGE = 96, 24, 4


@dataclass(frozen=True, slots=True)
class Spark:
    """For templates/components/sparkline.html. `signs` mark what is suppressed or unknown, at the foot."""

    path: str
    band: str
    signs: str
    end_x: str
    end_y: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(readings: Sequence[Reading]) -> Spark:
    """From zero to the greatest upper bound, over the whole width."""
    pairs = [ends(reading) for reading in readings]
    top = max((pair[1] for pair in pairs if pair), default=0.0)
    low = min((pair[0] for pair in pairs if pair), default=0.0)
    y = Scale(min(0.0, low), top if top > min(0.0, low) else 1.0, HEIGHT - EDGE, EDGE)
    step = (WIDTH - 2 * EDGE) / max(1, len(pairs) - 1)
    path, above, below, signs, last, new = "", [], [], "", (0.0, 0.0), True
    for i, (pair, reading) in enumerate(zip(pairs, readings, strict=True)):
        x = EDGE + i * step
        if pair is None:
            if reading.status in (Known.SUPPRESSED, Known.UNKNOWN):
                signs += sign(reading.status, x, HEIGHT - 3, 4)
            new = True
            continue
        last = (x, y(pair[0]))
        path += f"{'M' if new else 'L'}{coordinate(x)} {coordinate(last[1])}"
        above.append(f"{coordinate(x)} {coordinate(y(pair[1]))}")
        below.append(f"{coordinate(x)} {coordinate(last[1])}")
        new = False
    ranged = all(pairs) and any(pair and pair[0] != pair[1] for pair in pairs)
    band = f"M{'L'.join([*above, *reversed(below)])}z" if ranged else ""
    known = bool(above)
    return Spark(
        path, band, signs, coordinate(last[0]) if known else "", coordinate(last[1]) if known else ""
    )
