"""An award offered: accepted or declined by who may bind the applicant, or lapsed. What is not taken goes
back to the call, once."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.awards import make_award
from grants.actions.budgets import give_back
from grants.actions.notifications import notify
from grants.actions.reviews import locked
from grants.actions.rights import must, must_be_free
from grants.actions.states import move, told
from grants.actions.steps import advance
from grants.actions.teams import must_bind, tell_team
from grants.models.applications import Application, ApplicationStatus
from grants.models.awards import Award
from grants.models.decisions import Decision, Offer, OfferStatus
from grants.models.letter_samples import promised
from grants.models.moments import end_of_day
from grants.models.waiting_list import next_waiting
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

logger = logging.getLogger(__name__)


def make_offer(application: Application, *, decision: Decision, actor: User | None, days: int) -> Offer:
    """Inside the transaction that moves the application to OFFERED. The call's terms are kept as they are."""
    call = application.call
    now = timezone.now()
    offer = Offer.objects.create(
        decision=decision,
        application=application,
        terms=call.terms,
        terms_version=call.terms_version,
        offered_at=now,
        answer_by=end_of_day(now + datetime.timedelta(days=days), call.time_zone),
    )
    record(actor=actor, verb="offer.made", target=offer, to=offer.status, terms_version=offer.terms_version)
    text = _("An award is offered for “%(title)s”. Answer by %(when)s.")
    words = {"title": application.title, "when": call.in_words(offer.answer_by)}
    path = f"{application.get_absolute_url()}offer/"
    about = {"offer": offer, "decision": decision, "asks_for": promised(application)}
    tell_team(application, kind="offer", text=text % words, path=path, **about)
    return offer


def accept_offer(*, actor: User, offer: Offer, terms_read: bool) -> Award:
    """Take the award on the terms offered. Accepting again gives the award there is."""
    must(actor, "offer.answer")
    must_bind(actor, offer.application.organisation)
    with transaction.atomic():
        application, offer = held(offer)
        if offer.status == OfferStatus.ACCEPTED:
            return application.award
        if not terms_read:
            sentence = (
                _("Say that you read the terms.") if offer.terms else _("Say that you accept the award.")
            )
            raise Refused(sentence, field="terms_read", status=422)
        answer(offer, actor=actor, to=OfferStatus.ACCEPTED, verb="offer.accepted")
        advance(application, actor=actor, to=ApplicationStatus.AWARDED, verb="application.awarded")
        award = make_award(application, decision=offer.decision, actor=actor)
        tell_who_decided(
            offer, _("Accepted: the award for “%(title)s”, now %(award)s."), award=award.reference
        )
    return award


def decline_offer(*, actor: User, offer: Offer, words: str = "") -> Offer:
    """Say no to the award. What was held for it goes back to the call."""
    must(actor, "offer.answer")
    must_bind(actor, offer.application.organisation)
    with transaction.atomic():
        application, offer = held(offer)
        said = words.strip()
        answer(offer, actor=actor, to=OfferStatus.DECLINED, verb="offer.declined", words=said)
        to = ApplicationStatus.TURNED_DOWN
        advance(application, actor=actor, to=to, verb="application.turned_down", reason=said)
        give_back(application.call, offer.decision.awarded_gpu_ms, offer.decision.awarded_money)
        text = _("You turned the award for “%(title)s” down.") % {"title": application.title}
        tell_team(application, kind="offer_declined", text=text, offer=offer, decision=offer.decision)
        tell_what_is_free(offer, _("Turned down: the award for “%(title)s”. Its budget is free again."))
    return offer


