"""Attacks on the public pages: whoever reads all of them learns nothing about one to nine people."""

import csv
import datetime
import io
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection
from django.test import Client

from contributions.actions.accounts import register_account
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import store
from contributions.actions.exchange import recompute_due
from contributions.actions.rollups import recompute_stale
from contributions.found import ArtifactKey, Found, FoundAccount, FoundArtifact, FoundContribution, FoundLink
from contributions.measures.metric import moments_of
from contributions.models import METRICS, Account, Artifact, Exchange, Rollup
from contributions.opened import shares_rows
from dashboards.actions.releases import publish_release
from dashboards.releases.places import folder_of
from tests.contributions.test_suppression import Fact, Row, minus, reduced
from tests.dashboards.pages import words
from tests.world import nation

pytestmark = pytest.mark.django_db
PLACES = ["IN", "DE", "KE", "BR", "unknown"]
MONTHS = [datetime.date(2025, 4, 1), datetime.date(2025, 5, 1)]
ACTS = ["merged_change", "review", "model", "dataset", "original_model", "derived_model", "inference_merge",
        "openly_licensed", "language_artifact"]  # fmt: skip
METHODS = {"A": "self_declared", "B": "registry", "C": "email", "D": "profile"}
Atoms = dict[tuple[str, int], int]


def a_world(seed: int) -> None:
    """Crowds of one to forty people in four nations and in none, and organisations."""
    dice = random.Random(seed)
    people: list[FoundAccount] = []
    for code in PLACES:
        size = 40 if code in ("IN", "BR", "unknown") else dice.choice([1, 4, 9, 10, 12, 25])
        for number in range(size):
            people.append(_settle(dice, f"{code}-{number}", code, "person"))
        people.append(_settle(dice, f"{code}-org", code, "organisation"))
    repository = _artifact("repository", "kaveri/tools")
    acts = [
        _act(dice, kind, repository, person, f"{kind}-{person.login}-{time}")
        for person in people
        for kind in ("merged_change", "review")
        for time in range(dice.choice([0, 1, 1, 3]))
    ]
    made = []
    for person in people:
        for kind in ("model", "dataset"):
            if dice.random() < 0.6:
                links = (FoundLink("finetune", "model", "first/model"),) if dice.random() < 0.5 else ()
                licence, speaks = dice.choice(["Apache-2.0", ""]), dice.choice([("hin",), ("eng",)])
                made.append(_artifact(kind, f"{person.login}/{kind}", links, licence, speaks))
                acts.append(_act(dice, kind, made[-1], person, f"{kind}-{person.login}"))
    store(found=Found(artifacts=(repository, *made), contributions=tuple(acts)))
    recompute_stale()


def _settle(dice: random.Random, login: str, code: str, kind: str) -> FoundAccount:
    account = register_account(actor=None, platform="github", platform_id=login, login=login, kind=kind)
    grade = dice.choice("AAACD")
    if code != "unknown":
        affiliate(
            actor=None, account=account, nation=nation(code), valid_from=datetime.date(2024, 1, 1),
            method=METHODS[grade], grade=grade,
        )  # fmt: skip
    return FoundAccount("github", login, login, kind)


def _artifact(
    kind: str, name: str, links: tuple[FoundLink, ...] = (), licence: str = "", speaks: tuple[str, ...] = ()
) -> FoundArtifact:
    platform = "github" if kind == "repository" else "huggingface"
    key = ArtifactKey(platform, kind, name)
    at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    return FoundArtifact(
        key, name, f"https://e.example/{name}", at, licence=licence, languages=speaks, links=links
    )


def _act(dice: random.Random, kind: str, on: FoundArtifact, by: FoundAccount, name: str) -> FoundContribution:
    at = datetime.datetime(2025, dice.choice([4, 4, 5]), dice.randrange(1, 28), tzinfo=datetime.UTC)
    return FoundContribution(f"t:{name}", kind, on.key, by, at, f"https://e.example/{name}")


def truth(slug: str, month: datetime.date, place: str) -> list[tuple[int, int, Fraction, Fraction]]:
    """Rows of a cell as only the database knows them: row, person (0: none), upper, lower."""
    metric = METRICS[slug]
    first, after = moments_of(month)
    where = "f.nation_id IS NULL AND NOT f.international" if place == "unknown" else "f.nation_id = %(place)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.row_id, coalesce(f.person, 0), f.upper, f.lower FROM ({metric.facts}) f WHERE {where}",
            {"first": first, "after": after, "kinds": list(metric.kinds), "place": place},
        )
        return [
            (row, person, Fraction(upper), Fraction(lower)) for row, person, upper, lower in cursor.fetchall()
        ]


