"""How a person wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models.notifications import Delivery


class DeliveryForm(forms.Form):
    by_email = forms.ChoiceField(
        label=_("By e-mail"),
        help_text=_("Receipts, offers, decisions and returned applications always come as a letter."),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
    )
