"""A benchmark lab: GPU-hours and money for a public measure of models, and somebody who keeps it running."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.currencies import home_currency, proposed
from grants.models.gpu_time import gpu_ms
from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    PANEL,
    TECHNICAL,
    Item,
    compute,
    criterion,
    deliverable,
    licence,
    personal_data,
    plan,
    question,
    reviews,
    route,
    team,
    text,
)
from grants.models.starters.judged import both_terms, commons, compute_justified, declarations, feasibility


def starter() -> dict[str, Any]:
    return {
        "summary": _("GPU-hours and money for public benchmarks that officials and builders can rely on."),
        "description": _(
            "A benchmark lab writes tasks, runs models on them at least every quarter, and publishes every "
            "answer, so that anybody can check a score. It measures what matters here: languages, law, "
            "health, schools, safety."
        ),
        "applicants": "organisations",
        "budget_gpu_ms": gpu_ms(20_000),
        "budget_money": proposed(200_000),
        "currency": home_currency(),
        "grace_minutes": 30,
        "appeal_days": 14,
        "eligibility": [
            {
                "rule": "organisation_type",
                "any_of": ["startup", "company", "research", "nonprofit", "public"],
            },
            {"rule": "registered"},
            {"rule": "open_licences"},
        ],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [
            route(
                "review",
                35,
                CHECK,
                TECHNICAL,
                reviews(2),
                DECISION,
                ANSWER,
                hours=2_000,
                money=proposed(20_000),
            ),
            route("panel", 60, CHECK, TECHNICAL, reviews(3), PANEL, DECISION, ANSWER),
        ],
        "deliverables": [
            deliverable(_("Task description and scoring code, published"), "software", 90),
            deliverable(_("First round with every answer published"), "benchmark", 150),
            deliverable(_("Second round"), "benchmark", 240),
            deliverable(_("Final report, at most three pages"), "report", 365),
        ],
        "declarations": [
            *declarations(),
            _("We name every tie to those whose models we measure, and keep the test set from all of them."),
        ],
        "terms": both_terms(),
    }


def criteria() -> list[Item]:
    return [
        criterion(
            "validity",
            _("Validity"),
            35,
            _("Whether a better score means a better model for those the benchmark is for."),
            _("What is measured is not said."),
            _("A known test is translated; whether it means the same here stays open."),
            _("Tasks come from real use, with human scores beside them."),
            _("Tasks come from real use, error bars are given, and leaks into training data are looked for."),
        ),
        criterion(
            "independence",
            _("Independence"),
            20,
            _("From those whose models are measured."),
            _("The lab measures its own product."),
            _("Ties are named but not dealt with."),
            _("No ties, or ties that are dealt with; rules for entering are public."),
            _("Governed by several sides, with public rules, a complaint box and an audit."),
        ),
        commons(20),
        feasibility(15),
        compute_justified(10),
    ]


def questions() -> list[Item]:
    measure, tasks, running = _("What you measure"), _("The test set"), _("Rounds")
    gpus, people, outputs = _("Compute and money"), _("Your team"), _("What you will publish")
    return [
        text("question", _("Which question will the benchmark answer, and who asks it?"), measure, 200),
        text("existing", _("Why do existing benchmarks not answer it?"), measure, 150),
        question("languages", "languages", _("Languages measured"), measure, required=False, most=40),
        text("tasks", _("How are tasks found, written and checked?"), tasks, 250),
        text(
            "leaks", _("How do you keep them out of training data, and notice if they got there?"), tasks, 150
        ),
        text("humans", _("What do people score on the same tasks?"), tasks, 100),
        *personal_data(tasks),
        question(
            "rounds", "number", _("How many rounds a year?"), running, unit=_("rounds"), minimum=1, maximum=52
        ),
        text("entering", _("Who may have a model measured, and how?"), running, 150),
        text("ties", _("Which ties do you have to those who will be measured?"), running, 100),
        *plan(running),
        *compute(gpus),
        text("costs", _("What does the money pay for?"), gpus, 150),
        licence("licence", _("Licence of the tasks"), outputs),
        licence("licence_code", _("Licence of the scoring code"), outputs),
        *team(people),
    ]
