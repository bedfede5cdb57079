"""The sandbox's pages: own rows only, a secret shown once, and a playground that refuses in sentences."""

import datetime
import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from mission.models import Role
from sandbox.actions.keys import playground_key, revoke_key
from sandbox.actions.usage import fill_lease, settle
from sandbox.keys import find_key, look_up
from sandbox.models import ApiKey, Deployment, KeyKind, Usage, UsageStatus
from tests.compute.lots import award, lot
from tests.sandbox.world import ASK, MODEL, Grantee, grantee, model
from tests.world import person

HOME, KEYS, PLAYGROUND, PASS = (
    "/sandbox/",
    "/sandbox/keys/",
    "/sandbox/playground/",
    "/sandbox/playground/pass/",
)


@pytest.fixture
def ravi(db: None) -> Grantee:
    """Not asha of the conftest, whose rows other threads must see."""
    return grantee("ravi")


@pytest.fixture
def browser_of(ravi: Grantee) -> Client:
    return signed_in(ravi)


def signed_in(somebody: Grantee) -> Client:
    client = Client()
    client.force_login(somebody.user)
    return client


def asking(somebody: Grantee, message: str = "Name a river in India.", **more: Any) -> dict[str, Any]:
    turns = json.dumps(more.pop("turns", []))
    return {"award": somebody.award.pk, "model": MODEL, "message": message, "turns": turns, **more}


def used(somebody: Grantee, request_id: str, gpu_ms: int = 40) -> Usage:
    lease = fill_lease(award_id=somebody.award.pk, lease_id=None, left_ms=0, gpu_ms=1000, at_least=1)
    return settle(
        request_id=request_id,
        key_id=somebody.key.pk,
        lot_id=lease.lot_id,
        lease_id=lease.lease_id,
        deployment_id=Deployment.objects.get().pk,
        prompt_tokens=31,
        completion_tokens=17,
        gpu_ms=gpu_ms,
        status=UsageStatus.DONE,
    )


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


# --- what is shown -----------------------------------------------------------------------------------


def test_the_page_shows_what_is_left_the_keys_use_by_day_and_rates(browser_of: Client, ravi: Grantee) -> None:
    used(ravi, "req_one")
    used(ravi, "req_two")
    page = text(browser_of.get(HOME))
    for words in (ravi.award.reference, "Laptop", ravi.key.prefix, "Apache-2.0", MODEL, "never stored"):
        assert words in page
    assert "about 990,000 answer tokens" in page
    assert "80 GPU-milliseconds" in page
    assert timezone.localdate().strftime("%B %Y") in page


def test_rows_of_other_organisations_are_neither_shown_nor_found(browser_of: Client) -> None:
    other = grantee("meera", lab="Ganga Labs")
    used(other, "req_other")
    page = text(browser_of.get(HOME))
    assert other.award.reference not in page
    assert other.key.prefix not in page
    assert "Nothing has been asked" in page
    assert browser_of.post(f"/sandbox/keys/{other.key.pk}/revoke/").status_code == 404
    assert browser_of.post(KEYS, {"award": other.award.pk, "label": "x"}).status_code == 404
    for path in (PLAYGROUND, PASS):
        assert browser_of.post(path, asking(other)).status_code == 404
    assert ApiKey.objects.live().filter(award=other.award).count() == 1


def test_a_former_member_sees_and_opens_nothing(browser_of: Client, ravi: Grantee) -> None:
    ravi.award.organisation.memberships.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert ravi.award.reference not in text(browser_of.get(HOME))
    assert browser_of.post(f"/sandbox/keys/{ravi.key.pk}/revoke/").status_code == 404
    assert browser_of.post(PASS, asking(ravi)).status_code == 404


@pytest.mark.parametrize("path", [HOME, PLAYGROUND])
def test_a_grantee_without_gpu_time_is_told_where_it_comes_from(db: None, path: str) -> None:
    model()
    client = Client()
    client.force_login(person("lata", Role.GRANTEE))
    page = text(client.get(path))
    assert "You have no GPU time yet" in page
    assert 'name="message"' not in page
    assert 'name="label"' not in page


