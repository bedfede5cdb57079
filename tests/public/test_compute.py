"""/compute/: what stands in the ledger; of what is asked for, one rounded sum, and none of few."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contributions.actions.rollups import mark_months_stale, recompute_stale
from contributions.measures.metric import month_of
from dashboards.measures import LEDGER
from grants.actions.compute import draw
from grants.actions.decisions import decide
from grants.models import Application, Lot
from grants.models.gpu_time import gpu_ms
from mission.models import Role
from tests.grants.world import award, gpus, open_call, reviewed, startup, submitted
from tests.world import person

pytestmark = pytest.mark.django_db


def figure(client: Client, slug: str) -> Any:
    return client.get(f"/compute/?format=json&figure={slug}").json()["figures"][0]


def amounts(client: Client) -> dict[str, Any]:
    return {row["what"].split(",")[0]: row["amount"] for row in figure(client, "queue")["rows"]}


def test_a_machine_is_told_with_what_was_granted_and_used(client: Client) -> None:
    officer = person("officer", Role.OFFICER)
    gpus(officer)
    founder, of = startup()
    given = award(
        actor=officer,
        application=reviewed(officer, submitted(founder, open_call(officer), of)),
        gpu_ms=gpu_ms(500),
        reason="Best score of the round.",
    )
    lot = Lot.objects.get(award=given)
    draw(actor=None, lot_id=lot.pk, external_id="job-1", gpu_ms=gpu_ms(20), day=timezone.localdate())
    row = figure(client, "resources")["rows"][0]
    assert (row["resource"], row["gpus"]["value"]) == ("Siraj", 64)
    assert [row[key]["value"] for key in ("awards", "granted", "used", "left")] == [1, 500, 20, 480]
    mark_months_stale(metrics=LEDGER.values(), months=[month_of(timezone.now())])
    recompute_stale(metrics=LEDGER)
    last = figure(client, "months")["rows"][-1]
    assert (last["gpu_hours_granted"]["value"], last["gpu_hours_used"]["value"]) == (500, 20)


def test_of_fewer_than_ten_applications_nothing_is_told(client: Client) -> None:
    officer = person("officer", Role.OFFICER)
    call = open_call(officer, hours=100_000)
    for number in range(9):
        founder, of = startup(f"Startup {number}", f"owner{number}")
        submitted(founder, call, of, gpu_hours="1234")
    told = amounts(client)
    assert told["Applications"] == {"value": None, "lower": None, "upper": None, "status": "suppressed"}
    assert told["GPU-hours they ask for"]["status"] == "suppressed"
    assert "1,234" not in client.get("/compute/").content.decode()
    founder, of = startup("Startup 9", "owner9")
    submitted(founder, call, of, gpu_hours="1234")
    told = amounts(client)
    assert told["Applications"]["value"] == 10
    assert told["GPU-hours they ask for"]["value"] == 12_000, "12,340 would tell of the one that came last"


def test_a_decision_that_is_held_does_not_show(client: Client) -> None:
    officer = person("officer", Role.OFFICER)
    gpus(officer)
    held_until = timezone.now() + datetime.timedelta(days=40)
    call = open_call(officer, hours=100_000, results_at=held_until)
    for number in range(10):
        founder, of = startup(f"Startup {number}", f"owner{number}")
        submitted(founder, call, of)
    before = amounts(client)
    application = reviewed(officer, Application.objects.order_by("pk")[0])
    decide(actor=officer, application=application, kind="award", gpu_ms=gpu_ms(400), reason="Best score.")
    application.refresh_from_db()
    assert application.status == "decided"
    assert amounts(client) == before


def test_without_machines_the_page_says_what_to_do(client: Client) -> None:
    page = client.get("/compute/").content.decode()
    assert "No machine has been entered yet" in page
    assert 'href="/calls/"' in page
