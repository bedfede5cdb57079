"""What is looked for on every page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboards.figures.search import KINDS
from dashboards.forms.asked import AskedForm
from mission.search import folded


class SearchForm(AskedForm):
    q = forms.CharField(
        label=_("Search for"),
        required=False,
        max_length=100,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Among"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.offer("kind", [("", _("everything")), *((slug, kind.plural) for slug, kind in KINDS.items())])

    def clean_q(self) -> str:
        said = str(self.cleaned_data["q"])
        words = folded(said)
        if said and (not words or all(len(word) < 2 and word.isascii() for word in words)):
            raise forms.ValidationError(_("Write at least two letters of a word."))
        return said
