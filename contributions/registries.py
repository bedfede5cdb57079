"""What registers of organisations say, in our own words: ROR's data dump, and a national register. Pure.

ROR: the JSON of its data dump, schema 2.1 (ror.readme.io/docs/ror-data-structure), read record by record, for
the whole is some hundred megabytes. National: CSV with a header; `registry_id`, `name`, `type` and `nation`
are needed, `website`, `ror_id`, `github`, `huggingface` and `since` may be there.
"""

import csv
import datetime
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from contributions.models.accounts import Platform
from mission.errors import Refused
from mission.models.organisations import OrganisationType
from mission.ror import address, read_ror_id

PIECE = 1 << 20  # characters read at once
BETWEEN = re.compile("[\ufeff \t\r\n,]*")
# The first that a record has. A funder or an archive is something else besides, mostly.
ROR_TYPES: tuple[tuple[str, OrganisationType], ...] = (
    ("education", OrganisationType.RESEARCH),
    ("facility", OrganisationType.RESEARCH),
    ("government", OrganisationType.PUBLIC),
    ("company", OrganisationType.COMPANY),
    ("nonprofit", OrganisationType.NONPROFIT),
    ("archive", OrganisationType.RESEARCH),
    ("healthcare", OrganisationType.PUBLIC),
)
PLATFORMS = {"github.com": Platform.GITHUB, "huggingface.co": Platform.HUGGINGFACE}
NEEDED = ("registry_id", "name", "type", "nation")
REGISTERED = frozenset(OrganisationType.values) - {OrganisationType.INDIVIDUAL}


@dataclass(frozen=True)
class Registered:
    """An organisation as a register has it. `since`: the day from which the register says so."""

    where: str  # in the file, for refusals
    name: str
    type: str
    nation: str  # ISO 3166-1 alpha-2
    source_url: str
    since: datetime.date
    ror_id: str = ""
    registry_id: str = ""
    website: str = ""
    accounts: tuple[tuple[str, str], ...] = ()  # platform and login
    active: bool = True


def refuse(file: Path, where: str, what: str) -> Refused:
    sentence = _("%(file)s, %(where)s: %(what)s Nothing was imported.")
    return Refused(sentence % {"file": file.name, "where": where, "what": what}, code="bad_file", status=422)


def account_at(url: str) -> tuple[str, str] | None:
    """The platform and login that an address is of: `https://github.com/kaveri`. None for anything else."""
    parts = urlsplit(url.strip() if "//" in url else f"https://{url.strip()}")
    platform = PLATFORMS.get(parts.netloc.lower().removeprefix("www."))
    path = [piece for piece in parts.path.split("/") if piece]
    if path[:1] in (["orgs"], ["organizations"]):
        path = path[1:]
    return (platform.value, path[0]) if platform and len(path) == 1 else None


def _records(stream: TextIO) -> Iterator[Any]:
    """The objects of a JSON array, one at a time. Raises ValueError where the text is none."""
    decoder, text = json.JSONDecoder(), stream.read(PIECE)
    at = BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches nothing, too
    if text[at : at + 1] != "[":
        raise ValueError(_("this is no list of records."))
    at += 1
    while True:
        at = BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text[at : at + 1] == "]":
            return
        try:
            record, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            more = stream.read(PIECE)
            if not more:
                raise ValueError(_("this is not valid JSON, or cut off.")) from error
            text, at = text[at:] + more, 0
        else:
            yield record


def _display_name(record: Mapping[str, Any]) -> str:
    names = record["names"]
    return str(next((each["value"] for each in names if "ror_display" in each["types"]), names[0]["value"]))


