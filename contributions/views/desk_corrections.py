"""/desk/corrections/: what was contested, and deciding it together with the changes it brings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from contributions.actions.corrections import decide
from contributions.forms.corrections import DecisionForm
from contributions.models import Account, Affiliation, Correction
from contributions.models.contested import in_words, link_of
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person

SUBJECTS = ("nation", "artifact__owner", "account", "affiliation__account", "contribution__account")


@requires("correction.read")
def desk_corrections(request: HttpRequest) -> HttpResponse:
    """Open ones, the oldest on top; or all, the newest on top."""
    shown = "all" if request.GET.get("show") == "all" else "open"
    rows = Correction.objects.select_related(*SUBJECTS, "filed_by")
    rows = rows.order_by("-filed_at") if shown == "all" else rows.open().order_by("filed_at")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "shown": shown, "rows": [(each, in_words(each)) for each in page]}
    return render(request, "contributions/corrections/desk_list.html", context)


@requires("correction.read")
def desk_correction(request: HttpRequest, reference: str) -> HttpResponse:
    rows = Correction.objects.select_related(*SUBJECTS, "filed_by", "decided_by")
    found = get_object_or_404(rows, reference=reference)
    may_decide = found.waits and may(request.user, "correction.decide")
    account = account_of(found)
    form = DecisionForm(
        request.POST if request.method == "POST" and may_decide else None, initial=named(found, account)
    )
    form.offer(affiliations_of(found, account))
    if form.is_valid() and (answer := decided(request, found, form)):
        return answer
    context = {
        "correction": found,
        "about": in_words(found),
        "link": link_of(found),
        "account": account,
        "form": form,
        "filed_by_you": found.was_filed_by(person(request)),
        "may_decide": may_decide,
    }
    status = 422 if form.errors else 200
    return render(request, "contributions/corrections/desk_detail.html", context, status=status)


def decided(request: HttpRequest, found: Correction, form: DecisionForm) -> HttpResponse | None:
    """None where it was refused; the form then says why."""
    said = form.cleaned_data
    try:
        decide(
            actor=person(request),
            correction=found,
            accept=said["outcome"] == "accept",
            public_summary=said["public_summary"],
            changes=form.changes(),
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    messages.success(request, _("Decided. What was changed is recomputed within a minute."))
    return redirect("contributions:desk_correction", found.reference)


def account_of(found: Correction) -> Account | None:
    """Whose it is about."""
    of = found.affiliation or found.contribution
    return found.account or (of.account if of else None) or (found.artifact.owner if found.artifact else None)


def affiliations_of(found: Correction, account: Account | None) -> "QuerySet[Affiliation]":
    rows = Affiliation.objects.standing().select_related("organisation", "nation", "account")
    return rows.filter(account=account) if account else rows.none()


def named(found: Correction, account: Account | None) -> dict[str, object]:
    """What the form begins with: the things it is about."""
    return {
        "account": f"{account.platform}:{account.login}" if account else "",
        "artifact": found.artifact.url if found.artifact else "",
        "affiliation": found.affiliation_id,
    }
