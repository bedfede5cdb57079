"""Where the files of releases lie. Names come from the database, never from an address."""

import uuid
from pathlib import Path

from django.conf import settings

from dashboards.models import DataFile

PART = ".part-"  # a folder that is being written
PACKED = ".gz"


def folder_of(release: str) -> Path:
    found: Path = settings.RELEASE_DIR / release
    return found


def part_of(lease: uuid.UUID) -> Path:
    return folder_of(f"{PART}{lease}")


def path_of(file: DataFile) -> Path:
    return folder_of(file.release.name or "") / file.name


def packed(path: Path) -> Path:
    """The copy for sending."""
    return path.with_name(path.name + PACKED)
