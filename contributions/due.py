"""Which artefacts of an account are to be asked for by themselves. Reads only."""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from contributions.found import ArtifactKey, Due
from contributions.models import Artifact


def files_due(platform: str, owner_id: str, count: int) -> list[Due]:
    """Those whose files were not asked at the revision last seen."""
    rows = _theirs(platform, owner_id).exclude(revision="").exclude(files_revision=F("revision"))
    return _due(rows.filter(missing_since=None)[:count])


def absent(platform: str, owner_id: str, count: int) -> list[Due]:
    """Those that were in none of the account's lists, and are not yet held to be gone."""
    return _due(_theirs(platform, owner_id).filter(missing_since__isnull=False)[:count])


def _theirs(platform: str, owner_id: str) -> QuerySet[Artifact]:
    theirs = Artifact.objects.there().filter(platform=platform, owner__platform=platform)
    return theirs.filter(owner__platform_id=owner_id).order_by("pk")


def _due(rows: Iterable[Artifact]) -> list[Due]:
    return [Due(ArtifactKey(row.platform, row.kind, row.platform_id), row.name, row.revision) for row in rows]
