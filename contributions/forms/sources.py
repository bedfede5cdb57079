"""Finding sources, watching another, and its place on the watch list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import CommonsRole, Platform, SourceKind
from contributions.models.freshness import STATES


class FindSourcesForm(forms.Form):
    """The filters live in the address."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("all")), *Platform.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *SourceKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *STATES.items()])
    role = forms.ChoiceField(
        label=_("Watch list"),
        required=False,
        choices=[("", _("all")), ("any", _("on the list")), *CommonsRole.choices],
    )


class WatchForm(forms.Form):
    platform = forms.ChoiceField(label=_("Platform"), choices=Platform.choices)
    name = forms.CharField(
        label=_("Name there"),
        help_text=_("An organisation or a person, such as kaveri; on GitHub a repository too: kaveri/tools."),
        max_length=250,
    )
    role = forms.ChoiceField(
        label=_("On the watch list as"), required=False, choices=[("", _("not on it")), *CommonsRole.choices]
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("On the watch list as"), required=False, choices=[("", _("not on it")), *CommonsRole.choices]
    )
