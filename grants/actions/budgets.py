"""A call's budget of GPU time and money: held when an award is decided, given back when it is not taken."""

from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from grants.models.amounts import money_in_words
from grants.models.calls import Call
from grants.models.compute import in_words
from mission.errors import Refused


def check_amounts(call: Call, gpu_ms: int, money: Decimal) -> None:
    """Only what the call gives, and something of it. A call that gives neither makes listings."""
    if gpu_ms < 0 or money < 0:
        raise Refused(_("An amount cannot be negative."), field="gpu_hours", status=422)
    if gpu_ms and not call.budget_gpu_ms:
        raise Refused(_("This call gives no GPU time."), field="gpu_hours", status=422)
    if money and not call.budget_money:
        raise Refused(_("This call gives no money."), field="money", status=422)
    if money != round(money, 2):
        raise Refused(_("Money has two decimals at most."), field="money", status=422)
    if gpu_ms or money:
        return
    if call.budget_gpu_ms:
        raise Refused(_("Award more than 0 GPU-hours."), field="gpu_hours", status=422)
    if call.budget_money:
        raise Refused(_("Award more than 0."), field="money", status=422)


def hold_budget(call: Call, gpu_ms: int, money: Decimal) -> None:
    """One conditional UPDATE: of all officers at once, none goes above either budget."""
    room = Call.objects.filter(
        pk=call.pk,
        budget_gpu_ms__gte=F("held_gpu_ms") + gpu_ms,
        budget_money__gte=F("held_money") + money,
    )
    if room.update(held_gpu_ms=F("held_gpu_ms") + gpu_ms, held_money=F("held_money") + money):
        return
    call.refresh_from_db(fields=["budget_gpu_ms", "held_gpu_ms", "budget_money", "held_money"])
    short_of_time = call.free_gpu_ms < gpu_ms
    if short_of_time:
        words = {"free": in_words(call.free_gpu_ms), "needs": in_words(gpu_ms)}
    else:
        words = {
            "free": money_in_words(call.free_money, call.currency),
            "needs": money_in_words(money, call.currency),
        }
    raise Refused(
        _("%(free)s are left of this call's budget, and this award needs %(needs)s. Nothing was changed.")
        % words,
        field="gpu_hours" if short_of_time else "money",
        code="over_budget",
    )


def give_back(call: Call, gpu_ms: int, money: Decimal) -> None:
    """What was held and is not given. Call it beside the one move that may happen once."""
    held = Call.objects.filter(pk=call.pk, held_gpu_ms__gte=gpu_ms, held_money__gte=money)
    if not held.update(held_gpu_ms=F("held_gpu_ms") - gpu_ms, held_money=F("held_money") - money):
        raise Refused(_("More would be given back than the call holds. Nothing was changed."))
