"""Creating an organisation, who is in it, inviting colleagues and answering an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mission.access import requires
from mission.actions import organisations as actions
from mission.errors import Refused
from mission.forms import InvitationForm, OrganisationForm
from mission.models import Invitation, Organisation
from mission.models.organisations import OrganisationType
from mission.people_of import person


@requires("organisation.create")
def create_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    following = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_organisation(actor=person(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("%(name)s has been created.") % {"name": made.name})
            safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
            return redirect(following if safe else "grants:apply")
    context = {"form": form, "next": following}
    return render(request, "organisations/new.html", context, status=422 if form.errors else 200)


@requires("organisation.read")
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Organisation.objects.of(person(request)).select_related("nation"), pk=pk)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.invite(actor=person(request), organisation=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("%(email)s has been invited.") % {"email": sent.email})
            return redirect("organisation", pk=found.pk)
    members = found.memberships.current().select_related("user").order_by("since", "pk")
    context = {"organisation": found, "form": form, "members": members, "invited": found.invitations.open()}
    alone = found.type == OrganisationType.INDIVIDUAL
    owns = any(m.user_id == person(request).pk and m.is_owner for m in members)
    context["may_invite"] = owns and not alone
    return render(request, "organisations/detail.html", context, status=422 if form.errors else 200)


@requires("organisation.read")
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    waiting = Invitation.objects.for_person(person(request)).select_related("organisation", "invited_by")
    found = get_object_or_404(waiting, pk=pk)
    if request.method == "POST":
        accept = request.POST.get("answer") == "yes"
        actions.answer_invitation(actor=person(request), invitation=found, accept=accept)
        done = _("You are a member of %(name)s now.") if accept else _("You declined to join %(name)s.")
        messages.success(request, done % {"name": found.organisation.name})
        return redirect("account")
    return render(request, "organisations/invitation.html", {"invitation": found})
