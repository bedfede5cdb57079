"""A public dataset grant: money to collect, clean, document and keep a dataset that everybody may use."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.currencies import home_currency, proposed
from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    PANEL,
    Item,
    criterion,
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
    declarations,
    feasibility,
    money_terms,
    national_priority,
    value_for_money,
)


def starter() -> dict[str, Any]:
    return {
        "summary": _("Money for datasets that are missing, made with the people they speak of."),
        "description": _(
            "For collecting, recording, digitising, labelling, cleaning and documenting data that open AI "
            "needs "
            "and nobody publishes. The dataset comes with its card, its consent forms and a home where it "
            "stays."
        ),
        "applicants": "organisations",
        "budget_money": proposed(500_000),
        "currency": home_currency(),
        "grace_minutes": 30,
        "appeal_days": 14,
        "eligibility": [{"rule": "registered"}, {"rule": "open_licences"}],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [
            route("desk", 15, CHECK, DECISION, ANSWER, money=proposed(5_000)),
            route("review", 35, CHECK, reviews(2), DECISION, ANSWER, money=proposed(50_000)),
            route("panel", 60, CHECK, reviews(3), PANEL, DECISION, ANSWER),
        ],
        "deliverables": [
            deliverable(_("Consent form and first hundred items, published"), "dataset", 60),
            deliverable(_("Progress note"), "report", 120),
            deliverable(_("The dataset with its card, where everybody can load it"), "dataset", 300),
            deliverable(_("Final report, at most three pages"), "report", 330),
        ],
        "declarations": [
            *declarations(),
            _("We may publish this data: it is ours, or those it belongs to have agreed."),
        ],
        "terms": money_terms(),
    }


def criteria() -> list[Item]:
    return [
        commons(25),
        criterion(
            "care",
            _("Consent, care and rights"),
            25,
            _("Whether those who speak in the data, or own it, agree to it, gain by it, and can leave it."),
            _("Data would be taken without asking, or rights are not known."),
            _("Consent is mentioned; how it is asked for and kept stays open."),
            _("Informed consent in their language, fair pay, and a way out."),
            _("Those concerned govern the dataset together, and its harms were looked for beforehand."),
        ),
        criterion(
            "quality",
            _("Quality and documentation"),
            20,
            _("Sampling, checks by a second person, splits, the card, the known gaps."),
            _("Nothing is said of quality."),
            _("Quality is to be checked at the end."),
            _("Checks run from the first hundred items on; the card follows a known form."),
            _("Agreement is measured and published, gaps are named, a test split is kept apart."),
        ),
        feasibility(10),
        national_priority(10),
        value_for_money(10),
    ]


def questions() -> list[Item]:
    data, care = _("The dataset"), _("Consent and care")
    return [
        text("missing", _("What is missing today, and who needs it?"), data, 200),
        question(
            "kind_of_data",
            "several",
            _("What kind of data?"),
            data,
            choices=[_("Text"), _("Speech"), _("Images"), _("Video"), _("Tables"), _("Other")],
        ),
        question("languages", "languages", _("Which languages are in it?"), data, least=1, most=40),
        question(
            "size",
            "short_text",
            _("How large will it be?"),
            data,
            _("Hours, sentences, images."),
            max_words=30,
        ),
        text("sources", _("Where does it come from, and who owns it?"), data, 200),
        *personal_data(care),
        text("fairness", _("What do the people gain who give their data?"), care, 120),
        *plan(_("Plan")),
        text("quality", _("How do you make sure that it is right?"), _("Plan"), 150),
        *afterwards(),
        *team(_("Your team")),
    ]


def afterwards() -> list[Item]:
    keeping, money = _("Publishing and keeping"), _("Money")
    return [
        licence("licence", _("Licence of the data"), keeping),
        question(
            "home", "url", _("Where will it be found?"), keeping, _("If you know already."), required=False
        ),
        text("keeping", _("Who keeps and mends it afterwards?"), keeping, 100),
        text("costs", _("What does the money pay for?"), money, 200, _("Item by item; say what others pay.")),
        question(
            "budget_file",
            "file",
            _("Budget as a table"),
            money,
            required=False,
            accepts=["pdf", "spreadsheet", "text"],
            most=1,
        ),
        other_support(money),
    ]
