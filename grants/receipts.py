"""The receipt as a PDF: what was submitted, when, by whom, and a fingerprint anybody can work out again.

It draws what the fonts beside this file can, then what the machine's own Noto fonts can; it never prints
an empty box in silence: a sign that no font has is marked, and the receipt says which they were.
"""

import functools
import logging
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from fontTools.ttLib import TTFont
from fpdf import FPDF

from grants.models.applications import ApplicationVersion
from grants.models.compute import in_words
from grants.models.moments import in_zone
from grants.models.questions.words import answers_in_words

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it cuts
OURS = Path(__file__).resolve().parent / "fonts"
OF_THE_MACHINE = Path("/usr/share/fonts")
FIRST = "NotoSans-Regular.ttf"
UNDRAWABLE = "[…]"
UNSEEN = frozenset({"Cc", "Cf", "Mn"})  # controls and joiners
GREY, BLACK = (90, 98, 112), (20, 24, 30)


@functools.cache
def fonts() -> dict[str, tuple[Path, frozenset[int]]]:
    """{name: (file, what it can draw)}, ours first."""
    files = sorted(OURS.glob("*.ttf"), key=lambda path: path.name != FIRST)
    if OF_THE_MACHINE.is_dir():
        files += sorted(OF_THE_MACHINE.rglob("NotoSans*-Regular.[to]t[fc]"))
    found: dict[str, tuple[Path, frozenset[int]]] = {}
    for path in files:
        if path.stem not in found:
            with TTFont(path, fontNumber=0, lazy=True) as font:
                found[path.stem] = (path, frozenset(font.getBestCmap()))
    return found


def drawable(text: str, missing: "Counter[str]") -> str:
    """The text with a mark for each run of signs that no font has; these are counted by their script."""
    parts: list[str] = []
    for sign in text.replace("\r\n", "\n").replace("\t", "    "):
        if sign == "\n" or any(ord(sign) in able for _path, able in fonts().values()):
            parts.append(sign)
        elif unicodedata.category(sign) not in UNSEEN:
            missing[script_of(sign)] += 1
            if parts[-1:] != [UNDRAWABLE]:
                parts.append(UNDRAWABLE)
    return "".join(parts)


def script_of(sign: str) -> str:
    """“CJK”, “Thai”; a sign of no script by its own name: “rocket”."""
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    if unicodedata.category(sign).startswith("S"):
        return name.lower()
    script = name.split()[0]
    return script if script == "CJK" else script.title()


def runs(line: str) -> list[tuple[str, str]]:
    """The line cut where the font must change; a font stays while it can."""
    able = {name: signs for name, (_path, signs) in fonts().items()}
    found: list[tuple[str, str]] = []
    for sign in line:
        last = found[-1][0] if found else ""
        if last and (ord(sign) in able[last] or unicodedata.category(sign) in UNSEEN):
            found[-1] = (last, found[-1][1] + sign)
        else:
            name = next((name for name, signs in able.items() if ord(sign) in signs), next(iter(able)))
            found.append((name, sign))
    return found or [(next(iter(able)), " ")]


def begins_right(text: str) -> bool:
    first = next((unicodedata.bidirectional(sign) for sign in text if sign.isalpha()), "L")
    return first in {"R", "AL"}


class Paper(FPDF):
    """A4, with the reference and the page at the foot of each."""

    def __init__(self, version: ApplicationVersion) -> None:
        super().__init__(format="A4")
        self.foot = _("%(reference)s, version %(number)d") % {
            "reference": version.application.reference,
            "number": version.number,
        }
        for name, (path, _able) in fonts().items():
            self.add_font(name, fname=path)
        self.first = next(iter(fonts()))
        self.set_text_shaping(True)
        self.set_margins(22, 20)
        self.set_auto_page_break(True, 24)
        self.set_title(f"{version.application.reference}: {version.title}")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font(self.first, size=8)
        self.set_text_color(*GREY)
        self.cell(0, 5, f"{self.foot} · {self.page_no()} / {{nb}}")

    def words(self, text: str, size: float = 10.5, colour: tuple[int, int, int] = BLACK) -> None:
        """Line by line over the width of the page, each from the side its script begins at."""
        self.set_text_color(*colour)
        height = size * 0.52
        for line in text.split("\n"):
            pieces = runs(line)
            if len(pieces) == 1:
                name, piece = pieces[0]
                self.set_font(name, size=size)
                align = "R" if begins_right(piece) else "L"
                self.multi_cell(0, height, piece, align=align, new_x="LMARGIN", new_y="NEXT")
                continue
            for name, piece in pieces:  # one after the other: a font a piece
                self.set_font(name, size=size)
                self.write(height, piece)
            self.ln(height)

    def pair(self, label: str, text: str) -> None:
        self.ln(2.5)
        self.words(label, 8.5, GREY)
        self.words(text)


def receipt(version: ApplicationVersion) -> bytes:
    """The PDF of one submitted version."""
    missing: Counter[str] = Counter()
    facts = [(label, drawable(text, missing)) for label, text in facts_of(version)]
    questions = answers_in_words(version.questions(), version.answers)
    answers = [(drawable(q.label, missing), drawable(text, missing)) for q, text in questions if text]
    title = drawable(version.title, missing)
    paper = Paper(version)
    paper.words(_("Receipt"), 9, GREY)
    paper.words(title, 18)
    for label, text in facts:
        paper.pair(label, text)
    for sentence in honest(missing):
        paper.pair(_("What could not be drawn"), sentence)
    paper.ln(6)
    paper.words(_("What was submitted"), 14)
    for label, text in answers:
        paper.pair(label, text)
    return bytes(paper.output())


def facts_of(version: ApplicationVersion) -> list[tuple[str, str]]:
    application, call = version.application, version.application.call
    asked = in_words(version.requested_gpu_ms) if version.requested_gpu_ms else ""
    return [
        (_("Reference"), application.reference),
        (_("Call"), call.title),
        (_("Applicant"), f"{application.organisation.name}, {application.organisation.nation}"),
        (_("Submitted"), in_zone(version.submitted_at, call.time_zone)),
        (_("By"), str(version.submitted_by)),
        (_("Version"), str(version.number)),
        *([(_("Asked for"), asked)] if asked else []),
        (
            _("SHA-256 of the answers (as JSON in UTF-8, keys sorted, no blanks between)"),
            version.fingerprint(),
        ),
    ]


def honest(missing: "Counter[str]") -> Iterable[str]:
    """Which signs the fonts here cannot draw, if any."""
    if not missing:
        return
    count = sum(missing.values())
    scripts = ", ".join(f"{name} ({n})" for name, n in missing.most_common())
    yield ngettext(
        "%(n)d sign is marked %(mark)s because no font here has it: %(scripts)s. "
        "What was submitted holds it.",
        "%(n)d signs are marked %(mark)s because no font here has them: %(scripts)s. "
        "What was submitted holds them.",
        count,
    ) % {"n": count, "mark": UNDRAWABLE, "scripts": scripts}
