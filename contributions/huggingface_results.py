"""Evaluation results as models on the Hub carry them, in both of its shapes. Pure.

* `evalResults`, from `.eval_results/*.yaml`: names the benchmark's dataset, dated, perhaps with a source;
* `model-index`, in the card: written by hand, so any part of it may be missing or odd.

A result that is no number, or says not what it was measured on, is left out.
"""

import datetime
import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from contributions.found import FoundAccount, FoundArtifact, FoundContribution, FoundEvaluation
from contributions.models import ContributionKind

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
DATASET = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
RESULT = "huggingface:evaluation:"
NAMED = 95  # characters of a benchmark's name that fit into an external id
Json = dict[str, Any]


def _part(said: Json, name: str) -> Json:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _value(said: Any) -> float | None:
    """`0.9`, `"20.0 ± 1.2"`."""
    if isinstance(said, bool):
        return None
    found = NUMBER.match(str(said).strip())
    value = float(found.group()) if found else None
    return value if value is not None and math.isfinite(value) else None


def _when(said: Any) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _address(said: Any) -> str:
    url = str(said or "")
    return url if url.startswith(("https://", "http://")) and len(url) <= 400 else ""


def evaluations(said: Json) -> tuple[FoundEvaluation, ...]:
    """One a benchmark, task and measure: the newer shape goes before the card."""
    card = _part(said, "cardData")
    index = said.get("model-index") or card.get("model-index") or []
    found: dict[tuple[str, str, str], FoundEvaluation] = {}
    for each in (*_entries(said.get("evalResults") or []), *_from_card(index)):
        found.setdefault((each.benchmark, each.task, each.measure), each)
    return tuple(found.values())


def _entries(listed: Iterable[Any]) -> Iterator[FoundEvaluation]:
    for each in listed if isinstance(listed, list) else []:
        entry = each.get("data", each) if isinstance(each, dict) else {}
        dataset, value = _part(entry, "dataset"), _value(entry.get("value"))
        name = str(dataset.get("id") or "")
        if value is None or not DATASET.fullmatch(name):
            continue
        yield FoundEvaluation(
            benchmark=name,
            task=str(dataset.get("task_id") or "")[:100],
            measure="score",
            value=value,
            verified=bool(entry.get("verifyToken")),
            source_url=_address(_part(entry, "source").get("url")),
            happened_at=_when(entry.get("date")),
        )


def _from_card(index: Any) -> Iterator[FoundEvaluation]:
    for model in index if isinstance(index, list) else []:
        results = model.get("results") if isinstance(model, dict) else None
        for result in results if isinstance(results, list) else []:
            if isinstance(result, dict):
                yield from _of_result(result)


def _of_result(result: Json) -> Iterator[FoundEvaluation]:
    dataset, task = _part(result, "dataset"), _part(result, "task")
    kind, shown = str(dataset.get("type") or ""), str(dataset.get("name") or "")
    is_dataset = bool(DATASET.fullmatch(kind))
    name = (kind if is_dataset else shown or kind)[:250]
    about = [task.get("type") or task.get("name"), dataset.get("config"), dataset.get("split")]
    metrics = result.get("metrics")
    for metric in metrics if isinstance(metrics, list) else []:
        value = _value(metric.get("value")) if isinstance(metric, dict) else None
        measure = str(metric.get("type") or metric.get("name") or "")[:100] if value is not None else ""
        if name and measure and value is not None:
            yield FoundEvaluation(
                benchmark=name,
                task=" ".join(str(each) for each in about if each)[:100],
                measure=measure,
                value=value,
                is_dataset=is_dataset,
                verified=bool(metric.get("verifyToken")),
                source_url=_address(_part(result, "source").get("url")),
            )


def results_published(model: FoundArtifact, owner: FoundAccount) -> Iterator[FoundContribution]:
    """Evaluating a model on a benchmark is one contribution, however many numbers came of it.

    It happened when the results say, the earliest of them; where they do not, when the model was published.
    """
    by_benchmark: dict[str, list[FoundEvaluation]] = {}
    for each in model.evaluations:
        by_benchmark.setdefault(each.benchmark, []).append(each)
    for benchmark, results in by_benchmark.items():
        dated = [each.happened_at for each in results if each.happened_at]
        yield FoundContribution(
            external_id=result_id(model.key.platform_id, benchmark),
            kind=ContributionKind.EVALUATION.value,
            artifact=model.key,
            account=owner,
            happened_at=min(dated, default=model.created_at),
            evidence_url=next((each.source_url for each in results if each.source_url), model.url),
        )


def result_id(model_id: str, benchmark: str) -> str:
    """The external id of having evaluated a model on a benchmark."""
    return f"{RESULT}{model_id}:{_short(benchmark)}"


def _short(benchmark: str) -> str:
    if len(benchmark) <= NAMED:
        return benchmark
    return f"{benchmark[: NAMED - 17]}~{hashlib.sha256(benchmark.encode()).hexdigest()[:16]}"
