"""/desk/sources/: what is looked at, how fresh it is, what it costs and what stands in the way."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import budgets
from contributions.actions import watching
from contributions.actions.sources import watch
from contributions.forms.sources import FindSourcesForm, RoleForm, WatchForm
from contributions.models import Delivery, Source
from contributions.models.freshness import STATES, condition, found, standing
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person

A_PAGE, LATEST = 50, 20


@requires("source.read")
def desk_sources(request: HttpRequest) -> HttpResponse:
    form = FindSourcesForm(request.GET)
    asked = {name: form.cleaned_data.get(name, "") if form.is_valid() else "" for name in form.fields}
    page = Paginator(found(**asked), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(source, standing(source)) for source in page],
        "totals": totals(),
        "budgets": budgets.standing(),
        "may_write": may(request.user, "source.write"),
    }
    return render(request, "contributions/sources/list.html", context)


def totals() -> dict[str, object]:
    """How many in each state, and what they cost together. One query."""
    now = timezone.now()
    asked = {f"in_{state}": Count("pk", filter=condition(state, now)) for state in STATES}
    sums = {name: Sum(name) for name in ("requests", "requests_free", "quota", "rows_new", "rows_changed")}
    told = Source.objects.aggregate(**asked, **sums)
    return told | {
        "states": [(each, STATES[each], told[f"in_{each}"]) for each in STATES if told[f"in_{each}"]]
    }


@requires("source.read")
def desk_source(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source.objects.select_related("parent"), pk=pk)
    about = Q(platform_id=source.platform_id) if source.platform_id else Q(pk=None)
    deliveries = Delivery.objects.filter(about | Q(name__iexact=source.name), platform=source.platform)
    children = Paginator(source.children.order_by("name"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": source,
        "standing": standing(source),
        "fetches": source.fetches.order_by("-pk")[:LATEST],
        "deliveries": deliveries[:LATEST],
        "children": [(child, standing(child)) for child in children],
        "page": children,
        "role_form": RoleForm(initial={"role": source.commons_role}),
        "may_write": may(request.user, "source.write"),
    }
    return render(request, "contributions/sources/detail.html", context)


@requires("source.write")
def desk_source_new(request: HttpRequest) -> HttpResponse:
    form = WatchForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            source = watch(actor=person(request), platform=said["platform"], name=said["name"].strip())
            if said["role"]:
                watching.set_role(actor=person(request), source=source, role=said["role"])
            messages.success(request, _("%(name)s is looked at, now and from now on.") % {"name": source})
            return redirect("contributions:desk_source", source.pk)
        except Refused as refused:
            form.add_error(refused.field or "name", refused.sentence)
    return render(
        request, "contributions/sources/new.html", {"form": form}, status=422 if form.errors else 200
    )


@requires("source.write")
@require_POST
def desk_source_role(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    watching.set_role(actor=person(request), source=source, role=request.POST.get("role", ""))
    messages.success(request, _("Kept."))
    return redirect("contributions:desk_source", pk)


@requires("source.write")
@require_POST
def desk_source_hurry(request: HttpRequest, pk: int) -> HttpResponse:
    source = watching.look_now(actor=person(request), source=get_object_or_404(Source, pk=pk))
    messages.success(request, _("%(name)s is due now; a worker takes it within a minute.") % {"name": source})
    return redirect("contributions:desk_source", pk)


@requires("source.write")
def desk_source_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    source = get_object_or_404(Source, pk=pk)
    if request.method == "POST":
        watching.stop_watching(actor=person(request), source=source)
        messages.success(
            request, _("Nobody looks at %(name)s any more. What came in stays.") % {"name": source}
        )
        return redirect("contributions:desk_source", pk)
    context = {"source": source, "children": source.children.exclude(due_at=None).count()}
    return render(request, "contributions/sources/stop.html", context)
