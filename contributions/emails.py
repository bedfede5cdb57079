"""Letters the contribution engine writes."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from contributions.models import Correction


def send_outcome(correction: Correction) -> None:
    """To whoever contested it. Raises OSError or SMTPException where the server does not take it."""
    context = {"correction": correction, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = _("Your correction %(reference)s: %(state)s") % {
        "reference": correction.reference,
        "state": correction.get_state_display().lower(),
    }
    body = render_to_string("contributions/corrections/outcome.txt", context)
    EmailMessage(subject=subject, body=body, to=[correction.email]).send()
