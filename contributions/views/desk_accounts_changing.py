"""What officers do with an account, one form each; a form that is refused stands on its page again."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.actions.accounts import fix_kind
from contributions.actions.attribution import affiliate, end_affiliation, revoke_affiliation
from contributions.actions.identities import merge, reverse, split
from contributions.forms import accounts as forms
from contributions.models import Account, Method
from contributions.views.desk_accounts import account_page
from mission.access import requires
from mission.errors import Refused
from mission.models import User
from mission.people_of import person


def belong(actor: User, account: Account, form: forms.BelongForm) -> None:
    affiliate(actor=actor, account=account, method=Method.OFFICER, **form.target())


def end(actor: User, account: Account, form: forms.EndForm) -> None:
    end_affiliation(actor=actor, **form.cleaned_data)


def revoke(actor: User, account: Account, form: forms.RevokeForm) -> None:
    revoke_affiliation(actor=actor, **form.cleaned_data)


def kind(actor: User, account: Account, form: forms.KindForm) -> None:
    fix_kind(actor=actor, account=account, **form.cleaned_data)


def together(actor: User, account: Account, form: forms.MergeForm) -> None:
    said = form.cleaned_data
    merge(actor=actor, accounts=[account, said["other"]], reason=said["reason"])


def apart(actor: User, account: Account, form: forms.ReasonForm) -> None:
    split(actor=actor, account=account, reason=form.cleaned_data["reason"])


ACTS: dict[str, tuple[Callable[..., Any], Callable[..., None]]] = {
    "belong": (lambda data, account: forms.BelongForm(data), belong),
    "end": (lambda data, account: forms.EndForm(data, account=account), end),
    "revoke": (lambda data, account: forms.RevokeForm(data, account=account), revoke),
    "kind": (lambda data, account: forms.KindForm(data), kind),
    "merge": (lambda data, account: forms.MergeForm(data), together),
    "split": (lambda data, account: forms.ReasonForm(data), apart),
}


@requires("identity.write")
@require_POST
def desk_account_change(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    account = get_object_or_404(Account.objects.select_related("identity"), pk=pk)
    if act not in ACTS:
        raise Http404
    form_of, do = ACTS[act]
    form = form_of(request.POST, account)
    if form.is_valid():
        try:
            do(person(request), account, form)
            messages.success(request, _("Done. Figures are recomputed within a minute."))
            return redirect("contributions:desk_account", pk)
        except Refused as refused:
            refuse(form, refused)
    return account_page(request, account, **{act: form})


def refuse(form: django_forms.Form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


@requires("identity.write")
@require_POST
def desk_account_reverse(request: HttpRequest, pk: int, operation: int) -> HttpResponse:
    account = get_object_or_404(Account.objects.select_related("identity"), pk=pk)
    found = get_object_or_404(account.operations, pk=operation)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            reverse(actor=person(request), operation=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("Undone. The log keeps both."))
            return redirect("contributions:desk_account", pk)
        except Refused as refused:
            refuse(form, refused)
    return account_page(request, account, reverse=form)
