"""What describes a release: a Frictionless data package, checksums, and a changelog in plain words."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.text import slugify

from dashboards.releases.citing import TITLE, cited
from dashboards.releases.files import Written
from dashboards.releases.table import OWN, Field, Kind, Licence, Table, english
from dashboards.releases.tables import BY_NAME, TABLES

SUMS, PACKAGE, CATALOGUE, CHANGELOG = "SHA256SUMS", "datapackage.json", "dcat.jsonld", "CHANGELOG.md"
AWARDS = "awards.json"
HOLDS = (
    "Every table of the site: figures by nation and month with their bounds, the catalogue of models, "
    "datasets and software, lineage, awards and compute. No figure tells of fewer than ten people; "
    "suppressed is not zero."
)
KEYWORDS = ["open source", "artificial intelligence", "open models", "datasets", "languages", "grants"]
# As PostgreSQL writes it: said, so that nobody guesses it from the first lines.
DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True}
FRICTIONLESS = {
    Kind.CODE: "string",
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.BOUND: "number",
    Kind.SHARE: "number",
    Kind.MONEY: "number",
    Kind.HOURS: "number",
    Kind.DATE: "date",
    Kind.MOMENT: "datetime",
    Kind.BOOLEAN: "boolean",
}


class Edition(NamedTuple):
    """Which release is described. `site`: scheme and host of the addresses in it."""

    name: str
    published_at: datetime.datetime
    site: str

    @property
    def folder(self) -> str:
        return f"{self.site}/data/releases/{self.name}/"

    @property
    def citation(self) -> str:
        return cited(self.name, self.published_at.year, self.site)


def edition(name: str, published_at: datetime.datetime) -> Edition:
    return Edition(name, published_at, settings.SITE_URL)


def datapackage(of: Edition, files: Sequence[Written]) -> dict[str, Any]:
    """A resource a table, with its full schema. The Parquet file of the same rows is named beside it."""
    by_name = {file.name: file for file in files}
    return {
        "profile": "tabular-data-package",
        "name": slugify(settings.PUBLISHER_NAME),
        "id": of.folder,
        "title": TITLE,
        "description": HOLDS,
        "version": of.name,
        "created": of.published_at.isoformat(timespec="seconds"),
        "homepage": f"{of.site}/data/",
        "keywords": KEYWORDS,
        "licenses": [licence(OWN)],
        "contributors": [_publisher()],
        "sources": _sources(TABLES),
        "citation": of.citation,
        "resources": [resource(table, by_name) for table in TABLES],
    }


def _publisher() -> dict[str, str]:
    """An address without a domain, as a machine at home has, is none to write to."""
    found = {"title": settings.PUBLISHER_NAME, "role": "publisher"}
    reachable = "." in settings.PUBLISHER_EMAIL.partition("@")[2]
    return {**found, "email": settings.PUBLISHER_EMAIL} if reachable else found


def resource(table: Table, by_name: Mapping[str, Written]) -> dict[str, Any]:
    csv, parquet = by_name[table.csv], by_name[table.parquet]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": csv.name,
        "title": english(table.title),
        "description": english(table.holds),
        "format": "csv",
        "mediatype": csv.media_type,
        "encoding": "utf-8",
        "dialect": DIALECT,
        "bytes": csv.size,
        "hash": f"sha256:{csv.sha256}",
        "rows": csv.rows,
        "licenses": [licence(table.licence)],
        "sources": _sources([table]),
        "parquet": {"path": parquet.name, "bytes": parquet.size, "hash": f"sha256:{parquet.sha256}"},
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    return {
        "fields": [_field(field, alone=table.key == (field.name,)) for field in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": list(r.columns), "reference": {"resource": r.table, "fields": list(r.key)}}
            for r in table.refers
        ],
    }


def _field(field: Field, *, alone: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not field.optional:
        constraints["required"] = True
    if alone:
        constraints["unique"] = True
    if field.choices:
        constraints["enum"] = list(field.choices)
    found = {"name": field.name, "type": FRICTIONLESS[field.kind], "description": field.means}
    return {**found, "constraints": constraints} if constraints else found


def licence(of: Licence) -> dict[str, str]:
    return {"name": of.name, "path": of.url, "title": of.name}


def _sources(tables: Iterable[Table]) -> list[dict[str, str]]:
    found = {origin.title: origin for table in tables for origin in table.origins}
    return [
        {"title": origin.title, **({"path": origin.url} if origin.url else {})} for origin in found.values()
    ]


def sums(files: Iterable[Written]) -> str:
    """As `sha256sum --check` reads it."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files)


def changelog(of: Edition, changes: Mapping[str, Any], files: Sequence[Written]) -> str:
    """The same changes as the page shows, to be read with the files alone."""
    began = f"Since {changes['since']}." if changes["since"] else "The first release."
    rows = {file.table: file.rows for file in files}
    lines = [f"# Release {of.name}", "", began, "", "## Tables", ""]
    for one in changes["tables"]:
        told = f"; {one['added']} added, {one['changed']} changed, {one['gone']} gone"
        title = english(BY_NAME[one["table"]].title)
        lines.append(f"* {title}: {rows[one['table']]} rows{told if one['added'] is not None else ''}")
    for title, key, what in (("Rules", "rules", "metric"), ("Corrections", "corrections", "reference")):
        if changes[key]:
            lines += ["", f"## {title}", "", *(f"* {one[what]}: {one['words']}" for one in changes[key])]
    return "\n".join(lines) + "\n"
