"""The commons: models, datasets, benchmarks, software and applications, as last looked at."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Artifact, ArtifactKind, Platform, RunsOn
from contributions.models.artifacts import ArtifactQuerySet, OpennessClass, artifact_address
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Row, Source
from dashboards.figures.places import Place
from dashboards.figures.task_names import task_in_words
from dashboards.figures.ties import ties
from dashboards.updates import Updates
from mission import local_names
from mission.models import Language
from mission.remembered import Subject, remembered_while
from mission.search import SearchWords, all_begin, folded, having
from mission.written import any_of, array, written_once

NAMED = Artifact.languages.through
OFFERED = 300  # values of one column that a filter offers at most


@dataclass(frozen=True, slots=True)
class Kind:
    """What people call it, and which rows are that."""

    label: Any
    rows: Q


KINDS = {
    "model": Kind(gettext_lazy("Models"), Q(kind=ArtifactKind.MODEL)),
    "dataset": Kind(gettext_lazy("Datasets"), Q(kind=ArtifactKind.DATASET, is_benchmark=False)),
    "benchmark": Kind(gettext_lazy("Benchmarks"), Q(is_benchmark=True)),
    "repository": Kind(gettext_lazy("Software"), Q(kind=ArtifactKind.REPOSITORY)),
    "space": Kind(gettext_lazy("Applications"), Q(kind=ArtifactKind.SPACE)),
}
# What runs on less runs on more.
MACHINES = {
    RunsOn.PHONE: (RunsOn.PHONE,),
    RunsOn.LAPTOP: (RunsOn.PHONE, RunsOn.LAPTOP),
    RunsOn.SERVER: (RunsOn.SERVER,),
}


class Item(NamedTuple):
    """What a row tells of an artefact, which has four columns of JSON besides."""

    pk: int
    name: str
    kind: str
    is_benchmark: bool
    licence: str
    openness_class: int | None
    task: str
    runs_on: str
    created_at: datetime.datetime
    url: str
    observed_at: datetime.datetime


def catalogue(
    *,
    q: str = "",
    kind: str = "",
    language: str = "",
    licence: str = "",
    openness: str = "",
    task: str = "",
    runs_on: str = "",
    nation: str = "",
) -> ArtifactQuerySet:
    """What is there now, newest first. Three queries more where a nation is asked for. Which index answers
    which filter stands beside the indexes, in contributions/models/artifacts.py."""
    found = Artifact.objects.there().order_by("-created_at", "-pk")
    if words := folded(q):
        found = found.alias(words=SearchWords("name", "summary")).filter(words=having(all_begin(words)))
    if kind:
        found = found.filter(KINDS[kind].rows)
    if language:
        found = found.filter(Exists(NAMED.objects.filter(artifact=OuterRef("pk"), language=language)))
    if licence == "open":
        found = found.openly_licensed()
    elif licence == "none":
        found = found.filter(licence="")
    elif licence:
        found = found.filter(licence=licence)
    if openness:
        found = found.filter(openness_class=int(openness))
    if task:
        found = found.filter(task=task)
    if runs_on:
        found = found.filter(runs_on__in=MACHINES[RunsOn(runs_on)])
    if nation:
        owners = ties(nation).owners
        found = found.filter(any_of("owner", array(owners))) if owners else found.none()
    return found.prefetch_related(Prefetch("languages", Language.objects.order_by("name")))


def items(artifacts: ArtifactQuerySet) -> list[Item]:
    """One query."""
    return [Item._make(one) for one in artifacts.prefetch_related(None).values_list(*Item._fields)]


def newest(place: Place) -> list[Item]:
    """The first ten of a nation's `catalogue`. A query beside its ties."""
    owners = ties(place.code).owners
    return [Item._make(one) for one in _newest(array(owners))] if owners else []


@written_once
def _newest(owners: str) -> "QuerySet[Artifact, tuple[Any, ...]]":
    found = catalogue().prefetch_related(None).filter(any_of("owner", owners))
    return found.values_list(*Item._fields)[:10]


@written_once
def _languages(artifacts: str) -> "QuerySet[Any, tuple[int, str, str]]":
    rows = NAMED.objects.filter(any_of("artifact", artifacts)).order_by("language__name")
    return rows.values_list("artifact", "language", "language__name")


