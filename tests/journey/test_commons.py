"""What people add: through Celery from a GitHub and a Hugging Face, to the page of a nation."""

import csv
import io
import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journey.visitor import Visitor
from tests.live import ROOT, LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real test data is not beside the project")


def fetch(house: LiveStack, path: str) -> str:
    with urllib.request.urlopen(house.url + path) as answer:
        return str(answer.read().decode())


def counted(said: str, what: str) -> int:
    found = re.search(rf"([\d,]+) (?:× )?{what}", said)
    return int(found[1].replace(",", "")) if found else 0


def test_a_github_organisation_comes_in_by_celery_and_once(live_stack: LiveStack, browser: Browser) -> None:
    said = live_stack.manage("sync", "github:kaveri-labs")
    assert counted(said, "artefacts") >= 2
    assert counted(said, "merged change") > 0
    assert counted(said, "review") > 0
    again = live_stack.manage("sync", "github:kaveri-labs")
    assert counted(again, "rows new") == 0
    assert counted(again, "merged change") == counted(said, "merged change")
    told = live_stack.manage(
        "affiliate", "github:kaveri-labs", "--nation", "IN", "--source", "https://register.example/kaveri"
    )
    assert "kaveri-labs" in told
    visitor = Visitor(browser, live_stack, javascript=False)
    visitor.go("/commons/?kind=repository")
    visitor.reads("kaveri-labs/")
    visitor.leave()


@needs_data
def test_a_hub_organisation_comes_in_and_is_counted_for_its_nation(live_stack: LiveStack) -> None:
    before = models_of(live_stack, "FR")
    said = live_stack.manage("sync", "huggingface:mistralai")
    assert counted(said, "artefacts") == 2
    assert counted(said, "model") == 2
    live_stack.manage(
        "affiliate", "huggingface:mistralai", "--nation", "FR", "--source", "https://register.example/mistral"
    )
    rollups_are_done(live_stack)
    assert models_of(live_stack, "FR") == before + 2


def rollups_are_done(house: LiveStack) -> None:
    script = """
import time
from contributions.models import Rollup
end = time.monotonic() + 60
while Rollup.objects.stale().exists() and time.monotonic() < end:
    time.sleep(0.2)
print("stale:", Rollup.objects.stale().count())
"""
    assert "stale: 0" in house.manage("shell", "-c", script)


def models_of(house: LiveStack, code: str) -> float:
    script = f"""
from contributions.models import Rollup
rows = Rollup.objects.filter(nation="{code}", metric="model", suppressed=False)
print("models:", sum(row.upper for row in rows))
"""
    return float(house.manage("shell", "-c", script).split("models:")[1].split()[0])


@needs_data
def test_the_innovation_graph_is_loaded_and_shown_as_page_csv_and_json(
    live_stack: LiveStack, browser: Browser
) -> None:
    live_stack.manage("import_innovation_graph", str(DATA / "innovationgraph"))
    again = live_stack.manage("import_innovation_graph", str(DATA / "innovationgraph"))
    assert counted(again, "changed") == 0
    visitor = Visitor(browser, live_stack, javascript=False)
    for metric, total in (("developers", 166_552_398), ("git_pushes", 214_957_089)):
        address = f"/nations/?metric={metric}&period=2025-Q3"
        rows = list(csv.DictReader(io.StringIO(fetch(live_stack, address + "&format=csv"))))
        assert rows_total(rows, metric) == total
        assert not [row for row in rows if "EU" in row.values()]
        visitor.go(address)
        visitor.reads(f"{total:,}")
        assert visitor.page.locator("main svg").count() >= 1
        assert visitor.page.locator("main table").count() >= 1
    visitor.go("/nations/IN/")
    visitor.reads("22,682,855", "Sahyadri Speech Institute")
    visitor.leave()
    told = json.loads(fetch(live_stack, "/nations/IN/?format=json"))
    assert "22682855" in json.dumps(told)


def rows_total(rows: list[dict[str, Any]], metric: str) -> int:
    """Suppressed cells are empty and say so; they are not zero."""
    assert all(row[metric] or row[f"{metric}_status"] == "suppressed" for row in rows)
    return sum(int(row[metric]) for row in rows if row[metric])
