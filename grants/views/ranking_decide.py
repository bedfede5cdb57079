"""/desk/calls/<slug>/decide/: many decisions from the ranking, after a page that names number and total."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.actions.bulk import act_on_each
from grants.actions.decisions import decide
from grants.forms.ranking import AmountsForm, ManyForm, plain_money
from grants.models import Application, Call, Decision, DecisionKind
from grants.models.gpu_time import plain_hours
from grants.models.letter_samples import preview
from grants.models.ranking import budget_of, ranking
from grants.views.bulk import ONCE, in_words
from grants.views.decisions import results_in_words
from mission.access import requires
from mission.models import User
from mission.people_of import person

MOST = 200
QUESTIONS = {
    DecisionKind.AWARD: (gettext_lazy("Award %(count)s?"), gettext_lazy("Award %(count)s")),
    DecisionKind.WAIT: (
        gettext_lazy("Put %(count)s on the waiting list?"),
        gettext_lazy("Put %(count)s on the waiting list"),
    ),
    DecisionKind.DECLINE: (gettext_lazy("Decline %(count)s?"), gettext_lazy("Decline %(count)s")),
}


@requires("award.write")
def desk_decide_many(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug)
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("above") or asked.get("kind", "")
    picked = chosen(person(request), call, asked) if kind in DecisionKind.values else []
    if not picked or len(picked) > MOST:
        problem = _("Tick the applications first.") if not picked else _("At most %(most)d at once.")
        messages.error(request, problem % {"most": MOST})
        return redirect("grants:desk_ranking", slug)
    form = ManyForm(call, kind, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return confirm(request, call, kind, picked, form)
    if not cache.add(f"decide:{person(request).pk}:{form.cleaned_data['once']}", 1, ONCE):
        messages.info(request, _("This was done already. Nothing was done twice."))
        return redirect("grants:desk_ranking", slug)
    result = act_on_each(actor=person(request), act=decide_ranked, applications=picked, **form.values())
    if result.done:
        messages.success(request, _("Done: %(count)s.") % {"count": in_words(len(result.done))})
    back = reverse("grants:desk_ranking", args=[slug])
    if not result.refused:
        return redirect(back)
    context = {"result": result, "back": back, "count": in_words(len(result.refused))}
    return render(request, "grants/desk/bulk_refused.html", context, status=409)


def chosen(user: User, call: Call, asked: QueryDict) -> list[Any]:
    """Rows of the ranking, in its order: those ticked, or all above the line. One more than may be."""
    amounts = AmountsForm(call, asked)
    rows = ranking(call, user, amounts.tried()).select_related("organisation", "call")
    if amounts.errors:
        return []
    if asked.get("above"):
        return list(rows.filter(rank__lte=budget_of(call, rows).fits)[: MOST + 1])
    return list(rows.filter(reference__in=asked.getlist("pick")[: MOST + 1]))


def decide_ranked(*, actor: User, application: Any, kind: str, **values: Any) -> Decision:
    """With the amounts its row stands with."""
    if kind == DecisionKind.AWARD:
        values |= {"gpu_ms": application.amount_gpu_ms, "money": application.amount_money}
    return decide(actor=actor, application=application, kind=kind, **values)


def confirm(request: HttpRequest, call: Call, kind: str, picked: list[Any], form: ManyForm) -> HttpResponse:
    """How many, how much together, what would remain, and the letter the first of them would get."""
    question, button = QUESTIONS[DecisionKind(kind)]
    words = {"count": in_words(len(picked))}
    gives = kind == DecisionKind.AWARD
    total_gpu_ms = sum(row.amount_gpu_ms for row in picked) if gives else 0
    total_money = sum((row.amount_money for row in picked), start=0 * call.budget_money) if gives else 0
    context = {
        "call": call,
        "kind": kind,
        "question": question % words,
        "button": button % words,
        "form": form,
        "picked": [(row, plain_hours(row.amount_gpu_ms), plain_money(row.amount_money)) for row in picked],
        "total_gpu_ms": total_gpu_ms,
        "total_money": total_money,
        "left_gpu_ms": call.free_gpu_ms - total_gpu_ms,
        "left_money": call.free_money - total_money,
        "letter": letter_to_first(request, kind, picked[0], form),
        "results": results_in_words(call),
    }
    status = 422 if form.errors else 200
    return render(request, "grants/desk/ranking_decide.html", context, status=status)


def letter_to_first(request: HttpRequest, kind: str, row: Any, form: ManyForm) -> tuple[str, str]:
    gives = kind == DecisionKind.AWARD
    feedback = form.data.get("feedback", "") if form.is_bound else form.initial["feedback"]
    drafted = Decision(
        application=Application.objects.select_related("call", "organisation").get(pk=row.pk),
        kind=kind,
        awarded_gpu_ms=row.amount_gpu_ms if gives else 0,
        awarded_money=row.amount_money if gives else 0,
        place=1,
        feedback=feedback,
    )
    return preview(drafted, person=row.started_by)
