"""Webhooks: who knows the secret is heard, once; what is said is looked up, never believed."""

import datetime
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contributions.actions import webhooks as actions
from contributions.actions.sources import watch
from contributions.models import Delivery, Source
from contributions.webhooks import LARGEST

pytestmark = pytest.mark.django_db
SECRET = "a secret between us"
LATER = datetime.timedelta(hours=5)


@pytest.fixture(autouse=True)
def secrets(settings: LazySettings) -> None:
    settings.GITHUB_WEBHOOK_SECRET = settings.HF_WEBHOOK_SECRET = SECRET


@pytest.fixture
def repository() -> Source:
    return known("github", "kaveri-labs/project-0", "5000")


def known(platform: str, name: str, platform_id: str) -> Source:
    source = watch(actor=None, platform=platform, name=name)
    Source.objects.filter(pk=source.pk).update(
        platform_id=platform_id, due_at=timezone.now() + LATER, synced_at=timezone.now(),
        reconciled_at=timezone.now(),
    )  # fmt: skip
    return source


def send(
    said: Any, *, event: str = "push", number: str = "d-1", secret: str = SECRET, body: bytes | None = None
) -> HttpResponse:
    body = json.dumps(said).encode() if body is None else body
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": event, "X-GitHub-Delivery": number}
    answer: Any = Client(enforce_csrf_checks=True).post(
        "/hooks/github/", body, content_type="application/json", headers=headers
    )
    return answer


def about(name: str = "kaveri-labs/project-0", number: int = 5000, **more: Any) -> dict[str, Any]:
    owner = {"login": name.partition("/")[0], "id": 9000}
    return {"repository": {"full_name": name, "id": number, "owner": owner}, **more}


def handle() -> int:
    return sum(actions.handle(delivery_id=row.pk) for row in Delivery.objects.filter(handled_at=None))


def is_due(source: Source) -> bool:
    return Source.objects.claimable(timezone.now()).filter(pk=source.pk).exists()


def test_a_push_makes_its_repository_due_at_once_and_says_that_a_branch_moved(repository: Source) -> None:
    assert not is_due(repository)
    assert send(about()).status_code == 202
    assert handle() == 1
    assert is_due(repository)
    repository.refresh_from_db()
    assert repository.moved == "push d-1"


@pytest.mark.parametrize(
    ("event", "more", "hurried"),
    [
        ("pull_request", {"action": "closed"}, True),
        ("pull_request", {"action": "labeled"}, False),
        ("pull_request_review", {"action": "submitted"}, True),
        ("release", {"action": "published"}, True),
        ("issues", {"action": "opened"}, False),
        ("ping", {"zen": "Keep it logically awesome."}, False),
        ("no_such_event", {}, False),
    ],
)
def test_what_can_change_a_row_hurries_and_everything_else_is_kept_and_ignored(
    repository: Source, event: str, more: dict[str, Any], hurried: bool
) -> None:
    assert send(about(**more), event=event).status_code == 202
    handle()
    assert is_due(repository) == hurried
    assert Delivery.objects.get().handled_at is not None


def test_a_replayed_delivery_does_nothing_more(repository: Source) -> None:
    assert send(about()).status_code == 202
    assert handle() == 1
    Source.objects.update(due_at=timezone.now() + LATER)
    again = send(about())
    assert (again.status_code, json.loads(again.content)["seen_before"]) == (200, True)
    assert handle() == 0
    assert not is_due(repository)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("secret", ["another", ""])
def test_a_forged_message_is_refused_in_a_sentence_and_not_kept(repository: Source, secret: str) -> None:
    answer = send(about(), secret=secret)
    assert answer.status_code == 401
    assert "signature does not fit" in json.loads(answer.content)["error"]["message"]
    assert not Delivery.objects.exists()


