"""How to cite a release: in files and on pages by the same words."""

from django.conf import settings

from dashboards.models import DataRelease

TITLE = "What each nation adds to the open AI commons"


def cited(name: str, year: int, site: str) -> str:
    return f"{settings.PUBLISHER_NAME} ({year}): {TITLE}. Release {name}. {site}/data/releases/{name}/"


def citation(release: DataRelease) -> str:
    year = release.published_at.year if release.published_at else release.began_at.year
    return cited(str(release), year, settings.SITE_URL)
