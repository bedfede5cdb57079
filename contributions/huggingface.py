"""The only file that speaks to the Hugging Face Hub. A look asks one page and says where to go on.

huggingface_hub authenticates, parses and knows the errors; the paging is ours, because its lists keep
the place in memory and sleep through a 429, and a look must go on after a kill.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import httpx2
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from huggingface_hub import DatasetInfo, ModelInfo, SpaceInfo
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import get_session, hf_raise_for_status, parse_ratelimit_headers

from contributions import huggingface_facts as facts
from contributions.found import Found, FoundAccount, Look, Page, Profile
from contributions.models import AccountKind, Platform, SourceKind
from contributions.outside import Denied, Missing, RateLimited, TakenDown, Unreachable
from contributions.rate_budget import RateBudget

PAGE = 100
SHARED = ["author", "cardData", "createdAt", "disabled", "likes", "private", "sha", "tags"]
COUNTED = [*SHARED, "downloads", "downloadsAllTime", "gated"]
EXPAND = {
    "models": [*COUNTED, "baseModels", "library_name", "pipeline_tag", "safetensors", "gguf"],
    "datasets": COUNTED,
    "spaces": SHARED,
}
INFO: dict[str, Callable[..., Any]] = {"models": ModelInfo, "datasets": DatasetInfo, "spaces": SpaceInfo}
STEPS = ["owner", "models", "datasets", "spaces"]


class Client:
    def __init__(self) -> None:
        self.budget = RateBudget("huggingface", settings.HF_ENDPOINT, settings.HF_TOKEN)
        self.headers = build_hf_headers(token=settings.HF_TOKEN or False, library_name="mission-platform")
        self.requests = 0

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
        self.requests += 1
        self._learn(answer)
        try:
            hf_raise_for_status(answer)
        except HfHubHTTPError as error:
            raise _trouble(answer) from error
        return answer

    def _learn(self, answer: httpx2.Response) -> None:
        said = parse_ratelimit_headers(answer.headers)
        now = timezone.now()
        if said and said.limit:
            reset = int(now.timestamp()) + said.reset_in_seconds
            self.budget.learn(limit=said.limit, remaining=said.remaining, reset=reset)
        if answer.status_code == 429:
            after = answer.headers.get("retry-after", "")
            wait = int(after) if after.isdigit() else said.reset_in_seconds if said else 60
            until = now + datetime.timedelta(seconds=wait)
            self.budget.block(until)
            raise RateLimited(until)


def _trouble(answer: httpx2.Response) -> Exception:
    code = answer.headers.get("X-Error-Code", "")
    if answer.status_code == 404 or code in ("RepoNotFound", "RevisionNotFound", "EntryNotFound"):
        return Missing(_("The Hub shows nothing there: deleted, renamed away, or private."))
    if answer.status_code == 451 or code == "DisabledRepo":
        return TakenDown(_("The Hub has disabled this."))
    if answer.status_code in (401, 403):
        return Denied(_("The Hub refuses our token (%(status)s).") % {"status": answer.status_code})
    return Unreachable(_("The Hub answered %(status)s.") % {"status": answer.status_code})


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Unreachable(_("The Hub's answer was cut off.")) from error


def profile(login: str) -> Profile:
    """A person or an organisation by name: two requests at most. Raises Missing, or other OutsideTrouble."""
    client, name = Client(), quote(login, safe="")
    try:
        said = _json(client.get(f"{settings.HF_ENDPOINT}/api/users/{name}/overview"))
        kind = AccountKind.PERSON
    except Missing:
        said = _json(client.get(f"{settings.HF_ENDPOINT}/api/organizations/{name}/overview"))
        kind = AccountKind.ORGANISATION
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


def next_page(look: Look) -> Page:
    """Ask the next page of an organisation or a person. Raises OutsideTrouble."""
    if look.kind != SourceKind.ORGANISATION:
        raise Missing(_("Only whole accounts are looked at on the Hub; give the part before the slash."))
    client, step = Client(), look.cursor.get("step") or STEPS[0]
    page = _owner(client, look) if step == "owner" else _list(client, look, step)
    page.requests = client.requests
    return page


def _owner(client: Client, look: Look) -> Page:
    """Who it is. The Hub keeps organisations and people apart, and tells a rename by the name it answers."""
    try:
        said = _json(client.get(f"{settings.HF_ENDPOINT}/api/organizations/{look.name}/overview"))
        kind = AccountKind.ORGANISATION
    except Missing:
        said = _json(client.get(f"{settings.HF_ENDPOINT}/api/users/{look.name}/overview"))
        kind = AccountKind.PERSON
    name = said.get("name") or said.get("user") or look.name
    platform_id = str(said.get("_id") or f"name:{name.lower()}")
    account = FoundAccount(
        Platform.HUGGINGFACE.value, platform_id, name, kind.value, said.get("fullname") or ""
    )
    marks = look.marks | {"kind": kind.value, "fullname": account.name}
    return Page(
        Found(accounts=(account,)), cursor={"step": STEPS[1]}, marks=marks, name=name, platform_id=platform_id
    )


def _list(client: Client, look: Look, step: str) -> Page:
    """A page of what the account published. Private and disabled ones are left out."""
    params = [("author", look.name), ("limit", str(PAGE)), ("sort", "createdAt")]
    params += [("expand", each) for each in EXPAND[step]]
    url = look.cursor.get("next")
    answer = client.get(url) if url else client.get(f"{settings.HF_ENDPOINT}/api/{step}", params)
    owner = FoundAccount(
        Platform.HUGGINGFACE.value, look.platform_id, look.name, look.marks["kind"], look.marks["fullname"]
    )
    infos = [INFO[step](**each) for each in _json(answer)]
    infos = [each for each in infos if not (each.private or each.disabled)]
    follow = answer.links.get("next", {}).get("url")
    after = STEPS[STEPS.index(step) + 1 :]
    if follow and not follow.startswith(f"{settings.HF_ENDPOINT}/"):
        raise Unreachable(_("The Hub sent us to another host."))
    return Page(
        facts.published(step, infos, owner, timezone.now().date()),
        cursor={"step": step, "next": follow} if follow else {"step": after[0]} if after else {},
    )
