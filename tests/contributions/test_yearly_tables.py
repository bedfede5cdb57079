"""Yearly tables of other publishers: as their schema describes them, all of a file or nothing of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contributions.actions.yearly_tables import ImportedTable, import_table
from contributions.models import YearlyTable, YearlyValue
from mission.errors import Refused
from mission.models import AuditEntry
from tests.dashboards.pages import as_json, words
from tests.world import nation

pytestmark = pytest.mark.django_db

DESCRIBED: dict[str, Any] = {
    "name": "research-spending",
    "title": "Spending on research",
    "description": "Gross domestic expenditure on research and development.",
    "unit": "percent of GDP",
    "sources": [{"title": "UNESCO Institute for Statistics", "path": "https://uis.unesco.org/"}],
    "licenses": [{"name": "CC-BY-SA-3.0-IGO"}],
    "schema": {
        "fields": [
            {"name": "Country", "type": "string"},
            {"name": "Code", "type": "string", "role": "nation"},
            {"name": "Year", "type": "year", "role": "year", "constraints": {"minimum": 2000}},
            {"name": "Sector", "type": "string", "role": "dimension"},
            {"name": "Spending", "type": "number", "role": "value", "constraints": {"minimum": 0}},
        ],
        "missingValues": ["", ".."],
    },
    "aggregates": ["WLD", "EU"],
}
HEADER = "Country,Code,Year,Sector,Spending"
ROWS = [
    "India,IND,2020,all,0.64",
    "Namibia,NA,2020,all,0.34567891",
    "India,IND,2021,all,..",
    "World,WLD,2020,all,2.1",
    "India,IND,2020,state,0",
]


@pytest.fixture(autouse=True)
def nations() -> None:
    nation("IN")
    nation("NA")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, rows: list[str] | None = None, header: str = HEADER, **changes: Any) -> None:
    (folder / "table.json").write_text(json.dumps(DESCRIBED | changes))
    (folder / "table.csv").write_text("\n".join([header, *(ROWS if rows is None else rows), ""]))


def load(folder: Path) -> ImportedTable:
    return import_table(actor=None, schema=folder / "table.json", data=folder / "table.csv")


def values() -> set[tuple[str, int, str, Decimal]]:
    return set(YearlyValue.objects.values_list("nation_id", "year", "dimension", "value"))


def test_a_table_comes_in_with_its_publisher_licence_and_unit(folder: Path) -> None:
    imported = load(folder)
    assert (imported.rows, imported.changed) == (3, 3)
    assert (imported.table.publisher, imported.table.licence) == (
        "UNESCO Institute for Statistics",
        "CC-BY-SA-3.0-IGO",
    )
    assert imported.table.unit == "percent of GDP"
    assert imported.table.schema == DESCRIBED
    assert AuditEntry.objects.filter(verb="yearly_table.imported").count() == 1


def test_two_and_three_letters_mean_the_same_nation_and_namibia_is_not_missing(folder: Path) -> None:
    load(folder)
    assert values() == {
        ("IN", 2020, "all", Decimal("0.640000")),
        ("IN", 2020, "state", Decimal(0)),
        ("NA", 2020, "all", Decimal("0.345679")),
    }


def test_an_empty_cell_is_unknown_and_a_zero_is_a_zero(folder: Path) -> None:
    load(folder)
    assert not YearlyValue.objects.filter(year=2021).exists()
    assert YearlyValue.objects.get(dimension="state").value == 0


def test_the_same_file_again_changes_nothing(folder: Path) -> None:
    before = load(folder).table
    again = load(folder)
    assert again.changed == 0
    assert again.table.retrieved_at == before.retrieved_at
    assert AuditEntry.objects.filter(verb="yearly_table.imported").count() == 1


def test_what_the_file_no_longer_holds_is_withdrawn_and_what_it_corrects_is_changed(folder: Path) -> None:
    load(folder)
    write(folder, ["India,IND,2020,all,0.65", "Namibia,NA,2020,all,0.34567891"])
    assert load(folder).changed == 2
    assert values() == {
        ("IN", 2020, "all", Decimal("0.650000")),
        ("NA", 2020, "all", Decimal("0.345679")),
    }


def test_two_tables_do_not_disturb_each_other(folder: Path) -> None:
    load(folder)
    write(folder, ["India,IND,2020,all,7"], name="other")
    load(folder)
    assert YearlyTable.objects.count() == 2
    assert YearlyValue.objects.count() == 4


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Europe,EUU,2020,all,2", "“EUU” is no nation of ISO 3166-1. If it is a group, list it"),
        ("Kosovo,XK,2020,all,2", "“XK” is no nation"),
        ("India,in,2020,all,2", "“in” is no nation"),
        ("India,,2020,all,2", "“Code” is empty"),
        ("India,IND,,all,2", "“Year” is empty"),
        ("India,IND,2020-21,all,2", "“2020-21” in “Year” is not a number"),
        ("India,IND,2020.5,all,2", "“2020.5” in “Year” is not a whole number"),
        ("India,IND,1999,all,2", "“1999” is below the least value of “Year”"),
        ("India,IND,3000,all,2", "3000 is not a year"),
        ("India,IND,2022,all,-1", "“-1” is below the least value of “Spending”"),
        ("India,IND,2022,all,n/a", "“n/a” in “Spending” is not a number"),
        ("India,IND,2022,all,NaN", "“NaN” in “Spending” is not a number"),
        ("India,IND,2022,all,inf", "is not a number"),
        ("India,IND,2022,all,1e30", "is too large"),
        ("India,IND,2022,all", "4 columns where the header has 5"),
        ("India,IND,2020,all,9", "the same nation, year and dimension came before"),
        (f"India,IND,2020,{'x' * 101},9", "longer than 100"),
        ('India,IND,2020,"all,9', "unexpected end of data"),
    ],
)
def test_a_bad_row_refuses_the_file_by_name_and_line_and_nothing_is_imported(
    folder: Path, row: str, told: str
) -> None:
    write(folder, [*ROWS, row])
    with pytest.raises(Refused) as refused:
        load(folder)
    sentence = refused.value.sentence
    assert sentence.startswith(("table.csv, line 7: ", "table.csv, line 8: "))
    assert told in sentence
    assert sentence.endswith("Nothing was imported.")
    assert not YearlyTable.objects.exists()
    assert not YearlyValue.objects.exists()


def test_a_bad_row_leaves_what_was_there_before(folder: Path) -> None:
    load(folder)
    before = values()
    write(folder, ["India,IND,2020,all,9", "Mars,MRS,2020,all,9"])
    with pytest.raises(Refused):
        load(folder)
    assert values() == before


def fields(**changes: Any) -> dict[str, Any]:
    """The description's schema, the value field changed."""
    listed = [dict(each) for each in DESCRIBED["schema"]["fields"]]
    listed[-1] |= changes
    return {"fields": listed, "missingValues": [""]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": ""}, "“unit” is missing"),
        ({"name": "Research Spending"}, "small letters"),
        ({"sources": []}, "“sources” must be a list"),
        ({"sources": [{"title": "x", "path": "file:///etc/passwd"}]}, "must be a web address"),
        ({"licenses": [{"name": "free for all"}]}, "on the SPDX list"),
        ({"schema": {"fields": []}}, "no field has the role nation, year, value"),
        ({"schema": fields(role="amount")}, "“amount” is no role"),
        ({"schema": fields(role="year", type="integer")}, "two fields have the role year"),
        ({"schema": fields(type="string")}, "its type is one of: integer, number"),
        ({"schema": fields(constraints={"unique": True})}, "a constraint nobody checks here: unique"),
        ({"schema": fields(constraints={"minimum": "low"})}, "cannot be read"),
        ({"dialect": {"delimiter": "||"}}, "one character"),
    ],
)
def test_a_description_that_does_not_describe_is_refused(
    folder: Path, changes: dict[str, Any], told: str
) -> None:
    write(folder, **changes)
    with pytest.raises(Refused) as refused:
        load(folder)
    assert refused.value.sentence.startswith("table.json, description: ")
    assert told in refused.value.sentence


