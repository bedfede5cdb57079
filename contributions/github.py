"""The only file that speaks to GitHub. What a look asks, page by page, is in github_look.py and its siblings.

PyGithub authenticates and sends; conditions, redirects, limits and paging are ours, because its lists
know no ETags, its redirects lose the query, its GraphQL throws partial data away, and its throttle ends
at the process.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import github
import requests
from django.conf import settings
from django.utils.translation import gettext as _
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
    RequestsResponse,
)

from contributions import github_credentials as credentials
from contributions.found import Look, Merged, Profile, SeenEtag, SeenFetch
from contributions.github_answers import (
    Answer,
    NoGraphQL,
    Told,
    clock,
    graphql_trouble,
    limits,
    link,
    moved_to,
    told,
    trouble,
)
from contributions.github_facts import KINDS, moment
from contributions.outside import OutsideTrouble, RateLimited, Unreachable
from contributions.rate_budget import RateBudget, recall, remember

ACCEPT = "application/vnd.github+json"
OURS = {301: 308, 202: 503}  # PyGithub would lose the query on the one, and ask for ever on the other
HOPS = 3
HOUR = 3600  # seconds: how long a server is taken to have no GraphQL


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


class Client:
    """The credentials of one source, and what they spend. `quota` is in points, of REST and GraphQL alike."""

    def __init__(self, look: Look, *, interactive: bool = False) -> None:
        owner = look.name.partition("/")[0]
        self.look, self.interactive = look, interactive
        self.credential = credentials.for_rest(owner, look.source_id)
        self.graphql = credentials.for_graphql(owner, look.source_id)
        self.requests = self.requests_free = self.quota = 0

    def ask(self, url: str, *, conditional: bool = False, resource: str = "core") -> Answer:
        """GET. With `conditional`, what is as the stored ETag says costs nothing and comes empty."""
        budget = RateBudget("github", settings.GITHUB_API_URL, self.credential.holder, resource)
        etag = self.look.etag_of(url, ACCEPT, self.credential.name) if conditional else None
        status, headers, body = self._get(url, etag, budget)
        hops, address = 0, url
        while status in (307, 308) and hops < HOPS:
            hops, address = hops + 1, moved_to(address, headers["location"])
            status, headers, body = self._get(address, None, budget)
        fetch = SeenFetch(address, clock(headers), etag=headers.get("etag", ""), status=status)
        if status == 304:
            return Answer(False, None, None, None, fetch._replace(quota=0))
        _raise(trouble(status, headers, body), budget)
        seen = SeenEtag(url, ACCEPT, self.credential.name, fetch.etag) if conditional and fetch.etag else None
        follow, last = link(headers, "next"), link(headers, "last")
        if follow in (url, address):
            raise Unreachable(_("GitHub's page leads to itself."))
        pages = parse_qs(urlsplit(last).query).get("page", ["0"])[0] if last else "0"
        return Answer(True, _json(body), follow, seen, fetch, int(pages) if pages.isdigit() else 0)

    def query(self, name: str, text: str, *, points: int) -> Told:
        """One GraphQL query, of about so many points. Raises NoGraphQL where REST must do, or TooMuch."""
        none_here = f"github:no-graphql:{credentials.digest(self.graphql.holder if self.graphql else '')}"
        if self.graphql is None or recall(none_here):
            raise NoGraphQL(_("There is no GraphQL for us."))
        budget = RateBudget("github", settings.GITHUB_API_URL, self.graphql.holder, "graphql")
        budget.spend(points, interactive=self.interactive)
        asker = credentials.requester(self.graphql.auth)
        status, headers, body = self._send(asker, "POST", asker.graphql_url, input={"query": text})
        self.requests += 1
        _learn(budget, headers)
        found = graphql_trouble(status, headers, body)
        if isinstance(found, NoGraphQL):
            remember(none_here, "1", seconds=HOUR)
        _raise(found, budget)
        said = _json(body)
        rate = (said.get("data") or {}).get("rateLimit") if isinstance(said, dict) else None
        cost = int(rate["cost"]) if rate else points
        self.quota += cost
        try:
            return told(said, headers, SeenFetch("/graphql", clock(headers), query=name, quota=cost))
        except RateLimited as limited:
            budget.block(limited.until)
            raise

    def _get(self, url: str, etag: str | None, budget: RateBudget) -> tuple[int, dict[str, Any], str]:
        budget.spend(interactive=self.interactive)
        headers = {"Accept": ACCEPT} | ({"If-None-Match": etag} if etag else {})
        asker = credentials.requester(self.credential.auth)
        status, answered, body = self._send(asker, "GET", url, headers=headers)
        free = status == 304
        self.requests += 1
        self.requests_free += free
        self.quota += not free
        _learn(budget, answered, refund=int(free))
        return status, answered, body

    def _send(self, asker: Any, verb: str, url: str, **more: Any) -> tuple[int, dict[str, Any], str]:
        try:
            status, headers, body = asker.requestJson(verb, url, **more)
        except (requests.RequestException, github.GithubException, RuntimeError) as error:
            raise Unreachable(
                _("GitHub did not answer (%(error)s).") % {"error": type(error).__name__}
            ) from error
        return status, headers, body


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Unreachable(_("GitHub's answer was cut off.")) from error


def _raise(found: OutsideTrouble | None, budget: RateBudget) -> None:
    if isinstance(found, RateLimited):
        budget.block(found.until)
    if found:
        raise found


def _learn(budget: RateBudget, headers: dict[str, Any], refund: int = 0) -> None:
    known = limits(headers)
    if known and headers.get("x-ratelimit-resource", budget.resource) == budget.resource:
        limit, remaining, reset = known
        budget.learn(limit=limit, remaining=remaining, reset=reset, refund=refund)


def _at_once(login: str) -> Client:
    """For somebody who waits for the answer: it may draw on the reserve, and keeps nothing."""
    nothing_kept = Look(0, "", login, "", {}, {}, lambda *_address: None, lambda _commits: set())
    return Client(nothing_kept, interactive=True)


def search_merged(login: str, repositories: Sequence[str]) -> Merged:
    """Somebody's merged pull requests in these repositories ("owner/name"): the first hundred, and how many.

    For questions asked by hand only: thirty searches a minute are allowed. Raises OutsideTrouble.
    """
    places = " ".join(f"repo:{each}" for each in repositories)
    query = quote(f"{places} is:pr is:merged author:{login}".strip(), safe="")
    said = _at_once(login).ask(f"/search/issues?q={query}&per_page=100", resource="search").data
    urls = tuple(each["html_url"] for each in said["items"])
    return Merged(said["total_count"], not said["incomplete_results"], urls)


def profile(login: str) -> Profile:
    """A person or an organisation by name: one request, for somebody who waits for the answer.

    Raises Missing, or other OutsideTrouble.
    """
    said = _at_once(login).ask(f"/users/{quote(login, safe='')}").data
    return Profile(
        login=said["login"],
        name=said.get("name") or "",
        kind=KINDS[said["type"]].value if said.get("type") in KINDS else "",
        url=said["html_url"],
        repositories=said.get("public_repos"),
        since=moment(said["created_at"]).date() if said.get("created_at") else None,
    )
