"""A small grant desk, built by the actions the pages call."""

import datetime
from typing import Any

from django.utils import timezone

from grants.actions.applications import save_draft, start_application, submit
from grants.actions.calls import create_call, ensure_programme, publish_call
from grants.actions.compute import open_resource
from grants.actions.decisions import decide
from grants.actions.reviews import assign_reviewer, declare_no_conflict, submit_review
from grants.models import Application, Award, Call, Decision, ProgrammeKind, Review
from grants.models.gpu_time import gpu_ms
from mission.models import Organisation, Role, User
from tests.world import organisation, person

CRITERIA = [
    {"key": "commons", "label": "Value to the commons", "weight": 60},
    {"key": "plan", "label": "Feasibility", "weight": 40},
]
QUESTIONS = [
    {"key": "plan", "kind": "long_text", "label": "Your plan", "max_words": 50},
    {"key": "licence", "kind": "choice", "label": "Licence", "choices": ["Apache-2.0", "MIT"]},
    {"key": "site", "kind": "url", "label": "Web site", "required": False},
]
ANSWERS = {
    "title": "Speech for Marathi",
    "summary": "An open speech model.",
    "gpu_hours": "500",
    "plan": "Collect, train, publish.",
    "licence": "Apache-2.0",
}
DELIVERABLES = [{"title": "A Marathi speech model", "kind": "model", "due_days": 180}]
PROMISE = "We work for civilian use only."


def officer(name: str = "officer") -> User:
    return person(name, Role.OFFICER)


def draft_call(actor: User, *, hours: int = 1000, **more: Any) -> Call:
    now = timezone.now()
    settings: dict[str, Any] = {
        "title": "Compute for open language models",
        "summary": "GPU-hours for models that everybody may use.",
        "opens_at": now - datetime.timedelta(days=1),
        "closes_at": now + datetime.timedelta(days=30),
        "questions": QUESTIONS,
        "criteria": CRITERIA,
        "deliverables": DELIVERABLES,
        "declarations": [PROMISE],
        "time_zone": "Asia/Kolkata",
        **more,
    }
    programme = ensure_programme(actor=actor, kind=ProgrammeKind.COMPUTE, name="Compute grants")
    return create_call(actor=actor, programme=programme, budget_gpu_ms=gpu_ms(hours), **settings)


def open_call(actor: User, *, hours: int = 1000, **more: Any) -> Call:
    return publish_call(actor=actor, call=draft_call(actor, hours=hours, **more))


def startup(name: str = "Kaveri Labs", owner: str = "asha") -> tuple[User, Organisation]:
    founder = person(owner)
    return founder, organisation(founder, name)


def drafted(actor: User, call: Call, of: Organisation, **answers: Any) -> Application:
    application = start_application(actor=actor, call=call, organisation=of)
    return save_draft(actor=actor, application=application, answers={**ANSWERS, **answers}, version=0)


def submitted(actor: User, call: Call, of: Organisation, **answers: Any) -> Application:
    return submit(actor=actor, application=drafted(actor, call, of, **answers), declared=[PROMISE])


def scored(actor: User, application: Application, reviewer: User, points: int = 4) -> Review:
    review = assign_reviewer(actor=actor, application=application, reviewer=reviewer)
    review = declare_no_conflict(actor=reviewer, review=review)
    scores = {item["key"]: {"points": points, "comment": "Sound."} for item in CRITERIA}
    return submit_review(actor=reviewer, review=review, scores=scores, recommended_gpu_ms=gpu_ms(400))


def reviewed(actor: User, application: Application) -> Application:
    """Through two reviewers."""
    for name in ("ravi", "lena"):
        found = User.objects.filter(email=f"{name}@example.org").first()
        scored(actor, application, found or person(name, Role.REVIEWER))
    application.refresh_from_db()
    return application


def gpus(actor: User | None = None) -> None:
    open_resource(actor=actor, name="Siraj", provider="National cloud", gpu_type="H100", capacity=64)


def award(*, actor: User, application: Application, **gives: Any) -> Award:
    """Decide for it, on a call where an award stands at once."""
    decide(actor=actor, application=application, kind="award", **gives)
    return Award.objects.get(application=application)


def decline(*, actor: User, application: Application, **words: Any) -> Decision:
    return decide(actor=actor, application=application, kind="decline", **words)
