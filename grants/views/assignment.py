"""/desk/calls/<slug>/assign/: ask all the reviewers a call needs; first the plan, in numbers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions import assignment as actions
from grants.models import Call
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("review.assign")
def desk_assign_all(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug)
    problem = ""
    if request.method == "POST":
        number = request.POST.get("number", "")
        try:
            expected = int(number) if number.isdecimal() else -1  # a form without it confirms nothing
            done = actions.assign_all(actor=person(request), call=call, expected=expected)
            said = {"reviews": done.size, "short": len(done.short)}
            messages.success(request, _("Asked for %(reviews)d reviews.") % said)
            return redirect("grants:desk_assign_all", slug)
        except Refused as refused:
            problem = refused.sentence
    plan = actions.plan_reviews(actor=person(request), call=call)
    context = {"call": call, "plan": plan, "problem": problem}
    return render(request, "grants/desk/assign_all.html", context, status=409 if problem else 200)
