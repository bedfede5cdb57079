"""What public pages can be asked for in their address, by subject."""

from dashboards.forms.asked import AskedForm, NationField, nation_choices
from dashboards.forms.awards import RegisterForm
from dashboards.forms.commons import BotsForm, CatalogueForm, LanguagesForm
from dashboards.forms.exchange import ExchangeForm
from dashboards.forms.nations import CompareForm, RankingForm

__all__ = [
    "AskedForm",
    "BotsForm",
    "CatalogueForm",
    "CompareForm",
    "ExchangeForm",
    "LanguagesForm",
    "NationField",
    "RankingForm",
    "RegisterForm",
    "nation_choices",
]