def _ror(record: Mapping[str, Any], where: str) -> Registered:
    ror_id = read_ror_id(record["id"])
    links = record.get("links") or []
    websites = [str(link["value"]) for link in links if link["type"] == "website"]
    tied = [account_at(str(link["value"])) for link in links]
    details = record["locations"][0]["geonames_details"]
    kinds = set(record["types"])
    return Registered(
        where=where,
        name=_display_name(record),
        type=next((ours for theirs, ours in ROR_TYPES if theirs in kinds), OrganisationType.NONPROFIT).value,
        nation=str(details.get("country_code") or ""),
        source_url=address(ror_id),
        since=datetime.date.fromisoformat(record["admin"]["last_modified"]["date"]),
        ror_id=ror_id,
        website=next(iter(websites), ""),
        accounts=tuple(dict.fromkeys(each for each in tied if each)),
        active=record["status"] == "active",
    )


def read_ror(file: Path, *, nations: Collection[str], ids: Collection[str]) -> Iterator[Registered]:
    """The records of these nations, and those with these ids. Raises Refused, naming the record."""
    number = 0
    try:
        with file.open(encoding="utf-8") as stream:
            for number, record in enumerate(_records(stream), start=1):
                found = _checked(file, record, _("record %(number)s") % {"number": number})
                if found.nation in nations or found.ror_id in ids:
                    yield found
    except OSError as error:
        raise Refused(_("%(file)s cannot be read.") % {"file": file}, status=422) from error
    except ValueError as error:  # a UnicodeDecodeError is a ValueError
        raise refuse(file, _("record %(number)s") % {"number": number + 1}, str(error)) from error


def _checked(file: Path, record: Any, where: str) -> Registered:
    try:
        return _ror(record, where)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise refuse(file, where, _("this is no record of ROR's schema 2.")) from error
    except ValueError as error:
        raise refuse(file, where, str(error)) from error


def _national(
    record: Mapping[str, str], where: str, nations: Mapping[str, str], source_url: str, as_of: datetime.date
) -> Registered:
    def cell(name: str) -> str:
        return (record.get(name) or "").strip()

    if empty := [name for name in NEEDED if not cell(name)]:
        raise ValueError(_("“%(name)s” is empty.") % {"name": empty[0]})
    if cell("type") not in REGISTERED:
        types = ", ".join(sorted(REGISTERED))
        raise ValueError(
            _("“%(type)s” is no type; they are %(types)s.") % {"type": cell("type"), "types": types}
        )
    if cell("nation") not in nations:
        raise ValueError(_("“%(code)s” is no nation of ISO 3166-1.") % {"code": cell("nation")})
    try:
        since = datetime.date.fromisoformat(cell("since")) if cell("since") else as_of
    except ValueError as error:
        raise ValueError(_("“%(day)s” is no date such as 2026-01-31.") % {"day": cell("since")}) from error
    return Registered(
        where=where,
        name=cell("name"),
        type=cell("type"),
        nation=nations[cell("nation")],
        source_url=source_url,
        since=since,
        registry_id=cell("registry_id"),
        ror_id=read_ror_id(cell("ror_id")) if cell("ror_id") else "",
        website=cell("website"),
        accounts=tuple((platform.value, cell(platform)) for platform in Platform if cell(platform)),
    )


def read_national(
    file: Path, *, nations: Mapping[str, str], source_url: str, as_of: datetime.date
) -> Iterator[Registered]:
    """The rows of a national register. `nations`: alpha-2 by both codes. Refuses with file and line."""
    try:
        stream = file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise Refused(_("%(file)s cannot be read.") % {"file": file}, status=422) from error
    with stream:
        reader = csv.DictReader(stream, strict=True)
        line = 1
        try:
            if lacking := [name for name in NEEDED if name not in (reader.fieldnames or [])]:
                raise ValueError(_("the header lacks %(names)s.") % {"names": ", ".join(lacking)})
            for record in reader:
                line = reader.line_num
                if None in record or None in record.values():
                    raise ValueError(_("the number of columns is not that of the header."))
                where = _("line %(number)s") % {"number": line}
                yield _national(record, where, nations, source_url, as_of)
        except (ValueError, csv.Error) as error:  # a UnicodeDecodeError is a ValueError
            raise refuse(file, _("line %(number)s") % {"number": line}, str(error)) from error
