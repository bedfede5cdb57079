"""/apply/<ref>/offer/: the answer to an award; and the desk's page of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions import offers as actions
from grants.actions.teams import may_bind, owners_of
from grants.forms.offers import AcceptForm, ExtendForm, TurnDownForm
from grants.models import Application, Offer, OfferStatus
from grants.models.letter_samples import promised
from grants.views.desk_application import before_us, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person


def of_my_team(request: HttpRequest, reference: str) -> Application:
    rows = Application.objects.of(request.user).select_related("call__programme", "organisation__nation")
    return get_object_or_404(rows, reference=reference)


@requires("offer.answer")
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """The team reads the offer; an owner accepts it or turns it down."""
    found = of_my_team(request, reference)
    made = found.offers.select_related("decision", "answered_by").first()
    if made is None:
        return render(request, "grants/offers/none.html", {"application": found, "call": found.call})
    taking = request.method == "POST" and "accept" in request.POST
    refusing = request.method == "POST" and not taking
    accept = AcceptForm(made, request.POST if taking else None)
    turn_down = TurnDownForm(request.POST if refusing else None)
    form: Any = accept if taking else turn_down
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, answered(request, made, form))
            return redirect(found)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            made.refresh_from_db()
    return offer_page(request, found, made, accept, turn_down)


def answered(request: HttpRequest, made: Offer, form: AcceptForm | TurnDownForm) -> str:
    """Act, and say what was done."""
    if isinstance(form, AcceptForm):
        award = actions.accept_offer(actor=person(request), offer=made, **form.cleaned_data)
        return _("Accepted. Your award is %(reference)s.") % {"reference": award.reference}
    actions.decline_offer(actor=person(request), offer=made, **form.cleaned_data)
    return _("Turned down. Thank you for telling us.")


def offer_page(
    request: HttpRequest, found: Application, made: Offer, accept: AcceptForm, turn_down: TurnDownForm
) -> HttpResponse:
    is_open = made.status == OfferStatus.OPEN and not made.is_overdue
    form: Any = accept if accept.errors else turn_down
    context = {
        "application": found,
        "call": found.call,
        "offer": made,
        "decision": made.decision,
        "deadline": found.call.in_words(made.answer_by),
        "is_open": is_open,
        "may_answer": is_open and may_bind(person(request), found.organisation),
        "owners": owners_of(found.organisation),
        "deliverables": promised(found),
        "accept": accept,
        "turn_down": turn_down,
        "form": form,
    }
    return render(request, "grants/offers/offer.html", context, status=422 if form.errors else 200)


@requires("desk.open")
def desk_offer(request: HttpRequest, reference: str) -> HttpResponse:
    """What was offered, how it was answered; more time where an officer gives it."""
    found = before_us(request, reference)
    made = found.offers.select_related("decision", "answered_by").first()
    writes = may(request.user, "award.write")
    form = ExtendForm(request.POST if request.method == "POST" and writes else None)
    if made is not None and form.is_valid():
        try:
            values = form.values(found.call)
            actions.extend_offer(actor=person(request), offer=made, **values)
            messages.success(request, _("They have more time now, and were written to."))
            return redirect("grants:desk_offer", reference)
        except Refused as refused:
            named = "until" if refused.field == "answer_by" else refused.field
            form.add_error(named if named in form.fields else None, refused.sentence)
    context = {**page_of(request, found, "offer"), "offer": made, "form": form}
    context["may_extend"] = writes and made is not None and made.status == OfferStatus.OPEN
    context["deadline"] = found.call.in_words(made.answer_by) if made else ""
    status = 422 if form.errors else 200
    return render(request, "grants/desk/offer.html", context, status=status)
