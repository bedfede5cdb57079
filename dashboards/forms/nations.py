"""Rankings and comparisons of nations."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contributions.models import BaselineMetric
from dashboards.charts import words
from dashboards.figures.baseline import METRIC_CHOICES, Quarter
from dashboards.figures.places import Place
from dashboards.forms.asked import AskedForm


class RankingForm(AskedForm):
    metric = forms.ChoiceField(label=_("Metric"), choices=METRIC_CHOICES, initial=BaselineMetric.DEVELOPERS)
    per = forms.ChoiceField(
        label=_("Counted"),
        choices=[("total", _("in total")), ("head", _("per 1,000 people"))],
        initial="total",
    )
    quarter = forms.ChoiceField(label=_("Quarter"), required=False, initial="")
    sort = forms.ChoiceField(
        label=_("Sorted by"),
        choices=[("rank", _("rank")), ("name", _("name")), ("change", _("change in a year"))],
        initial="rank",
    )

    def __init__(self, *args: Any, quarters: Iterable[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(quarters)
        self.offer("quarter", [(quarter.key, str(quarter)) for quarter in known])
        self.fields["quarter"].initial = known[0].key if known else ""

    def clean_quarter(self) -> str:
        return str(self.cleaned_data["quarter"] or self.fields["quarter"].initial)

    @property
    def at(self) -> Quarter | None:
        found = re.fullmatch(r"(\d{4})-Q([1-4])", self.chosen["quarter"])
        return Quarter(int(found[1]), int(found[2])) if found else None


class CompareForm(AskedForm):
    """Two to six nations, as `?n=IN&n=BR`."""

    MOST = 6
    also = ("n",)  # asked for beside its fields
    metric = forms.ChoiceField(label=_("Metric"), choices=METRIC_CHOICES, initial=BaselineMetric.DEVELOPERS)

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.nations: list[Place] = []

    def clean(self) -> dict[str, Any]:
        codes = (
            [code.upper() for code in self.data.getlist("n") if code]
            if isinstance(self.data, QueryDict)
            else []
        )
        wanted = list(dict.fromkeys(codes))
        strange = [code for code in wanted if code not in self.places]
        self.nations = [self.places[code] for code in wanted if code in self.places][: self.MOST]
        if strange:
            told = _(
                "Not the code of a nation: %(codes)s. Codes are those of ISO 3166-1, such as IN; the "
                "European Union is not one, because its members are."
            )
            self.add_error(None, told % {"codes": words.listed([code[:20] for code in strange[:5]])})
        if len(wanted) - len(strange) > self.MOST:
            self.add_error(None, _("At most six nations fit side by side; the first six are shown."))
        return self.cleaned_data
