"""A repository takes the role its source has on the watch list, and figures that ask for it are made anew."""

from contributions.actions.rollups import mark_artifacts_stale
from contributions.models import Artifact, ArtifactKind, Source


def pass_on_role(*, source: Source) -> None:
    """Inside the transaction that gave the source its role, or took it away."""
    if not source.platform_id:
        return  # nobody has looked at it yet
    ours = Artifact.objects.of_kind(ArtifactKind.REPOSITORY).filter(
        platform=source.platform, platform_id=source.platform_id
    )
    changed = list(ours.exclude(commons_role=source.commons_role).values_list("pk", flat=True))
    Artifact.objects.filter(pk__in=changed).update(commons_role=source.commons_role)
    mark_artifacts_stale(artifacts=changed)
