"""/desk/accounts/: accounts, whose they are and how we know; recording, ending, merging, splitting."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from contributions.forms import accounts as forms
from contributions.models import Account, AccountAlias, Affiliation
from contributions.models.accounts import AccountQuerySet
from contributions.models.identities import owner_of
from mission.access import may, requires

A_PAGE, LOG = 50, 50


@requires("identity.read")
def desk_accounts(request: HttpRequest) -> HttpResponse:
    form = forms.FindAccountsForm(request.GET)
    asked = {name: form.cleaned_data.get(name, "") if form.is_valid() else "" for name in form.fields}
    page = Paginator(found(**asked), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "contributions/accounts/list.html", {"form": form, "page": page})


def found(*, q: str, platform: str, kind: str, tied: str) -> AccountQuerySet:
    """By name. A former name finds the account too."""
    rows = Account.objects.select_related("identity__user").order_by("login", "pk")
    for word in q.split():
        before = AccountAlias.objects.filter(account=OuterRef("pk"), login__iexact=word)
        rows = rows.filter(Q(login__icontains=word) | Q(name__icontains=word) | Exists(before))
    if platform:
        rows = rows.filter(platform=platform)
    if kind:
        rows = rows.filter(kind=kind)
    belongs = Affiliation.objects.standing().filter(account=OuterRef("pk"))
    if tied == "claimed":
        rows = rows.filter(identity__user__isnull=False)
    elif tied == "merged":
        others = Account.objects.filter(identity=OuterRef("identity")).exclude(pk=OuterRef("pk"))
        rows = rows.filter(Exists(others))
    elif tied == "nowhere":
        rows = rows.filter(~Exists(belongs))
    return rows


@requires("identity.read")
def desk_account(request: HttpRequest, pk: int) -> HttpResponse:
    return account_page(request, get_object_or_404(Account.objects.select_related("identity"), pk=pk))


def account_page(request: HttpRequest, account: Account, **bound: Any) -> HttpResponse:
    """With the form that was refused, where one was."""
    operations = account.operations.select_related("actor", "before__user", "after__user", "reversed_by")
    others = (
        Account.objects.filter(identity=account.identity_id)
        if account.identity_id
        else Account.objects.none()
    )
    context = {
        "account": account,
        "owner": owner_of(account),
        "others": others.exclude(pk=account.pk).order_by("login"),
        "aliases": account.aliases.order_by("-seen_at")[:LOG],
        "affiliations": affiliations_of(account),
        "operations": operations[:LOG],
        "forms": forms_of(account) | bound,
        "refused": next(iter(bound.values()), None),
        "may_write": may(request.user, "identity.write"),
    }
    return render(request, "contributions/accounts/detail.html", context, status=422 if bound else 200)


def forms_of(account: Account) -> dict[str, Any]:
    """One for each act of desk_accounts_changing."""
    return {
        "belong": forms.BelongForm(),
        "end": forms.EndForm(account=account),
        "revoke": forms.RevokeForm(account=account),
        "kind": forms.KindForm(initial={"kind": account.kind}),
        "merge": forms.MergeForm(),
        "split": forms.ReasonForm(),
        "reverse": forms.ReasonForm(),
    }


def affiliations_of(account: Account) -> Any:
    """Those that stand, then those taken back; the newest first."""
    rows = account.affiliations.select_related("organisation", "nation", "recorded_by")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-valid_from")