@pytest.mark.parametrize(
    ("granted", "more", "state"),
    [
        (1000, {"opens": -9, "expires": -1}, "Expired"),
        (1000, {"opens": 2}, "Not open yet"),
        (40, {}, "Used up"),
    ],
)
def test_a_lot_says_why_it_cannot_be_spent(db: None, granted: int, more: dict[str, int], state: str) -> None:
    somebody = grantee("tara", granted_ms=granted, **more)  # type: ignore[arg-type]
    if state == "Used up":
        used(somebody, "req_all", gpu_ms=40)
    assert state in text(signed_in(somebody).get(HOME))


def test_who_has_no_award_is_told_so(db: None) -> None:
    client = Client()
    client.force_login(person("nobody"))
    assert [client.get(path).status_code for path in (HOME, PLAYGROUND)] == [403, 403]


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("path", "most"), [(HOME, 8), (PLAYGROUND, 5)])
def test_the_pages_stay_in_their_sql_budget_whatever_the_rows(
    browser_of: Client, ravi: Grantee, path: str, most: int
) -> None:
    assert queries(browser_of, path) == most
    for number in range(3):
        to = award(ravi.user, f"Branch {number}")
        lot(10_000, to=to)
        browser_of.post(KEYS, {"award": to.pk, "label": "more"})
        used(ravi, f"req_{number}")
    assert queries(browser_of, path) == most


# --- keys --------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_stored_nowhere(browser_of: Client, ravi: Grantee) -> None:
    answer = browser_of.post(KEYS, {"award": ravi.award.pk, "label": "Cluster"})
    made = ApiKey.objects.get(label="Cluster")
    secret = answer.context["secret"]
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert secret in text(answer)
    assert f"{django_settings.SITE_URL}/v1" in text(answer)
    assert find_key(secret) == made
    assert secret not in text(browser_of.get(HOME))
    assert not [row for row in ApiKey.objects.values() if secret in str(row)]
    assert not [kept for kept in Session.objects.all() if secret in str(kept.get_decoded())]


def test_with_several_awards_one_chooses_which_pays(browser_of: Client, ravi: Grantee) -> None:
    second = award(ravi.user, "Second Labs")
    lot(10_000, to=second)
    assert '<select name="award"' in text(browser_of.get(HOME))
    browser_of.post(KEYS, {"award": second.pk, "label": "For the second"})
    assert ApiKey.objects.get(label="For the second").award == second


def test_a_key_without_a_label_is_refused_beside_the_field(browser_of: Client, ravi: Grantee) -> None:
    answer = browser_of.post(KEYS, {"award": ravi.award.pk, "label": " "})
    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert ApiKey.objects.count() == 1


def test_a_revoked_key_opens_nothing_and_says_so(browser_of: Client, ravi: Grantee) -> None:
    page = text(browser_of.post(f"/sandbox/keys/{ravi.key.pk}/revoke/", follow=True))
    assert "opens nothing any more" in page
    assert "Revoked" in page
    assert look_up(ravi.secret) is None
    assert browser_of.post(f"/sandbox/keys/{ravi.key.pk}/revoke/").status_code == 409


def test_looking_at_an_address_that_changes_things_changes_nothing(browser_of: Client, ravi: Grantee) -> None:
    for path in (KEYS, f"/sandbox/keys/{ravi.key.pk}/revoke/"):
        assert browser_of.get(path)["Location"] == HOME
    assert browser_of.get(PASS).status_code == 405
    assert look_up(ravi.secret) is not None
    assert ApiKey.objects.count() == 1


# --- the playground ----------------------------------------------------------------------------------


