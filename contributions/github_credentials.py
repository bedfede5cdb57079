"""Which credential asks GitHub, and whose budget that draws on.

An ETag belongs to the token it was given to, and an App installation's token changes every hour. So a
source sticks to one of our tokens for REST with its ETags, and where its owner has our App installed, the
installation's own budget pays for GraphQL. Without any token of ours the installation does both.
"""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import github
import jwt
import requests
from django.conf import settings
from django.utils.translation import gettext as _

from contributions.outside import Denied, Unreachable
from contributions.rate_budget import recall, remember

DAY, HOUR = 24 * 3600, 3600


class Credential(NamedTuple):
    """`name` tells credentials apart where ETags are kept; `holder` is who the budget belongs to."""

    auth: github.Auth.Auth | None
    name: str
    holder: str


ANONYMOUS = Credential(None, "anonymous", "")


def digest(text: str) -> str:
    return hashlib.sha256(f"{settings.GITHUB_API_URL} {text}".encode()).hexdigest()[:10]


def requester(auth: github.Auth.Auth | None) -> Any:
    """PyGithub's, without its own patience: limits and retries are ours, and shared by all workers."""
    return github.Github(
        auth=auth,
        base_url=settings.GITHUB_API_URL,
        timeout=settings.OUTSIDE_TIMEOUT,
        retry=None,
        user_agent="mission-platform",
        seconds_between_requests=None,
        seconds_between_writes=None,
    ).requester


def for_rest(owner: str, source_id: int) -> Credential:
    tokens = settings.GITHUB_TOKENS
    if not tokens:
        return _installed(owner) or ANONYMOUS
    token = tokens[source_id % len(tokens)]
    holder = f"user:{_user_of(token)}" if len(tokens) > 1 else f"token:{digest(token)}"
    return Credential(github.Auth.Token(token), f"t-{digest(token)}", holder)


def for_graphql(owner: str, source_id: int) -> Credential | None:
    """None: GraphQL answers nobody without a credential."""
    credential = _installed(owner) or for_rest(owner, source_id)
    return credential if credential.auth else None


def _user_of(token: str) -> str:
    """Several tokens of one user share one budget: GitHub is asked once whose each is."""
    key = f"github:user-of:{digest(token)}"
    known = recall(key)
    if known:
        return known
    try:
        status, _headers, body = requester(github.Auth.Token(token)).requestJson("GET", "/user")
        user = str(json.loads(body)["id"]) if status == 200 else ""
    except (requests.RequestException, ValueError, KeyError, TypeError):
        user = ""
    remember(key, user or f"token-{digest(token)}", seconds=30 * DAY if user else HOUR)
    return user or f"token-{digest(token)}"


def _installed(owner: str) -> Credential | None:
    """The installation of our App at this owner, where there is one."""
    if not settings.GITHUB_APP_ID:
        return None
    key = f"github:installations:{digest(str(settings.GITHUB_APP_ID))}"
    known = recall(key)
    if known is None:
        known = json.dumps(_ask_installations())
        remember(key, known, seconds=HOUR)
    number = json.loads(known).get(owner.lower())
    if number is None:
        return None
    return Credential(
        _installation(number, settings.GITHUB_APP_ID, settings.GITHUB_API_URL),
        f"i-{digest(str(number))}",
        f"installation:{number}",
    )


def _app() -> github.Auth.AppAuth:
    key = settings.GITHUB_APP_PRIVATE_KEY
    pem = key.replace("\\n", "\n") if "BEGIN" in key else Path(key).read_text()
    return github.Auth.AppAuth(settings.GITHUB_APP_ID, pem)


@functools.cache
def _installation(number: int, app: str, place: str) -> github.Auth.AppInstallationAuth:
    """Kept in the process, so that a token is asked for once an hour; it renews itself."""
    return _app().get_installation_auth(number, requester=requester(_app()))


def _ask_installations() -> dict[str, int]:
    """Owners, in small letters, and their installations."""
    try:
        integration = github.GithubIntegration(
            auth=_app(), base_url=settings.GITHUB_API_URL, timeout=settings.OUTSIDE_TIMEOUT, retry=None
        )
        return {
            each.raw_data["account"]["login"].lower(): each.id for each in integration.get_installations()
        }
    except github.GithubException as error:
        raise Denied(_("GitHub refuses our App (%(status)s).") % {"status": error.status}) from error
    except (OSError, ValueError, jwt.PyJWTError) as error:
        raise Unreachable(_("Our App cannot sign in at GitHub (%(error)s).") % {"error": error}) from error
