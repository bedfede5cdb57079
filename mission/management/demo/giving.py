"""What the demo Mission gives: calls, applications in every state, awards, and hours already used."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from grants.actions import applications, calls, compute, decisions, reviews
from grants.models import Application, Award, Call, Programme, Resource
from grants.models.gpu_time import gpu_ms
from grants.models.programmes import ProgrammeKind
from mission.management.demo.people import Cast

QUESTIONS: list[dict[str, Any]] = [
    {
        "key": "problem",
        "kind": "long_text",
        "label": "What is missing today, and for whom?",
        "max_words": 300,
    },
    {"key": "plan", "kind": "long_text", "label": "What will you do, step by step?", "max_words": 500},
    {
        "key": "outputs",
        "kind": "long_text",
        "label": "What will you publish, and under which licence?",
        "help": "Each model, dataset and repository with its SPDX licence, such as Apache-2.0.",
        "max_words": 200,
    },
    {
        "key": "hardware",
        "kind": "choice",
        "label": "Which hardware do you need most?",
        "choices": ["One GPU at a time", "One machine with 8 GPUs", "Several machines"],
    },
    {
        "key": "profile",
        "kind": "url",
        "label": "Your organisation on GitHub or Hugging Face",
        "required": False,
    },
]
CRITERIA: list[dict[str, Any]] = [
    {"key": "commons", "label": "Value to the commons, and openness", "weight": 35},
    {"key": "feasible", "label": "Feasibility of the plan", "weight": 25},
    {"key": "compute", "label": "Compute is justified", "weight": 20},
    {"key": "team", "label": "Team and earlier results", "weight": 20},
]
DECLARATIONS = [
    "The work has civilian purposes only.",
    "What we wrote is true, and the title and summary may be published if we receive an award.",
]
DELIVERABLES: list[dict[str, Any]] = [
    {"title": "Progress note", "kind": "report", "due_days": 90},
    {"title": "Model or dataset published under an open licence", "kind": "model", "due_days": 270},
    {"title": "Final report, at most three pages", "kind": "report", "due_days": 365},
]


@dataclass(frozen=True)
class Story:
    """One application: how far it comes. `hours` are asked for; `awarded` and `used` in GPU-hours."""

    organisation: str
    title: str
    summary: str
    hours: int
    points: int = 0
    awarded: int = 0
    used: int = 0
    until: str = "awarded"  # draft, submitted, assigned, reviewed, awarded


HOME_STORIES = [
    Story(
        "kaveri",
        "Speech recognition for farm advice lines in four languages",
        "Open speech models for Kannada, Tulu, Konkani and Kodava, trained on consented recordings from "
        "agricultural advice lines, small enough for a phone.",
        600, 5, 500, 0,
    ),
    Story(
        "sahyadri",
        "A public benchmark for speech in noisy places",
        "Test sets and scoring code that show how well open speech models understand people in markets, "
        "buses and fields, with a yearly public round.",
        1400, 4, 1200, 312,
    ),
    Story(
        "nilgiri",
        "Four-bit translation models that run without a network",
        "Translation between twelve languages on a phone of three years ago: quantised open models, the "
        "recipe and the evaluation.",
        900, 4, until="reviewed",
    ),
    Story(
        "vidhya",
        "Open textbooks as question-and-answer data",
        "A dataset of school questions and worked answers in six languages, under CC-BY-4.0, made with "
        "teachers.",
        200, until="submitted",
    ),
]  # fmt: skip
PARTNER_STORIES = [
    Story(
        "mara",
        "Kikuyu and Luo voices for clinic reminders",
        "Open text-to-speech voices in two languages, with the recordings and the consent forms published.",
        350, 4, 300, 96,
    ),
    Story(
        "ipe",
        "Legal Portuguese that cites its sources",
        "A small model and a dataset of public court decisions that answers with the paragraph it relied on.",
        300, 5, 250, 181,
    ),
    Story(
        "songhong",
        "Tokenisers for tonal languages",
        "Measured comparisons and a trained tokeniser family for Vietnamese and its neighbours.",
        120, until="assigned",
    ),
]  # fmt: skip


def open_calls(cast: Cast) -> dict[str, Call]:
    """Three plain calls: one for the home nation, one for everybody, and one that opens later."""
    now = timezone.now()
    day = datetime.timedelta(days=1)
    home = {"rule": "nation", "any_of": [settings.HOME_NATION]}
    return {
        "home": make_call(
            cast, ProgrammeKind.COMPUTE, "Compute for open models in our languages",
            "GPU-hours for startups, labs and non-profits that publish models, datasets and evaluations.",
            now, now + 45 * day, 5000, [home, {"rule": "gpu_hours_at_most", "hours": 2000}],
        ),
        "partner": make_call(
            cast, ProgrammeKind.EFFICIENCY, "Partner compute: small models, honestly evaluated",
            "Open to organisations of every nation that work on models small enough for a laptop.",
            now, now + 30 * day, 1000, [{"rule": "gpu_hours_at_most", "hours": 400}],
        ),
        "later": make_call(
            cast, ProgrammeKind.BENCHMARK, "Benchmark lab: what do models know of our law?",
            "Compute for a public benchmark that officials and courts can rely on.",
            now + 21 * day, now + 90 * day, 2000, [home],
        ),
    }  # fmt: skip


def make_call(
    cast: Cast,
    kind: ProgrammeKind,
    title: str,
    summary: str,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    hours: int,
    rules: list[dict[str, Any]],
) -> Call:
    officer = cast.people["officer"]
    programme: Programme = calls.ensure_programme(actor=officer, kind=kind)
    call = calls.create_call(
        actor=officer,
        programme=programme,
        title=title,
        summary=summary,
        opens_at=opens_at,
        closes_at=closes_at,
        budget_gpu_ms=gpu_ms(hours),
        time_zone="Asia/Kolkata" if settings.HOME_NATION == "IN" else "UTC",
        eligibility=rules,
        questions=QUESTIONS,
        criteria=CRITERIA,
        declarations=DECLARATIONS,
        deliverables=DELIVERABLES,
    )
    return calls.publish_call(actor=officer, call=call)


def open_pool(cast: Cast) -> Resource:
    return compute.open_resource(
        actor=cast.people["officer"],
        name="National AI compute pool",
        provider="Demo Computing Centre",
        gpu_type="NVIDIA H100 80 GB",
        capacity=256,
    )


def tell(cast: Cast, call: Call, story: Story) -> Award | None:
    """Carry one application as far as its story goes."""
    owner = cast.people[story.organisation]
    application = applications.start_application(
        actor=owner, call=call, organisation=cast.organisations[story.organisation]
    )
    application = applications.save_draft(
        actor=owner, application=application, answers=answers_of(story), version=application.draft_version
    )
    if story.until == "draft":
        return None
    applications.submit(actor=owner, application=application, declared=DECLARATIONS)
    if story.until == "submitted":
        return None
    judge(cast, application, story)
    return give(cast, application, story) if story.until == "awarded" else None


def answers_of(story: Story) -> dict[str, str]:
    return {
        "title": story.title,
        "summary": story.summary,
        "gpu_hours": str(story.hours),
        "problem": "The people this is for are not served by the models there are; we measured it with them.",
        "plan": "Collect with consent, train small, evaluate in public, publish everything, then hand over.",
        "outputs": "Models and code under Apache-2.0, data under CC-BY-4.0, with model and data cards.",
        "hardware": "One machine with 8 GPUs",
        "profile": f"https://huggingface.co/{story.organisation}-demo",
    }


def judge(cast: Cast, application: Application, story: Story) -> None:
    for login in ("reviewer1", "reviewer2"):
        reviewer = cast.people[login]
        review = reviews.assign_reviewer(
            actor=cast.people["officer"], application=application, reviewer=reviewer
        )
        if story.until == "assigned":
            continue
        review = reviews.declare_no_conflict(actor=reviewer, review=review)
        scores = {
            item["key"]: {"points": story.points, "comment": "Clear, and the numbers hold."}
            for item in CRITERIA
        }
        reviews.submit_review(
            actor=reviewer,
            review=review,
            scores=scores,
            comment="I would fund this.",
            recommended_gpu_ms=gpu_ms(story.awarded or story.hours),
        )


def give(cast: Cast, application: Application, story: Story) -> Award:
    decisions.decide(
        actor=cast.people["officer"],
        application=application,
        kind="award",
        gpu_ms=gpu_ms(story.awarded),
        reason="Both reviewers recommend it, and the plan for publishing is complete.",
        feedback="Reviewers valued the consent process most.",
    )
    award = Award.objects.get(application=application)  # on this call it stands at once
    if story.used:
        # What the computing centre's accounting reported for jobs of the day.
        compute.draw(
            actor=None,
            lot_id=award.lots.get().pk,
            external_id=f"demo-cluster:{award.reference}:1",
            day=timezone.localdate(),
            gpu_ms=gpu_ms(story.used),
            final=False,
        )
    return award
