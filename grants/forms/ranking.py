"""Amounts tried in the ranking, out of its address; and the words of many decisions at once."""

import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from grants.forms.decisions import WordsForm, feedback_to_start_from
from grants.models.amounts import LARGEST_MONEY
from grants.models.calls import Call
from grants.models.compute import Resource
from grants.models.decisions import DecisionKind
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.ranking import Tried

AMOUNT = re.compile(r"([hm])-(A-[2-9A-Z]{8})")
MOST = 400  # amounts tried at once


def plain_money(amount: Decimal) -> str:
    """As people type it: 20000, or 0.50."""
    return format(amount, "f") if amount % 1 else format(amount.quantize(Decimal(1)), "f")


class AmountsForm(forms.Form):
    """`h-<reference>` are GPU-hours, `m-<reference>` money. What cannot be read stays as typed."""

    def __init__(self, call: Call, query: QueryDict) -> None:
        super().__init__(query)
        gives = {"h": call.budget_gpu_ms > 0, "m": call.budget_money > 0}
        for name in list(query)[: MOST * 3]:
            found = AMOUNT.fullmatch(name)
            if found and gives[found[1]] and len(self.fields) < MOST:
                most = LARGEST_HOURS if found[1] == "h" else LARGEST_MONEY
                self.fields[name] = forms.DecimalField(
                    required=False, min_value=0, max_value=most, decimal_places=2
                )

    def tried(self) -> Tried:
        self.is_valid()
        amounts = {name: value for name, value in self.cleaned_data.items() if value is not None}
        hours = {name[2:]: gpu_ms(value) for name, value in amounts.items() if name[0] == "h"}
        return Tried(hours, {name[2:]: value for name, value in amounts.items() if name[0] == "m"})

    def typed(self, row: Any) -> dict[str, Any]:
        """What the two fields of a row show, and what is wrong with them."""
        hours, money = f"h-{row.reference}", f"m-{row.reference}"
        return {
            "hours": self.data[hours] if hours in self.errors else plain_hours(row.amount_gpu_ms),
            "money": self.data[money] if money in self.errors else plain_money(row.amount_money),
            "problems": [*self.errors.get(hours, []), *self.errors.get(money, [])],
        }

    def superfluous(self, rows: Iterable[Any]) -> set[str]:
        """Names of amounts that are what they would be anyway: the address does without them."""
        names = set()
        for row in rows:
            usual_hours = row.requested_gpu_ms if row.recommended_gpu_ms is None else row.recommended_gpu_ms
            usual_money = row.requested_money if row.recommended_money is None else row.recommended_money
            # Fields show hundredths of hours: what a page sends back may be less by a rounding.
            if plain_hours(row.amount_gpu_ms) == plain_hours(usual_hours):
                names.add(f"h-{row.reference}")
            if row.amount_money == usual_money:
                names.add(f"m-{row.reference}")
        return {name for name in names if name in self.fields and name not in self.errors}


class ManyForm(WordsForm):
    """`once` is new on each confirmation page: the same page sent twice acts once."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, call: Call, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != DecisionKind.AWARD or not call.budget_gpu_ms:
            self.without_compute()
        elif not self.is_bound:
            self.initial["resource"] = Resource.objects.first()
        if not self.is_bound:
            self.initial["feedback"] = feedback_to_start_from(kind, call)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.need_feedback(self.kind)
        return data

    def values(self) -> dict[str, Any]:
        award = self.kind == DecisionKind.AWARD
        return {"kind": self.kind, **self.words(), **(self.where_and_until() if award else {})}
