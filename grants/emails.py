"""Speaks to the mail server; and the words of each letter: the call's own, or those of the house."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grants.models.amounts import amount_in_words
from grants.models.decisions import Decision
from grants.models.letters import LETTERS, filled, tidied


def compose(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """(subject, body). `context` holds nouns; the names that letters know are worked out from them."""
    values = values_of(context)
    own = context["call"].letters.get(kind) if context.get("call") else None
    return own_words(own, values) if own else house_words(kind, {**values, **context})


def own_words(own: Mapping[str, str], values: Mapping[str, str]) -> tuple[str, str]:
    """Those the desk wrote for the call."""
    return " ".join(filled(own["subject"], values).split()), filled(own["body"], values) + "\n"


def house_words(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """From `templates/grants/emails/`: the first line of the template, and the rest."""
    text = tidied(render_to_string(f"grants/emails/{kind}.txt", dict(context)))
    subject, _line, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


def house_template(kind: str) -> tuple[str, str]:
    """The house's words with the names still in them: where the desk's own begin."""
    return house_words(kind, {name: f"{{{{ {name} }}}}" for name in LETTERS[kind].names})


def values_of(context: Mapping[str, Any]) -> dict[str, str]:
    """What each name stands for in this letter; names it has no value for are empty."""
    values: dict[str, str] = {}
    application: Any = context.get("application")
    decision, offer = context.get("decision"), context.get("offer")
    if context.get("person"):
        values["name"] = context["person"].name
    if application:
        values |= {
            "title": application.title,
            "reference": application.reference,
            "organisation": str(application.organisation),
            "call": str(application.call),
        }
    if decision:
        currency = application.call.currency
        values["amount"] = amount_in_words(decision.awarded_gpu_ms, decision.awarded_money, currency)
        values["feedback"] = decision.feedback.strip()
        values["place"] = str(decision.place or "")
        values["appeal"] = appeal_words(decision)
    if offer:
        values["answer_by"] = application.call.in_words(offer.answer_by)
    values |= {name: context[name] for name in ("when", "words") if name in context}
    if context.get("review") and context["review"].due_on:
        values["due"] = date_format(context["review"].due_on, "j F Y")
    if context.get("award"):
        values["award_reference"] = context["award"].reference
    if context.get("appeal"):
        values["outcome"] = context["appeal"].reason
    if "asks_for" in context:
        values["deliverables"] = listed(context["asks_for"])
    values["link"] = settings.SITE_URL + path_of(context)
    return values


def listed(deliverables: Any) -> str:
    """One a line, with the day where it is known."""
    return "\n".join(
        _("  - %(title)s, due %(day)s") % {"title": item.title, "day": date_format(item.due_on, "j F Y")}
        for item in deliverables
    )


def appeal_words(decision: Decision) -> str:
    until = decision.appeal_until()
    if until is None:
        return ""
    application = decision.application
    path = f"{settings.SITE_URL}{application.get_absolute_url()}appeal/"
    words = {"when": application.call.in_words(until), "path": path}
    return _("You can appeal until %(when)s:\n%(path)s") % words


def path_of(context: Mapping[str, Any]) -> str:
    """Where the reader goes on: the award, the offer, the review, or the application."""
    if context.get("award"):
        return str(context["award"].get_absolute_url())
    if context.get("review"):
        return str(context["review"].get_absolute_url())
    if not context.get("application"):
        return "/"
    path = str(context["application"].get_absolute_url())
    return f"{path}offer/" if context.get("offer") else path


def post(*, to: str, subject: str, body: str) -> None:
    """Raises OSError or SMTPException where the server does not take it."""
    EmailMessage(subject=subject, body=body, to=[to]).send()
