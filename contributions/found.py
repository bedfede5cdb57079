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


class FoundFile(NamedTuple):
    """`digest` is `sha256:…` of what large file storage holds, else git's own `git:…`; empty: not told."""

    path: str
    size: int | None = None  # bytes
    digest: str = ""


class FoundFiles(NamedTuple):
    """The files of an artefact at a revision. None: they are not for us to see (gated, or gone since)."""

    key: ArtifactKey
    revision: str
    files: tuple[FoundFile, ...] | None


@dataclass(frozen=True)
class FoundEvaluation:
    """A result somebody published for a model. `benchmark` is a dataset's name where `is_dataset`."""

    benchmark: str
    measure: str
    value: float
    task: str = ""
    is_dataset: bool = True
    verified: bool = False
    source_url: str = ""
    happened_at: datetime.datetime | None = None


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
    licence_url: str = ""
    languages_unread: tuple[str, ...] = ()  # words written as languages that are none
    size_bytes: int | None = None
    revision: str = ""  # the platform's, of what was seen
    copied_from: str = ""  # see likeness: fork:… or mirror:…
    is_archived: bool = False
    is_benchmark: bool = False  # by its publisher's own word
    derivatives: int | None = None
    papers: tuple[str, ...] = ()  # arXiv ids
    evaluations: tuple[FoundEvaluation, ...] = ()


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
    files: tuple[FoundFiles, ...] = ()
    taken_down: tuple[ArtifactKey, ...] = ()


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


class Merged(NamedTuple):
    """What a search found of somebody's merged pull requests. At most a thousand can be listed."""

    total: int
    complete: bool  # False: the platform stopped looking in the middle
    urls: tuple[str, ...]


class FoundSource(NamedTuple):
    """Something to look at by itself, such as a repository of an organisation."""

    kind: str  # SourceKind
    platform_id: str
    name: str
    moved: str = ""  # when a branch of it moved, in its owner's words
    marks: dict[str, Any] = {}


class Due(NamedTuple):
    """An artefact that is to be asked for by itself."""

    key: ArtifactKey
    name: str
    revision: str


def nothing_due(count: int) -> list[Due]:
    return []


def _nothing(_ids: list[str]) -> set[str]:
    return set()


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
    known: Callable[[list[str]], set[str]] = _nothing  # which of these ids are sources already
    owned: bool = False  # a repository that its owner's look lists
    moved: str = ""  # when a branch moved, as its owner's look says
    merged: Callable[[], int] = lambda: 0  # how many merged pull requests of it we know
    missing: bool = False  # the last look did not find it: what it remembers does not hold
    past: tuple[dict[str, Any], ...] = ()  # cursors of the past still to ask, behind fresh data
    thorough: bool = False  # look past what marks say: the nightly one
    # At most so many: whose files are of an older revision; that are in no list any longer.
    files_due: Callable[[int], list[Due]] = nothing_due
    absent: Callable[[int], list[Due]] = nothing_due


class SeenFetch(NamedTuple):
    """The answered question behind the rows of a page."""

    url: str  # without the host
    at: datetime.datetime  # by the platform's clock
    query: str = ""  # its name, where the address does not tell
    cursor: str = ""
    etag: str = ""
    status: int = 200
    quota: int = 1  # points it cost


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
    fetch: SeenFetch | None = None  # what its rows can be traced back to
    mentioned: tuple[FoundArtifact, ...] = ()  # kept only where nothing is known of them yet
    whole: tuple[str, frozenset[str]] | None = None  # of this kind, all there are: their external ids
    listed: frozenset[str] | None = None  # ids of all there is now, where the page tells
    past: tuple[dict[str, Any], ...] = ()  # cursors to go on from later, behind fresh data
    slices: int = 0  # about how many pages those are
    requests: int = 0
    requests_free: int = 0
    quota: int = 0  # in the platform's points
    walked: datetime.date | None = None  # all lists read to their end: what is not in them since is absent
