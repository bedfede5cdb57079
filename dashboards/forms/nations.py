"""Several nations side by side."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dashboards.charts import words
from dashboards.figures.places import Place
from dashboards.forms.measures import MeasureForm, TimedForm

MOST = 6


def asked_nations(data: Any, places: Mapping[str, Place]) -> tuple[list[Place], list[Any]]:
    """As `?n=IN&n=BR`: those that are nations, at most six; and sentences for the others."""
    codes = [code.upper() for code in data.getlist("n") if code] if isinstance(data, QueryDict) else []
    wanted = list(dict.fromkeys(codes))
    strange = [code for code in wanted if code not in places]
    found = [places[code] for code in wanted if code in places]
    told: list[Any] = []
    if strange:
        sentence = _(
            "Not the code of a nation: %(codes)s. Codes are those of ISO 3166-1, such as IN; the European "
            "Union is not one, because its members are."
        )
        told.append(sentence % {"codes": words.listed([code[:20] for code in strange[:5]])})
    if len(found) > MOST:
        told.append(_("At most six nations fit side by side; the first six are shown."))
    return found[:MOST], told


class SideBySide(MeasureForm):
    """Two to six nations, asked for beside the fields."""

    MOST = MOST
    also = ("n",)
    nations: list[Place]

    def clean(self) -> dict[str, Any]:
        self.nations, told = asked_nations(self.data, self.places)
        for sentence in told:
            self.add_error(None, forms.ValidationError(sentence))
        return self.cleaned_data

    @property
    def settled(self) -> dict[str, list[str]]:
        """Those shown, also where nobody chose them: the view puts them in."""
        return {**super().settled, "n": [place.code for place in self.nations]}


class CompareForm(SideBySide):
    """Over time, by one metric."""


class IndicatorForm(SideBySide, TimedForm):
    """One metric, which the address names; nations, time and denominator are chosen."""
