"""How wide words are, about, and what a renderer must be told about scripts."""

import re
import unicodedata

from django.utils.translation import get_language_bidi

NARROW, BROAD = frozenset("iljtfrI.,:;|!'()[] "), frozenset("mwMW—%@")
EMBED_LEFT, EMBED_RIGHT, END = "\u202a", "\u202b", "\u202c"
# resvg shapes a run by the script of its first letter: a stretch of an Indian script is made a run of its own
INDIAN = re.compile("[\u0900-\u0dff][\u0900-\u0dff\u200c\u200d]*")
WORDS_IN_MARKUP = re.compile(r">([^<]*)<")
# Of words from the right, resvg moves only the first letter by `dy`: what is centred gets its own height
CENTRED = re.compile(r'y="(-?[\d.]+)" dy="\.32em"')
LOWER = 0.32 * 13  # of the size that pictures are written in


def wide_as(text: str, size: float) -> float:
    """About, and rather more than less; in units of the drawing."""
    return size * sum(_wide(sign) for sign in text)


def _wide(sign: str) -> float:
    if sign in NARROW:
        return 0.31
    if sign in BROAD:
        return 0.9
    if unicodedata.category(sign) in {"Mn", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    return 0.66 if sign.isupper() or "\u0900" <= sign <= "\u0dff" else 0.57


def lines_of(text: str, size: float, across: float) -> list[str]:
    """Broken between words. Where the page runs from the right, each line says so itself."""
    lines: list[str] = []
    for word in (piece for whole in text.split() for piece in _pieces(whole, size, across)):
        if lines and wide_as(f"{lines[-1]} {word}", size) <= across:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [f"{EMBED_RIGHT}{line}{END}" for line in lines] if get_language_bidi() else lines


def _pieces(word: str, size: float, across: float) -> list[str]:
    """A word that is longer than a line, as addresses are, in pieces that fit."""
    pieces = [""]
    for sign in word:
        if pieces[-1] and wide_as(pieces[-1] + sign, size) > across:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def for_resvg(svg: str) -> str:
    def between(found: re.Match[str]) -> str:
        return ">" + INDIAN.sub(lambda run: f"{EMBED_LEFT}{run[0]}{END}", found[1]) + "<"

    def on_its_line(found: re.Match[str]) -> str:
        return f'y="{float(found[1]) + LOWER:.2f}"'

    return WORDS_IN_MARKUP.sub(between, CENTRED.sub(on_its_line, svg))
