"""The bytes of files on disk: written piece by piece, readable by nobody else, under names of our own."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from mission.errors import Refused

PART = ".part"  # being written


class Stored(NamedTuple):
    size: int  # bytes
    sha256: str


def open_part(key: uuid.UUID) -> BinaryIO:
    """A new file for this key, not yet in its place."""
    settings.FILE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
    return os.fdopen(os.open(part_of(key), flags, 0o600), "w+b")


def write(file: BinaryIO, pieces: Iterable[bytes], too_large: Refused) -> Stored:
    """Write and count; stops at the limit, whatever was announced."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        if size > settings.LARGEST_FILE:
            raise too_large
        digest.update(piece)
        file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return Stored(size, digest.hexdigest())


def settle(key: uuid.UUID) -> None:
    """Put it in its place: from now on it is there, whole."""
    part_of(key).replace(place_of(key))


def delete(key: uuid.UUID) -> None:
    for path in (place_of(key), part_of(key)):
        path.unlink(missing_ok=True)


def open_stored(key: uuid.UUID) -> BinaryIO:
    """FileNotFoundError where the bytes are gone."""
    return place_of(key).open("rb")


def place_of(key: uuid.UUID) -> Path:
    where: Path = settings.FILE_DIR / str(key)
    return where


def part_of(key: uuid.UUID) -> Path:
    return place_of(key).with_suffix(PART)


def left_behind(older_than: float) -> list[uuid.UUID]:
    """Keys of what lies there, written before that moment (seconds since 1970)."""
    if not settings.FILE_DIR.is_dir():
        return []
    ours = (path for path in settings.FILE_DIR.iterdir() if len(path.stem) == len(str(uuid.UUID(int=0))))
    return [uuid.UUID(path.stem) for path in ours if path.stat().st_mtime < older_than]


def nothing_there() -> str:
    return _("This file is not there any more.")
