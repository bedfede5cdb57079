"""The changes a correction may bring: a fixed set. actions/correction_changes.py does them."""

import datetime
from dataclasses import dataclass

from contributions.models import Account, Affiliation, Artifact
from mission.models import Nation, Organisation


@dataclass(frozen=True)
class EndAffiliation:
    affiliation: Affiliation
    valid_to: datetime.date  # the first day it no longer held


@dataclass(frozen=True)
class RevokeAffiliation:
    affiliation: Affiliation


@dataclass(frozen=True)
class RecordAffiliation:
    account: Account
    valid_from: datetime.date
    valid_to: datetime.date | None
    grade: str
    source_url: str
    organisation: Organisation | None = None
    nation: Nation | None = None
    international: bool = False


@dataclass(frozen=True)
class FixKind:
    account: Account
    kind: str


@dataclass(frozen=True)
class Split:
    account: Account


@dataclass(frozen=True)
class Merge:
    account: Account
    other: Account


@dataclass(frozen=True)
class MarkCopy:
    artifact: Artifact
    original: Artifact


@dataclass(frozen=True)
class MarkOriginal:
    artifact: Artifact


Change = (
    EndAffiliation | RevokeAffiliation | RecordAffiliation | FixKind | Split | Merge | MarkCopy | MarkOriginal
)