def published(client: Client, slug: str, place: str, month: datetime.date) -> dict[str, Any]:
    """What the opened number tells, the same as page, CSV and JSON."""
    path = f"/numbers/{slug}/{place}/{month:%Y-%m}/"
    said = {one["figure"]: one["rows"] for one in client.get(f"{path}?format=json").json()["figures"]}
    found: dict[str, Any] = {**said["figure"][0], "rows": said["rows"]}
    table = client.get(f"{path}?format=csv&figure=figure").content.decode()
    (row,) = csv.DictReader(io.StringIO(table))
    upper = found["value"]["upper"]
    assert row["value_upper"] == ("" if upper is None else str(upper))
    assert row["value_lower"] == ("" if found["value"]["lower"] is None else str(found["value"]["lower"]))
    if found["value"]["status"] == "suppressed":
        assert "suppressed" in words(client.get(path))
    return found


def everything(client: Client) -> Iterator[tuple[str, str, datetime.date, dict[str, Any]]]:
    for slug in ACTS:
        for month in MONTHS:
            for place in PLACES:
                yield slug, place, month, published(client, slug, place, month)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_worked_out_from_all_public_answers_is_about_few_people(client: Client, seed: int) -> None:
    a_world(seed)
    told = list(everything(client))
    for month in MONTHS:
        atoms: Atoms = {}
        facts: list[Fact] = []
        rows: list[Row] = []
        totals: dict[str, Row] = {}
        for slug, place, when, said in told:
            if when != month:
                continue
            upper: Row = {}
            lower: Row = {}
            for row, person, share, sure in truth(slug, month, place):
                if (place, row) not in atoms:
                    atoms[place, row] = len(facts)
                    facts.append(Fact(place, person, 1, True, True))
                number = atoms[place, row]
                upper[number] = share
                if sure:
                    lower[number] = sure
                if not person:
                    rows.append({number: share})
            totals[slug] = {**totals.get(slug, {}), **upper}
            if said["value"]["upper"] is not None:
                assert said["value"]["upper"] == pytest.approx(float(sum(upper.values())))
                rows += [upper] if upper else []
            if said["value"]["lower"] is not None and lower:
                rows.append(lower)
            if place == "unknown" and said["value"]["upper"] and said["unknown_share"]["value"]:
                rows.append(totals[slug])
        worked_out = [row for row in (*reduced(rows), *_pairs(rows)) if _is_a_sum(row)]
        few = [{facts[n].person for n in row} - {0} for row in worked_out]
        assert [len(who) for who in few if 0 < len(who) < 10] == []
    assert Rollup.objects.filter(suppressed=True).exists()
    assert Rollup.objects.shown().filter(metric="merged_change").exclude(nation=None).exists()


def _is_a_sum(row: Row) -> bool:
    """What is found is somebody's acts added up. Some acts less others tells neither of the two."""
    return bool(row) and (min(row.values()) > 0 or max(row.values()) < 0)


def _pairs(rows: list[Row]) -> Iterator[Row]:
    """One figure less another, wherever one holds the other's rows."""
    for one in rows:
        for other in rows:
            if len(one) > len(other) > 1 and other.keys() <= one.keys():
                yield minus(one, other, Fraction(1))


@pytest.mark.parametrize("seed", range(3))
def test_no_listed_row_is_part_of_a_suppressed_figure(client: Client, seed: int) -> None:
    a_world(seed)
    told = list(everything(client))
    told += [
        ("active_contributors", place, month, published(client, "active_contributors", place, month))
        for place in PLACES
        for month in MONTHS
    ]
    listed = 0
    for slug, place, month, said in told:
        suppressed = said["value"]["status"] == "suppressed"
        persons = {f"contribution {row}" for row, person, *_rest in truth(slug, month, place) if person}
        for other, there, when, shown in told:
            if (there, when) != (place, month):
                continue
            open_rows = {row["row"] for row in shown["rows"]} & persons
            listed += len(open_rows)
            if suppressed and not METRICS[slug].people:
                assert not open_rows, f"{slug} of {place} can be put together from {other}"
                assert other == slug or not open_rows or not shares_rows(METRICS[other], METRICS[slug])
    assert listed


@pytest.mark.parametrize("seed", range(3))
def test_a_suppressed_figure_is_on_no_page_and_in_no_export(client: Client, seed: int) -> None:
    a_world(seed)
    assert Rollup.objects.filter(suppressed=True, nation__isnull=False).exists()
    for row in Rollup.objects.filter(suppressed=True).exclude(nation=None):
        said = client.get(f"/nations/{row.nation_id}/?format=json").json()["figures"]
        by_slug = {one["figure"]: one["rows"] for one in said}
        for line in by_slug["latest"]:
            if line["slug"] == row.metric and f"{row.month:%B %Y}" in str(said):
                newest = Rollup.objects.fresh().filter(nation=row.nation_id).latest("month").month
                assert row.month != newest or line["value"]["upper"] is None
        for line in by_slug["added"]:
            if line["month"] == f"{row.month:%Y-%m}" and row.metric in line:
                assert line[row.metric] == {
                    "value": None, "lower": None, "upper": None, "status": "suppressed"
                }  # fmt: skip


