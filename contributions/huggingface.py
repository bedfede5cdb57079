"""The only file that speaks to the Hugging Face Hub: one question at a time, its errors in our types.

huggingface_hub authenticates and knows the errors; asking is ours, because its lists keep the place in
memory and sleep through a 429, and a look must go on after a kill. The Hub counts a conditional request
like any other, so no ETags are sent: what is not asked is what is saved.
"""

import datetime
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import get_session, hf_raise_for_status, parse_ratelimit_headers

from contributions.found import Profile, SeenFetch
from contributions.models import AccountKind
from contributions.outside import Denied, Missing, RateLimited, TakenDown, Unreachable
from contributions.rate_budget import RateBudget

NO_WORD = 60  # seconds to wait after a 429 that does not say how long
LONGEST_WAIT = 3600  # seconds: the Hub's windows last five minutes


class Client:
    """`requests` and `fetch` tell what the answers cost, redirects included, and where the last came from."""

    def __init__(self) -> None:
        self.budget = RateBudget("huggingface", settings.HF_ENDPOINT, settings.HF_TOKEN)
        self.headers = build_hf_headers(token=settings.HF_TOKEN or False, library_name="mission-platform")
        self.requests = 0
        self.fetch: SeenFetch | None = None

    def get(self, url: str, params: Iterable[tuple[str, str]] = ()) -> httpx2.Response:
        """GET, with the Hub's errors in our types."""
        self.budget.spend()
        try:
            answer = get_session().get(
                url, params=list(params) or None, headers=self.headers, timeout=settings.OUTSIDE_TIMEOUT
            )
        except httpx2.HTTPError as error:
            raise Unreachable(
                _("The Hub did not answer (%(error)s).") % {"error": type(error).__name__}
            ) from error
        self.requests += 1 + len(answer.history)
        self._learn(answer)
        try:
            hf_raise_for_status(answer)
        except HfHubHTTPError as error:
            raise _trouble(answer) from error
        self.fetch = _seen(answer)
        return answer

    def json(self, url: str, params: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        """GET what is one object."""
        said = body(self.get(url, params))
        if not isinstance(said, dict):
            raise Unreachable(_("The Hub answered something else than we asked."))
        return said

    def _learn(self, answer: httpx2.Response) -> None:
        said = parse_ratelimit_headers(answer.headers)
        now = timezone.now()
        if said and said.limit:
            reset = int(now.timestamp()) + said.reset_in_seconds
            self.budget.learn(limit=said.limit, remaining=said.remaining, reset=reset)
        if answer.status_code == 429:
            wait = _retry_after(answer)
            if wait is None:
                wait = said.reset_in_seconds if said else NO_WORD
            until = now + datetime.timedelta(seconds=min(wait, LONGEST_WAIT))
            self.budget.block(until)
            raise RateLimited(until)


def _retry_after(answer: httpx2.Response) -> int | None:
    """In seconds from now. A date in it is told by the Hub's clock, so it is measured by that clock too."""
    said = answer.headers.get("retry-after", "")
    if said.isdigit():
        return int(said)
    try:
        return max(0, int((parsedate_to_datetime(said) - clock(answer)).total_seconds()))
    except ValueError:
        return None


def clock(answer: httpx2.Response) -> datetime.datetime:
    """The time of the answer by the Hub's clock, so that workers whose clocks differ write the same day."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(datetime.UTC)
    except ValueError:
        return timezone.now()


def _seen(answer: httpx2.Response) -> SeenFetch:
    parts = urlsplit(str(answer.url))
    where = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return SeenFetch(
        url=where[:600],
        at=clock(answer),
        etag=answer.headers.get("etag", "")[:200],
        status=answer.status_code,
        quota=1 + len(answer.history),
    )


def _trouble(answer: httpx2.Response) -> Exception:
    """By the Hub's own word first: to strangers it says 401 about what is not there."""
    code = answer.headers.get("X-Error-Code", "")
    if answer.status_code == 451 or code == "DisabledRepo":
        return TakenDown(_("The Hub has disabled this."))
    if answer.status_code == 404 or code in ("RepoNotFound", "RevisionNotFound", "EntryNotFound"):
        return Missing(_("The Hub shows nothing there: deleted, renamed away, or private."))
    if answer.status_code in (401, 403):
        return Denied(_("The Hub refuses our token (%(status)s).") % {"status": answer.status_code})
    return Unreachable(_("The Hub answered %(status)s.") % {"status": answer.status_code})


def body(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Unreachable(_("The Hub's answer was cut off.")) from error


def overview(client: Client, name: str, kinds: tuple[AccountKind, ...]) -> tuple[dict[str, Any], AccountKind]:
    """What the Hub shows of an account. It keeps organisations and people apart, in either order asked."""
    where = {AccountKind.ORGANISATION: "organizations", AccountKind.PERSON: "users"}
    for kind in kinds:
        try:
            said = client.json(f"{settings.HF_ENDPOINT}/api/{where[kind]}/{quote(name, safe='')}/overview")
        except Missing:
            if kind == kinds[-1]:
                raise
        else:
            if not (said.get("name") or said.get("user")):
                raise Unreachable(_("The Hub answered something else than we asked."))
            return said, kind
    raise Missing(_("The Hub shows nothing there: deleted, renamed away, or private."))


def profile(login: str) -> Profile:
    """A person or an organisation by name: two requests at most. Raises Missing, or other OutsideTrouble."""
    said, kind = overview(Client(), login, (AccountKind.PERSON, AccountKind.ORGANISATION))
    shown = said.get("user") or said.get("name") or login
    since = said.get("createdAt")
    return Profile(
        login=shown,
        name=said.get("fullname") or "",
        kind=kind.value,
        url=f"https://huggingface.co/{shown}",
        models=said.get("numModels"),
        datasets=said.get("numDatasets"),
        since=datetime.datetime.fromisoformat(since).date() if since else None,
    )
