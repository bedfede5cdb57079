"""Texts as sets of shingles: every five words that follow each other. What two texts share, they share in
shingles, whatever was moved around or put between. Pure: it asks nobody and reads no table.

Scripts that write without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) count signs as words.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Set

LENGTH = 5  # words
SKETCH = 64  # hashes kept of each text: the smallest there are, so that like texts keep the same
TELLS = 20  # shingles; of a shorter text, a share says nothing
WITHOUT_SPACES = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)


class _WordSigns(dict[int, str]):
    """Letters, marks and digits stay; all else parts words. Filled as signs are met."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        self[number] = sign if unicodedata.category(sign)[0] in "LMN" else " "
        return self[number]


_WORD_SIGNS = _WordSigns()


def words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_WORD_SIGNS)
    return WITHOUT_SPACES.sub(r" \1 ", plain).split()


def shingles(texts: Iterable[str]) -> frozenset[str]:
    """Of several texts, none reaching from one into the next. A text too short for one is one itself."""
    found: set[str] = set()
    for text in texts:
        said = words(text)
        if said:
            count = max(1, len(said) - LENGTH + 1)
            found.update(" ".join(said[n : n + LENGTH]) for n in range(count))
    return frozenset(found)


def hashed(text: str) -> int:
    """64 bits with a sign, as the database keeps them."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def sketch(of: Set[str]) -> list[int]:
    return sorted(hashed(each) for each in of)[:SKETCH]


def share(one: Set[str], other: Set[str]) -> float:
    """How much of the shorter text stands in the other, 0 to 1; of the longer, where that is too short."""
    if not one or not other:
        return 0.0
    shorter, longer = sorted((len(one), len(other)))
    return len(one & other) / (shorter if shorter >= TELLS else longer)
