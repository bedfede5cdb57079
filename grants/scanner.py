"""The only file that speaks to clamd, the virus scanner: one file streamed over, one answer read.

`CLAMD_URL` says where it listens. clamd closes the connection where a stream is larger than it takes, and
its answer then lies unread: so a failed send still reads. The whole talk has one time limit.
"""

import re
import socket
import struct
import time
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
ANSWER = re.compile(r"stream: (?:(?P<infected>.+) FOUND|OK)")


class NoVerdict(Exception):
    """clamd said something else than a verdict. The sentence is for staff."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Away(NoVerdict):
    """It does not answer, about this file or any other."""


def is_configured() -> bool:
    return bool(settings.CLAMD_URL)


def scan(file: BinaryIO) -> str:
    """The name of what was found; empty where the file is clean. Raises NoVerdict, or Away."""
    until = time.monotonic() + settings.SCAN_SECONDS
    try:
        with _connected(until) as line:
            answer = _talk(line, file, until)
    except OSError as error:
        words = {"error": type(error).__name__}
        raise Away(_("The scanner did not answer (%(error)s).") % words) from error
    said = ANSWER.fullmatch(answer)
    if not said:
        raise NoVerdict(_("The scanner gave no verdict: “%(answer)s”.") % {"answer": answer[:100]})
    return said["infected"] or ""


def _connected(until: float) -> socket.socket:
    where = urlsplit(settings.CLAMD_URL)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname or "", where.port or 0), timeout=_left(until))
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(_left(until))
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def _talk(line: socket.socket, file: BinaryIO, until: float) -> str:
    try:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            line.settimeout(_left(until))
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except ConnectionError:  # what it has to say about that lies unread
        pass
    heard = b""
    while b"\0" not in heard and len(heard) < LONGEST_ANSWER:
        line.settimeout(_left(until))
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        heard += part
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    """Seconds that remain; TimeoutError where none do."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
