"""What the read API's lists can be asked for. The schema's parameters are read off these."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import BaselineMetric, LinkKind, RunsOn
from contributions.models.artifacts import OpennessClass
from dashboards.charts.figure import Known
from dashboards.figures.catalogue import KINDS
from dashboards.measures import EVERY_METRIC
from mission.api import Filters

NATION = "[A-Za-z]{2}"
PLACE = f"{NATION}|unknown|international"
MONTH = "20[0-9]{2}-(0[1-9]|1[0-2])"
QUARTER = "20[0-9]{2}-Q[1-4]"


class Like(forms.RegexField):
    """Words of one shape; `example` is one of them."""

    def __init__(self, pattern: str, example: str, help_text: Any) -> None:
        self.pattern = pattern
        message = _("This must look like %(example)s.") % {"example": example}
        super().__init__(
            rf"\A(?:{pattern})\Z", required=False, help_text=help_text, error_messages={"invalid": message}
        )


class OneOf(forms.ChoiceField):
    def __init__(self, values: Iterable[str], help_text: Any) -> None:
        known = [str(value) for value in values]
        message = _("“%(value)s” is none of these: {values}.")
        super().__init__(
            required=False,
            choices=[(value, value) for value in known],
            help_text=help_text,
            error_messages={"invalid_choice": str(message).format(values=", ".join(known))},
        )


def nation(help_text: Any) -> Like:
    return Like(NATION, "IN", help_text)


class RollupFilters(Filters):
    metric = OneOf(EVERY_METRIC, _("its slug, as /api/metrics/ has it"))
    nation = Like(PLACE, "IN", _("ISO 3166-1 alpha-2, or unknown, or international"))
    since = Like(MONTH, "2026-01", _("the first month"))
    until = Like(MONTH, "2026-12", _("the last month"))
    status = OneOf(Known, _("what is known of the figure; unknown ones have no row"))


class BaselineFilters(Filters):
    metric = OneOf(BaselineMetric.values, _("what the Innovation Graph counts"))
    nation = nation(_("ISO 3166-1 alpha-2, or XK"))
    since = Like(QUARTER, "2024-Q1", _("the first quarter"))
    until = Like(QUARTER, "2025-Q3", _("the last quarter"))
    dimension = forms.CharField(
        required=False, max_length=100, help_text=_("licence, topic, or nation of destination")
    )


class ArtifactFilters(Filters):
    q = forms.CharField(required=False, max_length=100, help_text=_("words its name or line begins with"))
    kind = OneOf(KINDS, _("what it is; a benchmark is a dataset that others evaluate on"))
    language = Like("[a-z]{3}", "hin", _("ISO 639-3"))
    owner = forms.CharField(
        required=False, max_length=100, help_text=_("name of the account on its platform")
    )
    licence = forms.CharField(
        required=False, max_length=100, help_text=_("SPDX; open: any of that list; none: no licence is known")
    )
    openness = OneOf(map(str, OpennessClass.values), _("class of the Model Openness Framework"))
    task = forms.CharField(required=False, max_length=60, help_text=_("as its platform names it"))
    runs_on = OneOf(RunsOn.values, _("the machine it runs on"))
    nation = nation(_("tied to it by its organisation's account; people's own accounts are never listed so"))


class ExchangeFilters(Filters):
    giver = Like(PLACE, "IN", _("whose work was built on: ISO 3166-1 alpha-2, unknown or international"))
    taker = Like(PLACE, "BR", _("who built on it: ISO 3166-1 alpha-2, unknown or international"))
    kind = OneOf(LinkKind.values, _("the kind of step"))
    since = Like(MONTH, "2026-01", _("the first month"))
    until = Like(MONTH, "2026-12", _("the last month"))


class LanguageFilters(forms.Form):
    nation = nation(_("only those spoken there, with its speakers"))


class NoFilters(forms.Form):
    """What is one thing, or a short list, and takes no parameter."""
