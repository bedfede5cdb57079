"""A fellowship: an individual, a stipend, and half a year or a year in one of the tracks."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.currencies import home_currency, proposed
from grants.models.fellowships import Track
from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    PANEL,
    Item,
    criterion,
    deliverable,
    licence,
    plan,
    question,
    reviews,
    route,
    text,
)
from grants.models.starters.judged import commons, feasibility, terms


def starter() -> dict[str, Any]:
    return {
        "summary": _("A stipend for people who build what open AI lacks, for half a year or a year."),
        "description": _(
            "You apply for yourself, wherever you work or study. Fellows choose their own project in one of "
            "six "
            "tracks, publish all they make, and meet once a month. No degree is asked for: show us work."
        ),
        "applicants": "individuals",
        "budget_money": proposed(300_000),
        "currency": home_currency(),
        "grace_minutes": 60,
        "appeal_days": 14,
        "eligibility": [{"rule": "open_licences"}, {"rule": "earlier_awards_at_most", "count": 1}],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [route("panel", 45, CHECK, reviews(2, blind=True), PANEL, DECISION, ANSWER)],
        "deliverables": [
            deliverable(_("Monthly notes, in public"), "report", 60, _("A post or an issue a month.")),
            deliverable(_("What the project makes, published"), "software", 180),
            deliverable(_("Final report, at most three pages"), "report", 210),
        ],
        "declarations": [
            _("What I say is true, and the work I show is my own, or I say whose it is."),
            _("The work is for civilian use only."),
            _("I receive no other stipend for the same work, or I named it."),
            _("My name, title, summary and amount may be published if I receive an award."),
        ],
        "terms": terms(
            _(
                "1. The Mission pays a monthly stipend. It is not a wage: fellows are free in how and where "
                "they "
                "work, and pay their own taxes and insurance."
            )
        ),
    }


def criteria() -> list[Item]:
    return [
        criterion(
            "work",
            _("Earlier work"),
            35,
            _("What can be looked at: code, data, texts, reviews, help given to others."),
            _("Nothing can be looked at."),
            _("There is work, but hardly of the kind the project needs."),
            _("Careful work of the right kind that others can run."),
            _("Work that others use and build on, well explained."),
        ),
        commons(30),
        feasibility(20),
        criterion(
            "growth",
            _("What the fellowship changes"),
            15,
            _("For this person, and for those who come after them."),
            _("The work would happen the same way without it."),
            _("Some time is gained."),
            _("It makes a project possible that would not happen, and a person grows by it."),
            _("It opens a field to a person and a community that are missing in it today."),
        ),
    ]


def questions() -> list[Item]:
    me, project, outputs = _("About you"), _("Your project"), _("What you will publish")
    return [
        question(
            "track", "choice", _("Which track?"), project, choices=[str(label) for label in Track.labels]
        ),
        text("idea", _("What will you build or find out?"), project, 250),
        text("missing", _("Who misses it today?"), project, 150),
        question(
            "languages",
            "languages",
            _("Which languages does it concern?"),
            project,
            _("Leave empty if none in particular."),
            required=False,
            most=12,
        ),
        *plan(_("Plan"), most=6),
        question("months", "choice", _("For how long?"), _("Plan"), choices=[_("6 months"), _("12 months")]),
        question(
            "about",
            "long_text",
            _("How did you come to this work?"),
            me,
            _("Reviewers do not see your name. Leave out what names you."),
            max_words=200,
        ),
        question("github", "github", _("Your GitHub name"), me, required=False),
        question("huggingface", "huggingface", _("Your Hugging Face name"), me, required=False),
        question("orcid", "orcid", _("Your ORCID"), me, _("If you have one."), required=False),
        question("work_link", "url", _("One piece of work you are proud of"), me),
        text("work_why", _("What is good about it, and what would you do differently now?"), me, 150),
        text("other_income", _("Other stipends or jobs in this time"), me, 80, required=False),
        licence("licence", _("Licence of what you make"), outputs),
    ]
