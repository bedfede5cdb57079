"""Which artefacts are another one again: forks, mirrors, re-uploads. Pure: it asks nobody and writes nothing.

Two artefacts belong together when one says it is a fork or a mirror of the other, or when their weights (or
data) are the same files, byte for byte, whatever they are called and whoever uploaded them. Of those that
belong together one is the original, and the others are not counted. The outcome depends on what the
artefacts are, never on the order in which they came in.

A model quantised or converted from another has other files, so it is a derivative and not a copy.
"""

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from contributions.found import FoundFile
from contributions.models import ArtifactKind, DuplicateOf

WEIGHTS = re.compile(
    r"\.(safetensors|gguf|ggml|bin|pt|pth|ckpt|onnx|h5|msgpack|tflite|npz|pdparams|nemo)$", re.IGNORECASE
)
# Written beside the weights by the trainer: the same for many models, or different for one.
BESIDE = re.compile(
    r"(^|/)(training_args|optimizer|scheduler|rng_state|tokenizer)[^/]*\.(bin|pt|pth)$", re.IGNORECASE
)
DATA = re.compile(
    r"\.(parquet|jsonl?|csv|tsv|arrow|tar|zip|7z|txt|xml|wav|flac|mp3|npy|npz|h5|hdf5|sqlite|db|bin)"
    r"(\.(gz|zst|xz|bz2))?$",
    re.IGNORECASE,
)
# What a repository describes itself with is not what it holds.
ABOUT = re.compile(r"(^|/)(readme[^/]*|\.git[^/]*|licen[cs]e[^/]*|dataset_infos?\.json)$", re.IGNORECASE)
# Below, files are too often the same by chance: an empty table, a template's only page.
ENOUGH_BYTES = 4096
FORK, MIRROR = "fork:", "mirror:"


class Candidate(NamedTuple):
    """An artefact as far as likeness goes. `by_officer`: somebody decided, and that stands."""

    id: int
    kind: str
    platform: str
    platform_id: str
    url: str
    created_at: datetime.datetime
    gone: bool = False
    fingerprint: str = ""
    copied_from: str = ""
    duplicate_of: int | None = None
    by_officer: bool = False


class Verdict(NamedTuple):
    duplicate_of: int | None
    why: str  # DuplicateOf, or empty for an original


ORIGINAL = Verdict(None, "")


def is_weight(path: str) -> bool:
    return bool(WEIGHTS.search(path)) and not BESIDE.search(path)


def _matters(kind: str, path: str) -> bool:
    if kind == ArtifactKind.MODEL:
        return is_weight(path)
    if ABOUT.search(path):
        return False
    return kind == ArtifactKind.SPACE or bool(DATA.search(path))


def fingerprint(kind: str, files: Iterable[FoundFile]) -> str:
    """A digest over the digests of the weights (models), the data (datasets), all code (spaces).

    Empty, which is never like anything, where there are no such files, where the digest of one is not
    told, or where they are too small to tell.
    """
    those = [file for file in files if _matters(kind, file.path)]
    if any(not file.digest for file in those) or sum(file.size or 0 for file in those) < ENOUGH_BYTES:
        return ""
    return hashlib.sha256("\n".join(sorted({file.digest for file in those})).encode()).hexdigest()


def address(url: str) -> str:
    """`git://GitHub.com/a/b.git` → `github.com/a/b`: two addresses of one thing are one."""
    plain = url if "://" in url else f"//{url.replace(':', '/', 1)}"  # git@host:owner/name
    parts = urlsplit(plain)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/').removesuffix('.git')}".lower()


def fork_of(platform_id: str) -> str:
    """For `FoundArtifact.copied_from`."""
    return f"{FORK}{platform_id}"


def mirror_of(url: str) -> str:
    """For `FoundArtifact.copied_from`."""
    return f"{MIRROR}{address(url)}"[:400]


def as_kept(copied_from: str) -> str:
    """As it is compared and looked up: the address of a mirror in its one form."""
    is_mirror = copied_from.startswith(MIRROR)
    return mirror_of(copied_from.removeprefix(MIRROR)) if is_mirror else copied_from


def _declared(each: Candidate, all_of_them: Sequence[Candidate]) -> Candidate | None:
    """What it says it is a copy of, where that is here."""
    if each.copied_from.startswith(FORK):
        wanted = (each.platform, each.kind, each.copied_from.removeprefix(FORK))
        return next((one for one in all_of_them if (one.platform, one.kind, one.platform_id) == wanted), None)
    if each.copied_from.startswith(MIRROR):
        place = address(each.copied_from.removeprefix(MIRROR))
        return next((one for one in all_of_them if address(one.url) == place and one.id != each.id), None)
    return None


def _groups(nodes: Sequence[Candidate], edges: Iterable[tuple[int, int]]) -> list[list[Candidate]]:
    """Those that hang together."""
    home = {each.id: each.id for each in nodes}

    def find(node: int) -> int:
        while home[node] != node:
            node = home[node]
        return node

    for one, other in edges:
        if one in home and other in home:
            home[find(one)] = find(other)
    groups = defaultdict(list)
    for each in nodes:
        groups[find(each.id)].append(each)
    return list(groups.values())


def verdicts(candidates: Sequence[Candidate]) -> dict[int, Verdict]:
    """Who is the original of whom, by id. What an officer decided is not among the answers.

    The original is the one still there, rather than one gone; not itself a declared copy; published
    first; and of two published in the same moment the one with the smaller id on the platform. When the
    original goes, the next takes its place, and the one gone becomes its copy: never are both counted.
    """
    stands_alone = {each.id for each in candidates if each.by_officer and each.duplicate_of is None}
    nodes = [each for each in candidates if each.id not in stands_alone]
    says = {each.id: target for each in nodes if (target := _declared(each, nodes)) and not each.by_officer}
    edges = [(id_, target.id) for id_, target in says.items()]
    edges += [(each.id, each.duplicate_of) for each in nodes if each.by_officer and each.duplicate_of]
    same = defaultdict(list)
    for each in nodes:
        if each.fingerprint:
            same[each.kind, each.fingerprint].append(each.id)
    edges += [(members[0], other) for members in same.values() for other in members[1:]]
    found: dict[int, Verdict] = {}
    for group in _groups(nodes, edges):
        original = min(group, key=lambda each: _rank(each, is_copy=each.id in says))
        for each in group:
            if not each.by_officer:
                found[each.id] = ORIGINAL if each is original else Verdict(original.id, _why(each, says))
    return found


def _rank(each: Candidate, *, is_copy: bool) -> tuple[object, ...]:
    decided = each.by_officer and each.duplicate_of is not None
    return decided, each.gone, is_copy, each.created_at, each.platform, each.platform_id


def _why(each: Candidate, says: dict[int, Candidate]) -> str:
    if each.id not in says:
        return DuplicateOf.REUPLOAD.value
    return (DuplicateOf.FORK if each.copied_from.startswith(FORK) else DuplicateOf.MIRROR).value
