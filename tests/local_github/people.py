"""Accounts of the generated GitHub: people, organisations, bots, coding agents, ghosts and placeholders.

REST and GraphQL name the same account differently: a bot is `renovate[bot]` there and `renovate` here, the
coding agent is `Copilot` there and `copilot-swe-agent` here, and somebody who deleted the account is the
user `ghost` on a pull request, null on a review, and null all over GraphQL. Only the id is the same.
"""

import base64
import struct
from typing import Any
from urllib.parse import quote

PAGES = "https://github.example"
GHOST_ID = 10137
NODE_PREFIXES = {"User": "U", "Bot": "BOT", "Organization": "O", "Mannequin": "M"}


def node_id(prefix: str, *numbers: int) -> str:
    """A global id as GitHub writes them today: the kind, and numbers nobody is meant to read."""
    packed = b"\x92\x00" + b"".join(b"\xce" + struct.pack(">Q", number) for number in numbers)
    return f"{prefix}_{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def short(sha: str) -> int:
    """A commit's hash as a number that fits into an id."""
    return int(sha[:15], 16)


def account(user_id: int, login: str, kind: str, *, app: str = "") -> dict[str, Any]:
    """`app`: how a bot is called where it is not called by its login."""
    if kind == "Bot":
        app = app or login.removesuffix("[bot]")
    page = f"{PAGES}/apps/{app}" if app else f"{PAGES}/{login}"
    return {"id": user_id, "login": login, "type": kind, "html_url": page} | ({"app": app} if app else {})


GHOST = account(GHOST_ID, "ghost", "User")
AGENT = account(198982749, "Copilot", "Bot", app="copilot-swe-agent")
DEPENDABOT = account(49699333, "dependabot[bot]", "Bot")
PLACEHOLDER = account(77, "imported-from-elsewhere", "Mannequin")


def simple_user(who: dict[str, Any], api: str) -> dict[str, Any]:
    """REST's `simple-user`."""
    here = f"{api}/users/{quote(who['login'])}"
    lists = ("followers", "subscriptions", "repos", "received_events")
    return {
        "login": who["login"],
        "id": who["id"],
        "node_id": account_node_id(who),
        "avatar_url": f"{PAGES}/avatars/{who['id']}",
        "gravatar_id": "",
        "url": here,
        "html_url": who["html_url"],
        **{f"{name}_url": f"{here}/{name}" for name in lists},
        "organizations_url": f"{here}/orgs",
        "following_url": f"{here}/following{{/other_user}}",
        "gists_url": f"{here}/gists{{/gist_id}}",
        "starred_url": f"{here}/starred{{/owner}}{{/repo}}",
        "events_url": f"{here}/events{{/privacy}}",
        "type": who["type"],
        "user_view_type": "public",
        "site_admin": False,
    }


def public_user(who: dict[str, Any], api: str, *, repositories: int, since: str) -> dict[str, Any]:
    """REST's `public-user`, as /users/{username} answers it."""
    nothing = dict.fromkeys(
        ("company", "location", "email", "hireable", "bio", "twitter_username", "blog", "name")
    )
    counts = {"public_repos": repositories, "public_gists": 0, "followers": 0, "following": 0}
    return {**simple_user(who, api), **nothing, **counts, "created_at": since, "updated_at": since}


def organisation(who: dict[str, Any], api: str, *, repositories: int, since: str) -> dict[str, Any]:
    """REST's `organization-full`."""
    here = f"{api}/orgs/{who['login']}"
    urls = {f"{name}_url": f"{here}/{name}" for name in ("repos", "events", "hooks", "issues")}
    return {
        "login": who["login"],
        "id": who["id"],
        "node_id": account_node_id(who),
        "url": here,
        **urls,
        "members_url": f"{here}/members{{/member}}",
        "public_members_url": f"{here}/public_members{{/member}}",
        "avatar_url": f"{PAGES}/avatars/{who['id']}",
        "description": None,
        "html_url": who["html_url"],
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": repositories,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "type": "Organization",
        "created_at": since,
        "updated_at": since,
        "archived_at": None,
    }


def account_node_id(who: dict[str, Any]) -> str:
    return node_id(NODE_PREFIXES[who["type"]], who["id"])


def git_identity(who: dict[str, Any] | None) -> tuple[str, str]:
    """Name and e-mail in a commit; GitHub's own private address tells the id, also that of a bot."""
    if who is None:
        return "Somebody", "somebody@mail.example"
    return who["login"], f"{who['id']}+{who['login']}@users.noreply.github.com"
