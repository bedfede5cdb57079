"""Which models are served, under which name and at which rate."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User
from sandbox.models import Deployment


def publish_deployment(
    *, actor: User | None, name: str, prompt_ms_per_ktoken: int, completion_ms_per_ktoken: int, **more: Any
) -> Deployment:
    """Serve a model under a name, at GPU-milliseconds per 1,000 tokens, or change how it is served."""
    rates = {
        "prompt_ms_per_ktoken": prompt_ms_per_ktoken,
        "completion_ms_per_ktoken": completion_ms_per_ktoken,
    }
    values = {"title": name, "published": True, **rates, **more}
    with transaction.atomic():
        deployment = Deployment.objects.filter(name=name).first() or Deployment(name=name)
        for field, value in values.items():
            setattr(deployment, field, value)
        try:
            deployment.full_clean()
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            raise Refused(messages[0], field=field, status=422) from error
        deployment.save()
        record(actor=actor, verb="deployment.published", target=deployment, name=name, **rates)
    return deployment


def withdraw_deployment(*, actor: User, name: str) -> None:
    """Take a model off the list; what was used stays on record."""
    with transaction.atomic():
        if not Deployment.objects.published().filter(name=name).update(published=False):
            raise Refused(_("No model of that name is published."), status=404)
        record(actor=actor, verb="deployment.withdrawn", target=Deployment.objects.get(name=name))
