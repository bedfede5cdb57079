"""Releases: the same rows as CSV, as Parquet and on the pages; whole or not there; and never twice."""

import csv
import datetime
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pyarrow as pa
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from contributions.models import Account, Baseline, Rollup
from dashboards.actions.releases import publish_due, publish_release
from dashboards.models import DataRelease, ReleaseStatus
from dashboards.releases.compare import Changes, walk
from dashboards.releases.files import write_table
from dashboards.releases.places import folder_of, packed
from dashboards.releases.table import OWN, SITE, Field, Kind, Table
from dashboards.releases.tables import TABLES
from grants.models import Award
from mission.errors import Refused
from tests.contributions.worker import test_database_url
from tests.dashboards.conftest import add_artifacts, make_award


@pytest.fixture
def release(world: Award) -> DataRelease:
    """The one that was published when this folder's world was made."""
    return DataRelease.objects.published().get()


def rows_of(release: DataRelease, table: str) -> list[dict[str, str]]:
    with (folder_of(str(release)) / f"{table}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_data_package_is_valid_with_every_resource_schema_key_and_hash(release: DataRelease) -> None:
    report = frictionless.Package(folder_of(str(release)) / "datapackage.json").validate()
    assert report.valid, report.flatten(["title", "fieldName", "note"])[:5]
    assert {task.name for task in report.tasks} == {table.name for table in TABLES}
    read = sum(task.stats.get("rows", 0) for task in report.tasks)  # an empty table tells none
    assert read == release.rows > Baseline.objects.count()


def test_a_file_that_is_not_what_was_published_is_found_out(release: DataRelease, tmp_path: Path) -> None:
    for path in folder_of(str(release)).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    awards = tmp_path / "awards.csv"
    awards.write_text(awards.read_text().replace("500.000000", "900.000000"))
    report = frictionless.Package(tmp_path / "datapackage.json").validate()
    assert {task.name: [error.type for error in task.errors] for task in report.tasks if task.errors} == {
        "awards": ["hash-count"]
    }
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode != 0


def test_checksums_and_sizes_are_those_of_the_files(release: DataRelease) -> None:
    folder = folder_of(str(release))
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr
    for file in release.files.all():
        content = (folder / file.name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest()), file.name
        if file.packed_size:
            assert packed(folder / file.name).stat().st_size == file.packed_size
    named = {path.name for path in folder.iterdir() if path.suffix != ".gz"}
    assert named == set(release.files.values_list("name", flat=True))


def test_parquet_holds_what_the_csv_holds_cell_by_cell(release: DataRelease) -> None:
    """DuckDB reads both; every column of every table, in order, is the same."""
    folder = folder_of(str(release))
    with duckdb.connect() as db:
        for table in TABLES:
            columns = ", ".join(
                f"strftime({f.name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')" if f.kind == Kind.MOMENT
                else f"{f.name}::VARCHAR"
                for f in table.fields
            )  # fmt: skip
            parquet = db.sql(f"SELECT {columns} FROM '{folder / table.parquet}'").fetchall()
            with (folder / table.csv).open(newline="") as file:
                lines = list(csv.reader(file))[1:]
            assert parquet == [tuple(cell or None for cell in line) for line in lines], table.name
        (namibia,) = db.sql(f"SELECT name FROM '{folder / 'nations.parquet'}' WHERE code = 'NA'").fetchall()
        assert namibia == ("Namibia",)


def test_totals_are_those_of_the_pages(client: Any, release: DataRelease) -> None:
    folder = folder_of(str(release))
    with duckdb.connect() as db:
        ((hours,),) = db.sql(f"SELECT sum(gpu_hours_granted) FROM '{folder / 'awards.parquet'}'").fetchall()
        shown = client.get("/awards/?format=json").json()["figures"][0]["rows"]
        assert hours == sum(Decimal(row["gpu_hours_granted"]["value"]) for row in shown) == 500
        for month in Rollup.objects.filter(metric="model", nation="IN").values_list("month", flat=True):
            (told,) = db.sql(
                f"SELECT upper FROM '{folder / 'rollups.parquet'}' WHERE metric = 'model' AND place = 'IN' "
                f"AND month = '{month}'"
            ).fetchall()
            figures = client.get(f"/numbers/model/IN/{month:%Y-%m}/?format=json").json()["figures"]
            (cell,) = [one["rows"][0] for one in figures if one["figure"] == "figure"]
            assert float(told[0]) == cell["value"]["upper"]
        pushes = client.get("/nations/?metric=git_pushes&format=json").json()["figures"][0]["rows"]
        india = next(row for row in pushes if row["code"] == "IN")["git_pushes"]["value"]
        (value,) = db.sql(
            f"SELECT value FROM '{folder / 'baseline.parquet'}' WHERE metric = 'git_pushes' "
            "AND economy = 'IN' ORDER BY year DESC, quarter DESC LIMIT 1"
        ).fetchall()
        assert value == (india,)


def test_publishing_again_with_nothing_changed_makes_nothing_new(release: DataRelease) -> None:
    again = publish_release(actor=None)
    assert (again.release, again.is_new) == (release, False)
    assert publish_due() is None
    assert [path.name for path in Path(settings.RELEASE_DIR).iterdir()] == [release.name]
    assert not DataRelease.objects.writing().exists()


def test_a_later_release_tells_what_was_added_changed_and_gone(client: Any, release: DataRelease) -> None:
    add_artifacts(Account.objects.get(login="kaveri"), 2, begin=50)
    made = make_award("Ganga Labs", "meera")
    with connection.cursor() as cursor:  # as an officer's correction and a deleted model would do
        cursor.execute("UPDATE contributions_artifact SET licence = 'MIT' WHERE name = 'kaveri/hindi-1'")
        cursor.execute("UPDATE contributions_artifact SET gone_at = now() WHERE name = 'kaveri/hindi-2'")
    later = publish_release(actor=None)
    assert later.is_new
    assert later.release.name == f"{release.name}-2"
    changes: Any = later.release.changes
    by_table = {one["table"]: (one["added"], one["changed"], one["gone"]) for one in changes["tables"]}
    assert by_table["artifacts"] == (2, 1, 1)
    assert by_table["awards"] == (1, 0, 0)
    assert by_table["baseline"] == (0, 0, 0)
    page = client.get(later.release.get_absolute_url()).content.decode()
    assert f"What changed since {release.name}" in page
    assert made.reference in (folder_of(str(later.release)) / "awards.csv").read_text()
    told = (folder_of(str(later.release)) / "CHANGELOG.md").read_text()
    assert "* Artefacts: 4 rows; 2 added, 1 changed, 1 gone" in told
    told = (folder_of(str(later.release)) / "dcat.jsonld").read_text()
    assert f"/data/releases/{release.name}/" in told
    assert f"/data/releases/{later.release.name}/" in told
    assert "artifacts.csv" in client.get(release.get_absolute_url()).content.decode(), "the earlier one stays"


def test_two_releases_are_walked_side_by_side() -> None:
    before = [((n,), (n % 7,)) for n in range(0, 100, 2)]
    now = [((n,), (n % 7 if n % 10 else 99,)) for n in range(4, 120, 2)]
    assert walk(iter(before), iter(now)) == Changes(added=10, changed=9, gone=2)
    assert walk(iter(()), iter(now)) == Changes(len(now), 0, 0)


def test_while_one_writes_another_is_told_so_and_takes_over_when_it_is_gone(release: DataRelease) -> None:
    lease = uuid.uuid4()
    until = timezone.now() + datetime.timedelta(hours=1)
    writing = DataRelease.objects.create(lease=lease, leased_until=until)
    make_award("Ganga Labs", "meera")
    with pytest.raises(Refused, match="being written"):
        publish_release(actor=None)
    DataRelease.objects.filter(pk=writing.pk).update(leased_until=timezone.now())
    folder_of(f".part-{lease}").mkdir()
    assert publish_release(actor=None).is_new
    assert not folder_of(f".part-{lease}").exists()
    assert not DataRelease.objects.filter(status=ReleaseStatus.WRITING).exists()


@pytest.fixture
def swept(baseline: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Afterwards, without what another process committed."""
    yield
    with django_db_blocker.unblock():
        DataRelease.objects.writing().delete()


def test_a_killed_publisher_leaves_nothing_that_anybody_sees(
    swept: None, client: Any, release: DataRelease
) -> None:
    """It stops at a table we hold, halfway, and is killed there as a dying machine would."""
    made = make_award("Ganga Labs", "meera")
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE grants_deliverable IN ACCESS EXCLUSIVE MODE")
    environment = {
        **os.environ,
        "DATABASE_URL": test_database_url(),
        "VAR_DIR": str(Path(settings.RELEASE_DIR).parent),
        "RELEASE_LEASE_SECONDS": "1",
    }
    Path(settings.RELEASE_DIR).parent.joinpath("releases").symlink_to(settings.RELEASE_DIR)
    command = [sys.executable, "manage.py", "publish_data"]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(Path(settings.RELEASE_DIR).glob(".part-*/readings.csv")) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)  # it is past the tables before the one we hold, and past its lease
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    (left,) = Path(settings.RELEASE_DIR).glob(".part-*")
    assert (left / "awards.csv").exists()
    assert DataRelease.objects.writing().exists()
    assert list(DataRelease.objects.published()) == [release]
    assert client.get("/data/releases/latest/")["Location"] == release.get_absolute_url()
    assert client.get(f"/data/releases/{left.name}/awards.csv").status_code == 404
    assert "Ganga" not in client.get("/data/releases/latest/awards.csv", follow=True).getvalue().decode()
    again = publish_release(actor=None)
    assert again.is_new
    assert not left.exists()
    assert made.reference in (folder_of(str(again.release)) / "awards.csv").read_text()


def test_suppressed_is_empty_with_its_status_and_never_zero(world: Award) -> None:
    row = Rollup.objects.filter(metric="model", nation="IN").first()
    assert row is not None
    Rollup.objects.filter(pk=row.pk).update(suppressed=True, lower=None, upper=None)
    release = publish_release(actor=None).release
    (told,) = [
        one for one in rows_of(release, "rollups")
        if (one["metric"], one["place"], one["month"]) == ("model", "IN", str(row.month))
    ]  # fmt: skip
    assert (told["lower"], told["upper"], told["status"], told["top_share"]) == ("", "", "suppressed", "")
    with duckdb.connect() as db:
        path = folder_of(str(release)) / "rollups.parquet"
        found = db.sql(f"SELECT lower, upper FROM '{path}' WHERE status = 'suppressed'").fetchall()
    assert found == [(None, None)]


def test_text_that_a_spreadsheet_would_run_leaves_quoted(world: Award) -> None:
    Award.objects.update(title='=HYPERLINK("http://evil.example")', summary="two\nlines, and a comma")
    release = publish_release(actor=None).release
    (row,) = rows_of(release, "awards")
    assert row["title"] == '\'=HYPERLINK("http://evil.example")'
    assert row["summary"] == "two\nlines, and a comma"
    package = frictionless.Package(folder_of(str(release)) / "datapackage.json")
    report = package.get_resource("awards").validate()
    assert report.valid, report.flatten(["title", "fieldName", "note"])[:5]


def test_what_somebody_left_empty_stops_no_release(world: Award) -> None:
    Award.objects.update(title="", summary="")
    (row,) = rows_of(publish_release(actor=None).release, "awards")
    assert (row["title"], row["summary"]) == (world.reference, "")


def test_no_account_of_a_person_is_a_column_of_any_table(release: DataRelease) -> None:
    columns = {(table.name, field.name) for table in TABLES for field in table.fields}
    assert not {name for _table, name in columns} & {
        "account",
        "login",
        "email",
        "person",
        "member",
        "filed_by",
    }
    owners = {row["owner"] for row in rows_of(release, "artifacts")} - {""}
    assert not Account.objects.people().filter(login__in=owners).exists()
    kinds = set(Account.objects.filter(login__in=owners).values_list("kind", flat=True))
    assert kinds == {"organisation"}


def test_memory_does_not_grow_with_the_rows(world: Award, tmp_path: Path) -> None:
    """Half a million rows, 30 MB of CSV: a buffer and a batch are held, never the table."""
    fields = (Field("id", Kind.INTEGER, "Counts"), Field("words", Kind.TEXT, "Some"))
    sql = "SELECT g AS id, repeat(md5(g::text), 2) AS words FROM generate_series(1, 500000) g"
    table = Table("many", "Many", "Rows", ("id",), fields, sql, OWN, SITE)
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    files = write_table(tmp_path, table)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {file.rows for file in files} == {500_000}
    assert files[0].size > 30_000_000
    assert peak < 5_000_000
    assert pa.total_allocated_bytes() - before < 5_000_000


def test_the_command_says_what_it_did(release: DataRelease, capsys: Any) -> None:
    call_command("publish_data")
    assert f"Nothing has changed since release {release.name}" in capsys.readouterr().out
    make_award("Ganga Labs", "meera")
    call_command("publish_data")
    assert f"Release {release.name}-2: " in capsys.readouterr().out


def test_files_are_sent_to_be_kept(client: Any, release: DataRelease) -> None:
    path = f"{release.get_absolute_url()}nations.csv"
    file = release.files.get(name="nations.csv")
    answer = client.get(path)
    assert hashlib.sha256(answer.getvalue()).hexdigest() == file.sha256
    assert answer["Content-Length"] == str(file.size)
    assert answer["Content-Disposition"] == 'attachment; filename="nations.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    small = client.get(path, headers={"accept-encoding": "gzip, br"})
    assert small["Content-Encoding"] == "gzip"
    assert int(small["Content-Length"]) == file.packed_size == len(small.getvalue())
    assert small["ETag"] != answer["ETag"]
    whole = client.get(f"{release.get_absolute_url()}nations.parquet", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in whole
    assert len(whole.getvalue()) == int(whole["Content-Length"])


def test_addresses_that_lead_to_the_newest(client: Any, release: DataRelease) -> None:
    for path, file in (
        ("/data/releases/latest/", ""),
        ("/data/releases/latest/rollups.csv", "rollups.csv"),
        ("/data/dcat.jsonld", "dcat.jsonld"),
        ("/data/datapackage.json", "datapackage.json"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"{release.get_absolute_url()}{file}")
    for path in ("nothing.csv", "..%2Fdatapackage.json", "nations.csv.gz"):
        assert client.get(f"{release.get_absolute_url()}{path}").status_code == 404
    assert client.get("/data/releases/2020-01-01/nations.csv").status_code == 404


def test_the_catalogue_has_the_shape_of_dcat_ap(release: DataRelease) -> None:
    told: Any = json.loads((folder_of(str(release)) / "dcat.jsonld").read_text())
    known = told["@context"]
    assert all(isinstance(prefix, str) and prefix.startswith("http") for prefix in known.values())
    for name in names_in({key: value for key, value in told.items() if key != "@context"}):
        assert name.startswith("@") or name.partition(":")[0] in known, f"{name} means nothing"
    assert told["@type"] == "dcat:Catalog"
    assert {"dct:title", "dct:description", "dct:publisher", "dct:license"} <= told.keys()
    series, dataset = told["dcat:dataset"]
    assert series["@type"] == "dcat:DatasetSeries"
    assert series["dct:accrualPeriodicity"]["@id"].endswith("/frequency/MONTHLY")
    assert dataset["dcat:inSeries"]["@id"] == series["@id"]
    assert dataset["dct:publisher"]["@type"] == "foaf:Agent"
    assert dataset["dcat:contactPoint"]["vcard:hasEmail"]["@id"].startswith("mailto:")
    assert {"dcat:startDate", "dcat:endDate"} <= dataset["dct:temporal"].keys()
    by_address = {
        one["dcat:downloadURL"]["@id"].rpartition("/")[2]: one for one in dataset["dcat:distribution"]
    }
    for file in release.files.exclude(name__in=["dcat.jsonld", "SHA256SUMS"]):
        one = by_address[file.name]
        assert one["dcat:byteSize"]["@value"] == str(file.size)
        assert one["spdx:checksum"]["spdx:checksumValue"]["@value"] == file.sha256
        assert one["dct:license"]["@id"].startswith("https://")


def names_in(node: Any) -> Iterator[str]:
    """Every key and every type: words that the context must know."""
    if isinstance(node, dict):
        yield from node
        yield node.get("@type", "@id")
        for value in node.values():
            yield from names_in(value)
    elif isinstance(node, list):
        for each in node:
            yield from names_in(each)
