"""What is read in a drawing, row by row, as markup in one pass: a page has hundreds of such lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Readout:
    """What a pointer, a finger or the arrow keys read at one row: the table's own words. `late`: the row
    stands in the second half of the drawing, so its readout opens in the first."""

    title: str
    lines: list[str]
    late: bool


def reads_markup(slug: str, reads: Sequence[Readout]) -> SafeString:
    """Every word goes through `escape`; a slug is one of ours."""
    out: list[str] = []
    for read in reads:
        told = "\n".join((f"<b>{escape(str(read.title))}</b>", *(escape(str(line)) for line in read.lines)))
        start = '<label class="late">' if read.late else "<label>"
        out.append(f'{start}<input type="radio" name="{slug}-read"><span dir="auto">{told}</span></label>')
    return mark_safe("".join(out))  # noqa: S308  (escaped)
