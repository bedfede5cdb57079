"""What a file is, by its content. Its name is what somebody typed, and is believed in nothing.

`puremagic` names what it recognises; what is taken is then held against stricter marks of our own.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.zip_packages import PROGRAMS_AND_ARCHIVES, Unsound, look_into
from mission.errors import Refused

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class FileType:
    kind: str  # as a question's `accepts` names it
    content_type: str
    endings: tuple[str, ...]  # the first is put where the name has none of them
    main_part: str = ""  # of an Office document, as its list of types names it


PDF = FileType("pdf", "application/pdf", (".pdf",))
PNG = FileType("image", "image/png", (".png",))
JPEG = FileType("image", "image/jpeg", (".jpg", ".jpeg"))
TEXT = FileType("text", "text/plain", (".txt", ".csv", ".tsv", ".md", ".json"))
PACKAGES = tuple(
    FileType(kind, content_type, (ending,), main_part)
    for kind, ending, content_type, main_part in (
        ("document", ".docx", f"{OFFICE}wordprocessingml.document", "wordprocessingml.document.main+xml"),
        ("document", ".odt", f"{OPEN}text", ""),
        ("spreadsheet", ".xlsx", f"{OFFICE}spreadsheetml.sheet", "spreadsheetml.sheet.main+xml"),
        ("spreadsheet", ".ods", f"{OPEN}spreadsheet", ""),
        ("document", ".pptx", f"{OFFICE}presentationml.presentation", "presentationml.presentation.main+xml"),
        ("document", ".odp", f"{OPEN}presentation", ""),
    )
)
TYPES = (PDF, PNG, JPEG, TEXT, *PACKAGES)
MACROS = ("vbaproject.bin", "basic/", "scripts/")
LONGEST_NAME = 200
HEAD = 64 * 1024
MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|script|svg|iframe|\?xml|\?php|x:)", re.I)
COMMENT = re.compile(rb"\s+|<!--.*?-->", re.S)
# What people see most; puremagic has a name for the rest, in English.
IN_WORDS = {
    ".html": gettext_lazy("a web page (HTML)"),
    ".svg": gettext_lazy("an SVG drawing"),
    ".zip": gettext_lazy("a ZIP archive"),
    ".doc": gettext_lazy("an old or password-protected Office document"),
}


def file_type(file: BinaryIO, size: int, name: str, accepts: Iterable[str] = ()) -> FileType:
    """The type by content; Refused with a sentence naming what it is where that is not taken.

    `accepts`: the kinds that may be sent instead, to be named in the sentence; all where it is empty.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not size:
        raise _refused(_("“%(name)s” is empty."), name)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"PK\x03\x04"):
        return _package(file, size, name, accepts)
    if (markup := _markup(head)) or not _is_text(file):
        sentence = _("By its content, “%(name)s” is %(what)s. Send one of these: %(endings)s.")
        raise _refused(
            sentence, name, what=markup or _in_words(head, file, size), endings=endings_of(accepts)
        )
    return TEXT


def endings_of(kinds: Iterable[str] = ()) -> str:
    """How names of such files end; of all that are taken, where no kind is named."""
    wanted = set(kinds)
    return ", ".join(each for kind in TYPES if not wanted or kind.kind in wanted for each in kind.endings)


def _refused(sentence: str, name: str, **words: object) -> Refused:
    shown = name if len(name) <= 60 else f"{name[:40]}…{name[-15:]}"
    return Refused(sentence % {"name": shown, **words}, field="file", code="file_type", status=422)


def _package(file: BinaryIO, size: int, name: str, accepts: Iterable[str]) -> FileType:
    try:
        parts = look_into(file, size)
    except Unsound as unsound:
        raise _refused(_("“%(name)s” was not taken. %(why)s"), name, why=unsound.sentence) from unsound
    types = parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    said = parts.get("mimetype", b"").decode("utf-8", "replace").strip()
    if "macroEnabled" in types or any(mark in part.lower() for part in parts for mark in MACROS):
        raise _refused(_("“%(name)s” holds macros, which are programs. Save it without them."), name)
    for kind in PACKAGES:
        if said == kind.content_type or (kind.main_part and kind.main_part in types):
            return kind
    sentence = _("By its content, “%(name)s” is %(what)s. Send one of these: %(endings)s.")
    raise _refused(sentence, name, what=IN_WORDS[".zip"], endings=endings_of(accepts))


def _is_text(file: BinaryIO) -> bool:
    """All of it is UTF-8 that a person can read: no control characters besides those of lines and tabs."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(HEAD):
            if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _markup(head: bytes) -> str:
    """Text that a browser or an interpreter would run, in words; empty for other text."""
    rest = head.removeprefix(codecs.BOM_UTF8)
    while leading := COMMENT.match(rest):
        rest = rest[leading.end() :]
    if MARKUP.match(rest):
        return _("an SVG drawing") if b"<svg" in head.lower() else _("a web page or other markup (HTML, XML)")
    return _("a script") if rest.startswith(b"#!") else ""


def _in_words(head: bytes, file: BinaryIO, size: int) -> str:
    """What a refused file is."""
    known = next((what for mark, what in PROGRAMS_AND_ARCHIVES.items() if head.startswith(mark)), None)
    if known:
        return str(known)
    file.seek(max(0, size - 1024))
    try:
        best = puremagic.magic_string(head + file.read())[0]
    except puremagic.PureError:
        best = None
    if best is not None:
        return str(IN_WORDS.get(best.extension) or best.name)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" not in head:
        return _("text in another encoding than UTF-8, or not text at all")
    return _("of a kind that is not known here")


def harmless_name(name: str, kind: FileType) -> str:
    """The name without path, control and direction-changing characters, ending as the content says."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    joiners = "\u200c\u200d"  # Indic and Persian words need them
    kept = [c for c in plain if c in joiners or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}]
    plain = re.sub(r"\s+", " ", "".join(kept)).rstrip(" .")
    plain = re.sub(r'[<>:"|?*]', "_", plain)
    ending = next((each for each in kind.endings if plain.lower().endswith(each)), "")
    stem = plain[: len(plain) - len(ending)].strip(" .") or _("file")
    ending = ending or kind.endings[0]
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"
