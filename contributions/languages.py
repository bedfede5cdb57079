"""Languages as ISO 639-3 codes, from what publishers write on their models and datasets."""

import functools
from collections.abc import Iterable
from typing import NamedTuple

import langcodes
import pycountry

# ISO 639-1 codes that were replaced, as old cards still have them.
REPLACED = {"iw": "heb", "in": "ind", "ji": "yid", "jw": "jav", "mo": "ron"}
# Said in the place of a language, but naming none: no code is refused for them.
NOT_ONE = frozenset(
    {"multilingual", "multi", "mul", "und", "code", "zxx", "mis", "unknown", "other", "all", "none", "null"}
)


class Declared(NamedTuple):
    """What was understood as languages, and the words that were not."""

    codes: frozenset[str]
    unread: tuple[str, ...]


@functools.cache
def _two_letters() -> dict[str, str]:
    known = {each.alpha_2: each.alpha_3 for each in pycountry.languages if hasattr(each, "alpha_2")}
    return {**REPLACED, **known}


@functools.cache
def _three_letters() -> dict[str, str]:
    """Of ISO 639-3, and the bibliographic ones of ISO 639-2 (`ger`, `chi`)."""
    known = {each.alpha_3: each.alpha_3 for each in pycountry.languages}
    return {
        each.bibliographic: each.alpha_3 for each in pycountry.languages if hasattr(each, "bibliographic")
    } | known


@functools.lru_cache(4096)
def _by_name(name: str) -> str:
    """`Hindi`, `हिन्दी`. Names shorter than four letters are too often something else."""
    if len(name) < 4 and name.isascii():
        return ""
    try:
        found = langcodes.find(name).to_alpha3()
    except LookupError:
        return ""
    return _three_letters().get(found, "")


def code_of(said: str) -> str:
    """`hi`, `hin`, `zh-Hant`, `pt_BR`, `Hindi` → ISO 639-3; empty where it is none of them.

    A macrolanguage stays what it is (`zho`, `ara`): which of its members is meant, nobody said. Script
    and region are left out: they are not languages.
    """
    word = said.strip()
    short = word.lower().replace("_", "-").split("-")[0]
    return _two_letters().get(short) or _three_letters().get(short) or _by_name(word)


def read(said: Iterable[str]) -> Declared:
    """What somebody wrote down as languages. What is no language stays visible in `unread`."""
    codes, unread = set(), dict[str, None]()
    for word in said:
        if word.strip().lower() in NOT_ONE or not word.strip():
            continue
        if code := code_of(word):
            codes.add(code)
        else:
            unread[word.strip()[:40]] = None
    return Declared(frozenset(codes), tuple(unread))


def among_tags(tags: Iterable[str]) -> Declared:
    """Languages among the mixed tags of a model or dataset.

    Bare, only two-letter codes are safe there: `trl`, `sft` and `mlx` are tools, and languages of ISO
    639-3 too. A word nobody knows is no mistake there. `language:…`, as datasets write it, is taken whole.
    """
    bare = {_two_letters()[tag] for tag in tags if tag in _two_letters()}
    named = read(tag.removeprefix("language:") for tag in tags if tag.startswith("language:"))
    return Declared(named.codes | bare, named.unread)
