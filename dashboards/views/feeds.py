"""Atom feeds: what was published, what was awarded, which calls there are. For programs that look again."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.feeds import Entry, feed
from dashboards.figures.releases import in_short
from dashboards.freshness import fresh
from dashboards.models import DataRelease
from grants.models import Award, Call
from grants.models.compute import in_words
from mission.access import requires
from mission.models.organisations import OrganisationType

ENTRIES = 50


@requires("public.read")
@fresh
def releases(request: HttpRequest) -> HttpResponse:
    found = DataRelease.objects.published()[:ENTRIES]
    entries = [
        Entry(_("Release %(name)s") % {"name": one}, one.get_absolute_url(), in_short(one.changes), _at(one))
        for one in found
    ]
    return feed("feed_of_releases", _("Releases of the data"), reverse("dashboards:data"), entries)


def _at(release: DataRelease) -> datetime.datetime:
    return release.published_at or release.began_at


@requires("public.read")
@fresh
def awards(request: HttpRequest) -> HttpResponse:
    found = Award.objects.public().with_compute().order_by("-awarded_at", "-pk")[:ENTRIES]
    entries = [Entry(one.title, one.get_absolute_url(), _award(one), one.awarded_at) for one in found]
    return feed("feed_of_awards", _("Awards"), reverse("dashboards:awards"), entries)


def _award(award: Any) -> str:
    """To whom and how much. An individual is not named."""
    alone = award.organisation.type == OrganisationType.INDIVIDUAL
    facts = {
        "to": _("an individual") if alone else award.organisation.name,
        "nation": award.nation,
        "compute": in_words(award.granted_gpu_ms),
        "summary": award.summary,
    }
    return _("To %(to)s, %(nation)s: %(compute)s. %(summary)s") % facts


@requires("public.read")
@fresh
def calls(request: HttpRequest) -> HttpResponse:
    """Those that are published, and those that were."""
    found = Call.objects.public().order_by("-published_at", "-pk")[:ENTRIES]
    entries = [
        Entry(one.title, one.get_absolute_url(), _call(one), one.published_at or one.created_at)
        for one in found
    ]
    return feed("feed_of_calls", _("Calls"), reverse("grants:calls"), entries)


def _call(call: Call) -> str:
    past = call.closes_at <= timezone.now()
    until = _("Closed %(when)s.") if past else _("Closes %(when)s.")
    return f"{call.summary} {until % {'when': call.closes_in_words}}"
