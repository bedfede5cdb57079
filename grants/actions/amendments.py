"""Changing a published call: announced, dated, kept, and told to everybody who is applying."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.calls import check
from grants.actions.notifications import notify_each
from grants.actions.rights import must
from grants.models.amending import plain, refusal
from grants.models.amendments import Amendment
from grants.models.applications import UNDECIDED, Application, ApplicationStatus
from grants.models.calls import Call, CallStatus
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User


def amend_call(*, actor: User, call: Call, revision: int, words: str, **changes: Any) -> Amendment:
    """Announce a change. `words`: what changes and why, for everybody; `changes`: fields of the call.

    Refused, with the field, where people rely on what was published; see `grants.models.amending`.
    """
    must(actor, "call.write")
    call = Call.objects.get(pk=call.pk)
    if call.status != CallStatus.PUBLISHED:
        raise Refused(_("Only a published call is amended. A draft is simply edited."), code="moved_on")
    if not words.strip():
        raise Refused(_("Say what changes and why."), field="words", code="invalid", status=422)
    new = {name: value for name, value in changes.items() if value != getattr(call, name)}
    if not new:
        raise Refused(_("Nothing would change."), code="invalid", status=422)
    must_be_fair(call, new)
    before_after = {name: {"before": plain(getattr(call, name)), "after": plain(new[name])} for name in new}
    if "terms" in new:
        new["terms_version"] = call.terms_version + 1
    for name, value in new.items():
        setattr(call, name, value)
    check(call)
    with transaction.atomic():
        seen = Call.objects.filter(pk=call.pk, revision=revision, status=CallStatus.PUBLISHED)
        if not seen.update(revision=revision + 1, **new):
            sentence = _("Somebody amended or closed this call while you were writing. Look at it again.")
            raise Refused(sentence, code="clash")
        call.revision = revision + 1
        made = Amendment.objects.create(
            call=call,
            number=call.amendments.count() + 1,
            words=words.strip(),
            changes=before_after,
            announced_by=actor,
        )
        record(actor=actor, verb="call.amended", target=call, number=made.number, changes=before_after)
        tell_applicants(call, made)
    return made


def must_be_fair(call: Call, new: dict[str, Any]) -> None:
    submitted = call.applications.filter(submitted_at__isnull=False).exists()
    for name, value in new.items():
        sentence = refusal(call, name, value, submitted=submitted)
        if sentence:
            raise Refused(sentence, field=name, code="published", status=422)


def tell_applicants(call: Call, amendment: Amendment) -> None:
    """Every member of every team with a draft, or with an application that is not decided."""
    waiting = (ApplicationStatus.DRAFT, *UNDECIDED)
    for application in Application.objects.filter(call=call, status__in=waiting):
        notify_each(
            users=User.objects.filter(
                memberships__organisation=application.organisation_id, memberships__until=None
            ),
            kind="call_amended",
            text=_("“%(call)s” was changed: %(words)s") % {"call": call, "words": amendment.words},
            path=call.get_absolute_url(),
            application=application,
        )
