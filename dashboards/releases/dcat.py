"""The catalogue of all releases as DCAT-AP 3 in JSON-LD, which data portals harvest.

Its context is in the file: a reader needs nothing from anywhere to tell what a word means.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.conf import settings

from dashboards.releases.citing import TITLE
from dashboards.releases.describe import HOLDS, KEYWORDS, PACKAGE, Edition
from dashboards.releases.files import Written
from dashboards.releases.table import OWN, english
from dashboards.releases.tables import BY_NAME

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"
FORMATS = {
    "text/csv": "CSV",
    "application/vnd.apache.parquet": "PARQUET",
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "text/plain": "TXT",
    "text/markdown": "MD",
}
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Node = dict[str, Any]


class Months(NamedTuple):
    """Of the figures that a release holds; empty where it holds none."""

    first: datetime.date | None
    last: datetime.date | None


def catalogue(releases: Sequence[tuple[Edition, Sequence[Written]]], months: Months) -> Node:
    """`releases`: newest first, each with its files. `months`: first and last of the newest's figures."""
    site = releases[0][0].site
    newest, oldest = releases[0][0], releases[-1][0]
    series = f"{site}/data/#series"
    own: Node = {
        "@id": series,
        "@type": "dcat:DatasetSeries",
        "dct:title": _text(TITLE),
        "dct:description": _text(HOLDS),
        "dct:publisher": publisher(site),
        "dcat:contactPoint": contact(),
        "dct:accrualPeriodicity": _id(f"{AUTHORITY}frequency/MONTHLY"),
        "dct:issued": _moment(oldest.published_at),
        "dct:modified": _moment(newest.published_at),
        "dct:temporal": period(months),
    }
    return {
        "@context": CONTEXT,
        "@id": f"{site}/data/",
        "@type": "dcat:Catalog",
        "dct:title": _text(f"Data of the {settings.PUBLISHER_NAME}"),
        "dct:description": _text(HOLDS),
        "dct:publisher": publisher(site),
        "dct:license": _id(OWN.url),
        "dct:language": _id(f"{AUTHORITY}language/ENG"),
        "foaf:homepage": _id(f"{site}/data/"),
        "dct:issued": _moment(oldest.published_at),
        "dct:modified": _moment(newest.published_at),
        "dcat:dataset": [own, *(dataset(of, files, series, months) for of, files in releases)],
    }


def dataset(of: Edition, files: Iterable[Written], series: str, months: Months) -> Node:
    return {
        "@id": of.folder,
        "@type": "dcat:Dataset",
        "dct:identifier": of.folder,
        "dct:title": _text(f"{TITLE}, release {of.name}"),
        "dct:description": _text(HOLDS),
        "dct:issued": _moment(of.published_at),
        "dct:publisher": publisher(of.site),
        "dcat:contactPoint": contact(),
        "dcat:inSeries": _id(series),
        "dcat:version": of.name,
        "dcat:keyword": [_text(word) for word in KEYWORDS],
        "dcat:theme": [_id(f"{AUTHORITY}data-theme/TECH"), _id(f"{AUTHORITY}data-theme/GOVE")],
        "dcat:landingPage": _id(of.folder),
        "dct:accessRights": _id(f"{AUTHORITY}access-right/PUBLIC"),
        "dct:accrualPeriodicity": _id(f"{AUTHORITY}frequency/NEVER"),  # a release stays as it is
        "dct:temporal": period(months),
        "dct:bibliographicCitation": of.citation,
        "dcat:distribution": [distribution(of, file) for file in files],
    }


def distribution(of: Edition, file: Written) -> Node:
    address = f"{of.folder}{file.name}"
    table = BY_NAME.get(file.table)
    title = f"{english(table.title)} ({FORMATS[file.media_type]})" if table else file.name
    licence = table.licence if table else OWN
    found: Node = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _text(title),
        "dcat:accessURL": _id(of.folder),
        "dcat:downloadURL": _id(address),
        "dcat:mediaType": _id(f"{MEDIA}{file.media_type}"),
        "dct:format": _id(f"{AUTHORITY}file-type/{FORMATS[file.media_type]}"),
        "dct:license": _id(licence.url),
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _id("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }
    if file.table:
        found["dct:conformsTo"] = _id(f"{of.folder}{PACKAGE}")
    return found


def publisher(site: str) -> Node:
    return {
        "@id": f"{site}/#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _text(settings.PUBLISHER_NAME),
        "foaf:homepage": _id(f"{site}/"),
    }


def contact() -> Node:
    return {
        "@type": "vcard:Organization",
        "vcard:fn": settings.PUBLISHER_NAME,
        "vcard:hasEmail": _id(f"mailto:{settings.PUBLISHER_EMAIL}"),
    }


def period(months: Months) -> Node:
    found: Node = {"@type": "dct:PeriodOfTime"}
    for name, month in zip(("dcat:startDate", "dcat:endDate"), months, strict=True):
        if month:
            found[name] = {"@type": "xsd:date", "@value": month.isoformat()}
    return found


def _id(address: str) -> Node:
    return {"@id": address}


def _text(words: str) -> Node:
    return {"@language": "en", "@value": words}


def _moment(moment: datetime.datetime) -> Node:
    said = moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
    return {"@type": "xsd:dateTime", "@value": said}
