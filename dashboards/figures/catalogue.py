"""The commons: models, datasets, repositories and applications, as last looked at."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from contributions.models import AccountKind, Affiliation, Artifact, Platform
from contributions.models.artifacts import ArtifactQuerySet
from dashboards.charts.figure import Column, Empty, Figure, Row, Source
from dashboards.figures.places import Place
from dashboards.updates import Updates
from mission.models import Language


def catalogue(*, kind: str = "", language: str = "", licence: str = "") -> ArtifactQuerySet:
    """What is there now, newest first."""
    found = Artifact.objects.there().order_by("-created_at", "-pk")
    if kind:
        found = found.of_kind(kind)
    if language:
        found = found.filter(languages=language)
    if licence == "open":
        found = found.openly_licensed()
    elif licence == "none":
        found = found.filter(licence="")
    elif licence:
        found = found.filter(licence=licence)
    return found.prefetch_related(Prefetch("languages", Language.objects.order_by("name")))


def of_nation(place: Place) -> ArtifactQuerySet:
    """Those of organisations' accounts tied to a nation. People's own accounts are never listed by nation."""
    ties = Affiliation.objects.standing().filter(
        Q(nation=place.code) | Q(organisation__nation=place.code), account=OuterRef("owner"), valid_to=None
    )
    return catalogue().filter(Exists(ties), owner__kind=AccountKind.ORGANISATION)


def catalogue_figure(
    artifacts: Iterable[Artifact],
    title: str,
    *,
    slug: str = "commons",
    sentence: str = "",
    empty: Empty | None = None,
) -> Figure:
    """Two queries: the artefacts and their languages."""
    found = list(artifacts)
    return Figure(
        slug=slug,
        title=title,
        sentence=sentence,
        columns=(
            Column("name", _("Name"), names=True),
            Column("kind", _("Kind")),
            Column("licence", _("Licence")),
            Column("languages", _("Languages")),
            Column("published", _("Published")),
            Column("url", _("Address"), in_table=False),
        ),
        rows=tuple(artifact_row(artifact) for artifact in found),
        source=Source(
            _("GitHub and Hugging Face"),
            retrieved=max((artifact.observed_at for artifact in found), default=None),
            updates=Updates.SYNC,
        ),
        open_table=True,
        empty=empty
        or Empty(
            _("Nothing here matches"),
            _("The catalogue fills as sources are synchronised. Choose fewer filters, or look again later."),
        ),
    )


def artifact_row(artifact: Artifact) -> Row:
    names = [language.name for language in artifact.languages.all()]
    few = ", ".join(names[:3])
    return Row(
        str(artifact.pk),
        {
            "name": artifact.name,
            "kind": str(artifact.get_kind_display()),
            "licence": artifact.licence or _("unknown"),
            "languages": _("%(few)s and %(more)s more") % {"few": few, "more": len(names) - 3}
            if names[3:]
            else few,
            "published": artifact.created_at.date(),
            "url": artifact.url,
        },
        url=artifact.get_absolute_url(),
    )


def platform_name(artifact: Artifact) -> str:
    return str(Platform(artifact.platform).label)
