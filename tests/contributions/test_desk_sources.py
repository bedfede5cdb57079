"""/desk/sources/: how fresh, at what cost, what stands in the way; and what staff do about it."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from contributions.actions.sources import claim, give_back, watch
from contributions.budgets import standing as budgets_standing
from contributions.models import Fetch, Source
from contributions.models.freshness import STATES, condition, standing
from contributions.outside import RateLimited
from contributions.rate_budget import RateBudget
from mission.models import AuditEntry, Role
from tests.contributions.test_own_accounts import signed_in, text
from tests.world import person

pytestmark = pytest.mark.django_db
DESK = "/desk/sources/"


def source(name: str = "kaveri/tools", **values: Any) -> Source:
    made = watch(actor=None, platform="github", name=name)
    Source.objects.filter(pk=made.pk).update(**values)
    made.refresh_from_db()
    return made


def soon(hours: int = 5) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=hours)


def test_each_source_says_how_it_stands_and_is_found_by_that() -> None:
    made = {
        "due": source("a/due"),
        "running": source("a/running", leased_until=soon()),
        "trouble": source("a/trouble", trouble="No answer.", attempts=3, due_at=soon()),
        "missing": source("a/missing", missing_since=timezone.now(), due_at=soon()),
        "waiting": source("a/waiting", due_at=soon()),
        "stopped": source("a/stopped", due_at=None),
    }
    source("a/waiting", backfill_slices=10, backfill_done=4, due_at=soon())
    client = signed_in(person("auditor", Role.AUDITOR))
    for state, row in made.items():
        assert standing(row).state == state
        shown = text(client.get(DESK, {"state": state}))
        assert row.name in shown, state
    assert "a/waiting" in text(client.get(DESK, {"state": "backfill"}))
    assert "4 of 10 slices" in text(client.get(DESK, {"q": "waiting"}))
    assert "3 times in a row" in standing(made["trouble"]).words
    now = timezone.now()
    told = [Source.objects.filter(condition(state, now)).count() for state in STATES if state != "backfill"]
    assert sum(told) >= Source.objects.count()  # every source is in a state


def test_a_source_asked_to_wait_says_until_when() -> None:
    made = source()
    lease = claim(source_id=made.pk)
    assert lease is not None
    until = datetime.datetime(2031, 3, 1, 12, 30, tzinfo=datetime.UTC)
    give_back(source=made, lease=lease, trouble=RateLimited(until))
    made.refresh_from_db()
    assert "Goes on by itself at 1 March 2031, 12:30 UTC." in standing(made).words


def test_the_budgets_of_credentials_stand_there_and_no_credential() -> None:
    RateBudget("github", "https://api.example", "token:secret-token").learn(
        limit=5000, remaining=4321, reset=int(soon().timestamp())
    )
    found = [each for each in budgets_standing() or [] if each.remaining == 4321]
    assert [(each.platform, each.limit, each.left) for each in found] == [("github", 5000, 4321)]
    shown = text(signed_in(person("finance", Role.FINANCE)).get(DESK))
    assert "4321" in shown.replace(",", "")
    assert "secret-token" not in shown


def test_the_desk_is_there_without_valkey(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert budgets_standing() is None


def test_an_officer_watches_lists_hurries_and_stops_with_an_audit() -> None:
    client = signed_in(person("officer", Role.OFFICER))
    bad = client.post(f"{DESK}new/", {"platform": "huggingface", "name": "a/b", "role": ""})
    assert bad.status_code == 422
    assert 'value="a/b"' in text(bad)
    client.post(f"{DESK}new/", {"platform": "github", "name": "vllm-project/vllm", "role": "inference"})
    made = Source.objects.get()
    page = f"{DESK}{made.pk}/"
    assert made.commons_role == "inference"
    client.post(f"{page}role/", {"role": ""})
    assert "leaves" not in text(client.get(f"{page}stop/"))
    child = Source.objects.create(platform="github", kind="repository", name="vllm-project/docs", parent=made)
    lease = claim(source_id=child.pk)
    client.post(f"{page}stop/")
    for row in (made, child):
        row.refresh_from_db()
        assert row.due_at is None
        assert row.lease is None
    assert lease is not None
    assert client.post(f"{page}stop/").status_code == 409
    client.post(f"{page}hurry/")
    made.refresh_from_db()
    assert made.due_at is not None
    verbs = set(AuditEntry.objects.about(made).values_list("verb", flat=True))
    assert {"source.watched", "source.role_set", "source.stopped", "source.hurried"} <= verbs


def test_who_only_reads_changes_nothing() -> None:
    made = source()
    client = signed_in(person("auditor", Role.AUDITOR))
    assert "<form" not in text(client.get(f"{DESK}{made.pk}/")).partition("<main")[2]
    for act in ("role", "hurry", "stop"):
        assert client.post(f"{DESK}{made.pk}/{act}/").status_code == 404
    assert client.get(f"{DESK}new/").status_code == 404


def test_the_pages_have_budgets_that_rows_do_not_raise(django_assert_max_num_queries: Any) -> None:
    owner = source("kaveri")
    for number in range(60):
        child = Source.objects.create(
            platform="github", kind="repository", name=f"kaveri/tool-{number}", parent=owner
        )
        Fetch.objects.create(source=child, url="https://api.github.com/x")
        Fetch.objects.create(source=owner, url="https://api.github.com/x")
    client = signed_in(person("officer", Role.OFFICER))
    with django_assert_max_num_queries(8):
        assert "tool-9" in text(client.get(DESK, {"q": "tool-9"}))
    with django_assert_max_num_queries(11):
        assert "60 sources of its own" in text(client.get(f"{DESK}{owner.pk}/"))
