"""Starters: each kind of programme opens a good call, whose own questions can be answered."""

from decimal import Decimal

import pytest

from grants.models import ProgrammeKind
from grants.models.gpu_time import gpu_ms
from grants.models.questions import clean_answers
from grants.models.routes import route_for
from grants.models.starters import STARTERS, starter
from tests.grants.world import officer
from tests.grants.world_calls import sensible_answers, started

pytestmark = pytest.mark.django_db
KINDS = list(ProgrammeKind.values)


def test_every_kind_has_a_starter() -> None:
    assert set(STARTERS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_makes_a_call_that_can_be_published(kind: str) -> None:
    call = started(officer(), kind)
    assert call.status == "published"
    assert call.is_open
    assert len(call.questions) >= 8
    assert call.terms
    assert call.declarations


@pytest.mark.parametrize("kind", KINDS)
def test_its_own_questions_can_be_answered(kind: str) -> None:
    call = started(officer(), kind)
    questions = call.read_questions()
    _clean, problems = clean_answers(questions, sensible_answers(questions))
    assert problems == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_criterion_says_what_its_points_mean_and_weights_add_up_to_a_hundred(kind: str) -> None:
    criteria = starter(kind)["criteria"]
    assert sum(item["weight"] for item in criteria) == 100
    for item in criteria:
        assert set(item["anchors"]) == {"0", "1", "3", "5"}
        assert item["help"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_route_promises_a_time_and_asks_the_applicant_at_the_end(kind: str) -> None:
    for route in starter(kind)["routes"]:
        assert route["service_days"]
        assert [step["step"] for step in route["steps"]][-1] == "answer"


def test_a_compute_call_sends_small_medium_and_large_three_ways() -> None:
    routes = starter("compute")["routes"]
    sizes = [route_for(routes, gpu_ms(hours), Decimal(0))["route"] for hours in (500, 501, 20_000)]
    assert sizes == ["desk", "review", "panel"]


def test_a_fellowship_is_for_individuals_and_a_listing_gives_neither_money_nor_gpus() -> None:
    meera = officer()
    assert started(meera, "fellowship").applicants == "individuals"
    listing = started(meera, "procurement")
    assert not listing.budget_gpu_ms
    assert not listing.budget_money
    assert {"gpu_hours", "money"}.isdisjoint(question.key for question in listing.read_questions())
