"""/account/accounts/: a person's accounts on the platforms, and where they say they belong."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.actions.attribution import affiliate, end_affiliation, revoke_affiliation
from contributions.actions.identities import claim_connected, release
from contributions.forms.accounts import DeclareForm, UntilForm
from contributions.models import Account, Affiliation, Grade, Method
from contributions.models.identities import PROVIDERS, claimed_by
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("account.claim")
def own_accounts(request: HttpRequest) -> HttpResponse:
    return accounts_page(request)


def accounts_page(request: HttpRequest, **bound: Any) -> HttpResponse:
    """`bound`: the form that was refused, by `declare_<account>` or `end_<affiliation>`."""
    user = person(request)
    mine = list(claimed_by(user).order_by("platform", "login"))
    said = Affiliation.objects.filter(account__in=mine).order_by("-valid_from")
    rows = said.select_related("organisation", "nation", "recorded_by")
    known = {(each.platform, each.platform_id) for each in mine}
    sign_ins = SocialAccount.objects.filter(user=user, provider__in=PROVIDERS)
    refused = next(iter(bound.values()), None)
    context = {
        "accounts": [
            (each, [row for row in rows if row.account_id == each.pk], forms_of(each, bound)) for each in mine
        ],
        "waiting": [each for each in sign_ins if (PROVIDERS[each.provider], each.uid) not in known],
        "others": Account.objects.filter(identity__user=user).exclude(pk__in=[each.pk for each in mine]),
        "may_connect": settings.CONNECTABLE,
        "refused": refused,
        "user_pk": user.pk,
    }
    return render(request, "contributions/accounts/own.html", context, status=422 if refused else 200)


def forms_of(account: Account, bound: dict[str, Any]) -> Any:
    return bound.get(f"declare_{account.pk}") or DeclareForm(prefix=f"a{account.pk}")


@requires("account.claim")
@require_POST
def own_accounts_claim(request: HttpRequest) -> HttpResponse:
    """All that the person signed in with and has not claimed yet."""
    claimed, troubles = claim_connected(actor=person(request))
    for account in claimed:
        messages.success(request, _("%(account)s is yours.") % {"account": account})
    for trouble in troubles:
        messages.error(request, trouble.sentence)
    return redirect("contributions:own_accounts")


@requires("account.claim")
@require_POST
def own_account_declare(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(claimed_by(person(request)), pk=pk)
    form = DeclareForm(request.POST, prefix=f"a{pk}")
    if form.is_valid():
        try:
            said = {"method": Method.SELF_DECLARED, "grade": Grade.A, **form.target()}
            affiliate(actor=person(request), account=account, **said)
            messages.success(request, _("Kept. You can end it or take it back at any time."))
            return redirect("contributions:own_accounts")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return accounts_page(request, **{f"declare_{pk}": form})


@requires("account.claim")
def own_account_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    account = get_object_or_404(claimed_by(person(request)), pk=pk)
    if request.method == "POST":
        release(actor=person(request), account=account)
        messages.success(request, _("%(account)s is not yours here any more.") % {"account": account})
        return redirect("contributions:own_accounts")
    return render(request, "contributions/accounts/release.html", {"account": account})


@requires("account.claim")
def own_affiliation(request: HttpRequest, pk: int) -> HttpResponse:
    """One that stands, on an account of theirs: end it from a day on, or take it back altogether."""
    user = person(request)
    rows = Affiliation.objects.standing().select_related("account", "organisation", "nation")
    found = get_object_or_404(rows.filter(account__in=claimed_by(user).values("pk")), pk=pk)
    form = UntilForm(request.POST if request.method == "POST" else None)
    if "revoke" in request.POST:
        revoke_affiliation(actor=user, affiliation=found)
        messages.success(request, _("Taken back. It counts for no figure any more, past ones included."))
        return redirect("contributions:own_accounts")
    if form.is_valid():
        try:
            end_affiliation(actor=user, affiliation=found, valid_to=form.cleaned_data["valid_to"])
            messages.success(request, _("Kept. What you did before that day counts as before."))
            return redirect("contributions:own_accounts")
        except Refused as refused:
            form.add_error("valid_to", refused.sentence)
    context = {"affiliation": found, "form": form}
    return render(
        request, "contributions/accounts/affiliation.html", context, status=422 if form.errors else 200
    )
