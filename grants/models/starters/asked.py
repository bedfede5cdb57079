"""Questions, criteria, declarations and terms that several starters share."""

from typing import Any

from django.utils.translation import gettext as _

Item = dict[str, Any]


def question(key: str, kind: str, label: str, section: str, help: str = "", **more: Any) -> Item:
    return {"key": key, "kind": kind, "label": label, "help": help, "section": section, **more}


def text(key: str, label: str, section: str, words: int, help: str = "", **more: Any) -> Item:
    """A long text with its limit."""
    return question(key, "long_text", label, section, help, max_words=words, **more)


def criterion(key: str, label: str, weight: int, help: str, *anchors: str) -> Item:
    """`anchors`: what 0, 1, 3 and 5 points mean, in this order."""
    said = dict(zip(("0", "1", "3", "5"), anchors, strict=True))
    return {"key": key, "label": label, "weight": weight, "help": help, "anchors": said}


def deliverable(title: str, kind: str, due_days: int, description: str = "") -> Item:
    return {"title": title, "kind": kind, "due_days": due_days, "description": description}


def route(name: str, days: int, *steps: Item, hours: int | None = None, money: int | None = None) -> Item:
    return {
        "route": name,
        "up_to_gpu_hours": hours,
        "up_to_money": money,
        "service_days": days,
        "steps": list(steps),
    }


CHECK: Item = {"step": "check"}
TECHNICAL: Item = {"step": "technical"}
PANEL: Item = {"step": "panel"}
DECISION: Item = {"step": "decision"}
ANSWER: Item = {"step": "answer", "days": 21}


def reviews(count: int, *, blind: bool = False) -> Item:
    return {"step": "review", "reviews": count, "blind": blind}


def team(section: str, most: int = 12) -> list[Item]:
    """Who does the work, and what can be seen of their earlier work."""
    return [
        question(
            "team",
            "team",
            _("Who will do the work?"),
            section,
            _("One person a row, the lead first. GitHub and Hugging Face names help us see earlier work."),
            least=1,
            most=most,
        ),
        text(
            "track_record",
            _("What has this team published or run before?"),
            section,
            150,
            _("Links count more than adjectives."),
        ),
        question(
            "github",
            "github",
            _("GitHub name of the organisation or the lead"),
            section,
            _("Where your code is, or will be."),
            required=False,
        ),
        question(
            "huggingface",
            "huggingface",
            _("Hugging Face name of the organisation or the lead"),
            section,
            _("Where your models and datasets are, or will be."),
            required=False,
        ),
    ]


def other_support(section: str) -> Item:
    return text(
        "other_support",
        _("Which other public support does this work receive or ask for?"),
        section,
        100,
        _("Compute, money or staff, from anybody, in the last three years. Leave empty if none."),
        required=False,
    )


def personal_data(section: str) -> list[Item]:
    """Asked of everybody who works with data; the second only where it matters."""
    no = _("No")
    consent = _("Yes, with the consent of the people concerned")
    law = _("Yes, on another legal ground")
    return [
        question(
            "personal_data", "choice", _("Is there personal data in it?"), section, choices=[no, consent, law]
        ),
        text(
            "safeguards",
            _("How are those people protected?"),
            section,
            200,
            _(
                "Consent, what you leave out or blur, who may see the raw data, and how someone gets out "
                "again."
            ),
            shown_if={"question": "personal_data", "is": [consent, law]},
        ),
    ]


def compute(section: str, *, most: int = 20) -> list[Item]:
    """How the GPU-hours were worked out, and on what they run."""
    small, machine, cluster = _("One GPU at a time"), _("One machine with 8 GPUs"), _("Several machines")
    return [
        question(
            "gpu_table",
            "gpu_table",
            _("GPU-hours by work item"),
            section,
            _("The estimator fills rows from parameters, tokens and hardware. Their total is what you ask."),
            least=1,
            most=most,
            total_is="gpu_hours",
        ),
        question(
            "job_size",
            "choice",
            _("What is the largest job you will run?"),
            section,
            choices=[small, machine, cluster],
        ),
        text(
            "scaling",
            _("What shows that your code runs well on several machines?"),
            section,
            150,
            _("Measured throughput on one and on several machines, and where you measured it."),
            shown_if={"question": "job_size", "is": [cluster]},
        ),
        question(
            "storage_tb",
            "number",
            _("How much storage do you need?"),
            section,
            _("Data, checkpoints and results together."),
            unit="TB",
            minimum=0,
            maximum=1000,
        ),
    ]


def plan(section: str, most: int = 8) -> list[Item]:
    return [
        text(
            "plan",
            _("What will you do, step by step?"),
            section,
            300,
            _("Name what can stop you, how you will notice, and what you do then."),
        ),
        question(
            "milestones",
            "milestones",
            _("Milestones"),
            section,
            _("What will be done by when, and what will show it."),
            least=2,
            most=most,
        ),
    ]


def licence(key: str, label: str, section: str, **more: Any) -> Item:
    help_text = _("An SPDX identifier of an open licence, such as Apache-2.0 or CC-BY-4.0.")
    return question(key, "licence", label, section, help_text, open_only=True, **more)
