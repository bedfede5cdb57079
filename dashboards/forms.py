"""What public pages can be asked for in their address. A bad value gets a sentence, never silence."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from contributions.models import MACHINES, AccountKind, ArtifactKind, BaselineMetric, Platform
from dashboards.charts import words
from dashboards.figures.baseline import METRIC_CHOICES, Quarter
from dashboards.figures.exchange import NOWHERE
from dashboards.figures.places import Place
from mission.models import Language


class AskedForm(forms.Form):
    """A form read from the address. What is not asked for, or wrong, is its default."""

    @classmethod
    def asked(cls, request: HttpRequest, **kwargs: Any) -> Self:
        form = cls(request.GET.copy(), **kwargs)
        data = form.data
        if isinstance(data, QueryDict):
            for name, field in form.fields.items():
                if name not in data:
                    data[name] = field.initial if field.initial is not None else ""
        return form

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set the choices of a field that only the rows know."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    @property
    def chosen(self) -> dict[str, Any]:
        """What to show: what was asked for, and the default where that was wrong."""
        self.full_clean()
        return {name: self.cleaned_data.get(name, field.initial or "") for name, field in self.fields.items()}


def nation_choices(places: Mapping[str, Place], first: Any) -> list[tuple[str, Any]]:
    return [("", first), *((place.code, place.name) for place in places.values())]


class NationField(forms.ChoiceField):
    """A code in either case."""

    default_error_messages = {
        "invalid_choice": _(
            "“%(value)s” is not the code of a nation. Codes are those of ISO 3166-1, such as IN."
        )
    }

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


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


class RegisterForm(AskedForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    nation = NationField(label=_("Nation"), required=False)

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(places, _("all")))


class LanguagesForm(AskedForm):
    nation = NationField(label=_("Spoken in"), required=False)

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(places, _("the world")))


class BotsForm(AskedForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("all")), *(each for each in AccountKind.choices if each[0] in MACHINES)],
    )
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("all")), *Platform.choices]
    )


class CatalogueForm(AskedForm):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *ArtifactKind.choices])
    language = forms.ChoiceField(label=_("Language"), required=False)
    licence = forms.CharField(label=_("Licence"), required=False, max_length=100, strip=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Language.objects.filter(artifacts__isnull=False).distinct().order_by("name")
        self.offer("language", [("", _("all")), *named.values_list("code", "name")])


class OtherField(NationField):
    """Of a pair of places: a nation, or what has none."""

    def to_python(self, value: Any) -> str:
        code = super().to_python(value)
        return code.lower() if code.lower() in NOWHERE else code


class ExchangeForm(AskedForm):
    """`to` and `from` open the steps between the chosen nation and another place; links set them."""

    nation = NationField(label=_("Nation"), required=False)
    kind = forms.ChoiceField(
        label=_("Steps"),
        required=False,
        choices=[
            ("", _("of every kind")),
            ("model", _("models built on models")),
            ("dataset", _("models trained on datasets")),
            ("benchmark", _("models measured on benchmarks")),
        ],
    )
    months = forms.ChoiceField(
        label=_("Time"),
        choices=[("12", _("a year")), ("24", _("two years")), ("60", _("five years"))],
        initial="12",
    )

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(places, _("all")))
        anywhere = [("", ""), *((code, code) for code in (*places, *NOWHERE))]
        for way in ("to", "from"):
            self.fields[way] = OtherField(required=False, choices=anywhere, widget=forms.HiddenInput)


class CompareForm(AskedForm):
    """Two to six nations, as `?n=IN&n=BR`."""

    MOST = 6
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