def test_a_description_that_is_no_json_is_refused_with_its_line(folder: Path) -> None:
    (folder / "table.json").write_text('{"name":\n oops}')
    with pytest.raises(Refused, match=r"table\.json, line 2: this is not valid JSON"):
        load(folder)


def test_numbers_may_be_written_as_the_publisher_writes_them(folder: Path) -> None:
    write(
        folder, ["India;IND;2020;all;1.234,5"], "Country;Code;Year;Sector;Spending",
        dialect={"delimiter": ";"}, schema=fields(decimalChar=",", groupChar="."),
    )  # fmt: skip
    load(folder)
    assert values() == {("IN", 2020, "all", Decimal("1234.500000"))}


def test_the_command_tells_what_came_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_table", str(folder / "table.json"), str(folder / "table.csv"))
    assert (
        "Spending on research (UNESCO Institute for Statistics, CC-BY-SA-3.0-IGO): 3 values read, 3 changed"
        in (capsys.readouterr().out)
    )
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_table", str(folder / "table.json"), str(folder / "nowhere.csv"))


def test_the_page_of_a_table_shows_every_value_with_publisher_licence_and_unit(
    folder: Path, client: Client
) -> None:
    load(folder)
    listed = words(client.get("/data/"))
    assert "2020 to 2020. UNESCO Institute for Statistics, CC-BY-SA-3.0-IGO." in listed
    page = words(client.get("/data/research-spending/"))
    assert "Namibia 2020 all 0.35" in page
    assert "percent of GDP" in page
    rows = as_json(client, "/data/research-spending/")["figures"][0]["rows"]
    assert [(row["code"], row["year"], row["dimension"], row["value"]["value"]) for row in rows] == [
        ("IN", "2020", "all", 0.64), ("IN", "2020", "state", 0), ("NA", "2020", "all", 0.345679),
    ]  # fmt: skip
    assert client.get("/data/nowhere/").status_code == 404


def test_a_long_table_is_paged_and_costs_the_same(folder: Path, client: Client) -> None:
    def cost() -> int:
        client.get("/data/research-spending/")
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/data/research-spending/").status_code == 200
        return len(captured)

    load(folder)
    before = cost()
    write(folder, [f"India,IND,{year},{sector},1" for year in range(2000, 2030) for sector in "abcd"])
    load(folder)
    assert cost() == before <= 6
    assert client.get("/data/research-spending/?page=3").status_code == 200
    assert client.get("/data/research-spending/?page=4").status_code == 404
