"""Up to eight metrics with weights, as `?m1=model&w1=3&m2=dataset&w2=1`."""

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import YearlyTable
from dashboards.figures.indicators import INDICATORS, Indicator, choices
from dashboards.figures.relative import CHOICES, no_gdp
from dashboards.forms.asked import AskedForm
from dashboards.forms.measures import no_such_metric, no_table
from mission.numerals import native
from mission.remembered import Subject, remembered_while
from mission.selects import Offered

MOST = 8
HEAVIEST = 10
USUAL = {"model": 3, "dataset": 3, "merged_change": 2, "languages_complete": 2}
WRONG_WEIGHT = _("“%(value)s” is no weight. Weights are whole numbers from 1 to 10.")


class Weighed(NamedTuple):
    indicator: Indicator
    weight: int


@remembered_while(Subject.NATIONS)
def weights() -> Offered:
    return Offered((str(weight), native(str(weight))) for weight in range(1, HEAVIEST + 1))


class WeightsForm(AskedForm):
    per = forms.ChoiceField(label=_("Counted"), choices=CHOICES, initial="people")

    def __init__(self, *args: Any, gdp: YearlyTable | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gdp = gdp
        if gdp is None:
            self.offer("per", [(key, no_table(key, label)) for key, label in CHOICES])
        usual = list(USUAL.items())
        nothing_asked = not any(str(self.data.get(f"m{n}", "")) for n in range(1, MOST + 1))
        every, heavy = choices(first=str(_("none"))), weights()
        for n in range(1, MOST + 1):
            slug, weight = usual[n - 1] if nothing_asked and n <= len(usual) else ("", 1)
            self.fields[f"m{n}"] = forms.ChoiceField(
                label=_("Metric %(number)s") % {"number": native(str(n))},
                required=False,
                choices=every,
                initial=slug,
                error_messages={"invalid_choice": no_such_metric()},
            )
            self.fields[f"w{n}"] = forms.ChoiceField(
                label=_("Weight %(number)s") % {"number": native(str(n))},
                required=False,
                choices=heavy,
                initial=str(weight),
                error_messages={"invalid_choice": WRONG_WEIGHT},
            )

    def clean_per(self) -> str:
        if self.cleaned_data["per"] == "gdp" and self.gdp is None:
            raise forms.ValidationError(no_gdp())
        return str(self.cleaned_data["per"])

    def clean(self) -> dict[str, Any]:
        asked = [str(self.cleaned_data.get(f"m{n}") or "") for n in range(1, MOST + 1)]
        for n, slug in enumerate(asked, 1):
            if slug and slug in asked[: n - 1]:
                told = _("%(metric)s is chosen twice. Give it one weight, and choose another metric here.")
                self.add_error(f"m{n}", told % {"metric": INDICATORS[slug].label})
        return self.cleaned_data

    @property
    def parts(self) -> list[Weighed]:
        """What was chosen; the usual where nothing of it is right."""
        chosen = self.chosen
        found = {
            str(chosen[f"m{n}"]): int(chosen[f"w{n}"] or 1) for n in range(MOST, 0, -1) if chosen[f"m{n}"]
        }
        weighed = dict(reversed(found.items())) or USUAL
        return [Weighed(INDICATORS[slug], weight) for slug, weight in weighed.items()]

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Fields side by side, metric and weight: those in use, and two more to fill in."""
        used = max((n for n in range(1, MOST + 1) if self[f"m{n}"].value()), default=0)
        return [(self[f"m{n}"], self[f"w{n}"]) for n in range(1, min(MOST, used + 2) + 1)]
