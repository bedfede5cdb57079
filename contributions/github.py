"""The only file that speaks to GitHub. What a look asks, page by page, is in github_look.py.

PyGithub authenticates and sends; conditions, redirects, limits and paging are ours, because its lists
know no ETags, its redirects lose the query, and its throttle ends at the process.
"""

import datetime
import json
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import github
import requests
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)
from requests.utils import parse_header_links

from contributions.found import Look, Profile, SeenEtag
from contributions.github_facts import KINDS, moment
from contributions.outside import Denied, Missing, OutsideTrouble, RateLimited, TakenDown, Unreachable
from contributions.rate_budget import RateBudget

ACCEPT = "application/vnd.github+json"
OURS = {301: 308, 202: 503}  # PyGithub would lose the query on the one, and ask for ever on the other
PATIENCE = datetime.timedelta(seconds=60)  # where GitHub asks to wait and does not say how long


class _PlainHttps(HTTPSRequestsConnectionClass):
    def getresponse(self) -> RequestsResponse:
        response = super().getresponse()
        response.status = OURS.get(response.status, response.status)
        return response


class _PlainHttp(HTTPRequestsConnectionClass):
    def getresponse(self) -> RequestsResponse:
        response = super().getresponse()
        response.status = OURS.get(response.status, response.status)
        return response


Requester.injectConnectionClasses(_PlainHttp, _PlainHttps)


class Empty(OutsideTrouble):
    """A repository without a commit."""


class Answer(NamedTuple):
    changed: bool  # False: 304, as it was
    data: Any
    next: str | None
    etag: SeenEtag | None


class Client:
    """One credential, sticking to a source: what GitHub remembers of an ETag belongs to it."""

    def __init__(self, look: Look) -> None:
        tokens = settings.GITHUB_TOKENS
        token = tokens[look.source_id % len(tokens)] if tokens else ""
        self.look = look
        self.credential = "token" if token else "anonymous"
        self.budget = RateBudget("github", settings.GITHUB_API_URL, token)
        self.requester = github.Github(
            auth=github.Auth.Token(token) if token else None,
            base_url=settings.GITHUB_API_URL,
            timeout=settings.OUTSIDE_TIMEOUT,
            retry=None,
            user_agent="mission-platform",
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester
        self.requests = self.requests_free = 0

    def ask(self, url: str, *, conditional: bool = False) -> Answer:
        """GET. With `conditional`, what is as the stored ETag says costs nothing and comes empty."""
        etag = self.look.etag_of(url, ACCEPT, self.credential) if conditional else None
        status, headers, body = self._send(url, etag)
        hops = 0
        while status in (307, 308) and hops < 3:
            hops += 1
            status, headers, body = self._send(_moved_to(url, headers["location"]), None)
        if status == 304:
            return Answer(False, None, None, None)
        _check(status, headers, body, self.budget)
        try:
            data = json.loads(body)
        except ValueError as error:
            raise Unreachable(_("GitHub's answer was cut off.")) from error
        seen = SeenEtag(url, ACCEPT, self.credential, headers["etag"]) if headers.get("etag") else None
        return Answer(True, data, _next(headers), seen if conditional else None)

    def _send(self, url: str, etag: str | None) -> tuple[int, dict[str, Any], str]:
        self.budget.spend()
        headers = {"Accept": ACCEPT} | ({"If-None-Match": etag} if etag else {})
        try:
            status, answered, body = self.requester.requestJson("GET", url, headers=headers)
        except requests.RequestException as error:
            raise Unreachable(
                _("GitHub did not answer (%(error)s).") % {"error": type(error).__name__}
            ) from error
        self.requests += 1
        self.requests_free += status == 304
        if {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= answered.keys():
            limit, remaining, reset = (
                int(float(answered[f"x-ratelimit-{name}"])) for name in ("limit", "remaining", "reset")
            )
            self.budget.learn(limit=limit, remaining=remaining, reset=reset, refund=status == 304)
        return status, answered, body


def profile(login: str) -> Profile:
    """A person or an organisation by name: one request. Raises Missing, or other OutsideTrouble."""
    nothing_kept = Look(0, "", login, "", {}, {}, lambda *_address: None, lambda _commits: set())
    said = Client(nothing_kept).ask(f"/users/{quote(login, safe='')}").data
    return Profile(
        login=said["login"],
        name=said.get("name") or "",
        kind=KINDS[said["type"]].value if said.get("type") in KINDS else "",
        url=said["html_url"],
        repositories=said.get("public_repos"),
        since=moment(said["created_at"]).date() if said.get("created_at") else None,
    )


def _moved_to(url: str, location: str) -> str:
    """The new address, with the query we asked with; never another host, which would get our token."""
    there, base = urlsplit(location), urlsplit(settings.GITHUB_API_URL)
    if there.netloc not in ("", base.netloc):
        raise Unreachable(_("GitHub redirected to another host, %(host)s.") % {"host": there.netloc})
    query = there.query or urlsplit(url).query
    return there.path.removeprefix(base.path) + (f"?{query}" if query else "")


def _next(headers: dict[str, Any]) -> str | None:
    links = parse_header_links(headers.get("link", ""))
    address = next((link["url"] for link in links if link.get("rel") == "next"), None)
    return _moved_to("", address) if address else None


def _check(status: int, headers: dict[str, Any], body: str, budget: RateBudget) -> None:
    """Raise what the status means; 409 is an empty repository and not wrong."""
    if status == 200:
        return
    said = body[:200].lower()
    if status in (403, 429) and (until := _wait_until(status, headers, said)):
        budget.block(until)
        raise RateLimited(until)
    if status == 451 or (status == 403 and "access blocked" in said):
        raise TakenDown(_("GitHub has blocked this."))
    if status in (404, 410):
        raise Missing(_("GitHub shows nothing there: deleted, renamed away, or private."))
    if status in (401, 403):
        raise Denied(_("GitHub refuses our credential (%(status)s).") % {"status": status})
    if status == 409:
        raise Empty(_("The repository is empty."))
    raise Unreachable(_("GitHub answered %(status)s.") % {"status": status})


def _wait_until(status: int, headers: dict[str, Any], said: str) -> datetime.datetime | None:
    now = timezone.now()
    if str(headers.get("retry-after", "")).isdigit():
        return now + datetime.timedelta(seconds=int(headers["retry-after"]))
    if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
        reset = datetime.datetime.fromtimestamp(int(float(headers["x-ratelimit-reset"])), datetime.UTC)
        return max(reset, now + datetime.timedelta(seconds=1))
    if status == 429 or "rate limit" in said or "abuse" in said:
        return now + PATIENCE
    return None
