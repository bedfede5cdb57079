"""A compute grant: GPU-hours on the Mission's pool, three routes by size."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.gpu_time import gpu_ms
from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    PANEL,
    TECHNICAL,
    Item,
    compute,
    deliverable,
    licence,
    other_support,
    personal_data,
    plan,
    question,
    reviews,
    route,
    team,
    text,
)
from grants.models.starters.judged import (
    commons,
    compute_justified,
    compute_terms,
    declarations,
    feasibility,
    national_priority,
    team_record,
)


def starter() -> dict[str, Any]:
    return {
        "summary": _("GPU-hours for models, datasets and evaluations that everybody may use."),
        "description": _(
            "The Mission gives time on its GPUs to whoever improves open AI: training, fine-tuning, "
            "evaluation "
            "and data work. You keep your rights; what you make is published under open licences.\n\n"
            "Ask for what you need: small requests are decided at the desk within three weeks, larger ones "
            "by "
            "reviewers, the largest by a panel."
        ),
        "applicants": "organisations",
        "budget_gpu_ms": gpu_ms(100_000),
        "grace_minutes": 30,
        "appeal_days": 14,
        "eligibility": [{"rule": "registered"}, {"rule": "open_licences"}],
        "questions": questions(),
        "criteria": [
            commons(30),
            feasibility(20),
            compute_justified(20),
            team_record(15),
            national_priority(15),
        ],
        "routes": [
            route("desk", 15, CHECK, TECHNICAL, DECISION, ANSWER, hours=500),
            route("review", 35, CHECK, TECHNICAL, reviews(2), DECISION, ANSWER, hours=10_000),
            route("panel", 60, CHECK, TECHNICAL, reviews(3), PANEL, DECISION, ANSWER),
        ],
        "deliverables": [
            deliverable(_("First progress note"), "report", 90, _("Half a page: done, not done, next.")),
            deliverable(_("Second progress note"), "report", 180),
            deliverable(_("The model, published under the licence promised"), "model", 270),
            deliverable(_("Final report, at most three pages, with its products"), "report", 365),
        ],
        "declarations": declarations(),
        "terms": compute_terms(),
    }


def questions() -> list[Item]:
    project, work, people = _("Your project"), _("Plan"), _("Your team")
    gpus, data, outputs = _("Compute"), _("Data"), _("What you will publish")
    return [
        text("problem", _("What problem do you solve, and for whom?"), project, 200),
        text(
            "benefit",
            _("What does everybody gain, and what does the nation gain?"),
            project,
            200,
            _("Languages, public services, people who are left out today; who has asked for it."),
        ),
        *plan(work),
        *compute(gpus),
        text("data_sources", _("Which data do you use, and under which licences?"), data, 200),
        *personal_data(data),
        text(
            "outputs",
            _("What will you publish, where and when?"),
            outputs,
            150,
            _("Weights, code, data, evaluations, model card: name what stays closed, and why."),
        ),
        licence("licence", _("Licence of the model"), outputs),
        licence("licence_code", _("Licence of the code"), outputs, required=False),
        *team(people),
        other_support(people),
        question(
            "evidence",
            "file",
            _("Scaling tests or earlier results"),
            people,
            _("Only if words do not do: one PDF of at most five pages."),
            required=False,
            accepts=["pdf"],
            most=1,
        ),
    ]
