"""What somebody contests: read from the address of the page, and said in words that name nobody."""

import datetime
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from contributions.measures import METRICS
from contributions.models.accounts import MACHINES, Account, AccountKind
from contributions.models.artifacts import Artifact
from contributions.models.attribution import Affiliation
from contributions.models.contributions import Contribution
from contributions.models.corrections import Correction
from mission import numerals
from mission.languages import bare
from mission.models import Nation

NUMBER = re.compile(r"/numbers/(?P<metric>[\w-]+)/(?P<where>[\w-]+)/(?P<month>\d{4}-\d{2})/")
ARTIFACT = re.compile(r"/commons/(?P<pk>\d{1,18})/")
ROW = re.compile(r"(?P<kind>account|affiliation|contribution|artifact):(?P<pk>\d{1,18})")
ROWS: dict[str, Any] = {
    "account": Account,
    "affiliation": Affiliation,
    "contribution": Contribution,
    "artifact": Artifact,
}
PAGE = re.compile(r"/(?!/)[^\s\\]*")


@dataclass(frozen=True)
class Contested:
    """At most one of a figure (metric, nation, month) and a row; `page` where it was seen."""

    page: str
    metric: str = ""
    nation: Nation | None = None
    month: datetime.date | None = None
    account: Account | None = None
    affiliation: Affiliation | None = None
    contribution: Contribution | None = None
    artifact: Artifact | None = None


def contested(about: str) -> Contested:
    """From `?about=`: the path of a page, with `#figure`, or `account:12`. Else it is just a page."""
    text = bare(about.strip()[:400])
    if row := ROW.fullmatch(text):
        found = ROWS[row["kind"]].objects.filter(pk=int(row["pk"])).first()
        return Contested(text, **{row["kind"]: found})
    if not PAGE.fullmatch(text):
        return Contested("/")
    path = urlsplit(text).path
    if number := NUMBER.fullmatch(path):
        return _number(text, **number.groupdict())
    if artifact := ARTIFACT.fullmatch(path):
        return Contested(text, artifact=Artifact.objects.filter(pk=int(artifact["pk"])).first())
    return Contested(text)


def _number(page: str, metric: str, where: str, month: str) -> Contested:
    try:
        day = datetime.date.fromisoformat(f"{month}-01")
    except ValueError:
        return Contested(page)
    nation = Nation.objects.filter(pk=where.upper()).first()
    return Contested(page, metric=metric[:40], nation=nation, month=day)


def in_words(about: Correction | Contested) -> str:
    """In public. A person is not named, nor where they belong."""
    if about.metric and about.month:
        metric = METRICS.get(about.metric)
        where = about.nation or (_("International") if "/international/" in about.page else _("Unknown"))
        label = metric.label if metric else about.metric
        return f"{label}, {where}, {numerals.date(about.month, 'F Y')}"
    if about.artifact:
        return _("%(kind)s %(name)s") % {
            "kind": about.artifact.get_kind_display(),
            "name": about.artifact.name,
        }
    if about.account:
        return _account(about.account)
    if about.affiliation:
        return _("Where an account belongs")
    if about.contribution:
        return _("One contribution and whose it is")
    return _("The page %(page)s") % {"page": about.page}


def _account(account: Account) -> str:
    if account.kind in MACHINES or account.kind == AccountKind.ORGANISATION:
        return _("The account %(account)s") % {"account": account}
    return _("A person's account")


def link_of(about: Correction | Contested) -> str:
    """The page it was seen on; empty for a row that has none."""
    if about.page.startswith("/"):
        return about.page
    return about.artifact.get_absolute_url() if about.artifact else ""
