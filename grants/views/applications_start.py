"""/calls/…/start/: who applies, and from what. The call's page posts here, too, with the applicant chosen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from grants.actions import applications as actions
from grants.actions.applications_rules import must_be_open
from grants.forms.applications_start import StartForm
from grants.models import Call
from mission.access import requires
from mission.errors import Refused
from mission.models import Organisation
from mission.people_of import person


@requires("application.write")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.public().select_related("programme"), slug=slug)
    try:
        must_be_open(call, timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(call)
    mine = Organisation.objects.of(request.user).select_related("nation")
    form = StartForm(call, mine, request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.values()
        begin = actions.start_alone if "nation" in values else actions.start_application
        try:
            return redirect(begin(actor=person(request), call=call, **values))
        except Refused as refused:
            form.add_error("organisation", refused.sentence)
    context = {"call": call, "form": form}
    return render(request, "grants/applications/start.html", context, status=422 if form.errors else 200)
