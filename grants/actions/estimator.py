"""Putting an estimate into a draft."""

from django.utils.translation import gettext as _

from grants.actions.applications import save_draft
from grants.models.applications import Application
from grants.models.estimator import Estimate
from grants.models.quantities import in_short
from grants.models.questions.plain import plain_number
from grants.models.questions.tables import gpu_table
from mission.errors import Refused
from mission.models import User


def add_estimate(*, actor: User, application: Application, item: str, estimate: Estimate) -> Application:
    """A row more in the table of GPU-hours as it stands now, saved like any answer typed there."""
    application = Application.objects.get(pk=application.pk)
    question = gpu_table(application.read_questions())
    if question is None:
        raise Refused(_("This application has no table of GPU-hours."), code="no_gpu_table")
    row = {
        "work": item,
        "parameters": in_short(estimate.parameters),
        "tokens": in_short(estimate.tokens),
        "hardware": estimate.hardware.name,
        "hours": plain_number(estimate.hours),
    }
    there = application.answers.get(question.key)
    answers = {question.key: [*(there if isinstance(there, list) else []), row]}
    return save_draft(
        actor=actor, application=application, answers=answers, version=application.draft_version
    )
