"""The words and the odds of the world of scale."""

import datetime
import random
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from grants.models import Application

DAY = datetime.timedelta(days=1)
BATCH = 2000
NOW = timezone.now()
KINDS = [
    "Kaveri Labs",
    "Open Speech",
    "Delta Institute",
    "Polder Compute",
    "Sahara AI",
    "Andes Models",
    "Baltic Data",
]
SUBJECTS = [
    "speech",
    "translation",
    "retrieval",
    "vision",
    "weather",
    "farming",
    "health",
    "courts",
    "schools",
    "grammar",
    "maps",
    "rivers",
    "crops",
    "braille",
    "subtitles",
    "poetry",
    "contracts",
    "radio",
    "traffic",
    "energy",
]
DOINGS = [
    "models",
    "corpora",
    "benchmarks",
    "evaluations",
    "adapters",
    "tokenisers",
    "embeddings",
    "datasets",
    "distillation",
    "pruning",
]
PLACES = [
    "Marathi",
    "Tamil",
    "Yoruba",
    "Swahili",
    "Quechua",
    "Frisian",
    "Basque",
    "Khmer",
    "Nepali",
    "Hausa",
    "Welsh",
    "Guarani",
]
WORDS = [
    "open",
    "public",
    "shared",
    "training",
    "careful",
    "records",
    "licence",
    "speakers",
    "villages",
    "recordings",
    "weights",
    "results",
    "paper",
    "release",
    "measure",
    "cost",
    "energy",
    "students",
    "clinics",
    "harvest",
    "judges",
    "teachers",
    "archive",
]

CRITERIA = [
    {"key": "commons", "label": "Value to the commons", "weight": 40},
    {"key": "plan", "label": "Feasibility", "weight": 35},
    {"key": "team", "label": "Team", "weight": 25},
]
QUESTIONS = [
    {"key": "plan", "kind": "long_text", "label": "Your plan", "max_words": 300},
    {"key": "licence", "kind": "choice", "label": "Licence", "choices": ["Apache-2.0", "MIT"]},
]
_CHECK, _REVIEW = {"step": "check"}, {"step": "review", "reviews": 3, "blind": False}
_END: list[dict[str, Any]] = [{"step": "decision"}, {"step": "answer", "days": 21}]
ROUTES: list[dict[str, Any]] = [
    {
        "route": "desk",
        "up_to_gpu_hours": 500,
        "up_to_money": None,
        "service_days": 15,
        "steps": [_CHECK, {"step": "technical"}, *_END],
    },
    {
        "route": "review",
        "up_to_gpu_hours": 10_000,
        "up_to_money": None,
        "service_days": 40,
        "steps": [_CHECK, _REVIEW, *_END],
    },
    {
        "route": "panel",
        "up_to_gpu_hours": None,
        "up_to_money": None,
        "service_days": 60,
        "steps": [_CHECK, {"step": "technical"}, _REVIEW, {"step": "panel"}, *_END],
    },
]
WAYS: dict[str, Any] = {
    "before_review": frozenset({"submitted", "returned", "assessment"}),
    "decided": frozenset(
        {"decided", "waitlisted", "offered", "awarded", "turned_down", "lapsed", "declined"}
    ),
    "kind": {"declined": "decline", "waitlisted": "wait"},
}
STATE_OF_STEP = {"check": "submitted", "technical": "assessment", "review": "in_review", "panel": "panel"}
ENDS = ["awarded"] * 5 + ["declined"] * 12 + ["turned_down", "lapsed", "waitlisted", "withdrawn"]


def title_of(dice: random.Random) -> str:
    doing, subject, place = dice.choice(DOINGS), dice.choice(SUBJECTS), dice.choice(PLACES)
    return f"{doing.title()} of {subject} in {place}, part {dice.randrange(1, 900)}"


def summary_of(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _n in range(40)).capitalize() + "."


def feedback(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _n in range(12)).capitalize() + "."


def state_of(dice: random.Random, age: int, route: Mapping[str, Any]) -> str:
    """`age`: how many calls ago. The three newest are in work, two wait to be told, the rest are over."""
    if age > 4:
        return dice.choice(ENDS)
    if age > 2:
        return dice.choice([*ENDS, "offered", "decided", "decided", "reviewed", "reviewed"])
    steps = [STATE_OF_STEP[s["step"]] for s in route["steps"] if s["step"] in STATE_OF_STEP]
    return dice.choice([*steps, *steps, "reviewed", "returned" if age == 0 else "declined"])


def passages_of(
    dice: random.Random,
    route: Mapping[str, Any],
    status: str,
    start: datetime.datetime,
    now: datetime.datetime,
) -> list[tuple[str, datetime.datetime, datetime.datetime | None]]:
    """(state, entered, left) from submission to the state it is in; the last is not left."""
    states = [STATE_OF_STEP[s["step"]] for s in route["steps"] if s["step"] in STATE_OF_STEP]
    if status in states:
        states = states[: states.index(status) + 1]
    elif status == "returned":
        states = ["submitted", "returned"]
    elif status == "reviewed":
        states = [*states, "reviewed"]
    else:
        offered = ["offered"] if status in {"awarded", "turned_down", "lapsed"} else []
        states = [*states, "reviewed", *offered, status]
    moments, at = [], start
    for _state in states:
        moments.append(at)
        at = at + DAY * dice.uniform(1, 14)
    if moments[-1] >= now:  # squeezed into the time there was
        room = (now - start) / (len(states) + 1)
        moments = [start + room * n for n in range(len(states))]
    ends: list[datetime.datetime | None] = [*moments[1:], None]
    return list(zip(states, moments, ends, strict=True))


def when_submitted(application: Application) -> datetime.datetime:
    return application.submitted_at or NOW
