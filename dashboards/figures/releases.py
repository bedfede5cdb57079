"""Releases of the data: the files of one, what changed with it, and the list of all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contributions.models.corrections import CorrectionState
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.measures import EVERY_METRIC
from dashboards.models import DataFile, DataRelease
from dashboards.releases.tables import BY_NAME
from mission import numerals

LISTED = 60  # releases: five years of months
HINTS = {
    "awards.json": "360Giving 1.4",
    "datapackage.json": gettext_lazy("every column: type, meaning, keys"),
    "CHANGELOG.md": gettext_lazy("What changed"),
    "dcat.jsonld": gettext_lazy("for data portals"),
    "SHA256SUMS": gettext_lazy("SHA-256 over the files"),
}


def listed() -> list[DataRelease]:
    """Newest first. One query."""
    return list(DataRelease.objects.published()[:LISTED])


def address(release: DataRelease, file: str) -> str:
    return reverse("dashboards:release_file", args=[release.name, file])


def others(release: DataRelease) -> list[tuple[DataFile, Any]]:
    """Files that are no table, and what each is for. One query."""
    return [(file, HINTS.get(file.name, "")) for file in release.files.filter(table="")]


def no_release() -> Empty:
    return Empty(
        _("No release has been published yet"),
        _("One is made every month. Whoever runs this site makes one now with: manage.py publish_data"),
    )


def source(release: DataRelease | None) -> Source:
    return Source(_("This site"), licence="CC-BY-4.0", retrieved=release.published_at if release else None)


def files_figure(release: DataRelease | None, title: str) -> Figure:
    """A row a table, with both its files. One query."""
    return Figure(
        slug="files",
        title=title,
        sentence=_(
            "Every row of every table, in a file for spreadsheets and one for programs. The same rows are in "
            "both."
        ),
        columns=(
            Column("table", _("Table"), names=True),
            Column("holds", _("Holds")),
            Column("licence", _("Licence")),
            Column("csv", _("For spreadsheets")),
            Column("parquet", _("For programs")),
            Column("csv_url", _("Address of the CSV"), in_table=False),
            Column("parquet_url", _("Address of the Parquet"), in_table=False),
            Column("csv_bytes", _("Bytes of the CSV"), number=True, in_table=False),
            Column("parquet_bytes", _("Bytes of the Parquet"), number=True, in_table=False),
            Column("rows", _("Rows"), number=True),
        ),
        rows=tuple(_tables(release)) if release else (),
        source=source(release),
        open_table=True,
        empty=no_release(),
    )


def _tables(release: DataRelease) -> Iterable[Row]:
    files: dict[str, dict[str, DataFile]] = {}
    for file in release.files.exclude(table=""):
        files.setdefault(file.table, {})[file.name.rpartition(".")[2]] = file
    return [
        _table(release, name, both["csv"], both["parquet"]) for name, both in files.items() if name in BY_NAME
    ]


def _table(release: DataRelease, name: str, csv: DataFile, parquet: DataFile) -> Row:
    table = BY_NAME[name]
    links = {"csv": address(release, csv.name), "parquet": address(release, parquet.name)}
    return Row(
        name,
        {
            "table": str(table.title),
            "holds": str(table.holds),
            "licence": table.licence.name,
            "csv": _("CSV, %(size)s\N{NO-BREAK SPACE}kB") % {"size": kilobytes(csv.size)},
            "parquet": _("Parquet, %(size)s\N{NO-BREAK SPACE}kB") % {"size": kilobytes(parquet.size)},
            "csv_url": links["csv"],
            "parquet_url": links["parquet"],
            "csv_bytes": Reading.of(csv.size),
            "parquet_bytes": Reading.of(parquet.size),
            "rows": Reading.of(csv.rows),
        },
        links=links,
    )


def kilobytes(size: int) -> str:
    """Of a thousand bytes, and one at least."""
    return words.number(max(1, round(size / 1000)))


def releases_figure(releases: Sequence[DataRelease]) -> Figure:
    """No query."""
    return Figure(
        slug="published",
        title=_("Releases"),
        sentence=_(
            "A release never changes: cite one, and whoever follows finds the same rows. Figures of past "
            "months can differ from one release to the next; each tells what changed."
        ),
        columns=(
            Column("release", _("Release"), names=True),
            Column("published", _("Published")),
            Column("changed", _("What changed")),
            Column("sha256", _("SHA-256 over the tables"), in_table=False),
            Column("rows", _("Rows"), number=True),
        ),
        rows=tuple(
            Row(
                str(release.pk),
                {
                    "release": str(release),
                    "published": release.published_at.date() if release.published_at else None,
                    "changed": in_short(release.changes),
                    "sha256": release.digest,
                    "rows": Reading.of(release.rows),
                },
                url=release.get_absolute_url(),
            )
            for release in releases
        ),
        source=source(releases[0] if releases else None),
        open_table=True,
        empty=no_release(),
    )


def in_short(changes: Mapping[str, Any]) -> str:
    """One line: the rows of all tables together, and how many rules and corrections."""
    if not changes.get("since"):
        return _("The first release")
    told = [one for one in changes["tables"] if one["added"] is not None]
    sums = {key: words.number(sum(one[key] for one in told)) for key in ("added", "changed", "gone")}
    parts = [_("%(added)s rows added, %(changed)s changed, %(gone)s gone") % sums]
    if rules := len(changes["rules"]):
        parts.append(ngettext("%(count)s rule", "%(count)s rules", rules) % {"count": words.number(rules)})
    if corrected := len(changes["corrections"]):
        sentence = ngettext("%(count)s correction", "%(count)s corrections", corrected)
        parts.append(sentence % {"count": words.number(corrected)})
    return _("; ").join(parts)


def changes_figure(release: DataRelease) -> Figure:
    """By table. No query."""
    changes: Any = release.changes
    told = [one for one in changes["tables"] if one["table"] in BY_NAME]
    since = changes["since"]
    return Figure(
        slug="changes",
        title=_("What changed since %(release)s") % {"release": since} if since else _("The first release"),
        sentence=in_short(changes) if since else "",
        columns=(
            Column("table", _("Table"), names=True),
            *(
                Column(key, label, number=True)
                for key, label in (
                    ("added", _("Rows added")),
                    ("changed", _("Changed")),
                    ("gone", _("Gone")),
                )
            ),
        ),
        rows=tuple(
            Row(
                one["table"],
                {
                    "table": str(BY_NAME[one["table"]].title),
                    **{key: Reading.of(one[key]) for key in ("added", "changed", "gone")},
                },
            )
            for one in told
        )
        if since
        else (),
        source=source(release),
        open_table=True,
        empty=Empty(_("Nothing to compare"), _("Later releases tell here what changed, table by table.")),
    )


def decisions_figure(release: DataRelease) -> Figure:
    """Rules that began and corrections that were decided since the release before. No query."""
    changes: Any = release.changes
    rules = [
        Row(
            f"{one['metric']}-{one['rule']}",
            {"what": _rule(one), "words": one["words"], "reference": one["metric"]},
            url=reverse("dashboards:methods"),
        )
        for one in changes["rules"]
    ]
    corrections = [
        Row(
            one["reference"],
            {"what": _correction(one), "words": one["words"], "reference": one["reference"]},
            url=reverse("dashboards:correction", args=[one["reference"]]),
        )
        for one in changes["corrections"]
    ]
    return Figure(
        slug="decisions",
        title=_("Rules and corrections behind it"),
        sentence=_("Why figures of past months may differ from those of the release before."),
        columns=(
            Column("what", _("What"), names=True),
            Column("words", _("In words")),
            Column("reference", _("Name in data"), in_table=False),
        ),
        rows=(*rules, *corrections),
        source=source(release),
        open_table=True,
        empty=Empty(_("No rule was changed, and no correction was decided")),
    )


def _rule(one: Mapping[str, Any]) -> str:
    metric = EVERY_METRIC.get(one["metric"])
    label = str(metric.label) if metric else one["metric"]
    return _("Rule %(number)s of %(metric)s") % {"number": words.number(one["rule"]), "metric": label}


def _correction(one: Mapping[str, Any]) -> str:
    outcome = str(CorrectionState(one["outcome"]).label)
    return _("Correction %(reference)s: %(outcome)s") % {"reference": one["reference"], "outcome": outcome}


def title_of(release: DataRelease | None) -> str:
    if release is None or release.published_at is None:
        return _("All tables, to take away")
    day = numerals.date(release.published_at, "DATE_FORMAT")
    return _("All tables as of %(date)s") % {"date": day}
