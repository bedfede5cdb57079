"""What public pages can be asked for in their address, by subject."""

from dashboards.forms.asked import AskedForm, NationField, nation_choices
from dashboards.forms.awards import RegisterForm
from dashboards.forms.commons import BotsForm, CatalogueForm, LanguagesForm
from dashboards.forms.exchange import ExchangeForm
from dashboards.forms.measures import RankingForm
from dashboards.forms.nations import CompareForm, IndicatorForm
from dashboards.forms.weights import WeightsForm

__all__ = [
    "AskedForm",
    "BotsForm",
    "CatalogueForm",
    "CompareForm",
    "ExchangeForm",
    "IndicatorForm",
    "LanguagesForm",
    "NationField",
    "RankingForm",
    "RegisterForm",
    "WeightsForm",
    "nation_choices",
]
