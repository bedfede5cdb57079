"""What an outside system said, in our own words: the one shape both platforms and the demo seed speak."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True)
class FoundAccount:
    platform: str
    platform_id: str
    login: str
    kind: str  # AccountKind
    name: str = ""
    kind_rule: str = ""  # see bots.py; empty where the platform says person or organisation

    @property
    def key(self) -> tuple[str, str]:
        return self.platform, self.platform_id


class ArtifactKey(NamedTuple):
    platform: str
    kind: str  # ArtifactKind
    platform_id: str


class FoundLink(NamedTuple):
    """A step of lineage, as the platform names it."""

    kind: str  # LinkKind
    parent_kind: str  # ArtifactKind
    parent_name: str


@dataclass(frozen=True)
class FoundReading:
    day: datetime.date
    downloads: int | None = None
    downloads_all_time: int | None = None
    likes: int | None = None
    stars: int | None = None


@dataclass(frozen=True)
class FoundArtifact:
    key: ArtifactKey
    name: str
    url: str
    created_at: datetime.datetime
    owner: FoundAccount | None = None
    summary: str = ""
    licence: str = ""  # SPDX
    task: str = ""
    parameters: int | None = None
    gated: bool = False
    languages: tuple[str, ...] = ()  # ISO 639-3
    links: tuple[FoundLink, ...] = ()
    reading: FoundReading | None = None


@dataclass(frozen=True)
class FoundContribution:
    external_id: str
    kind: str  # ContributionKind
    artifact: ArtifactKey
    account: FoundAccount | None
    happened_at: datetime.datetime
    evidence_url: str
    revision: str = ""


@dataclass(frozen=True)
class Found:
    artifacts: tuple[FoundArtifact, ...] = ()
    contributions: tuple[FoundContribution, ...] = ()
    accounts: tuple[FoundAccount, ...] = ()  # beyond owners and authors, who come in by themselves


@dataclass(frozen=True)
class Profile:
    """What a platform shows of one account. None where it does not say."""

    login: str  # as the platform writes it
    name: str
    kind: str  # AccountKind
    url: str
    repositories: int | None = None
    models: int | None = None
    datasets: int | None = None
    since: datetime.date | None = None


class FoundSource(NamedTuple):
    """Something to look at by itself, such as a repository of an organisation."""

    kind: str  # SourceKind
    platform_id: str
    name: str


@dataclass(frozen=True)
class Look:
    """Where a look at a source stands: all that a platform needs to ask for the next page."""

    source_id: int
    kind: str  # SourceKind
    name: str
    platform_id: str
    cursor: dict[str, Any]
    marks: dict[str, Any]
    etag_of: Callable[[str, str, str], str | None]  # address, accept, class of credential
    merged_as: Callable[[list[str]], set[str]]  # which of these commits carry a merged pull request


class SeenEtag(NamedTuple):
    url: str
    accept: str
    credential: str
    etag: str


@dataclass
class Page:
    """One answer, and where to go on. An empty `cursor` ends the look."""

    found: Found = field(default_factory=Found)
    children: tuple[FoundSource, ...] = ()
    cursor: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Any] | None = None  # None: as they were
    etags: tuple[SeenEtag, ...] = ()
    name: str = ""  # the name it has now, where the answer told
    platform_id: str = ""
    requests: int = 0
    requests_free: int = 0
