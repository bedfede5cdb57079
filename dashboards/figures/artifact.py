"""One artefact: what it was made from and what was made from it, and its counters over time."""

import datetime
import statistics
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contributions.models import Artifact, ArtifactLink, LinkKind
from contributions.models import Reading as Counters
from contributions.models.artifacts import artifact_address
from contributions.recount import is_spike
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.charts.lineage import Lineage
from dashboards.figures.catalogue import platform_name
from dashboards.updates import Updates
from mission.written import written_once

MOST = 100


class Link(NamedTuple):
    """One step of lineage, as it is read: a page lists a hundred."""

    pk: int
    kind: str
    parent_name: str
    child_name: str
    child: int
    child_gone: datetime.datetime | None
    parent: int | None
    parent_gone: datetime.datetime | None


class Counted(NamedTuple):
    """What a platform told on a day."""

    day: datetime.date
    downloads: int | None
    downloads_all_time: int | None
    likes: int | None
    stars: int | None


COLUMNS = (
    "pk", "kind", "parent_name", "child__name", "child", "child__gone_at", "parent", "parent__gone_at",
)  # fmt: skip


def lineage_figure(artifact: Artifact) -> Figure:
    """One query: at most 100 links, parents first."""
    labels = {str(kind): str(kind.label) for kind in LinkKind}
    rows = [link_row(artifact, Link._make(told), labels) for told in _links(artifact.pk)]
    rows.sort(key=lambda row: row.cells["direction"] != "from")
    return Figure(
        slug="lineage",
        title=_("What it builds on, and what builds on it"),
        sentence="",
        columns=(
            Column("direction", _("Direction"), in_table=False),
            Column("relation", _("Relation")),
            Column("artefact", _("Artefact"), names=True),
        ),
        rows=tuple(rows),
        source=Source(
            platform_name(artifact), artifact.url, retrieved=artifact.observed_at, updates=Updates.SYNC
        ),
        chart=Lineage(artifact.name, "direction", "artefact", "relation", parent="from", child="to"),
        open_table=True,
        empty=Empty(_("Nothing is known that it builds on, or that builds on it")),
    )


@written_once
def _links(pk: int) -> "QuerySet[ArtifactLink, tuple[Any, ...]]":
    links = ArtifactLink.objects.filter(Q(child=pk) | Q(parent=pk)).order_by("pk")
    return links.values_list(*COLUMNS)[:MOST]


def link_row(artifact: Artifact, link: Link, labels: Mapping[str, str]) -> Row:
    is_child = link.child == artifact.pk
    other, gone = (link.parent, link.parent_gone) if is_child else (link.child, link.child_gone)
    relation = labels[link.kind]
    return Row(
        str(link.pk),
        {
            "direction": "from" if is_child else "to",
            "relation": relation if is_child else _("%(relation)s this:") % {"relation": relation},
            "artefact": link.parent_name if is_child else link.child_name,
        },
        url=artifact_address(other) if other and not gone else "",
    )


def readings_figure(artifact: Artifact) -> Figure:
    """One query: the last 90 days with a reading, newest first; in the table, what the platform counts."""
    counted = counters()
    rows = [Counted._make(told) for told in _readings(artifact.pk)]
    downloads = [one.downloads for one in rows if one.downloads is not None]
    return Figure(
        slug="readings",
        title=median_title(downloads),
        sentence=spike_sentence(downloads),
        note=_("Downloads are those of the last 30 days, as the platform told them: never add them up.")
        if downloads
        else "",
        columns=(
            Column("day", _("Day"), names=True),
            *(
                Column(key, label, number=True, in_table=any(getattr(one, name) is not None for one in rows))
                for key, name, label in counted
            ),
        ),
        rows=tuple(
            Row(
                f"{one.day:%Y-%m-%d}",
                {"day": one.day, **{key: Reading.of(getattr(one, name)) for key, name, _label in counted}},
            )
            for one in rows
        ),
        source=Source(
            platform_name(artifact), artifact.url, retrieved=artifact.observed_at, updates=Updates.SYNC
        ),
        dense=True,
        empty=Empty(_("No readings yet")),
    )


@written_once
def _readings(pk: int) -> "QuerySet[Counters, tuple[Any, ...]]":
    return Counters.objects.filter(artifact=pk).order_by("-day").values_list(*Counted._fields)[:90]


def counters() -> list[tuple[str, str, str]]:
    """The key of each column, what it counts, and its label. No platform counts all of them."""
    return [
        ("downloads_30_days", "downloads", _("Downloads, last 30 days")),
        ("downloads_all_time", "downloads_all_time", _("Downloads, all time")),
        ("likes", "likes", _("Likes")),
        ("stars", "stars", _("Stars")),
    ]


def median_title(downloads: list[int]) -> str:
    """`downloads`: of the last 30 days, one a reading, newest first."""
    if not downloads:
        return _("Readings")
    told = {"median": words.number(round(statistics.median(downloads)))}
    return _("Readings: a median of %(median)s downloads in 30 days") % told


def spike_sentence(downloads: list[int]) -> str:
    """By the rule of the rollups: more than three times the median of what was before."""
    if not downloads or not is_spike(Decimal(downloads[0]), [Decimal(each) for each in downloads[1:]]):
        return ""
    return _(
        "Spike: the newest reading is above three times the median of those before. Wait before you quote it."
    )