def test_a_message_changed_on_the_way_is_refused(repository: Source) -> None:
    body = json.dumps(about()).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "push", "X-GitHub-Delivery": "d"}
    changed = body.replace(b"5000", b"5001")
    answer = Client().post("/hooks/github/", changed, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    without = Client().post("/hooks/github/", body, content_type="application/json")
    assert without.status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b'"text"', b""])
def test_what_is_no_json_object_is_refused_in_a_sentence(body: bytes) -> None:
    answer = send(None, body=body)
    assert answer.status_code == 400
    assert "JSON object" in json.loads(answer.content)["error"]["message"]


def test_a_message_without_its_number_is_refused() -> None:
    assert send(about(), number="").status_code == 400


def test_too_long_a_message_is_refused_unread() -> None:
    answer = send(None, body=b"{" + b" " * LARGEST + b"}")
    assert answer.status_code == 413
    assert not Delivery.objects.exists()


def test_parts_of_a_strange_shape_break_nothing() -> None:
    for number, said in enumerate([{"repository": 5}, {"organization": []}, {"repository": {"id": {}}}, {}]):
        assert send(said, number=f"d-{number}").status_code == 202
    assert handle() == 0


def test_without_a_secret_there_is_no_door(settings: LazySettings) -> None:
    settings.GITHUB_WEBHOOK_SECRET = settings.HF_WEBHOOK_SECRET = ""
    assert send(about(), secret="").status_code == 404
    assert Client().post("/hooks/huggingface/", {}).status_code == 404


def test_a_door_is_for_messages_only() -> None:
    assert Client().get("/hooks/github/").status_code == 404


@pytest.mark.parametrize("action", ["deleted", "privatized", "renamed", "transferred"])
def test_a_repository_said_to_be_gone_or_moved_is_asked_for_and_not_gone_at_once(
    repository: Source, action: str
) -> None:
    """The word is not enough; the owner's list and the repository itself are asked."""
    owner = known("github", "kaveri-labs", "9000")
    send(about(action=action), event="repository")
    assert handle() == 2
    assert is_due(repository)
    assert is_due(owner)
    repository.refresh_from_db()
    assert repository.missing_since is None
    assert repository.needs_reconciling(timezone.now())


def test_a_repository_is_known_by_its_id_and_a_name_alone_hurries_nobody_elses(repository: Source) -> None:
    owner = known("github", "kaveri-labs", "9000")
    send(about(number=7777), number="other")
    assert handle() == 1
    assert is_due(owner)
    assert not is_due(repository)


def test_an_organisation_renamed_is_found_by_its_id() -> None:
    owner = known("github", "kaveri-labs", "9000")
    said = {"action": "renamed", "organization": {"login": "godavari-labs", "id": 9000}}
    send(said, event="organization")
    assert handle() == 1
    assert is_due(owner)


def test_what_the_broker_lost_is_handled_by_the_clock(repository: Source) -> None:
    send(about())
    Delivery.objects.update(received_at=timezone.now() - datetime.timedelta(minutes=2))
    assert actions.handle_waiting() == 1
    assert is_due(repository)


def hub(said: Any, secret: str = SECRET) -> HttpResponse:
    answer: Any = Client(enforce_csrf_checks=True).post(
        "/hooks/huggingface/",
        json.dumps(said),
        content_type="application/json",
        headers={"X-Webhook-Secret": secret},
    )
    return answer


def test_the_hub_hurries_the_owner_of_what_changed() -> None:
    owner = known("huggingface", "ai4bharat", "64aa")
    said = {
        "event": {"action": "update", "scope": "repo.content"},
        "repo": {"type": "model", "name": "ai4bharat/indic-bert", "id": "6366c000a2abcdf2fd69a080"},
    }
    assert hub(said, secret="wrong").status_code == 401
    assert not is_due(owner)
    assert hub(said).status_code == 202
    assert handle() == 1
    assert is_due(owner)
    discussion = said | {"event": {"action": "create", "scope": "discussion.comment"}}
    assert hub(discussion).status_code == 202
    assert handle() == 0
    assert hub([]).status_code == 400
