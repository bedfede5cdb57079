"""A contribution incentive: money for work on open projects that was merged, or will be within months."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.currencies import home_currency, proposed
from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    Item,
    criterion,
    deliverable,
    licence,
    question,
    reviews,
    route,
    text,
)
from grants.models.starters.judged import declarations, terms


def starter() -> dict[str, Any]:
    return {
        "summary": _("Money for those who mend, maintain and extend the open projects that AI stands on."),
        "description": _(
            "For changes to open-source AI projects that their maintainers accept: fixes, features, reviews, "
            "documentation, languages. Work of the last twelve months counts as much as work you propose. "
            "Small amounts are decided at the desk within two weeks."
        ),
        "applicants": "either",
        "budget_money": proposed(100_000),
        "currency": home_currency(),
        "grace_minutes": 60,
        "appeal_days": 14,
        "eligibility": [
            {"rule": "money_at_most", "amount": proposed(10_000)},
            {"rule": "open_licences"},
        ],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [
            route("desk", 10, CHECK, DECISION, ANSWER, money=proposed(500)),
            route("review", 25, CHECK, reviews(2), DECISION, ANSWER),
        ],
        "deliverables": [
            deliverable(
                _("The changes, merged"), "software", 120, _("Links to merged changes, or why they were not.")
            ),
            deliverable(_("A page on what was learnt"), "report", 150),
        ],
        "declarations": [
            *declarations(),
            _("Nobody else has paid, or will pay, for the same changes, or we named who."),
        ],
        "terms": terms(
            _(
                "1. Half of the money is paid at the start, half when the changes are merged. For work "
                "merged "
                "before, all of it is paid once the links have been checked. It never depends on what a "
                "maintainer thinks of the Mission."
            )
        ),
    }


def criteria() -> list[Item]:
    return [
        criterion(
            "reach",
            _("Reach of the project"),
            30,
            _("How many build on it, and what breaks without it. Small projects that much rests on count."),
            _("Nobody uses it."),
            _("A few use it; others could stand in."),
            _("Many use it, or a few important ones who cannot do without."),
            _("Much of open AI rests on it, and too few look after it."),
        ),
        criterion(
            "change",
            _("Weight of the change"),
            35,
            _("What is possible afterwards that was not before."),
            _("No change that could be noticed."),
            _("Cosmetic, or it could be made by anybody in an hour."),
            _("A known gap is closed, with tests and documentation."),
            _("What users had long asked for, and what others will build on."),
        ),
        criterion(
            "accepted",
            _("Agreement of the maintainers"),
            20,
            _("Merged, or wanted by those who decide about merging."),
            _("They said no."),
            _("They have not been asked."),
            _("They said yes in public, or part of it is merged."),
            _("Merged, or agreed in detail with a maintainer who will review it."),
        ),
        criterion(
            "care",
            _("Care for others"),
            15,
            _("Reviews given, questions answered, newcomers helped, documentation written."),
            _("None."),
            _("A little."),
            _("Regularly."),
            _("Others become contributors because of it."),
        ),
    ]


def questions() -> list[Item]:
    project, change, who = _("The project"), _("Your changes"), _("You")
    done, ahead = _("It is merged"), _("It is still ahead")
    return [
        question("repository", "url", _("Address of the project's repository"), project),
        licence("licence", _("Licence of the project"), project),
        text("why", _("Who uses it, and what for?"), project, 120),
        question("state", "choice", _("Is the work done or ahead?"), change, choices=[done, ahead]),
        text(
            "links",
            _("Links to the merged changes"),
            change,
            120,
            _("One a line."),
            shown_if={"question": "state", "is": [done]},
        ),
        text("what", _("What changes for users?"), change, 200),
        text(
            "agreement",
            _("What have the maintainers said?"),
            change,
            100,
            _("With a link."),
            shown_if={"question": "state", "is": [ahead]},
        ),
        question(
            "ready_by",
            "date",
            _("By when will it be merged?"),
            change,
            not_before="today",
            shown_if={"question": "state", "is": [ahead]},
        ),
        text("effort", _("How many days of work, and how did you come to the amount?"), change, 80),
        question("github", "github", _("GitHub name of who makes the changes"), who),
        text("earlier", _("Earlier contributions to this or other projects"), who, 100, required=False),
        text("paid", _("Does anybody pay for this work?"), who, 60, required=False),
    ]
