"""Results published for a model, or the models measured on a benchmark."""

import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contributions.models import Artifact, ArtifactKind, Evaluation
from contributions.models.artifacts import artifact_address
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.catalogue import platform_name
from mission.written import written_once

MOST = 100


class Result(NamedTuple):
    """`name`: of the benchmark, or of the model that was measured on it: `other`, where it is known here."""

    pk: int
    task: str
    measure: str
    value: float
    verified: bool
    source_url: str
    name: str
    other: int | None
    gone: datetime.datetime | None


TOLD = Result._fields[:6]


def results_figures(artifact: Artifact) -> list[Figure]:
    """At most one query, and at most 100 rows. Only models and benchmarks have results."""
    if artifact.kind == ArtifactKind.MODEL:
        return [
            _figure(artifact, _("Results"), [_row(Result._make(told)) for told in _of_model(artifact.pk)])
        ]
    if artifact.is_benchmark:
        rows = [_row(Result._make(told)) for told in _on_benchmark(artifact.pk)]
        return [_figure(artifact, _("Measured on it"), rows)]
    return []


@written_once
def _of_model(pk: int) -> "QuerySet[Evaluation, tuple[Any, ...]]":
    rows = Evaluation.objects.filter(artifact=pk).order_by("benchmark_name", "task", "measure")
    return rows.values_list(*TOLD, "benchmark_name", "benchmark", "benchmark__gone_at")[:MOST]


@written_once
def _on_benchmark(pk: int) -> "QuerySet[Evaluation, tuple[Any, ...]]":
    rows = Evaluation.objects.filter(benchmark=pk, artifact__gone_at=None)
    ordered = rows.order_by("task", "measure", "-value", "artifact__name")
    return ordered.values_list(*TOLD, "artifact__name", "artifact", "artifact__gone_at")[:MOST]


def _figure(artifact: Artifact, title: str, rows: list[Row]) -> Figure:
    return Figure(
        slug="results",
        title=title,
        sentence=_("As their publishers report them: nobody here has run them again.") if rows else "",
        columns=(
            Column("name", _("Benchmark") if artifact.kind == ArtifactKind.MODEL else _("Model"), names=True),
            Column("task", _("Task")),
            Column("measure", _("Measure")),
            Column("value", _("Value"), number=True, decimals=2),
            Column("verified", _("Checked by the platform")),
        ),
        rows=tuple(rows),
        source=Source(platform_name(artifact), artifact.url, retrieved=artifact.observed_at),
        open_table=True,
        empty=Empty(_("No result is known")),
    )


def _row(each: Result) -> Row:
    return Row(
        str(each.pk),
        {
            "name": each.name,
            "task": each.task or _("not told"),
            "measure": each.measure,
            "value": Reading.of(each.value),
            "verified": _("yes") if each.verified else _("no"),
        },
        url=artifact_address(each.other) if each.other and not each.gone else each.source_url,
    )