def lapse_offer(*, offer: Offer) -> bool:
    """The clock's: an offer nobody answered in time. True when this call lapsed it."""
    with transaction.atomic():
        application, offer = held(offer)
        if offer.status != OfferStatus.OPEN or offer.answer_by > timezone.now():
            return False
        move(offer, actor=None, to=OfferStatus.LAPSED, verb="offer.lapsed")
        advance(application, actor=None, to=ApplicationStatus.LAPSED, verb="application.lapsed")
        give_back(application.call, offer.decision.awarded_gpu_ms, offer.decision.awarded_money)
        text = _("The award offered for “%(title)s” lapsed.") % {"title": application.title}
        tell_team(application, kind="offer_lapsed", text=text, offer=offer, decision=offer.decision)
        tell_what_is_free(offer, _("Not answered: the award for “%(title)s”. Its budget is free again."))
    return True


def lapse_due_offers() -> int:
    """How many lapsed. Each by itself: what goes wrong with one stops no other."""
    lapsed = 0
    for offer in Offer.objects.overdue().select_related("application").order_by("answer_by"):
        try:
            lapsed += lapse_offer(offer=offer)
        except Exception:
            logger.exception("offer not lapsed", extra={"offer": offer.pk})
    return lapsed


def extend_offer(*, actor: User, offer: Offer, answer_by: datetime.datetime, reason: str) -> Offer:
    """Give the applicant more time, with a reason that is kept."""
    must(actor, "award.write")
    must_be_free(actor, offer.application)
    if not reason.strip():
        raise Refused(_("Say why they get more time."), field="reason", status=422)
    with transaction.atomic():
        application, offer = held(offer)
        if offer.status != OfferStatus.OPEN:
            raise Refused(told(offer, actor), code="moved_on")
        if answer_by <= max(offer.answer_by, timezone.now()):
            raise Refused(_("Choose a day after the one it has now."), field="answer_by", status=422)
        Offer.objects.filter(pk=offer.pk).update(answer_by=answer_by)
        offer.answer_by = answer_by
        record(actor=actor, verb="application.offer_extended", target=application, reason=reason.strip())
        until = application.call.in_words(answer_by)
        text = _("You have until %(when)s to answer the award offered for “%(title)s”.")
        words = {"when": until, "title": application.title}
        path = f"{application.get_absolute_url()}offer/"
        about = {"offer": offer, "decision": offer.decision, "asks_for": promised(application)}
        tell_team(application, kind="offer", text=text % words, path=path, **about)
    return offer


def held(offer: Offer) -> tuple[Application, Offer]:
    """The application locked, then the offer as it is now: accept, decline and lapse wait for each other."""
    application = locked(offer.application)
    return application, Offer.objects.select_related("decision__resource", "decision__decided_by").get(
        pk=offer.pk
    )


def answer(offer: Offer, *, actor: User, to: str, verb: str, words: str = "") -> None:
    """By one conditional UPDATE that also looks at the clock."""
    now = timezone.now()
    if offer.status == OfferStatus.OPEN and offer.answer_by <= now:
        until = offer.application.call.in_words(offer.answer_by)
        raise Refused(
            _("This offer was to be answered by %(when)s. It stands no more.") % {"when": until},
            code="offer_lapsed",
        )
    values = {"answered_by": actor, "answered_at": now, "words": words}
    move(offer, actor=actor, to=to, verb=verb, values=values, where={"answer_by__gt": now})


def tell_who_decided(offer: Offer, text: str, *, path: str = "", **words: str) -> None:
    application = offer.application
    notify(
        user=offer.decision.decided_by,
        kind=f"offer_{offer.status}",
        text=text % {"title": application.title, **words},
        path=path or f"/desk/applications/{application.reference}/offer/",
        application=application,
    )


def tell_what_is_free(offer: Offer, text: str) -> None:
    """And who is next, where somebody waits: the ranking is where that is decided."""
    waiting = next_waiting(offer.application.call)
    if waiting is None:
        return tell_who_decided(offer, text)
    path = f"/desk/calls/{offer.application.call.slug}/ranking/"
    return tell_who_decided(
        offer, text + " " + _("Next on the waiting list: “%(next)s”."), path=path, next=waiting.title
    )
