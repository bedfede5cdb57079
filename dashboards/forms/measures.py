"""Which metric, when, and set against what: the same choice on every page that ranks nations."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contributions.models import BaselineMetric, YearlyTable
from dashboards.figures.indicators import INDICATORS, USUAL, Indicator, choices
from dashboards.figures.places import Place
from dashboards.figures.relative import CHOICES, TOTAL, no_gdp
from dashboards.figures.spans import Looked, Span, chosen_span, earlier, offered, why_not
from dashboards.forms.asked import AskedForm


def no_such_metric() -> Any:
    return _("There is no metric of that name. All of them are listed under /indicators/.")


class MeasureForm(AskedForm):
    """`gdp`: the table of the economy, where one is loaded. `indicator`: where the page itself names it."""

    metric = forms.ChoiceField(label=_("Metric"), error_messages={"invalid_choice": no_such_metric()})
    per = forms.ChoiceField(label=_("Counted"), choices=CHOICES, initial=TOTAL)

    def __init__(
        self,
        *args: Any,
        places: Mapping[str, Place],
        looked: Looked,
        gdp: YearlyTable | None,
        indicator: Indicator | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.gdp, self.last = places, gdp, looked.last
        usual = USUAL if looked.nations else str(BaselineMetric.DEVELOPERS)
        self.indicator = indicator or INDICATORS.get(str(self.data.get("metric")), INDICATORS[usual])
        self.spans = offered(self.indicator, looked.last)
        self.offer("metric", choices())
        self.fields["metric"].initial = usual
        if indicator:
            del self.fields["metric"]
        if gdp is None:
            self.offer("per", [(key, no_table(key, label)) for key, label in CHOICES])

    def clean_per(self) -> str:
        per = str(self.cleaned_data["per"])
        if per == "gdp" and self.gdp is None:
            raise forms.ValidationError(no_gdp())
        if per != TOTAL and not self.indicator.scales:
            told = _("%(metric)s is a share or the like: it is told as it is, not per people or money.")
            raise forms.ValidationError(told % {"metric": self.indicator.label})
        return per


def no_table(key: str, label: Any) -> Any:
    return gettext("%(label)s (no table is loaded)") % {"label": label} if key == "gdp" else label


class TimedForm(MeasureForm):
    """And when. The empty choice is the latest there is, so that it fits whatever metric is chosen next."""

    period = forms.ChoiceField(label=_("Time"), required=False, initial="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = str(self.data.get("period", ""))
        if asked not in {span.key for span in self.spans}:
            kept = earlier(self.indicator, asked, self.last)
            self.spans += [kept] if kept else []
        self.offer("period", self._periods())
        self.fields["period"].error_messages["invalid_choice"] = why_not(self.indicator, asked)

    def _periods(self) -> list[tuple[str, Any]]:
        latest = gettext("latest: %(span)s") % {"span": self.spans[0]}
        year = [("year", latest)] if self.data.get("period") == "year" and self.indicator.adds_up else []
        return [("", latest), *year, *((span.key, str(span)) for span in self.spans)]

    @property
    def span(self) -> Span:
        return chosen_span(self.spans, str(self.chosen["period"]))

    @property
    def settled(self) -> dict[str, list[str]]:
        """What “latest” means today, for links that shall mean the same tomorrow."""
        return {"period": [self.span.key]}


class RankingForm(TimedForm):
    sort = forms.ChoiceField(
        label=_("Sorted by"), choices=[("rank", _("rank")), ("name", _("name"))], initial="rank"
    )
