"""`{{ application|state_tag }}`: the state as the desk knows it, held decisions included. Drawn once a label:
a list has fifty of them."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from grants.models.applications import Application, ApplicationStatus

register = template.Library()
_S = ApplicationStatus
TONES = {
    _S.AWARDED: "good",
    _S.OFFERED: "good",
    _S.RETURNED: "warn",
    _S.DECIDED: "warn",
    _S.DECLINED: "neutral",
    _S.WITHDRAWN: "neutral",
    _S.TURNED_DOWN: "neutral",
    _S.LAPSED: "neutral",
}


@register.filter
def state_tag(application: Application) -> SafeString:
    tone = TONES.get(ApplicationStatus(application.status), "info")
    return drawn(application.status_label(), tone)


@register.filter
def tag(label: object, tone: str) -> SafeString:
    """`{{ label|tag:"warn" }}`"""
    return drawn(str(label), tone)


@cache
def drawn(label: str, tone: str) -> SafeString:
    """Few: the states, and the words that our own templates give, in the languages there are."""
    return render_to_string("components/status.html", {"label": label, "tone": tone})
