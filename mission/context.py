"""What every page gets: the name of the house, the demo banner, the navigation that roles open."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mission.access import may
from mission.languages import versions


class HouseFormRenderer(TemplatesSetting):
    """Fields are drawn by our own template: label, hint, error, control, in that order."""

    field_template_name = "components/field.html"
    form_template_name = "components/form_fields.html"


class Link(NamedTuple):
    """`current`: as `aria-current` says it, empty where it is not."""

    label: Any
    url: str
    current: str


PUBLIC_PAGES = [
    (_("Nations"), "dashboards:nations"),
    (_("Metrics"), "dashboards:indicators"),
    (_("Languages"), "dashboards:languages"),
    (_("Commons"), "dashboards:commons"),
    (_("Calls"), "grants:calls"),
    (_("Awards"), "dashboards:awards"),
    (_("Compute"), "dashboards:compute"),
    (_("Data"), "dashboards:data"),
]
ROOMS = [
    ("application.write", _("Apply"), "grants:apply"),
    ("review.write", _("Reviews"), "grants:reviews"),
    ("desk.open", _("Desk"), "grants:desk"),
    ("sandbox.use", _("Sandbox"), "sandbox:home"),
]


def house(request: HttpRequest) -> dict[str, Any]:
    path = request.path

    def rooms() -> tuple[Link, ...]:
        open_ones = [(label, reverse(name)) for verb, label, name in ROOMS if may(request.user, verb)]
        return _links(open_ones, path)

    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "versions": versions(request),
        "origin": f"{request.scheme}://{request.get_host()}",
        "public_links": _links(_public(get_language(), get_script_prefix()), path),
        "room_links": SimpleLazyObject(rooms),
    }


def _links(pages: Iterable[tuple[Any, str]], path: str) -> tuple[Link, ...]:
    def current(url: str) -> str:
        return "page" if path == url else "true" if path.startswith(url) else ""

    return tuple(Link(label, url, current(url)) for label, url in pages)


@cache
def _public(_language: str | None, _prefix: str) -> list[tuple[str, str]]:
    """Labels in that language, and addresses: the same on every page."""
    return [(str(label), reverse(name)) for label, name in PUBLIC_PAGES]
