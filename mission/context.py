"""What every page gets: the name of the house, the demo banner, the navigation that roles open."""

from typing import Any, NamedTuple

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from mission.access import may
from mission.languages import versions


class HouseFormRenderer(TemplatesSetting):
    """Fields are drawn by our own template: label, hint, error, control, in that order."""

    field_template_name = "components/field.html"
    form_template_name = "components/form_fields.html"


class Link(NamedTuple):
    label: Any
    url: str
    current: bool


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
    def link(label: Any, name: str) -> Link:
        url = reverse(name)
        return Link(label, url, request.path.startswith(url))

    def rooms() -> list[Link]:
        return [link(label, name) for verb, label, name in ROOMS if may(request.user, verb)]

    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "versions": versions(request),
        "origin": f"{request.scheme}://{request.get_host()}",
        "public_links": [link(label, name) for label, name in PUBLIC_PAGES],
        "room_links": SimpleLazyObject(rooms),
    }
