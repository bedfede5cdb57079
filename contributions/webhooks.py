"""What GitHub and the Hub send when something happened: who sent it, and what it is about. Pure.

A message only says where to look; what it says is never believed beyond that.
"""

import hashlib
import hmac
import json
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from contributions.models import Platform
from mission.errors import Refused

LARGEST = 5 * 1024**2  # bytes; a push of thousands of commits is about two
# What may change a row of ours. Everything else is received, kept, and asks for nothing.
GITHUB_EVENTS = {
    "push",
    "pull_request",
    "pull_request_review",
    "release",
    "repository",
    "organization",
    "public",
    "create",
}
CLOSED = {"closed", "edited", "reopened"}
# After these we ask whether the repository is still there and what it is called; nothing is gone at once.
CHECKS = {"renamed", "transferred", "deleted", "privatized", "publicized", "archived", "unarchived", "edited"}


class Message(NamedTuple):
    """Names are shown, ids decide. `check`: ask for the thing itself. `moved`: a branch moved."""

    platform: str
    delivery_id: str
    event: str  # repository.renamed, where it has an action
    name: str = ""
    platform_id: str = ""
    owner: str = ""
    owner_id: str = ""

    @property
    def asks(self) -> bool:
        kind, _dot, action = self.event.partition(".")
        if self.platform == Platform.HUGGINGFACE:
            return kind == "repo"
        return kind in GITHUB_EVENTS and (kind != "pull_request" or action in CLOSED)

    @property
    def check(self) -> bool:
        kind, _dot, action = self.event.partition(".")
        return kind == "repository" and action in CHECKS

    @property
    def moved(self) -> bool:
        return self.event.partition(".")[0] in ("push", "create")


def check_signature(*, secret: str, body: bytes, signature: str) -> None:
    """GitHub's X-Hub-Signature-256: HMAC over the body as it came. Raises Refused."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode(errors="replace")):
        raise Refused(
            _("The signature does not fit the message. Check the secret of the webhook."),
            code="bad_signature",
            status=401,
        )


def check_secret(*, secret: str, given: str) -> None:
    """The Hub's X-Webhook-Secret: the secret itself. Raises Refused."""
    if not hmac.compare_digest(secret.encode(), given.encode(errors="replace")):
        raise Refused(
            _("The secret is not ours. Check the secret of the webhook."), code="bad_secret", status=401
        )


def github_message(*, event: str, delivery_id: str, body: bytes) -> Message:
    """Raises Refused where it is none."""
    said = _object(body)
    repository, owner = _part(said, "repository"), _part(said, "organization")
    owner = owner or _part(repository, "owner")
    if not event or not delivery_id:
        raise Refused(_("X-GitHub-Event or X-GitHub-Delivery is missing."), code="not_a_delivery", status=400)
    action = said.get("action")
    return Message(
        Platform.GITHUB.value,
        delivery_id[:100],
        f"{event}.{action}"[:60] if isinstance(action, str) else event[:60],
        str(repository.get("full_name") or owner.get("login") or "")[:250],
        str(repository.get("id") or "")[:64],
        str(owner.get("login") or "")[:250],
        str(owner.get("id") or "")[:64],
    )


def hub_message(*, body: bytes, minute: int) -> Message:
    """The Hub numbers no deliveries: the same message within a minute is the same one. Raises Refused."""
    said = _object(body)
    event, repository = _part(said, "event"), _part(said, "repo")
    scope, action = str(event.get("scope") or ""), str(event.get("action") or "")
    name = str(repository.get("name") or "")
    if not scope:
        raise Refused(_("The message names no event."), code="not_a_delivery", status=400)
    return Message(
        Platform.HUGGINGFACE.value,
        hashlib.sha256(body + str(minute).encode()).hexdigest()[:60],
        f"{scope.partition('.')[0]}.{action}"[:60],
        name[:250],
        str(repository.get("id") or "")[:64],
        name.partition("/")[0][:250],
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:  # also bytes that are no text
        said = None
    if not isinstance(said, dict):
        raise Refused(_("The message is not a JSON object."), code="not_json", status=400)
    return said


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
