"""The GitHub Innovation Graph: the publisher's numbers, nothing half imported, nothing counted twice."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.models import Sum

from contributions.models import Baseline, BaselineMetric, BaselineRelease
from mission.models import AuditEntry, Nation
from tests.world import nation

pytestmark = pytest.mark.django_db

HEADERS = {
    "developers": "developers,iso2_code,year,quarter",
    "repositories": "repositories,iso2_code,year,quarter",
    "organizations": "organizations,iso2_code,year,quarter",
    "git_pushes": "git_pushes,iso2_code,year,quarter",
    "licenses": "num_pushers,spdx_license,iso2_code,year,quarter",
    "topics": "num_pushers,topic,iso2_code,year,quarter",
    "economy_collaborators": "weight,source,destination,year,quarter",
}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_innovation_graph", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Seven small files about India, Namibia, Kosovo and the European Union."""
    nation("IN")
    nation("NA")
    for name, header in HEADERS.items():
        (tmp_path / f"{name}.csv").write_text(f"{header}\n")
    rows = ["200,IN,2025,3", "300,NA,2025,3", "150,XK,2025,3", "900,EU,2025,3"]
    (tmp_path / "developers.csv").write_text("\n".join([HEADERS["developers"], *rows, ""]))
    topics = ['120,"c, c++ and ""more""",IN,2025,3', "130,python,IN,2025,3", ""]
    (tmp_path / "topics.csv").write_text("\n".join([HEADERS["topics"], *topics]))
    pairs = ["110,EU,IN,2025,3", "111,IN,EU,2025,3", "112,IN,NA,2025,3", ""]
    (tmp_path / "economy_collaborators.csv").write_text("\n".join([HEADERS["economy_collaborators"], *pairs]))
    return tmp_path


def test_the_real_release_adds_up_to_the_publishers_numbers(data: Path) -> None:
    for code in ("US", "IN", "CN", "BR", "NA", "DE"):
        nation(code)
    folder = str(data / "innovationgraph")
    assert "up to 2025 Q3 (CC0-1.0): 185,097 rows read, 185,097 changed" in run(folder)
    latest = Baseline.objects.quarter(2025, 3)
    for metric, total, union in (
        ("developers", 166_552_398, 23_225_835),
        ("git_pushes", 214_957_089, 35_937_237),
    ):
        assert latest.of(metric).nations().aggregate(total=Sum("value"))["total"] == total
        assert latest.of(metric).get(economy="EU").value == union
    top = latest.of("developers").nations().order_by("-value")[:4].values_list("economy", "value")
    assert list(top) == [("US", 28_629_080), ("IN", 22_682_855), ("CN", 10_815_602), ("BR", 7_099_749)]
    assert Baseline.objects.of("developers").latest_quarter() == (2025, 3)
    assert "0 changed" in run(folder)
    assert BaselineRelease.objects.get().rows == Baseline.objects.count() == 185_097


def test_the_union_is_in_no_total_kosovo_is_and_na_is_namibia(files: Path) -> None:
    run(str(files))
    nations = Baseline.objects.of("developers").nations()
    assert set(nations.values_list("economy", "nation")) == {("IN", "IN"), ("NA", "NA"), ("XK", None)}
    assert nations.aggregate(total=Sum("value"))["total"] == 650
    pairs = Baseline.objects.filter(metric=BaselineMetric.ECONOMY_COLLABORATORS).nations()
    assert list(pairs.values_list("economy", "dimension")) == [("IN", "NA")]
    assert Nation.objects.get(code="NA").baselines.count() == 1


def test_a_suppressed_cell_is_absent_and_one_suppressed_later_is_withdrawn(files: Path) -> None:
    run(str(files))
    assert not Baseline.objects.of("repositories").exists()
    (files / "developers.csv").write_text(f"{HEADERS['developers']}\n200,IN,2025,3\n")
    assert "3 changed" in run(str(files))
    assert list(Baseline.objects.of("developers").values_list("economy", flat=True)) == ["IN"]


def test_importing_twice_changes_nothing_and_a_new_value_changes_one(files: Path) -> None:
    run(str(files))
    entries = AuditEntry.objects.count()
    assert "0 changed" in run(str(files))
    assert AuditEntry.objects.count() == entries
    developers = files / "developers.csv"
    developers.write_text(developers.read_text().replace("200,IN", "201,IN"))
    assert "1 changed" in run(str(files))
    changed = Baseline.objects.get(metric="developers", economy="IN")
    assert (changed.value, changed.release) == (201, BaselineRelease.objects.latest())


def test_topics_may_hold_commas_and_quotes(files: Path) -> None:
    run(str(files))
    assert Baseline.objects.get(metric="topics", value=120).dimension == 'c, c++ and "more"'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("topics", "wrong,header\n1,2\n", "topics.csv, line 1"),
        ("developers", f"{HEADERS['developers']}\n200,IN,2025,3\n12x,NA,2025,3\n", "developers.csv, line 3"),
        ("developers", f"{HEADERS['developers']}\n200,IN,2025,7\n", "developers.csv, line 2"),
        ("developers", f"{HEADERS['developers']}\n200,India,2025,3\n", "developers.csv, line 2"),
        ("developers", f"{HEADERS['developers']}\n200,IN,2025\n", "developers.csv, line 2"),
        (
            "licenses",
            f"{HEADERS['licenses']}\n200,MIT,IN,2025,3\n201,MIT,IN,2025,3\n",
            "licenses.csv, line 3",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_half_imported(
    files: Path, name: str, content: str, said: str
) -> None:
    (files / f"{name}.csv").write_text(content)
    with pytest.raises(CommandError, match=said):
        run(str(files))
    assert not Baseline.objects.exists()
    assert not BaselineRelease.objects.exists()


def test_a_missing_file_and_missing_nations_are_said_plainly(files: Path, tmp_path: Path) -> None:
    (files / "topics.csv").unlink()
    with pytest.raises(CommandError, match=r"holds no topics\.csv"):
        run(str(files))
    Nation.objects.all().delete()
    with pytest.raises(CommandError, match="load_reference"):
        run(str(files))


def test_without_a_directory_it_downloads_and_says_when_it_cannot(
    files: Path, settings: LazySettings
) -> None:
    settings.INNOVATION_GRAPH_URL = "http://127.0.0.1:9/data"
    with pytest.raises(CommandError, match="Could not download"):
        run()
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(files))
    ) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.INNOVATION_GRAPH_URL = f"http://127.0.0.1:{server.server_port}"
        assert "9 rows read, 9 changed" in run()
        server.shutdown()
    assert BaselineRelease.objects.get().source_url == settings.INNOVATION_GRAPH_URL
    shutil.rmtree(files)
