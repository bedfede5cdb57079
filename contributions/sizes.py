"""What a model needs to run: its size after quantisation, and the smallest machine that holds it. Pure.

Size after quantisation, in bytes, is the first of these that is known:

1. the publisher's own GGUF file: the one called Q4_K_M, else the smallest of at least 4 bits a weight
   where the number of parameters is known, else the smallest;
2. parameters × 4.85 / 8: llama.cpp's Q4_K_M keeps 4.80 to 4.89 bits a weight, scales included (table
   "Bits per Weight" of llama.cpp's quantize README, Llama 2 7B 4.84, 70B 4.80, Llama 3.1 8B 4.89);
   the files as they are where they are smaller already.

Error: embeddings stay at more bits, so models under a billion parameters come out up to a fifth larger than
by the formula. Mixtures of experts are counted whole, because all experts must lie in memory.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contributions.found import FoundFile
from contributions.likeness import is_weight
from contributions.models import LinkKind, RunsOn

BITS_A_WEIGHT = 4.85  # Q4_K_M, see above
OVERHEAD = 1.2  # context of some thousand tokens and buffers, over the weights
# A phone of today has 6 to 8 GB of memory, and the system leaves one application about half of it.
PHONE_BYTES = 3_000_000_000
# An ordinary laptop has 16 GB, of which the system, a browser and the like take about six.
LAPTOP_BYTES = 10_000_000_000
# Stored with several weights packed into each element, so that counting elements is not counting weights.
PACKED = frozenset({"I32", "U32", "U8", "I64"})
SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.gguf$)", re.IGNORECASE)
NOT_THE_MODEL = re.compile(r"mmproj|imatrix|draft|lora", re.IGNORECASE)


class Fit(NamedTuple):
    """`needs` is memory in bytes: the quantised size and what running takes on top of it."""

    quantised_bytes: int | None
    runs_on: str  # RunsOn, or empty: unknown
    from_file: str = ""  # the file whose size it is; empty: worked out from the parameters

    @property
    def needs(self) -> int | None:
        return None if self.quantised_bytes is None else memory_needed(self.quantised_bytes)


def memory_needed(quantised_bytes: int) -> int:
    return int(quantised_bytes * OVERHEAD)


def parameters_told(by_type: Mapping[str, int], total: int | None) -> int | None:
    """The number of parameters, or None where the weights are packed and elements are not weights."""
    packed = sum(count for name, count in by_type.items() if name in PACKED)
    return None if by_type and packed * 2 > sum(by_type.values()) else total


def _gguf(files: Sequence[FoundFile], parameters: int | None) -> tuple[str, int] | None:
    """The GGUF one would take: its name and size, shards added up."""
    sizes: dict[str, int] = {}
    for file in files:
        if file.path.lower().endswith(".gguf") and file.size and not NOT_THE_MODEL.search(file.path):
            name = SHARD.sub("", file.path)
            sizes[name] = sizes.get(name, 0) + file.size
    named = [name for name in sizes if "q4_k_m" in name.lower()]
    enough = [name for name in sizes if parameters and sizes[name] * 8 >= parameters * 4]
    among = named or enough or list(sizes)
    return min(((name, sizes[name]) for name in among), key=lambda one: (one[1], one[0]), default=None)


def known_files(kept: Sequence[Mapping[str, object]]) -> tuple[FoundFile, ...]:
    """The files of an artefact, from its row."""
    return tuple(
        FoundFile(str(each.get("path", "")), size if isinstance(size := each.get("size"), int) else None)
        for each in kept
    )


def fit(parameters: int | None, files: Sequence[FoundFile] = (), *, lineage: Collection[str] = ()) -> Fit:
    """How large a model is after quantisation, and what holds it. Unknown where nothing tells.

    `lineage`: how it came from others (LinkKind). What was published quantised is as large as its files where
    no number of parameters is told. An adapter runs only with its base, so by itself it tells nothing.
    """
    if LinkKind.ADAPTER in lineage:
        return Fit(None, "")
    if found := _gguf(files, parameters):
        return Fit(found[1], smallest_machine(found[1]), found[0])
    weights = [file.size for file in files if is_weight(file.path)]
    whole = sum(size or 0 for size in weights) if weights and all(weights) else None
    worked_out = int(parameters * BITS_A_WEIGHT / 8) if parameters else None
    if worked_out is None and LinkKind.QUANTIZED not in lineage:
        return Fit(None, "")
    known = [size for size in (whole, worked_out) if size]
    return Fit(min(known), smallest_machine(min(known))) if known else Fit(None, "")


def smallest_machine(quantised_bytes: int) -> str:
    needs = memory_needed(quantised_bytes)
    if needs <= PHONE_BYTES:
        return RunsOn.PHONE.value
    return RunsOn.LAPTOP.value if needs <= LAPTOP_BYTES else RunsOn.SERVER.value