def test_the_playground_opens_with_a_form_and_is_never_kept(browser_of: Client) -> None:
    answer = browser_of.get(PLAYGROUND)
    assert "no-store" in answer["Cache-Control"]
    assert 'aria-live="polite"' in text(answer)
    assert "playground.js" in text(answer)


def test_a_model_server_that_is_away_is_a_sentence_and_nothing_typed_is_lost(
    transactional_db: None, asha: Grantee
) -> None:
    said = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good morning"}]
    answer = signed_in(asha).post(PLAYGROUND, asking(asha, "Which river?", turns=said))
    assert answer.status_code == 503
    assert "The model server cannot be reached" in text(answer)
    assert "Which river?" in text(answer)
    assert ">Good morning</li>" in text(answer)
    assert (asha.used(), Usage.objects.count()) == (0, 0)


def test_a_spent_lot_is_a_sentence_and_nothing_typed_is_lost(transactional_db: None) -> None:
    spent = grantee("asha", granted_ms=40)
    used(spent, "req_all", gpu_ms=40)
    answer = signed_in(spent).post(PLAYGROUND, asking(spent, "Which river?"))
    assert answer.status_code == 429
    assert "There is a problem" in text(answer)
    assert "Which river?" in text(answer)
    assert Usage.objects.count() == 1


TURN = {"role": "user", "content": "x"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"message": ""}, "This field is required"),
        ({"message": "x" * 8001}, "at most 8,000 characters"),
        ({"turns": [TURN | {"content": "y" * 7999}], "message": "zz"}, "at most 8,000 characters"),
        ({"turns": [TURN] * 20}, "ends after 10 messages"),
        ({"turns": [{"role": "system", "content": "x"}]}, "could not be read"),
        ({"turns": "<script>"}, "could not be read"),
        ({"model": "another"}, "There is a problem"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_form(
    browser_of: Client, ravi: Grantee, more: dict[str, Any], words: str
) -> None:
    answer = browser_of.post(PLAYGROUND, asking(ravi, **more))
    assert answer.status_code == 422
    assert words in text(answer)
    assert browser_of.post(PASS, asking(ravi, **more)).status_code == 422
    assert not ApiKey.objects.filter(kind=KeyKind.PLAYGROUND).exists()


def test_what_was_said_is_shown_as_text(browser_of: Client, ravi: Grantee) -> None:
    answer = browser_of.post(PLAYGROUND, asking(ravi, "", turns=[TURN | {"content": "<b>bold</b>"}]))
    assert "&lt;b&gt;bold" in text(answer)
    assert "<b>bold" not in text(answer)


def test_a_pass_opens_the_award_for_its_own_person_until_revoked(browser_of: Client, ravi: Grantee) -> None:
    told = browser_of.post(PASS, asking(ravi)).json()
    key = playground_key(actor=ravi.user, award=ravi.award)
    opened = look_up(told["pass"])
    assert opened is not None
    assert (opened.key, opened.award) == (key.pk, ravi.award.pk)
    assert told["asked"]["messages"] == ASK
    assert told["asked"]["stream"] is True
    revoke_key(actor=ravi.user, key=key)
    assert look_up(told["pass"]) is None


def test_a_pass_needs_the_pages_own_csrf_token(ravi: Grantee) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ravi.user)
    assert client.post(PASS, asking(ravi)).status_code == 403


def test_an_answer_without_javascript_is_metered_like_any_other(
    transactional_db: None, model_server: str, settings: Settings, asha: Grantee
) -> None:
    settings.LLM_URL = model_server
    client = signed_in(asha)
    answer = client.post(PLAYGROUND, asking(asha, "Answer with one word: hello"))
    assert answer.status_code == 200
    question, reply = answer.context["turns"]
    assert question["content"] == "Answer with one word: hello"
    assert reply["content"] in text(answer).replace("&#x27;", "'").replace("&quot;", '"')
    usage = Usage.objects.get()
    assert usage.key.kind == KeyKind.PLAYGROUND
    assert asha.used() == usage.gpu_ms > 0
