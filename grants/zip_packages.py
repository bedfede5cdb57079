"""Looking into a zip-based document without unpacking it: is it what it says, and is it a bomb?

Nothing that the file says of itself is believed. `zipfile` reads the list of contents, whose size is held
first; every entry is then inflated by us, into nothing, and counted: `zipfile` itself stops at the size an
entry declares, and so would not see a lie. Entries that overlap, or hold further packages, are followed.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_ENTRIES = 2000
LARGEST_LIST = 512 * 1024  # bytes of the list of contents
MOST_INFLATED = 100 * 1024**2  # bytes, of all entries and of those within them
LARGEST_RATIO = 200  # inflated to packed; XML of office documents has 5 to 50
SMALL = 1024**2  # bytes; below that, no ratio is a danger
LARGEST_WITHIN = 20 * 1024**2  # bytes of a package within the package, which is kept while it is looked into
DEEPEST = 2  # a sheet in a document is usual; a document in a sheet in a document is not
PIECE = 64 * 1024
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
ENCRYPTED = 0x1
PROGRAMS_AND_ARCHIVES = {  # how they begin: no file may, and no part of a document
    b"MZ": gettext_lazy("a Windows program"),
    b"\x7fELF": gettext_lazy("a Linux program"),
    b"\xcf\xfa\xed\xfe": gettext_lazy("a macOS program"),
    b"\xca\xfe\xba\xbe": gettext_lazy("a program"),
    b"Rar!\x1a\x07": gettext_lazy("a RAR archive"),
    b"7z\xbc\xaf\x27\x1c": gettext_lazy("a 7-Zip archive"),
    b"\x1f\x8b": gettext_lazy("a GZIP archive"),
    b"\xfd7zXZ": gettext_lazy("an XZ archive"),
    b"BZh": gettext_lazy("a BZIP2 archive"),
}


class Unsound(Exception):
    """The package is refused; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class Budget:
    """What is left to inflate, for a package and all within it."""

    inflated: int = MOST_INFLATED
    entries: int = MOST_ENTRIES

    def spend(self, size: int) -> None:
        self.inflated -= size
        if self.inflated < 0:
            raise Unsound(_("Unpacked, it would be far larger than a document is. It may be a “zip bomb”."))


def look_into(file: BinaryIO, size: int) -> dict[str, bytes]:
    """The beginning (at most 64 KB) of each entry, by name. Raises Unsound."""
    return _look(file, size, Budget(), depth=0)


def _look(file: BinaryIO, size: int, budget: Budget, depth: int) -> dict[str, bytes]:
    entries = _contents(file, size)
    budget.entries -= len(entries)
    if budget.entries < 0:
        raise Unsound(_("It has more parts than a document has. It may be a “zip bomb”."))
    begins: dict[str, bytes] = {}
    reached = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        start = _start_of(file, entry)
        if entry.header_offset < reached or entry.filename in begins:
            raise Unsound(_("Its parts overlap, which no program that writes documents does."))
        reached = start + entry.compress_size
        if reached > size:
            raise Unsound(_("It is damaged: a part ends behind the end of the file."))
        begins[entry.filename] = _begin_of(file, entry, start, budget, depth)
    return begins


def _contents(file: BinaryIO, size: int) -> list[zipfile.ZipInfo]:
    """The list of contents, read only once its own size is known to be sound."""
    tail_at = max(0, size - 22 - 65535)
    file.seek(tail_at)
    tail = file.read(size - tail_at)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22 or END_64 in tail[max(0, at - 20) : at]:
        raise Unsound(_("It is damaged: it has no list of its contents."))
    _sig, disk, first, here, count, length, offset, comment = struct.unpack("<4s4H2LH", tail[at : at + 22])
    if length > LARGEST_LIST or count > MOST_ENTRIES:
        raise Unsound(_("It has more parts than a document has. It may be a “zip bomb”."))
    if disk or first or here != count or offset + length != tail_at + at or at + 22 + comment != len(tail):
        raise Unsound(_("It is damaged, or something else is hidden in it."))
    try:
        with zipfile.ZipFile(file) as package:
            return package.infolist()
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, struct.error) as error:
        raise Unsound(_("It is damaged: its list of contents cannot be read.")) from error


def _start_of(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Where the packed bytes begin. The entry's own header must agree with the list."""
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
        raise Unsound(_("A part of it has a name that leads out of the document."))
    if entry.flag_bits & ENCRYPTED:
        raise Unsound(_("It is protected by a password. Save it without one."))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unsound(_("It is packed in a way that documents are not."))
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise Unsound(_("It is damaged: a part is not where its list says."))
    (method,) = struct.unpack("<H", header[8:10])
    named, extra = struct.unpack("<2H", header[26:30])
    if method != entry.compress_type or file.read(named) != entry.orig_filename.encode(
        "utf-8" if entry.flag_bits & 0x800 else "cp437"
    ):
        raise Unsound(_("It is damaged: a part is called otherwise than its list says."))
    return int(entry.header_offset + 30 + named + extra)


def _begin_of(file: BinaryIO, entry: zipfile.ZipInfo, start: int, budget: Budget, depth: int) -> bytes:
    """Inflate an entry into nothing and count; keep its beginning, and all of it where it is a package."""
    begin, kept, inflated = b"", io.BytesIO(), 0
    for piece in _inflated(file, entry, start):
        begin = begin or piece
        inflated += len(piece)
        budget.spend(len(piece))
        if inflated > entry.file_size:
            raise Unsound(_("A part of it is larger than it says. It may be a “zip bomb”."))
        if inflated > SMALL and inflated > LARGEST_RATIO * max(1, entry.compress_size):
            raise Unsound(_("Unpacked, it would be far larger than a document is. It may be a “zip bomb”."))
        if begin.startswith(b"PK\x03\x04"):
            if inflated > LARGEST_WITHIN:
                raise Unsound(_("A package within it is larger than a document is."))
            kept.write(piece)
    if inflated != entry.file_size:
        raise Unsound(_("It is damaged: a part is smaller than it says."))
    for mark, what in PROGRAMS_AND_ARCHIVES.items():
        if begin.startswith(mark):
            raise Unsound(_("It holds %(what)s, “%(name)s”.") % {"what": what, "name": entry.filename[-80:]})
    if kept.tell():
        if depth >= DEEPEST:
            raise Unsound(_("It holds packages within packages. It may be a “zip bomb”."))
        _look(kept, kept.tell(), budget, depth + 1)
    return begin


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
    """The entry's bytes in pieces of at most 64 KB, whatever its headers say of their number."""
    file.seek(start)
    left = entry.compress_size
    stored = entry.compress_type == zipfile.ZIP_STORED
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and not inflater.eof:
            packed = file.read(min(PIECE, left))
            if not packed:
                break
            left -= len(packed)
            if stored:
                yield packed
                continue
            while piece := inflater.decompress(packed, PIECE):
                yield piece
                packed = inflater.unconsumed_tail
    except zlib.error as error:
        raise Unsound(_("It is damaged: a part cannot be unpacked.")) from error
    if left or inflater.unused_data or not (stored or inflater.eof):
        raise Unsound(_("It is damaged: a part does not end where its list says."))
