"""The desk's forms for asking reviewers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.reviews import possible_reviewers
from mission.models import User


class AssignForm(forms.Form):
    reviewer = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Reviewer"))

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.queryset = possible_reviewers(application).filter(belongs=False)
        field.label_from_instance = self.named

    @staticmethod
    def named(user: Any) -> str:
        return _("%(name)s (%(load)d waiting)") % {"name": user, "load": user.load}
