"""The catalogue, languages and bots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import MACHINES, AccountKind, Platform, RunsOn
from contributions.models.artifacts import OpennessClass
from dashboards.figures.catalogue import KINDS, languages_there, licences_there, tasks_there
from dashboards.figures.languages import NEEDS
from dashboards.figures.task_names import task_in_words
from dashboards.forms.asked import AskedForm, NationField, nation_choices

ALL = ("", _("all"))


class LanguagesForm(AskedForm):
    nation = NationField(label=_("Spoken in"), required=False)
    missing = forms.ChoiceField(
        label=_("Missing"),
        required=False,
        choices=[
            ("", _("all languages")),
            ("any", _("one thing at least")),
            *((need.key, need.label) for need in NEEDS),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(_("the world")))


class BotsForm(AskedForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[ALL, *(each for each in AccountKind.choices if each[0] in MACHINES)],
    )
    platform = forms.ChoiceField(label=_("Platform"), required=False, choices=[ALL, *Platform.choices])


class CatalogueForm(AskedForm):
    """Filters narrow what the others leave. What rows hold is offered; anything else gets a sentence."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        min_length=2,
        max_length=100,
        strip=True,
        error_messages={"min_length": _("Give two letters or more.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[ALL, *((slug, one.label) for slug, one in KINDS.items())]
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    licence = forms.ChoiceField(label=_("Licence"), required=False)
    openness = forms.ChoiceField(
        label=_("Openness"),
        required=False,
        choices=[ALL, *((str(value), label) for value, label in OpennessClass.choices)],
    )
    task = forms.ChoiceField(label=_("Task"), required=False)
    runs_on = forms.ChoiceField(
        label=_("Runs on"),
        required=False,
        choices=[
            ALL,
            (RunsOn.PHONE.value, _("a phone")),
            (RunsOn.LAPTOP.value, _("a laptop, or less")),
            (RunsOn.SERVER.value, _("a server only")),
        ],
    )
    nation = NationField(label=_("Nation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("language", [ALL, *languages_there()])
        known = [("open", _("any open one")), ("none", _("not told"))]
        self.offer("licence", [ALL, *known, *((name, name) for name in licences_there())])
        tasks = sorted(((tag, task_in_words(tag)) for tag in tasks_there()), key=lambda pair: pair[1])
        self.offer("task", [ALL, *tasks])
        self.offer("nation", nation_choices(_("all")))
