"""What happened to an application, read from the audit entries: all of it for the desk; for the applicant
only what they may know, which is a list of verbs and nothing else."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from grants.models.amounts import money_in_words
from grants.models.applications import Application
from grants.models.awards import Award
from grants.models.compute import in_words
from grants.models.decisions import Offer
from grants.models.files import Attachment
from grants.models.reviews import Review
from grants.models.timeline_words import FOR_APPLICANT, SAID_BEFORE, SHOWN_AMOUNTS, WORDS
from mission.models import AuditEntry, Membership

NOTES = ("reviewer_name", "name", "rule", "reason")
BELONGING: tuple[type[Model], ...] = (Review, Offer, Attachment, Award)


class Moment(NamedTuple):
    at: datetime.datetime
    who: str
    what: str
    note: str


def timeline(application: Application) -> list[Moment]:
    """For the desk. Newest first, in one query, however much happened."""
    found = entries(application).exclude(verb__in=SAID_BEFORE).select_related("actor")
    return [moment(entry, by_name, NOTES, application.call.currency) for entry in found]


def timeline_for_applicant(application: Application) -> list[Moment]:
    """Their own acts and what they were told. Whoever acted for the desk is called the desk."""
    team = set(
        Membership.objects.filter(organisation=application.organisation_id).values_list("user", flat=True)
    )

    def by_side(entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor_id in team else _("The desk")

    found = entries(application).filter(verb__in=FOR_APPLICANT).select_related("actor")
    return [moment(entry, by_side, ("name",), application.call.currency) for entry in found]


def entries(application: Application) -> QuerySet[AuditEntry]:
    """About the application, about what belongs to it, and the overrides that let its applicant in."""
    about = Q(target_type="grants.application", target_id=str(application.pk))
    for model in BELONGING:
        keys = model._default_manager.filter(application=application).order_by()
        text = keys.annotate(key_text=Cast("pk", CharField())).values("key_text")
        about |= Q(target_type=model._meta.label_lower, target_id__in=text)
    overridden = {"verb": "call.rule_overridden", "facts__organisation": application.organisation_id}
    about |= Q(target_type="grants.call", target_id=str(application.call_id), **overridden)
    return AuditEntry.objects.filter(about)


def by_name(entry: AuditEntry) -> str:
    return str(entry.actor) if entry.actor else _("The clock")


def moment(
    entry: AuditEntry, who: Callable[[AuditEntry], str], keys: tuple[str, ...], currency: str
) -> Moment:
    notes = [str(entry.facts[key]) for key in keys if entry.facts.get(key)]
    if entry.verb in SHOWN_AMOUNTS:
        notes += amounts(entry.facts, currency)
    return Moment(entry.at, who(entry), str(WORDS.get(entry.verb, entry.verb)), " · ".join(notes))


def amounts(facts: dict[str, Any], currency: str) -> list[str]:
    said = [in_words(facts["gpu_ms"])] if facts.get("gpu_ms") else []
    money = Decimal(str(facts.get("money") or 0))
    return [*said, money_in_words(money, currency)] if money else said
