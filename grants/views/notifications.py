"""/notifications/: what a person was told, and how they want to be told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from grants.actions import notifications as actions
from grants.forms.notifications import DeliveryForm
from grants.models import Notification
from mission.access import requires
from mission.people_of import person


@requires("home.open")
def notifications(request: HttpRequest) -> HttpResponse:
    """The list; posting chooses the way by e-mail."""
    user = person(request)
    chosen = {"by_email": actions.delivery_for(user)}
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        actions.choose_delivery(actor=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("grants:notifications")
    rows = Notification.objects.filter(user=user)
    context = {
        "page": Paginator(rows, 30).get_page(request.GET.get("page")),
        "unread": rows.filter(read_at=None).count(),
        "form": form,
    }
    return render(request, "grants/notifications/list.html", context, status=422 if form.errors else 200)


@requires("home.open")
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it as read and goes where it leads, within the house."""
    found = get_object_or_404(Notification, user=person(request), pk=pk)
    actions.mark_read(actor=person(request), notification=found)
    within = url_has_allowed_host_and_scheme(found.path, allowed_hosts=None)
    return redirect(found.path if within else "grants:notifications")


@requires("home.open")
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Notification, user=person(request), pk=pk)
    actions.mark_read(actor=person(request), notification=found)
    return redirect("grants:notifications")


@requires("home.open")
@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    count = actions.mark_all_read(actor=person(request))
    words = ngettext("%(count)d marked as read.", "%(count)d marked as read.", count)
    messages.success(request, words % {"count": count})
    return redirect("grants:notifications")
