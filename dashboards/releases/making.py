"""What goes into a release besides its tables, made while nobody sees it yet. Writes files, and no rows."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from contributions.models import Correction, MetricRelease
from dashboards.models import DataRelease
from dashboards.releases import describe
from dashboards.releases.compare import compare
from dashboards.releases.dcat import Months, catalogue
from dashboards.releases.describe import Edition
from dashboards.releases.files import Sink, Written, write_text
from dashboards.releases.places import folder_of
from dashboards.releases.tables import TABLES
from grants import threesixtygiving
from grants.models import Award


def write_awards(folder: Path) -> list[Written]:
    """Grant by grant, never all of them in memory. No file without a grant, as the standard knows none."""
    if not Award.objects.public().exists():
        return []
    head = json.dumps(threesixtygiving.package(settings.SITE_URL), ensure_ascii=False)[:-1]
    with Sink(folder / describe.AWARDS) as sink:
        sink.write(f'{head}, "grants": ['.encode())
        count = 0
        for count, grant in enumerate(threesixtygiving.register(), start=1):
            sink.write(f"{',' if count > 1 else ''}\n{json.dumps(grant, ensure_ascii=False)}".encode())
        sink.write(b"\n]}\n")
    return [sink.written("application/json", rows=count)]


def digest(files: Iterable[Written]) -> str:
    """Over the tables alone: what describes them has the day in it."""
    told = "".join(f"{file.sha256} {file.name}\n" for file in files if file.name.endswith(".csv"))
    return hashlib.sha256(told.encode()).hexdigest()


def changes(before: DataRelease | None, folder: Path) -> dict[str, object]:
    """The changelog: rows by table, rules that began, corrections that were decided, since the one before."""
    rules = MetricRelease.objects.order_by("metric", "rule_version")
    corrections = Correction.objects.decided().order_by("reference")
    if before is None:
        rules, corrections = rules.none(), corrections.none()
    else:
        rules = rules.filter(began_at__gt=before.published_at)
        corrections = corrections.filter(decided_at__gt=before.published_at)
    tables = []
    for table in TABLES:
        earlier = folder_of(before.name or "") / table.parquet if before else Path()
        found = compare(table, earlier, folder / table.parquet) if before else None
        added, changed, gone = found or (None, None, None)
        tables.append({"table": table.name, "added": added, "changed": changed, "gone": gone})
    return {
        "since": before.name if before else None,
        "tables": tables,
        "rules": [
            {"metric": one.metric, "rule": one.rule_version, "words": one.note or one.definition}
            for one in rules
        ],
        "corrections": [
            {"reference": one.reference, "outcome": one.state, "words": one.public_summary}
            for one in corrections
        ],
    }


def described(
    of: Edition, files: Sequence[Written], folder: Path, changes: dict[str, object], months: Months
) -> list[Written]:
    """What describes the files, each among those that the next one names."""
    package = json.dumps(describe.datapackage(of, files), ensure_ascii=False, indent=1)
    made = [
        write_text(folder, describe.PACKAGE, "application/json", package + "\n"),
        write_text(folder, describe.CHANGELOG, "text/markdown", describe.changelog(of, changes, files)),
    ]
    releases = [(of, [*files, *made]), *earlier()]
    told = json.dumps(catalogue(releases, months), ensure_ascii=False, indent=1)
    made.append(write_text(folder, describe.CATALOGUE, "application/ld+json", told + "\n"))
    made.append(write_text(folder, describe.SUMS, "text/plain", describe.sums([*files, *made])))
    return made


def earlier() -> list[tuple[Edition, list[Written]]]:
    found = []
    for one in DataRelease.objects.published().prefetch_related("files"):
        if one.name and one.published_at:
            files = [
                Written(f.name, f.media_type, f.size, f.sha256, f.table, f.rows, f.packed_size)
                for f in one.files.all()
            ]
            found.append((describe.edition(one.name, one.published_at), files))
    return found
