"""Letters the ground writes. Sent after the commit; one that cannot be sent is logged and undoes nothing."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mission.models import Invitation


def send_invitation(invitation: Invitation) -> None:
    """To the colleague: who asks, for which organisation, and where to answer."""
    context = {"invitation": invitation, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = _("%(name)s asks you to join") % {"name": invitation.organisation.name}
    send_mail(subject, render_to_string("organisations/invitation.txt", context), None, [invitation.email])