def released(folder: Path, settings: Any) -> Path:
    """Where the files of a release of this world lie."""
    settings.RELEASE_DIR = folder
    return folder_of(str(publish_release(actor=None).release))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", range(3))
def test_a_release_tells_of_every_cell_what_its_page_tells_and_no_more(
    client: Client, tmp_path: Path, settings: Any, seed: int
) -> None:
    """So whatever the attacks on the pages cannot work out, none on the files can."""
    a_world(seed)
    folder = released(tmp_path, settings)
    told = {(row["metric"], row["place"], row["month"]): row for row in rows_of(folder / "rollups.csv")}
    assert len(told) == Rollup.objects.fresh().count()
    compared = hidden = 0
    for slug, place, month, said in everything(client):
        row = told.get((slug, place, f"{month}"))
        if row is None:
            assert said["value"]["upper"] in (None, 0), "a figure without a row in the file"
            continue
        for end in ("lower", "upper"):
            shown = said["value"][end]
            assert (float(row[end]) if row[end] else None) == (
                None if shown is None else pytest.approx(shown)
            )
        if row["status"] == "suppressed":
            hidden += 1
            assert said["value"]["status"] == "suppressed"
            assert (row["lower"], row["upper"], row["top_share"]) == ("", "", "")
        share = said["unknown_share"]["value"]
        assert (row["unknown_share"] == "") == (share is None)
        compared += 1
    assert compared > hidden > 0
    with duckdb.connect() as db:
        columns = (
            "metric, place, month::VARCHAR, lower::VARCHAR, upper::VARCHAR, unknown_share::VARCHAR, status"
        )
        found = db.sql(f"SELECT {columns} FROM '{folder / 'rollups.parquet'}'").fetchall()
    for metric, place, said_month, *cells in found:
        row = told[metric, place, said_month]
        assert cells == [row[c] or None for c in ("lower", "upper", "unknown_share", "status")]


def test_a_release_holds_give_and_take_as_suppressed_as_it_is(tmp_path: Path, settings: Any) -> None:
    a_world(1)
    recompute_due()
    assert Exchange.objects.filter(suppressed=True).exists()
    rows = rows_of(released(tmp_path, settings) / "give_and_take.csv")
    assert len(rows) == Exchange.objects.count()
    hidden = [row for row in rows if row["status"] == "suppressed"]
    assert len(hidden) == Exchange.objects.filter(suppressed=True).count()
    assert {(row["lower"], row["upper"]) for row in hidden} == {("", "")}


def test_no_file_of_a_release_ties_a_person_to_a_nation(tmp_path: Path, settings: Any) -> None:
    """Accounts of people leave in no table; their artefacts leave without an owner and without a place."""
    a_world(1)
    folder = released(tmp_path, settings)
    people = set(Account.objects.people().values_list("login", flat=True))
    assert len(people) > 100
    for path in folder.glob("*.csv"):
        for row in rows_of(path):
            assert not people & set(row.values()), path.name
    with (folder / "artifacts.csv").open(newline="") as file:
        columns = next(csv.reader(file))
    assert not {"nation", "place", "account", "account_id", "identity"} & set(columns)


def test_no_list_of_artefacts_can_be_asked_by_nation(client: Client) -> None:
    """Counting a nation's people's artefacts around suppression: no list tells where a person belongs."""
    a_world(1)
    for word in ("country", "owner_nation", "place"):
        assert client.get(f"/api/artifacts/?{word}=IN").status_code == 422
    its, theirs = Artifact.objects.filter(kind="model").order_by("pk")[:2]
    Artifact.objects.filter(pk=its.pk).update(owner=Account.objects.get(login="IN-org"))
    Artifact.objects.filter(pk=theirs.pk).update(owner=Account.objects.get(login="IN-0"))
    listed = client.get("/api/artifacts/?nation=IN&limit=1000").json()["results"]
    assert [row["name"] for row in listed] == [its.name], "only organisations' artefacts are a nation's"
    rows = client.get("/commons/?nation=IN&format=json").json()["figures"][0]["rows"]
    assert [row["name"] for row in rows] == [its.name], "nor does the catalogue list people's by nation"
    nation_page = client.get("/nations/IN/?format=json").json()["figures"]
    commons = next(one for one in nation_page if one["figure"] == "commons")["rows"]
    assert [row["name"] for row in commons] == [its.name], "nor does the nation's own page"
