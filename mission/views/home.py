"""Where a person lands after signing in, and how an organisation is created."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from mission.access import requires
from mission.actions.organisations import create_organisation as create
from mission.errors import Refused
from mission.forms import OrganisationForm
from mission.models import Role
from mission.people_of import person

FIRST_ROOM = [
    (Role.OFFICER, "grants:desk"),
    (Role.FINANCE, "grants:desk"),
    (Role.AUDITOR, "grants:desk"),
    (Role.ADMINISTRATOR, "grants:desk"),
    (Role.REVIEWER, "grants:reviews"),
]


@requires("home.open")
def home_for_role(request: HttpRequest) -> HttpResponse:
    """To the room where a person's work waits; applicants and grantees to their applications."""
    roles = person(request).roles
    return redirect(next((room for role, room in FIRST_ROOM if role in roles), "grants:apply"))


@requires("organisation.create")
def create_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create(actor=person(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            following = request.POST.get("next", "")
            safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
            return redirect(following if safe else "grants:apply")
    status = 422 if form.errors else 200
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "organisations/new.html", context, status=status)
