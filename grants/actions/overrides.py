"""Letting an applicant in despite a rule of the call. The reason is kept, and shown beside the rule."""

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.rights import must
from grants.models.calls import Call
from grants.models.eligibility import RULES
from grants.models.steps import EligibilityOverride
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Organisation, User


def override_rule(
    *, actor: User, call: Call, organisation: Organisation, rule: str, reason: str
) -> EligibilityOverride:
    """`rule`: its name in RULES, and one of the call's. Again: the first reason stands."""
    must(actor, "call.write")
    if rule not in RULES or rule not in {item["rule"] for item in call.rules()}:
        raise Refused(_("This call has no such rule."), field="rule", code="invalid", status=422)
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."), field="reason", code="invalid", status=422)
    if organisation.memberships.filter(user=actor).exists():
        sentence = _("You belong or belonged to %(name)s. Ask a colleague.") % {"name": organisation.name}
        raise Refused(sentence, code="conflict")
    with transaction.atomic():
        made, fresh = EligibilityOverride.objects.get_or_create(
            call=call,
            organisation=organisation,
            rule=rule,
            defaults={"reason": reason.strip(), "given_by": actor},
        )
        if fresh:
            facts = {"organisation": organisation.pk, "rule": rule, "reason": made.reason}
            record(actor=actor, verb="call.rule_overridden", target=call, **facts)
    return made
