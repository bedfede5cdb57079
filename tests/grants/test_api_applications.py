"""/api/applications/: one's own and nobody else's; never a word of a decision that is held."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.models import Application, Decision
from mission.models import Role
from tests.grants.test_sections import client_of
from tests.grants.world import ANSWERS, drafted, officer, open_call, startup, submitted
from tests.world import person

pytestmark = pytest.mark.django_db


def test_one_reads_ones_own_applications() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera, title="First"), kaveri)
    drafted(asha, open_call(meera, title="Second"), kaveri)
    client = client_of(asha)
    listed = client.get("/api/applications/").json()
    assert listed["count"] == 2
    assert {row["status"] for row in listed["results"]} == {"submitted", "draft"}
    only = client.get("/api/applications/?call=first").json()["results"]
    assert [row["reference"] for row in only] == [application.reference]
    assert only[0]["requested_gpu_hours"] == 500
    found = client.get(f"/api/applications/{application.reference}/").json()
    assert found["answers"]["plan"] == ANSWERS["plan"]
    assert found["versions"][0]["sha256"] == application.submitted_version().fingerprint()  # type: ignore[union-attr]
    assert found["questions"][0]["key"] == "title"


def test_what_is_not_ones_own_is_not_there() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    address = f"/api/applications/{application.reference}/"
    for other in (person("stranger"), meera, person("ravi", Role.REVIEWER)):
        client = client_of(other)
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"]
        assert client.get("/api/applications/").json()["count"] == 0
    anonymous = Client().get(address)
    assert anonymous.status_code == 401
    assert anonymous.json()["error"]["code"] == "not_authenticated"


@pytest.mark.parametrize("status", ["assessment", "in_review", "panel", "reviewed", "decided"])
def test_what_happens_inside_is_being_decided_in_every_page_and_in_the_api(status: str) -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    Decision.objects.create(
        application=application,
        kind="decline",
        requested_gpu_ms=1,
        reason="Weak",
        feedback="Secret feedback",
        decided_by=meera,
    )
    later = timezone.now() + timezone.timedelta(days=3)
    Application.objects.update(status=status, status_since=later)
    client, own = client_of(asha), application.get_absolute_url()
    told = client.get(f"/api/applications/{application.reference}/").json()
    assert told["status"] == "being_decided"
    assert told["since"] == told["submitted_at"]
    assert told["feedback"] == ""
    for path in ("/apply/", own, f"{own}receipt/", f"{own}versions/1/", f"{own}withdraw/"):
        page = client.get(path).content.decode()
        assert "Secret feedback" not in page
        for word in ("not announced", "Decided", "Reviewed", "In review", "Before the panel", "assessment"):
            assert word not in page, (path, word)
        if path in {"/apply/", own}:
            assert "Being decided" in page
    saved = client.post(f"{own}basics/save/", {"title": "Late", "version": "1"})
    assert saved.json()["error"]["message"] == "This application is being decided. Nothing was changed."


def test_the_list_asks_the_database_as_often_for_many_as_for_one(django_assert_max_num_queries: Any) -> None:
    meera, (asha, kaveri) = officer(), startup()
    client, counts = client_of(asha), []
    for n in range(3):
        submitted(asha, open_call(meera, title=f"Call {n}"), kaveri)
        with django_assert_max_num_queries(12) as asked:
            assert client.get("/api/applications/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2], counts


def test_the_schema_tells_of_it() -> None:
    schema = Client().get("/api/schema/?format=json").json()
    assert "/api/applications/" in schema["paths"]
    detail = schema["paths"]["/api/applications/{reference}/"]["get"]
    assert detail["operationId"] == "applications_read"
