"""The estimator: numbers worked by hand, how they are told, and their way into an application."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grants.actions.applications import save_draft
from grants.actions.estimator import add_estimate
from grants.models import Application, Call
from grants.models.estimator import BY_KEY, HARDWARE, Estimate, Work, rounded_up
from grants.models.estimator_words import in_words
from mission.errors import Refused
from mission.models import Organisation, User
from tests.grants.world import drafted, officer, open_call, startup, submitted
from tests.world import organisation, person

GPUS = {"key": "gpus", "kind": "gpu_table", "label": "GPU-hours by work item"}
ASKED = {
    "item": "Pre-training",
    "work": "training",
    "parameters": "7B",
    "tokens": "300 billion tokens",
    "hardware": "h100",
    "utilisation": "40",
    "runs": "1",
}


def estimate(work: str = "training", parameters: float = 7e9, tokens: float = 3e11, **more: Any) -> Estimate:
    hardware = BY_KEY[more.pop("hardware", "h100")]
    utilisation = Decimal(more.pop("utilisation", 40))
    return Estimate(Work(work), Decimal(parameters), Decimal(tokens), hardware, utilisation, **more)


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        # 6 × 7e9 × 3e11 = 1.26e22; 989e12 × 0.4 = 3.956e14 a second; 31,850,353 s = 8,847.3 h
        (estimate(), "8850"),
        # 4 × 7e9 × 1e8 = 2.8e18; 312e12 × 0.4 = 1.248e14; 22,436 s = 6.23 h
        (estimate("adapter", tokens=1e8, hardware="a100"), "6.3"),
        # 2 × 7e9 × 1e9 = 1.4e19; 362e12 × 0.1 = 3.62e13; 386,740 s = 107.4 h
        (estimate("inference", tokens=1e9, hardware="l40s", utilisation=10), "108"),
        # 6 × 1e9 × 2e10 = 1.2e20, three times 3.6e20; 125e12 × 0.3 = 3.75e13; 9,600,000 s = 2,666.7 h
        (estimate("tuning", 1e9, 2e10, hardware="v100", utilisation=30, runs=3), "2670"),
        # 6 × 7e10 × 1.5e13 = 6.3e24; 1307e12 × 0.5 = 6.535e14; 9.6404e9 s = 2,677,888 h
        (estimate("training", 7e10, 1.5e13, hardware="mi300x", utilisation=50), "2680000"),
    ],
)
def test_gpu_hours_worked_by_hand(asked: Estimate, hours: str) -> None:
    assert asked.hours == Decimal(hours)


@given(st.decimals("0.0001", "1e12", places=4))
def test_rounding_goes_up_and_by_less_than_a_hundredth(number: Decimal) -> None:
    rounded = rounded_up(number)
    assert number <= rounded <= max(number * Decimal("1.01"), number + Decimal("0.1"))
    assert rounded_up(rounded) == rounded


def test_every_hardware_says_where_its_number_is_from() -> None:
    assert len(BY_KEY) == len(HARDWARE)
    assert all(each.source and each.teraflops > 0 for each in HARDWARE)


def test_an_estimate_is_told_step_by_step() -> None:
    steps = in_words(estimate(runs=2))
    assert steps[0] == "6 × 7B parameters × 300B tokens × 2 runs = 2.52 × 10²² operations."
    assert "at most 989 × 10¹² operations a second; at 40 per cent of that, 395.6 × 10¹²." in steps[1]
    assert steps[2] == (
        "2.52 × 10²² ÷ (395.6 × 10¹²) ÷ 3,600 seconds = 17,694.6 GPU-hours. Rounded up: 17,700 GPU-hours."
    )
    assert steps[3] == "On 8 at once that takes about 92.2 days."


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def asking() -> tuple[User, Organisation, Call]:
    (asha, kaveri), call = startup(), open_call(officer(), questions=[GPUS])
    return asha, kaveri, call


@pytest.mark.django_db
def test_the_page_answers_from_its_address_and_says_what_is_wrong() -> None:
    client = client_of(person("asha"))
    assert "There is a problem" not in text_of(client.get("/apply/estimate/"))
    page = text_of(client.get("/apply/estimate/", ASKED))
    assert "About 8,850 GPU-hours" in page
    assert "Once you have started an application" in page
    wrong = client.get("/apply/estimate/", {**ASKED, "tokens": "many", "utilisation": "140"})
    assert wrong.status_code == 422
    assert "Write a number such as 7B, 300M or 2 trillion." in text_of(wrong)
    assert 'value="many"' in text_of(wrong)
    assert client.get("/apply/estimate/", {**ASKED, "work": "magic"}).status_code == 422


@pytest.mark.django_db
def test_without_a_utilisation_each_kind_of_work_has_its_own() -> None:
    client = client_of(person("asha"))
    assert "at 40 per cent" in text_of(client.get("/apply/estimate/", {**ASKED, "utilisation": ""}))
    inference = {**ASKED, "utilisation": "", "work": "inference"}
    assert "at 10 per cent" in text_of(client.get("/apply/estimate/", inference))


@pytest.mark.django_db
def test_an_estimate_becomes_a_row_of_the_draft_beside_those_there() -> None:
    asha, kaveri, call = asking()
    rows = [{"work": "Tests", "hardware": "A100", "hours": "typed wrong"}]
    draft = drafted(asha, call, kaveri, gpus=rows)
    client = client_of(asha)
    assert draft.reference in text_of(client.get("/apply/estimate/", ASKED))
    answer = client.post("/apply/estimate/", {**ASKED, "application": draft.reference}, follow=True)
    assert "Added to the GPU-hours of" in text_of(answer)
    draft.refresh_from_db()
    assert draft.answers["gpus"] == [
        *rows,
        {
            "work": "Pre-training",
            "parameters": "7B",
            "tokens": "300B",
            "hardware": "NVIDIA H100 SXM",
            "hours": "8850",
        },
    ]
    assert draft.answers["title"] == "Speech for Marathi"


@pytest.mark.django_db
def test_only_own_drafts_that_ask_for_a_table_are_offered() -> None:
    asha, kaveri, call = asking()
    handed_in = submitted(asha, call, kaveri, gpus=[{"work": "W", "hardware": "H100", "hours": "500"}])
    without = drafted(asha, open_call(officer("second")), kaveri)
    vidhya = person("vidhya")
    others = drafted(vidhya, call, organisation(vidhya, "Vidhya"))
    page = text_of(client_of(asha).get("/apply/estimate/", ASKED))
    assert not [a.reference for a in (handed_in, without, others) if a.reference in page]
    refused = client_of(asha).post("/apply/estimate/", {**ASKED, "application": others.reference})
    assert refused.status_code == 422
    assert "gpus" not in Application.objects.get(pk=others.pk).answers


@pytest.mark.django_db
def test_somebody_elses_application_is_refused_by_the_action_too() -> None:
    asha, kaveri, call = asking()
    draft = drafted(asha, call, kaveri)
    with pytest.raises(Refused) as refused:
        add_estimate(actor=person("stranger"), application=draft, item="Theft", estimate=estimate())
    assert refused.value.status == 403


@pytest.mark.django_db
def test_an_estimate_made_while_a_colleague_saves_is_not_lost_and_overwrites_nothing() -> None:
    asha, kaveri, call = asking()
    seen = drafted(asha, call, kaveri, gpus=[])
    mine = [{"work": "Mine", "hardware": "H100", "hours": "1"}]
    save_draft(actor=asha, application=seen, answers={"gpus": mine}, version=seen.draft_version)
    add_estimate(actor=asha, application=seen, item="Training", estimate=estimate())
    seen.refresh_from_db()
    assert [row["work"] for row in seen.answers["gpus"]] == ["Mine", "Training"]


@pytest.mark.django_db
def test_the_page_costs_the_same_with_many_drafts(django_assert_max_num_queries: Any) -> None:
    asha, _kaveri, call = asking()
    for n in range(8):
        drafted(asha, call, organisation(asha, f"Lab {n}"))
    client = client_of(asha)
    with django_assert_max_num_queries(6):
        page = client.get("/apply/estimate/", ASKED)
    assert text_of(page).count("<option") >= 8 + len(HARDWARE)
