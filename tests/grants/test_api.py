"""/api/calls/ and /api/awards/: fields as the page has them, filters that filter, a schema of no warning."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from grants.models import Amendment, Award, Call
from grants.models.gpu_time import gpu_ms
from tests.grants.world import (
    CRITERIA,
    award,
    draft_call,
    gpus,
    officer,
    open_call,
    reviewed,
    startup,
    submitted,
)
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
ROUTES = [
    {
        "route": "desk",
        "up_to_gpu_hours": 100,
        "up_to_money": None,
        "service_days": 10,
        "steps": [{"step": "check"}, {"step": "decision"}],
    },
    {
        "route": "panel",
        "up_to_gpu_hours": None,
        "up_to_money": None,
        "service_days": 40,
        "steps": [
            {"step": "review", "reviews": 2, "blind": True},
            {"step": "decision"},
            {"step": "answer", "days": 14},
        ],
    },
]


def got(path: str, expect: int = 200, **query: Any) -> Any:
    answer = Client().get(path, query)
    assert answer.status_code == expect, answer.content
    return answer.json()


def slugs(**query: Any) -> list[str]:
    return sorted(row["slug"] for row in got("/api/calls/", **query)["results"])


def awarded(count: int = 1) -> list[Award]:
    meera, made = officer(), []
    gpus()
    call = open_call(meera)
    for n in range(count):
        founder = person(f"founder{n}")
        of = organisation(founder, f"Team {n}", "IN" if n % 2 == 0 else "FR")
        application = reviewed(meera, submitted(founder, call, of))
        made.append(award(actor=meera, application=application, gpu_ms=gpu_ms(10 + n), reason="Strong"))
    return made


def test_a_call_shows_what_applicants_see() -> None:
    criteria = [{**CRITERIA[0], "anchors": {"0": "None", "5": "Plain to all"}}, CRITERIA[1]]
    call = open_call(
        officer(),
        routes=ROUTES,
        criteria=criteria,
        currency="INR",
        budget_money=Decimal(5000),
        appeal_days=14,
    )
    shown = got(f"/api/calls/{call.slug}/")
    assert shown["applicants"] == "organisations"
    assert (shown["budget_money"], shown["currency"]) == ("5000.00", "INR")
    assert [route["service_days"] for route in shown["routes"]] == [10, 40]
    assert shown["routes"][1]["steps"][0] == {"step": "review", "reviews": 2, "blind": True}
    assert shown["criteria"][0]["anchors"]["5"] == "Plain to all"
    assert shown["appeal_days"] == 14
    asked = [question["key"] for section in shown["sections"] for question in section["questions"]]
    assert sorted(asked) == sorted(question["key"] for question in shown["questions"])
    assert shown["declarations"]
    assert shown["deliverables"][0]["due_days"] == 180


def test_a_call_tells_its_amendments() -> None:
    meera = officer()
    call = open_call(meera)
    changes = {"title": {"before": "Old", "after": "New"}}
    Amendment.objects.create(
        call=call, number=1, words="A clearer title", changes=changes, announced_by=meera
    )
    shown = got(f"/api/calls/{call.slug}/")["amendments"]
    assert [(a["number"], a["words"]) for a in shown] == [(1, "A clearer title")]
    assert shown[0]["changes"]


def test_calls_are_filtered_by_kind_phase_nation_programme_and_year() -> None:
    meera, now = officer(), timezone.now()
    hour = datetime.timedelta(hours=1)
    now_open = open_call(meera, title="Now")
    later = open_call(meera, title="Later", opens_at=now + hour, closes_at=now + 5 * hour)
    past = open_call(meera, title="Past")
    grace = open_call(meera, title="Grace", grace_minutes=90)
    old = {"opens_at": now - 9 * hour, "closes_at": now - hour}
    Call.objects.filter(pk__in=[past.pk, grace.pk]).update(**old)
    indian = open_call(meera, title="Indian", eligibility=[{"rule": "nation", "any_of": ["IN"]}])
    draft_call(meera, title="Draft")
    assert slugs(phase="upcoming") == [later.slug]
    assert slugs(phase="closed") == [past.slug]
    assert slugs(phase="open") == sorted([now_open.slug, grace.slug, indian.slug])
    assert {row["phase"] for row in got("/api/calls/", phase="open")["results"]} == {"open"}
    assert indian.slug in slugs(nation="in")
    assert indian.slug not in slugs(nation="FR")
    assert now_open.slug in slugs(nation="FR")
    assert len(slugs(kind="compute")) == 5
    assert slugs(kind="dataset") == []
    assert len(slugs(programme=now_open.programme.slug)) == 5
    assert slugs(programme="none") == []
    assert slugs(year=1999) == []
    assert now_open.slug in slugs(year=now_open.opens_at.year, phase="open")


def test_a_reference_gives_that_award_and_no_other() -> None:
    first, second = awarded(2)
    assert [row["reference"] for row in got("/api/awards/", reference=second.reference)["results"]] == [
        second.reference
    ]
    assert got("/api/awards/", reference="OSAI-1999-0001")["count"] == 0
    assert got("/api/awards/")["count"] == 2
    assert first.reference != second.reference


def test_awards_are_filtered_and_show_money_and_hours() -> None:
    first, second = awarded(2)
    Award.objects.filter(pk=first.pk).update(money=Decimal("12.50"), currency="INR")
    rows = {row["reference"]: row for row in got("/api/awards/")["results"]}
    assert (rows[first.reference]["money"], rows[first.reference]["currency"]) == ("12.50", "INR")
    assert rows[second.reference]["granted_gpu_hours"] == 11.0
    assert rows[second.reference]["granted_gpu_ms"] == gpu_ms(11)
    assert rows[first.reference]["kind"] == "compute"
    year = first.awarded_at.year
    assert got("/api/awards/", nation="FR")["results"][0]["reference"] == second.reference
    assert got("/api/awards/", year=year, kind="compute", call=first.application.call.slug)["count"] == 2
    assert got("/api/awards/", year=year - 1)["count"] == 0
    assert got("/api/awards/", programme="nothing")["count"] == 0


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/calls/", {"kind": "gold"}),
        ("/api/calls/", {"phase": "soon"}),
        ("/api/calls/", {"year": "20x6"}),
        ("/api/calls/", {"nation": "India"}),
        ("/api/awards/", {"kind": "gold"}),
        ("/api/awards/", {"year": "0"}),
    ],
)
def test_a_filter_that_is_none_is_refused_by_name(path: str, query: dict[str, str]) -> None:
    error = got(path, 422, **query)["error"]
    assert error["field"] == next(iter(query))
    assert error["code"] == "invalid"


def test_odd_pages_are_404_and_odd_signs_find_nothing() -> None:
    open_call(officer())
    got("/api/calls/", 404, page="99")
    assert got("/api/awards/", reference="\0'; --")["count"] == 0


def test_drafts_of_calls_do_not_exist() -> None:
    draft = draft_call(officer())
    got(f"/api/calls/{draft.slug}/", 404)
    assert slugs() == []


@pytest.mark.parametrize("address", ["/api/calls/", "/api/awards/"])
def test_lists_ask_as_often_for_many_as_for_one(address: str, django_assert_max_num_queries: Any) -> None:
    counts = []
    meera, (asha, kaveri) = officer(), startup()
    gpus()
    for _n in range(3):
        application = reviewed(meera, submitted(asha, open_call(meera), kaveri))
        award(actor=meera, application=application, gpu_ms=gpu_ms(10), reason="Strong")
        with django_assert_max_num_queries(4) as asked:
            got(address)
        counts.append(len(asked))
    assert counts[0] == counts[2], counts


def test_the_schema_is_written_without_a_warning(tmp_path: Any) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    text = file.read_text()
    for word in ("/api/calls/:", "/api/awards/:", "name: reference", "service_days", "name: phase"):
        assert word in text, word
