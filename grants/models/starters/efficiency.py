"""Efficient-AI research: GPU-hours for models that need less: memory, energy, data, hardware."""

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
    criterion,
    deliverable,
    licence,
    plan,
    question,
    reviews,
    route,
    team,
    text,
)
from grants.models.starters.judged import commons, compute_justified, compute_terms, declarations, feasibility


def starter() -> dict[str, Any]:
    return {
        "summary": _("GPU-hours for research that makes open models run on less."),
        "description": _(
            "Quantisation, distillation, sparsity, better data, kernels for the hardware people have: "
            "whatever "
            "lets an open model do the same work with less memory, energy or money. Results count when "
            "others "
            "can repeat them, so the measuring is part of the work."
        ),
        "applicants": "organisations",
        "budget_gpu_ms": gpu_ms(50_000),
        "grace_minutes": 30,
        "appeal_days": 14,
        "eligibility": [{"rule": "open_licences"}],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [
            route("review", 30, CHECK, TECHNICAL, reviews(2), DECISION, ANSWER, hours=5_000),
            route("panel", 55, CHECK, TECHNICAL, reviews(3), PANEL, DECISION, ANSWER),
        ],
        "deliverables": [
            deliverable(_("Baseline measured and published"), "report", 60),
            deliverable(_("Code that repeats the main result with one command"), "software", 180),
            deliverable(_("Weights, where there are new ones"), "model", 270),
            deliverable(_("Final report, at most three pages, also where it did not work"), "report", 300),
        ],
        "declarations": declarations(),
        "terms": compute_terms(),
    }


def criteria() -> list[Item]:
    return [
        criterion(
            "saving",
            _("Size of the saving"),
            30,
            _("Against the best open way there is today, on hardware that people have."),
            _("No saving, or none that could be measured."),
            _("A saving against a weak baseline, or on hardware few have."),
            _("A clear saving against today's best, at the same quality."),
            _("A saving that lets a new group of people run such a model at all."),
        ),
        criterion(
            "rigour",
            _("Rigour of the measuring"),
            25,
            _("Baselines, repeats, error bars, energy measured and not guessed."),
            _("Nothing is measured."),
            _("One run on one task."),
            _("Named baselines, several tasks, repeats."),
            _("All of this, set down beforehand, with scripts others can run."),
        ),
        commons(20),
        feasibility(10),
        compute_justified(15),
    ]


def questions() -> list[Item]:
    idea, measuring, gpus = _("The idea"), _("Measuring"), _("Compute")
    outputs, people = _("What you will publish"), _("Your team")
    return [
        text("idea", _("What will need less, and why do you think so?"), idea, 250),
        question(
            "saves",
            "several",
            _("What will be saved?"),
            idea,
            choices=[_("Memory"), _("Energy"), _("Time"), _("Training data"), _("Money"), _("Bandwidth")],
        ),
        text("state", _("What is the best open way today, and what does it need?"), idea, 200),
        text("whom", _("Who could run a model then who cannot today?"), idea, 120),
        text("baseline", _("Against what do you measure, on which tasks and hardware?"), measuring, 200),
        text("repeat", _("How can others repeat it?"), measuring, 120),
        *plan(_("Plan")),
        *compute(gpus),
        text("outputs", _("What will you publish, where and when?"), outputs, 120),
        licence("licence", _("Licence of the code"), outputs),
        licence("licence_weights", _("Licence of the weights"), outputs, required=False),
        *team(people),
    ]