def there(column: str) -> list[str]:
    """The different values of an indexed column, at most 300: from one to the next, never row by row."""
    walk = f"""
        WITH RECURSIVE walk AS (
            (SELECT {column} AS value FROM contributions_artifact
             WHERE {column} > '' AND gone_at IS NULL ORDER BY {column} LIMIT 1)
            UNION ALL
            SELECT (SELECT {column} FROM contributions_artifact
                    WHERE {column} > walk.value AND gone_at IS NULL ORDER BY {column} LIMIT 1)
            FROM walk WHERE walk.value IS NOT NULL
        ) SELECT value FROM walk WHERE value IS NOT NULL LIMIT {OFFERED}"""  # noqa: S608 (our own words only)
    with connection.cursor() as cursor:
        cursor.execute(walk)
        return [value for (value,) in cursor.fetchall()]


@remembered_while(Subject.COMMONS)
def licences_there() -> list[str]:
    """Walks artifact_licence."""
    return there("licence")


@remembered_while(Subject.COMMONS)
def tasks_there() -> list[str]:
    """Walks artifact_task."""
    return there("task")


@remembered_while(Subject.COMMONS)
def languages_there() -> list[tuple[str, str]]:
    """Those that something names: one look into the index for each language there is."""
    named = Exists(NAMED.objects.filter(language=OuterRef("pk")))
    return sorted(((one.code, str(one)) for one in Language.objects.filter(named)), key=lambda pair: pair[1])


def catalogue_figure(
    found: Sequence[Item],
    title: str,
    *,
    slug: str = "commons",
    sentence: str = "",
    empty: Empty | None = None,
) -> Figure:
    """One query: their languages."""
    named: dict[int, list[str]] = defaultdict(list)
    for pk, code, name in _languages(array(one.pk for one in found)) if found else ():
        named[pk].append(local_names.language(code, name))
    return Figure(
        slug=slug,
        title=title,
        sentence=sentence,
        columns=(
            Column("name", _("Name"), names=True),
            Column("kind", _("Kind")),
            Column("licence", _("Licence"), on_one_line=True),
            Column("openness", _("Openness"), in_table=False),
            Column("task", _("Task"), in_table=False),
            Column("task_name", _("Task")),
            Column("runs_on", _("Runs on")),
            Column("languages", _("Languages")),
            Column("published", _("Published"), on_one_line=True),
            Column("url", _("Address"), in_table=False),
        ),
        rows=tuple(artifact_row(one, named.get(one.pk, [])) for one in found),
        source=Source(
            _("GitHub and Hugging Face"),
            retrieved=max((one.observed_at for one in found), default=None),
            updates=Updates.SYNC,
        ),
        open_table=True,
        empty=empty
        or Empty(
            _("Nothing here matches"),
            _("Choose fewer filters, or other words. The catalogue grows as sources are looked at."),
            reverse("dashboards:commons"),
            _("Look through the commons"),
        ),
    )


def openness_in_words(given: int | None) -> str:
    return "" if given is None else str(OpennessClass(given).label)


def kind_in_words(artifact: Artifact | Item) -> str:
    """As the filter calls it: a repository is software, and a dataset to measure with a benchmark."""
    if artifact.is_benchmark:
        return _("Benchmark")
    if artifact.kind == ArtifactKind.REPOSITORY:
        return _("Software")
    return str(ArtifactKind(artifact.kind).label)


def artifact_row(artifact: Item, names: Sequence[str]) -> Row:
    """`names`: of its languages."""
    few = _(", ").join(names[:3])
    return Row(
        str(artifact.pk),
        {
            "name": artifact.name,
            "kind": kind_in_words(artifact),
            "licence": artifact.licence or _("unknown"),
            "openness": openness_in_words(artifact.openness_class),
            "task": artifact.task,
            "task_name": task_in_words(artifact.task),
            "runs_on": str(RunsOn(artifact.runs_on).label) if artifact.runs_on else "",
            "languages": _("%(few)s and %(more)s more") % {"few": few, "more": words.number(len(names) - 3)}
            if names[3:]
            else few,
            "published": artifact.created_at.date(),
            "url": artifact.url,
        },
        url=artifact_address(artifact.pk),
    )


def platform_name(artifact: Artifact) -> str:
    return str(Platform(artifact.platform).label)
