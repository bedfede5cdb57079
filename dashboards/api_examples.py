"""Requests that run: on the page /api/, in the schema, and in a test that sends every one of them."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

BOUNDS = {"value": 12, "lower": 12, "upper": 14.5, "status": "known"}
AT = "2026-04-01T06:00:00Z"


@dataclass(frozen=True, slots=True)
class Example:
    """`row`: one of the results, or the whole answer where there are none."""

    operation: str
    path: str
    words: Any
    row: dict[str, Any]

    @property
    def shown(self) -> str:
        return json.dumps(self.row, indent=2, ensure_ascii=False)


ROLLUP = {
    "metric": "model",
    "nation": "IN",
    "month": "2026-03",
    **BOUNDS,
    "unknown_share": 0.21,
    "top_share": None,
    "spike": False,
    "rule_version": 1,
    "computed_at": AT,
    "opened_at": "https://mission.example/numbers/model/IN/2026-03/",
}
EXAMPLES: tuple[Example, ...] = (
    Example(
        "rollups_list",
        "/api/rollups/?metric=model&nation=IN&limit=12",
        _("Models that India published, month by month"),
        ROLLUP,
    ),
    Example(
        "rollups_list",
        "/api/rollups/?metric=model&nation=unknown&status=known",
        _("Models that no evidence ties to a nation"),
        ROLLUP,
    ),
    Example(
        "baseline_list",
        "/api/baseline/?metric=developers&nation=in&since=2024-Q1",
        _("Developers on GitHub, quarter by quarter"),
        {"metric": "developers", "nation": "IN", "quarter": "2025-Q3", "dimension": None, "value": 22400000},
    ),
    Example(
        "exchange_list",
        "/api/exchange/?giver=IN&kind=finetune",
        _("Who fine-tuned models that came from India"),
        {
            "giver": "IN",
            "taker": "BR",
            "month": "2026-03",
            "kind": "finetune",
            **BOUNDS,
            "rule_version": 1,
            "computed_at": AT,
        },
    ),
    Example(
        "nations_list",
        "/api/nations/",
        _("The nations and their codes"),
        {
            "code": "IN",
            "alpha3": "IND",
            "name": "India",
            "population": 1352617328,
            "url": "https://mission.example/nations/IN/",
        },
    ),
    Example(
        "nations_one",
        "/api/nations/IN/",
        _("One nation, and where its figures are"),
        {"code": "IN", "alpha3": "IND", "name": "India", "links": {"rollups": "https://mission.example/…"}},
    ),
    Example(
        "metrics_list",
        "/api/metrics/",
        _("What each metric counts, and how"),
        {
            "slug": "model",
            "name": "Models published",
            "unit": "models",
            "rule_version": 1,
            "cumulative": False,
        },
    ),
    Example(
        "languages_list",
        "/api/languages/?nation=IN",
        _("Languages spoken in India, and what there is for each"),
        {
            "code": "hin",
            "name": "Hindi",
            "autonym": "हिन्दी",
            "speakers": 546882144,
            "artifacts": {"model": 3, "dataset": 0, "evaluation": 0},
        },
    ),
    Example(
        "artifacts_list",
        "/api/artifacts/?kind=model&language=hin&licence=open&limit=20",
        _("Models for Hindi under an open licence, newest first"),
        {
            "id": 7,
            "kind": "model",
            "platform": "huggingface",
            "name": "kaveri/hindi-asr",
            "licence": "Apache-2.0",
            "languages": ["hin"],
            "built_on": [],
            "created_at": AT,
        },
    ),
    Example(
        "awards_list",
        "/api/awards/?nation=IN",
        _("Awards to organisations in India"),
        {
            "reference": "OSAI-2026-0001",
            "title": "Speech for Marathi",
            "organisation": "Kaveri Labs",
            "nation": "IN",
            "granted_gpu_hours": 500.0,
            "used_gpu_hours": 120.5,
            "status": "active",
        },
    ),
    Example(
        "releases_list",
        "/api/releases/?limit=1",
        _("The newest release of all tables"),
        {"name": "2026-11-28", "published_at": AT, "rows": 120000, "sha256": "9f2c…", "url": "https://…"},
    ),
    Example(
        "calls_list",
        "/api/calls/?phase=open",
        _("Calls that are open now"),
        {"slug": "compute-2026", "title": "Compute for open models", "phase": "open", "closes_at": AT},
    ),
)
LISTS = frozenset(
    example.operation
    for example in EXAMPLES
    if example.operation.endswith("_list") and example.operation != "metrics_list"
)


def show_examples(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A hook of drf-spectacular's: each operation has the requests of this file."""
    for path, operations in result["paths"].items():
        for operation in operations.values():
            mine = [one for one in EXAMPLES if one.operation == operation["operationId"]]
            if mine:
                operation["x-codeSamples"] = [
                    {"lang": "Shell", "label": str(one.words), "source": f"curl '{one.path}'"} for one in mine
                ]
                operation.setdefault("description", "")
                operation["description"] += f"\n\nFor example: `{mine[0].path or path}`"
    return result
