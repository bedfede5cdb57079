"""Languages as ISO 639-3 codes, from what publishers write on their models and datasets."""

import functools
from collections.abc import Iterable

import pycountry


@functools.cache
def _two_letters() -> dict[str, str]:
    return {each.alpha_2: each.alpha_3 for each in pycountry.languages if hasattr(each, "alpha_2")}


@functools.cache
def _three_letters() -> frozenset[str]:
    return frozenset(each.alpha_3 for each in pycountry.languages)


def declared(codes: Iterable[str]) -> set[str]:
    """Codes somebody wrote down as languages: two letters, three letters, or with a region (`zh-TW`)."""
    found = set()
    for code in codes:
        short = code.strip().lower().replace("_", "-").split("-")[0]
        if short in _two_letters():
            found.add(_two_letters()[short])
        elif short in _three_letters():
            found.add(short)
    return found


def among_tags(tags: Iterable[str]) -> set[str]:
    """Languages among the mixed tags of a model.

    Only two-letter codes are safe there: `trl`, `sft` and `mlx` are tools, and languages of ISO 639-3
    too. `language:…`, as datasets write it, is taken whole.
    """
    bare = {tag for tag in tags if tag in _two_letters()}
    named = {tag.removeprefix("language:") for tag in tags if tag.startswith("language:")}
    return declared(bare | named)
