"""A procurement preference: no money and no GPU time, but a listing that public buyers look at first."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.starters.asked import (
    ANSWER,
    CHECK,
    DECISION,
    TECHNICAL,
    Item,
    criterion,
    deliverable,
    licence,
    question,
    reviews,
    route,
    text,
)
from grants.models.starters.judged import terms


def starter() -> dict[str, Any]:
    return {
        "summary": _("A listing for products built on open models that a public body can run by itself."),
        "description": _(
            "Public buyers may prefer what is listed here. The award is the listing: no money is paid. A "
            "product "
            "is listed for two years when it is built on open models, runs on the buyer's own machines "
            "without "
            "calling home, and lets its buyer leave."
        ),
        "applicants": "organisations",
        "grace_minutes": 30,
        "appeal_days": 30,
        "eligibility": [
            {"rule": "organisation_type", "any_of": ["startup", "company", "research", "nonprofit"]},
            {"rule": "registered"},
            {"rule": "open_licences"},
        ],
        "questions": questions(),
        "criteria": criteria(),
        "routes": [route("review", 30, CHECK, TECHNICAL, reviews(1), DECISION, ANSWER)],
        "deliverables": [
            deliverable(_("Entry of the listing, in plain words"), "other", 30),
            deliverable(_("List of components with their licences, brought up to date"), "report", 365),
            deliverable(_("Yearly note: versions, incidents, public users"), "report", 700),
        ],
        "declarations": [
            _("What we say is true, and we may speak for the company."),
            _("The product makes no connection that its buyer did not set up."),
            _("We name every conflict of interest we know of, and tell the desk when one arises."),
            _("What we answer may be published with the listing, apart from what we mark as confidential."),
        ],
        "terms": terms(
            _(
                "1. The Mission lists the product for two years. The listing promises no sale, is no "
                "certificate, and ends when the product no longer does what was shown."
            )
        ),
    }


def criteria() -> list[Item]:
    return [
        criterion(
            "open",
            _("Built on open models"),
            30,
            _("Weights, licences, and whether another model can take their place."),
            _("The model is closed."),
            _("Open weights under a licence that forbids some uses."),
            _("Open licences throughout; the model is named with its version."),
            _("Open licences throughout, with training data described, and models that can be exchanged."),
        ),
        criterion(
            "local",
            _("Runs on the buyer's own machines"),
            30,
            _("Without a network, on hardware a public body has or can buy."),
            _("It calls a service elsewhere."),
            _("It installs locally, but parts need a connection."),
            _("It runs without a connection; the installation is documented."),
            _("We installed it from the documentation, without a connection, within a day."),
        ),
        criterion(
            "leave",
            _("The buyer can leave"),
            15,
            _("Formats, export, source code, other suppliers."),
            _("Data cannot be taken out."),
            _("Data comes out in a form of its own."),
            _("Data comes out in known formats; the interface is documented."),
            _("The source is open, and others offer support."),
        ),
        criterion(
            "safe",
            _("Security and support"),
            25,
            _("Updates, reports of weaknesses, access, records, people who answer."),
            _("No updates, no contact."),
            _("Updates now and then."),
            _("Known ways to report a weakness, updates for two years, support in a national language."),
            _("All of this, tested by somebody independent, whose report is public."),
        ),
    ]


def questions() -> list[Item]:
    product, model, running = _("The product"), _("Models inside"), _("Running it")
    trust, users = _("Security and support"), _("Users and price")
    return [
        text("does", _("What does it do for a public body?"), product, 150),
        question("site", "url", _("Its web page"), product),
        question("languages", "languages", _("Languages its users can work in"), product, least=1, most=40),
        text("models", _("Which models, in which versions, from where?"), model, 120),
        licence("licence", _("Licence of the models"), model),
        question(
            "huggingface", "huggingface", _("Where the models are on Hugging Face"), model, required=False
        ),
        licence("licence_product", _("Licence of the product's own code"), model, required=False),
        question(
            "components",
            "file",
            _("List of components (SBOM)"),
            model,
            _("SPDX or CycloneDX, as JSON or text. Without one, the technical assessment takes longer."),
            required=False,
            accepts=["text"],
            most=1,
        ),
        question(
            "offline",
            "choice",
            _("Does it work without a connection?"),
            running,
            choices=[_("Yes, all of it"), _("Yes, with some features missing"), _("No")],
        ),
        text("hardware", _("What hardware does an office of 50 people need?"), running, 100),
        question("guide", "url", _("Installation guide"), running),
        text("export", _("How does a buyer take their data out and leave?"), running, 100),
        text("weaknesses", _("How are weaknesses reported and mended?"), trust, 120),
        text("records", _("What is recorded about its users, and who can see it?"), trust, 100),
        text("support", _("Who answers, in which languages, how fast?"), trust, 80),
        text("references", _("Who uses it today?"), users, 100, required=False),
        text("price", _("How is it priced?"), users, 80, _("A public price list is enough.")),
    ]
