"""Forms of the ground: what signing up asks besides e-mail and password, and a new organisation."""

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mission.models import Nation, Organisation, User
from mission.models.organisations import OrganisationType
from mission.ror import read_ror_id


class SignupForm(forms.Form):
    """allauth adds the e-mail address and the password."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class OrganisationForm(forms.ModelForm[Organisation]):
    """Validates; saving is the action's work."""

    nation = forms.ModelChoiceField(
        Nation.objects.all(), label=_("Nation of registration"), empty_label=_("Choose a nation")
    )
    type = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        # An individual needs no form: `stand_alone` makes one from the person.
        choices=[choice for choice in OrganisationType.choices if choice[0] != OrganisationType.INDIVIDUAL],
        widget=forms.RadioSelect,
    )
    ror_id = forms.CharField(
        label=_("ROR id"),
        required=False,
        max_length=9,
        help_text=_("Only if it has one: nine characters, such as 02jbv0t02. Look it up at ror.org."),
        validators=[RegexValidator(r"^0[a-hj-km-np-tv-z0-9]{6}\d{2}$", _("A ROR id looks like 02jbv0t02."))],
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    founded_on = forms.DateField(
        label=_("Founded on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean_ror_id(self) -> str:
        said: str = self.cleaned_data["ror_id"]
        try:
            return read_ror_id(said) if said else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    class Meta:
        model = Organisation
        fields = ["name", "type", "nation", "registry_id", "ror_id", "website", "founded_on"]
        labels = {
            "name": _("Official name"),
            "registry_id": _("Registration number"),
        }
        help_texts = {
            "name": _("As it stands in the register. It will be public if you receive an award."),
            "registry_id": _("The number your national company or society register gave you, if any."),
        }


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of a colleague"),
        max_length=254,
        help_text=_("They get a message, sign in with this address, and say yes or no."),
    )
