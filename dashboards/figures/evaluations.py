"""Results published for a model, or the models measured on a benchmark."""

from django.utils.translation import gettext as _

from contributions.models import Artifact, ArtifactKind, Evaluation
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.catalogue import platform_name

MOST = 100


def results_figures(artifact: Artifact) -> list[Figure]:
    """At most one query, and at most 100 rows. Only models and benchmarks have results."""
    if artifact.kind == ArtifactKind.MODEL:
        rows = Evaluation.objects.filter(artifact=artifact).select_related("benchmark")
        ordered = rows.order_by("benchmark_name", "task", "measure")
        return [_figure(artifact, _("Results"), [_of_model(each) for each in ordered[:MOST]])]
    if artifact.is_benchmark:
        used = Evaluation.objects.filter(benchmark=artifact, artifact__gone_at=None).select_related(
            "artifact"
        )
        ordered = used.order_by("task", "measure", "-value", "artifact__name")
        return [_figure(artifact, _("Measured on it"), [_on_benchmark(each) for each in ordered[:MOST]])]
    return []


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


def _of_model(each: Evaluation) -> Row:
    benchmark = each.benchmark if each.benchmark and not each.benchmark.gone_at else None
    return _row(each, each.benchmark_name, benchmark)


def _on_benchmark(each: Evaluation) -> Row:
    return _row(each, each.artifact.name, each.artifact)


def _row(each: Evaluation, name: str, other: Artifact | None) -> Row:
    return Row(
        str(each.pk),
        {
            "name": name,
            "task": each.task or _("not told"),
            "measure": each.measure,
            "value": Reading.of(each.value),
            "verified": _("yes") if each.verified else _("no"),
        },
        url=other.get_absolute_url() if other else each.source_url,
    )
