"""Words as search compares them: without capitals, accents, vowel signs one may leave out, or punctuation.

The database has the same rule as the function `search_words`, on which the tables' indexes are built; see
the migration `search_words`. Any script works: words are letters, digits and the marks that belong to them.
"""

import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

# Latin accents; the Arabic short vowels, lengthening stroke and hamza; the Devanagari dot; joiners.
LEFT_OUT = "\u0300-\u036f\u0640\u064b-\u0655\u0670\u093c\u200b-\u200f\u2060\ufeff"
SPACES = "/-_.:,;@#+*'\"()[]<>&|!?=%~\\’‘“”–—،؛؟।、。"
MOST_WORDS, LONGEST_WORD = 8, 40
_RANGES = [
    (0x300, 0x36F), (0x640, 0x640), (0x64B, 0x655), (0x670, 0x670), (0x93C, 0x93C), (0x200B, 0x200F),
    (0x2060, 0x2060), (0xFEFF, 0xFEFF),
]  # fmt: skip


class SearchWords(Func):
    """The words of two columns, as indexed: `SearchWords("name", "summary")`."""

    function = "search_words"
    arity = 2
    output_field = SearchVectorField()


def folded(text: str) -> list[str]:
    """The words of a text, folded. At most eight, each at most forty characters."""
    whole = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(sign for sign in whole if not any(low <= ord(sign) <= high for low, high in _RANGES))
    spaced = "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in kept)
    return [word[:LONGEST_WORD] for word in spaced.split()][:MOST_WORDS]


def all_begin(words: list[str]) -> str:
    """Asks that each of the words begins a word, as PostgreSQL writes it."""
    return " & ".join(f"{word}:*" for word in words)


def having(asked: str) -> SearchQuery:
    """For `filter`: rows whose `SearchWords` are as `all_begin` asks."""
    return SearchQuery(asked, config="simple", search_type="raw")


def begin(words: list[str], *texts: Any) -> bool:
    """The same for what is no table: whether each word begins a word of the texts."""
    return begin_some(words, folded_all(*map(str, texts)))


def begin_some(words: list[str], there: tuple[str, ...]) -> bool:
    """Whether each of the words begins one of those `there`, which are folded already."""
    return all(any(one.startswith(word) for one in there) for word in words)


@lru_cache(maxsize=4096)
def folded_all(*texts: str) -> tuple[str, ...]:
    """Kept: nations and metrics are the same few hundred for every search."""
    return tuple(word for text in texts for part in _parts(text) for word in folded(part))


def _parts(text: str) -> list[str]:
    """In pieces of no more words than `folded` reads."""
    said = text.split()
    return [" ".join(said[at : at + 4]) for at in range(0, len(said), 4)]
