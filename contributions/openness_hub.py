"""What a model's page on the Hub shows of the framework's components. Pure: it reads names of files.

A repository on the Hub has one licence, which covers what lies in it. What lies elsewhere has its own: the
datasets named in the card, and a paper, whose licence arXiv does not tell the Hub. What is not seen here may
still be released somewhere else, so such evidence is never a complete account.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contributions.openness import Covers, Part
from contributions.openness_licences import judge

UNDISCLOSED = "Undisclosed"

# The first pattern that fits a path tells which component the file belongs to.
FILES: tuple[tuple[str, str], ...] = (
    (r"checkpoint[-_]?\d+/.*\.(safetensors|bin|pt|pth|ckpt)", "intermediate_parameters"),
    (
        r"(.*/)?(training_args\.bin|optimizer[^/]*|scheduler\.pt|rng_state[^/]*|trainer_state\.json)",
        "metadata",
    ),
    (r"(.*/)?[^/]*\.(safetensors|gguf|bin|pt|pth|ckpt|onnx|h5|msgpack|tflite)", "parameters"),
    (r"readme\.md", "model_card"),
    (r"(.*/)?(data_?card|dataset_?card|datasheet)[^/]*\.(md|pdf)", "data_card"),
    (r"(.*/)?[^/]*(tech|report)[^/]*\.pdf", "technical_report"),
    (r"(.*/)?[^/]*paper[^/]*\.pdf", "research_paper"),
    (r"(.*/)?(all|eval)_results[^/]*\.json|eval_results/.*|\.eval_results/.*", "evaluation_results"),
    (r"(.*/)?[^/]*(preprocess|prepare_data|tokenize_data)[^/]*\.(py|sh|ipynb)", "preprocessing_code"),
    (r"(.*/)?[^/]*eval[^/]*\.(py|sh|ipynb)", "evaluation_code"),
    (r"(.*/)?[^/]*(train|finetune|fine_tune)[^/]*\.(py|sh|ipynb)", "training_code"),
    (r"(.*/)?(handler|[^/]*(inference|generate|predict|pipeline)[^/]*)\.(py|sh|ipynb)", "inference_code"),
    (r"config\.json|(.*/)?modeling_[^/]*\.py|params\.json|model_index\.json", "architecture"),
    (r"samples?/.*|(.*/)?samples?\.(md|txt|json|jsonl)", "sample_outputs"),
)
COMPILED = [(re.compile(pattern, re.IGNORECASE), slug) for pattern, slug in FILES]


class Elsewhere(NamedTuple):
    """Something the page names that lies elsewhere; `licence` is empty where nobody knows it."""

    name: str
    url: str
    licence: str = ""
    has_card: bool = False


def component_of(path: str) -> str:
    """Which component a file belongs to; empty where its name does not tell."""
    return next((slug for pattern, slug in COMPILED if pattern.fullmatch(path)), "")


def telling(paths: Iterable[str]) -> dict[str, str]:
    """For each component that is seen, the first file that shows it."""
    first: dict[str, str] = {}
    for path in sorted(paths):
        if slug := component_of(path):
            first.setdefault(slug, path)
    return first


def _most_restrictive(named: Sequence[Elsewhere]) -> Elsewhere:
    """Of several datasets the one that allows least decides: unknown, closed, open."""

    def allows(each: Elsewhere) -> int:
        if not each.licence:
            return 0
        return 2 if judge(each.licence).is_open else 1

    return min(named, key=allows)


def _from_elsewhere(slug: str, named: Sequence[Elsewhere]) -> list[Part]:
    if not named:
        return []
    one = _most_restrictive(named)
    return [Part(slug, one.licence or UNDISCLOSED, evidence_url=one.url)]


def parts_seen(
    *,
    url: str,
    licence: str,
    paths: Iterable[str],
    datasets: Sequence[Elsewhere] = (),
    benchmarks: Sequence[Elsewhere] = (),
    papers: Sequence[str] = (),
    has_results: bool = False,
) -> list[Part]:
    """The components that are seen. `papers` are arXiv ids; `licence` is that of the repository, SPDX."""
    first = telling(paths)
    if has_results:
        first.setdefault("evaluation_results", "README.md")
    parts = [
        Part(slug, licence or UNDISCLOSED, Covers.RELEASE, f"{url}/blob/main/{path}")
        for slug, path in first.items()
    ]
    carded = [each for each in datasets if each.has_card]
    if datasets and len(carded) == len(datasets):
        parts += _from_elsewhere("data_card", carded)
    parts += _from_elsewhere("datasets", datasets)
    parts += _from_elsewhere("evaluation_data", benchmarks)
    parts += [
        Part("research_paper", UNDISCLOSED, evidence_url=f"https://arxiv.org/abs/{each}") for each in papers
    ]
    return parts
