"""What one artefact is, beside its figures: what it needs to run, of what it is a copy, where we read it."""

import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Artifact, ArtifactAlias, ArtifactKind, DuplicateOf, Platform, RunsOn
from contributions.sizes import LAPTOP_BYTES, PHONE_BYTES, fit, known_files, memory_needed
from dashboards.charts import words
from dashboards.figures.catalogue import kind_in_words
from dashboards.figures.task_names import task_in_words
from mission.written import written_once

API = {Platform.GITHUB: "https://api.github.com", Platform.HUGGINGFACE: "https://huggingface.co"}


class Trace(NamedTuple):
    """The answered question behind a row."""

    url: str
    at: datetime.datetime
    mark: str  # ETag, or the cursor
    status: int


class About(NamedTuple):
    kind: str
    task: str
    parameters: str
    languages: str
    size: str
    machine: str
    machine_why: str
    copy_why: str
    copies: str
    trace: Trace | None
    aliases: list[str]


def gigabytes(count: int) -> str:
    """Decimal, as disks and models are sold: one GB is 1,000,000,000 bytes."""
    if count < 100_000_000:
        return _("%(count)s MB") % {"count": words.number(round(count / 1_000_000, 1), 1)}
    return _("%(count)s GB") % {"count": words.number(round(count / 1_000_000_000, 1), 1)}


def about(artifact: Artifact) -> About:
    """Two queries: aliases and the number of copies. `fetch`, `duplicate_of` and languages come with the
    artefact."""
    machine = RunsOn(artifact.runs_on).label if artifact.runs_on else ""
    copies = sum(_copies(artifact.pk))
    counted = ngettext("%(count)s copy of it is known.", "%(count)s copies of it are known.", copies)
    return About(
        kind=kind_in_words(artifact),
        task=task_in_words(artifact.task),
        parameters=words.number(artifact.parameters) if artifact.parameters else "",
        languages=_(", ").join(str(language) for language in artifact.languages.all()),
        size=gigabytes(artifact.size_bytes) if artifact.size_bytes else "",
        machine=str(machine),
        machine_why=_machine_why(artifact),
        copy_why=_copy_why(artifact),
        copies=counted % {"count": words.number(copies)} if copies else "",
        trace=_trace(artifact),
        aliases=sorted(_aliases(artifact.pk)),
    )


@written_once
def _aliases(pk: int) -> "QuerySet[ArtifactAlias, str]":
    return ArtifactAlias.objects.filter(artifact=pk).order_by().values_list("name", flat=True)


@written_once
def _copies(pk: int) -> "QuerySet[Artifact, int]":
    """How many it has; no row where it has none."""
    rows = Artifact.objects.filter(duplicate_of=pk).order_by()
    return rows.values("duplicate_of").annotate(n=Count("pk")).values_list("n", flat=True)


def _machine_why(artifact: Artifact) -> str:
    if artifact.kind != ArtifactKind.MODEL:
        return ""
    if artifact.quantised_bytes is None:
        return _("Unknown: neither its parameters nor a quantised file tell, or it is an adapter of another.")
    found = fit(artifact.parameters, known_files(artifact.files))
    told = {"size": gigabytes(artifact.quantised_bytes), "file": found.from_file}
    if found.from_file:
        size = _("Its own file %(file)s takes %(size)s.") % told
    else:
        size = _("At 4.85 bits a parameter, as llama.cpp's Q4_K_M, it takes %(size)s.") % told
    needs = {
        "needs": gigabytes(memory_needed(artifact.quantised_bytes)),
        "phone": gigabytes(PHONE_BYTES),
        "laptop": gigabytes(LAPTOP_BYTES),
    }
    running = _("Running takes about %(needs)s of memory; a phone spares %(phone)s, a laptop %(laptop)s.")
    return f"{size} {running % needs}"


def _copy_why(artifact: Artifact) -> str:
    """Why it is not counted; empty where it is."""
    if artifact.duplicate_of is None:
        return ""
    reasons = {
        DuplicateOf.FORK: _("It says it is a fork."),
        DuplicateOf.MIRROR: _("It says it is a mirror."),
        DuplicateOf.REUPLOAD: _("It has the same files, byte for byte, and was published later."),
        DuplicateOf.OFFICER: _("An officer decided so."),
    }
    return str(reasons.get(DuplicateOf(artifact.duplicate_why or DuplicateOf.REUPLOAD)))


def _trace(artifact: Artifact) -> Trace | None:
    seen = artifact.fetch
    if seen is None:
        return None
    mark = f"ETag {seen.etag}" if seen.etag else f"{seen.query} {seen.cursor}".strip()
    url = seen.url if "://" in seen.url else f"{API[Platform(artifact.platform)]}{seen.url}"
    return Trace(url, seen.at, mark, seen.status)
