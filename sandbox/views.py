"""The sandbox in a browser: what is left, keys, what was used, and a playground."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from grants.models import Award
from grants.models.compute import Lot
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person
from sandbox import playground as model
from sandbox.actions import keys as actions
from sandbox.forms import KeyForm, PlaygroundForm
from sandbox.keys import new_pass
from sandbox.models import ApiKey, Deployment, KeyKind, Usage
from sandbox.remaining import remaining

DAYS_SHOWN = 30
REVOKED_SHOWN = datetime.timedelta(days=7)


@requires("sandbox.use")
def home(request: HttpRequest) -> HttpResponse:
    return overview(request, KeyForm(awards=awards_of(request)))


@requires("sandbox.use")
@cache_control(private=True, no_store=True)
def make_key(request: HttpRequest) -> HttpResponse:
    """The secret is in this answer and nowhere else: not in the session, not in a message."""
    if request.method != "POST":
        return redirect("sandbox:home")
    awards = awards_of(request)
    form = KeyForm(request.POST, awards=awards)
    if form.is_valid():
        award = paying(awards, form.cleaned_data)
        try:
            key, secret = actions.make_key(
                actor=person(request), award=award, label=form.cleaned_data["label"]
            )
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            told = {"key": key, "secret": secret, **snippet()}
            return render(request, "sandbox/key.html", told)
    only_own(awards, request.POST)
    return overview(request, form, status=422)


@requires("sandbox.use")
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    visible = ApiKey.objects.visible_to(person(request)).select_related("award__organisation")
    key = get_object_or_404(visible, pk=pk, kind=KeyKind.API)
    if request.method == "POST":
        actions.revoke_key(actor=person(request), key=key)
        messages.success(request, _("The key “%(label)s” opens nothing any more.") % {"label": key.label})
    return redirect("sandbox:home")


@requires("sandbox.use")
@cache_control(private=True, no_store=True)
def playground(request: HttpRequest) -> HttpResponse:
    """A conversation that only the page itself remembers."""
    words: dict[str, Any] = {"awards": awards_of(request), "models": list(Deployment.objects.published())}
    form = PlaygroundForm(request.POST or None, **words)
    turns, status = [], 200
    if request.method == "POST":
        only_own(words["awards"], request.POST)
        valid = form.is_valid()
        turns, status = form.cleaned_data.get("turns", []), 422
        if valid:
            try:
                asked = form.asked()
                answer = model.ask(playing_key(request, words["awards"], form), asked)
            except Refused as refused:
                form.add_error("message", refused.sentence)
                status = refused.status
            else:
                turns, status = [*asked["messages"], {"role": "assistant", "content": answer}], 200
                form = PlaygroundForm(initial={**form.cleaned_data, "message": "", "turns": turns}, **words)
    return render(request, "sandbox/playground.html", {"form": form, "turns": turns, **words}, status=status)


@requires("sandbox.use")
@require_POST
@cache_control(private=True, no_store=True)
def playground_pass(request: HttpRequest) -> HttpResponse:
    """For the page's script: the request to send to `/v1/chat/completions`, and a pass that opens it for
    ten minutes. 422 means: send the form itself, which says what is wrong."""
    awards = awards_of(request)
    only_own(awards, request.POST)
    form = PlaygroundForm(request.POST, awards=awards, models=list(Deployment.objects.published()))
    if not form.is_valid():
        return JsonResponse({"error": form.errors}, status=422)
    opened = new_pass(playing_key(request, awards, form))
    return JsonResponse({"pass": opened, "asked": {**form.asked(), "stream": True}})


# --- what the views have in common -----------------------------------------------------------------


def awards_of(request: HttpRequest) -> list[Award]:
    """Awards with GPU time of organisations the person belongs to today."""
    lots = Lot.objects.of(person(request)).values("award")
    return list(Award.objects.filter(pk__in=lots).select_related("organisation"))


def only_own(awards: Sequence[Award], posted: Mapping[str, Any]) -> None:
    """Whatever award is named, one of another organisation does not exist."""
    if posted.get("award") and posted["award"] not in {str(award.pk) for award in awards}:
        raise Http404


def paying(awards: Sequence[Award], cleaned: Mapping[str, Any]) -> Award:
    return next(award for award in awards if award.pk == cleaned["award"])


def playing_key(request: HttpRequest, awards: Sequence[Award], form: PlaygroundForm) -> ApiKey:
    return actions.playground_key(actor=person(request), award=paying(awards, form.cleaned_data))


def snippet() -> dict[str, Any]:
    """What the example in Python names: this house's address and a model of it."""
    return {"base_url": f"{settings.SITE_URL}/v1", "model": Deployment.objects.published().first()}


def overview(request: HttpRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    user = person(request)
    lots = Lot.objects.of(user).select_related("award__organisation", "resource")
    deployments = list(Deployment.objects.published())
    keys = ApiKey.objects.visible_to(user).filter(kind=KeyKind.API).select_related("award", "created_by")
    context = {
        "form": form,
        "lots": [remaining(lot, deployments) for lot in lots],
        "keys": [key for key in keys if shown(key)],
        "days": Usage.objects.visible_to(user).by_day(timezone.localdate() - datetime.timedelta(DAYS_SHOWN)),
        "deployments": deployments,
        "base_url": f"{settings.SITE_URL}/v1",
        "model": deployments[0] if deployments else None,
    }
    return render(request, "sandbox/home.html", context, status=status)


def shown(key: ApiKey) -> bool:
    return key.revoked_at is None or key.revoked_at > timezone.now() - REVOKED_SHOWN
