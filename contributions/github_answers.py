"""What GitHub's statuses, headers and errors mean. Pure: asks nobody, writes nothing."""

import datetime
import email.utils
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from requests.utils import parse_header_links

from contributions.found import SeenEtag, SeenFetch
from contributions.outside import Denied, Missing, OutsideTrouble, RateLimited, TakenDown, Unreachable

Headers = Mapping[str, Any]
PATIENCE = datetime.timedelta(seconds=60)  # where GitHub asks to wait and does not say how long
# Types of GraphQL errors that say: not so much at once.
TOO_HEAVY = {
    "MAX_NODE_LIMIT_EXCEEDED",
    "RESOURCE_LIMITS_EXCEEDED",
    "SERVICE_UNAVAILABLE",
    "INTERNAL",
    "TIMEOUT",
}


class Empty(OutsideTrouble):
    """A repository without a commit."""


class NoGraphQL(OutsideTrouble):
    """This server, or this credential, has no GraphQL: REST must do."""


class TooMuch(OutsideTrouble):
    """The question was too heavy to be answered in one piece."""


class Answer(NamedTuple):
    changed: bool  # False: 304, as it was
    data: Any
    next: str | None
    etag: SeenEtag | None
    fetch: SeenFetch
    pages: int = 0  # number of the last page, where GitHub tells


class Told(NamedTuple):
    """What GraphQL said. `wrong` names the fields at the top that came with an error, and its type."""

    data: Mapping[str, Any]
    wrong: Mapping[str, str]
    fetch: SeenFetch


def clock(headers: Headers) -> datetime.datetime:
    """The server's clock; ours where it does not tell."""
    try:
        return email.utils.parsedate_to_datetime(str(headers["date"])).astimezone(datetime.UTC)
    except (KeyError, ValueError):
        return timezone.now()


def by_our_clock(moment: float, headers: Headers) -> datetime.datetime:
    """A time on the server's clock, in seconds, as our clock will show it."""
    wait = datetime.datetime.fromtimestamp(moment, datetime.UTC) - clock(headers)
    return timezone.now() + wait


def limits(headers: Headers) -> tuple[int, int, int] | None:
    """Limit, remaining, and when it begins anew, by our clock in seconds."""
    names = ("limit", "remaining", "reset")
    try:
        limit, remaining, reset = (int(float(headers[f"x-ratelimit-{name}"])) for name in names)
    except (KeyError, ValueError):
        return None
    return limit, remaining, round(by_our_clock(reset, headers).timestamp())


def moved_to(url: str, location: str) -> str:
    """The new address, with the query we asked with; never another host, which would get our token."""
    there, base = urlsplit(location), urlsplit(settings.GITHUB_API_URL)
    if there.netloc not in ("", base.netloc):
        raise Unreachable(_("GitHub redirected to another host, %(host)s.") % {"host": there.netloc})
    query = there.query or urlsplit(url).query
    return there.path.removeprefix(base.path) + (f"?{query}" if query else "")


def link(headers: Headers, relation: str) -> str | None:
    links = parse_header_links(str(headers.get("link", "")))
    address = next((each["url"] for each in links if each.get("rel") == relation), None)
    return moved_to("", address) if address else None


def trouble(status: int, headers: Headers, body: str) -> OutsideTrouble | None:
    """What stands in the way, by the status. 409 is an empty repository and not wrong."""
    if status == 200:
        return None
    said = body[:200].lower()
    if status in (403, 429) and (until := _wait_until(status, headers, said)):
        return RateLimited(until)
    if status == 451 or (status == 403 and "access blocked" in said):
        return TakenDown(_("GitHub has blocked this."))
    if status in (404, 410):
        return Missing(_("GitHub shows nothing there: deleted, renamed away, or private."))
    if status in (401, 403):
        return Denied(_("GitHub refuses our credential (%(status)s).") % {"status": status})
    if status == 409:
        return Empty(_("The repository is empty."))
    return Unreachable(_("GitHub answered %(status)s.") % {"status": status})


def _wait_until(status: int, headers: Headers, said: str) -> datetime.datetime | None:
    now = timezone.now()
    if str(headers.get("retry-after", "")).isdigit():
        return now + datetime.timedelta(seconds=int(headers["retry-after"]))
    if headers.get("x-ratelimit-remaining") == "0" and (known := limits(headers)):
        reset = datetime.datetime.fromtimestamp(known[2], datetime.UTC)
        return max(reset, now + datetime.timedelta(seconds=1))
    if status == 429 or "rate limit" in said or "abuse" in said:
        return now + PATIENCE
    return None


def graphql_trouble(status: int, headers: Headers, body: str) -> OutsideTrouble | None:
    """As `trouble`, for the one address of GraphQL."""
    found = trouble(status, headers, body)
    if isinstance(found, Missing | Denied | TakenDown):
        return NoGraphQL(_("There is no GraphQL for us (%(status)s).") % {"status": status})
    return (
        TooMuch(found.sentence)
        if isinstance(found, Unreachable) and status in (500, 502, 503, 504)
        else found
    )


def told(said: Any, headers: Headers, fetch: SeenFetch) -> Told:
    """Data and errors beside it: partial data is normal. Raises what concerns the whole answer."""
    if not isinstance(said, dict) or not ("data" in said or "errors" in said):
        raise Unreachable(_("GitHub's answer was cut off."))
    errors: Sequence[Any] = said.get("errors") or ()
    types = {str(each.get("type", "")) for each in errors}
    if "RATE_LIMITED" in types:
        known = limits(headers)
        reset = datetime.datetime.fromtimestamp(known[2], datetime.UTC) if known and not known[1] else None
        raise RateLimited(
            max(reset or timezone.now() + PATIENCE, timezone.now() + datetime.timedelta(seconds=1))
        )
    wrong = {str(each["path"][0]): str(each.get("type", "")) for each in errors if each.get("path")}
    data = said.get("data")
    if data is None or any(not each.get("path") for each in errors):
        sentence = str(errors[0].get("message", "")) if errors else _("GitHub's answer was cut off.")
        if types & TOO_HEAVY or "timeout" in sentence:
            raise TooMuch(sentence)
        raise Unreachable(sentence)
    return Told(data, wrong, fetch)
