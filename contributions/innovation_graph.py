"""The GitHub Innovation Graph: reading its seven CSV files, and fetching them."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from contributions.models.baseline import BaselineMetric
from mission.errors import Refused

PUBLISHER = "https://github.com/github/innovationgraph"
TIMEOUT = (10, 60)  # seconds to connect, and between two pieces


class Layout(NamedTuple):
    """Which column holds what; `dimension` is empty where the file has none."""

    value: str
    economy: str = "iso2_code"
    dimension: str = ""


LAYOUTS: dict[str, Layout] = {
    BaselineMetric.DEVELOPERS.value: Layout("developers"),
    BaselineMetric.REPOSITORIES.value: Layout("repositories"),
    BaselineMetric.ORGANIZATIONS.value: Layout("organizations"),
    BaselineMetric.GIT_PUSHES.value: Layout("git_pushes"),
    BaselineMetric.LICENSES.value: Layout("num_pushers", dimension="spdx_license"),
    BaselineMetric.TOPICS.value: Layout("num_pushers", dimension="topic"),
    BaselineMetric.ECONOMY_COLLABORATORS.value: Layout("weight", "source", "destination"),
}


class Row(NamedTuple):
    metric: str
    economy: str
    year: int
    quarter: int
    dimension: str
    value: int


def _refuse(file: Path, line: int, what: str) -> Refused:
    sentence = _("%(file)s, line %(line)s: %(what)s Nothing was imported.")
    return Refused(sentence % {"file": file.name, "line": line, "what": what}, code="bad_file", status=422)


def _economy(text: str) -> str:
    # "NA" is Namibia: text stays text here, and nothing means "not available".
    if not (len(text) == 2 and text.isascii() and text.isupper()):
        raise ValueError(_("“%(text)s” is not a two-letter economy.") % {"text": text})
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text})
    return int(text)


def _parse(metric: str, layout: Layout, record: dict[str, str]) -> Row:
    year, quarter = _count(record["year"]), _count(record["quarter"])
    if not (2000 <= year <= 2100 and 1 <= quarter <= 4):
        raise ValueError(_("%(year)s Q%(quarter)s is not a quarter.") % {"year": year, "quarter": quarter})
    dimension = record[layout.dimension] if layout.dimension else ""
    if layout.dimension and not 1 <= len(dimension) <= 100:
        raise ValueError(_("the column “%(name)s” is empty or too long.") % {"name": layout.dimension})
    return Row(
        metric, _economy(record[layout.economy]), year, quarter, dimension, _count(record[layout.value])
    )


def _read_file(metric: str, file: Path) -> Iterator[Row]:
    layout = LAYOUTS[metric]
    wanted = {layout.value, layout.economy, layout.dimension, "year", "quarter"} - {""}
    seen: set[Row] = set()
    with file.open(encoding="utf-8", errors="strict", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = next(reader, [])
        if missing := wanted - set(header):
            names = ", ".join(sorted(missing))
            raise _refuse(file, 1, _("the header lacks %(names)s.") % {"names": names})
        try:
            for fields in reader:
                if len(fields) != len(header):
                    what = _("%(there)s columns where the header has %(wanted)s.")
                    raise ValueError(what % {"there": len(fields), "wanted": len(header)})
                row = _parse(metric, layout, dict(zip(header, fields, strict=True)))
                if (key := row._replace(value=0)) in seen:
                    raise ValueError(_("the same economy and quarter came before."))
                seen.add(key)
                yield row
        except (ValueError, csv.Error) as error:  # a UnicodeDecodeError is a ValueError
            raise _refuse(file, reader.line_num, str(error)) from error


def read(folder: Path) -> Iterator[Row]:
    """Every row of the seven files. Raises Refused, naming file and line, at the first bad one."""
    for metric in LAYOUTS:
        file = folder / f"{metric}.csv"
        if not file.is_file():
            sentence = _(
                "%(folder)s holds no %(file)s. Give the directory with the seven CSV files of %(url)s."
            )
            raise Refused(sentence % {"folder": folder, "file": file.name, "url": PUBLISHER}, status=422)
        yield from _read_file(metric, file)


def checksum(folder: Path) -> str:
    """SHA-256 over the seven files, each after its name."""
    digest = hashlib.sha256()
    for metric in LAYOUTS:
        digest.update(metric.encode())
        digest.update((folder / f"{metric}.csv").read_bytes())
    return digest.hexdigest()


def download(folder: Path) -> None:
    """Fetch the current release into `folder`. Raises Refused when it cannot be had."""
    for metric in LAYOUTS:
        url = f"{settings.INNOVATION_GRAPH_URL}/{metric}.csv"
        try:
            with requests.get(url, timeout=TIMEOUT, stream=True) as answer:
                answer.raise_for_status()
                with (folder / f"{metric}.csv").open("wb") as file:
                    for piece in answer.iter_content(1 << 20):
                        file.write(piece)
        except requests.RequestException as error:
            sentence = _(
                "Could not download %(url)s (%(reason)s). Download the CSV files from %(publisher)s yourself "
                "and give their directory: manage.py import_innovation_graph DIR"
            )
            facts = {"url": url, "reason": type(error).__name__, "publisher": PUBLISHER}
            raise Refused(sentence % facts, code="unreachable", status=503) from error
