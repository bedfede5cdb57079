"""What an award is made of: reference, lot, deliverables, roles, letters. All of it or none."""

import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.compute import open_lot
from grants.actions.teams import members_of, tell_team
from grants.models.applications import Application, ApplicationVersion
from grants.models.awards import Award, AwardNumber
from grants.models.compute import Resource
from grants.models.decisions import Decision
from grants.models.deliverables import Deliverable, asked_for
from mission.actions.audit import record
from mission.actions.people import grant_role
from mission.errors import Refused
from mission.models import Role, User

A_YEAR = datetime.timedelta(days=365)


def make_award(application: Application, *, decision: Decision, actor: User | None) -> Award:
    """Inside the transaction that moves the application to AWARDED. `actor` is None for the clock."""
    version = application.submitted_version()
    if version is None:  # the state table lets no draft come here
        raise Refused(_("This application has not been submitted."))
    now = timezone.now()
    made = Award.objects.create(
        reference=next_reference(now.year),
        application=application,
        organisation=application.organisation,
        nation=application.organisation.nation,
        title=version.title,
        summary=version.summary,
        gpu_ms=decision.awarded_gpu_ms,
        money=decision.awarded_money,
        currency=application.call.currency if decision.awarded_money else "",
        awarded_by=decision.decided_by,
        awarded_at=now,
    )
    copy_deliverables(made, version)
    facts = {"reference": made.reference, "gpu_ms": made.gpu_ms, "money": str(made.money)}
    record(actor=actor, verb="award.made", target=made, **facts)
    if made.gpu_ms:
        promise(made, actor=actor, decision=decision)
    welcome(made, actor=actor, decision=decision)
    return made


def promise(award: Award, *, actor: User | None, decision: Decision) -> None:
    """The lot, open from now. An end that passed while the offer waited gives way to a year."""
    expires_at = decision.lot_expires_at
    if expires_at is None or expires_at <= award.awarded_at:
        expires_at = award.awarded_at + A_YEAR
    open_lot(
        actor=actor,
        award=award,
        resource=decision.resource or only_resource(),
        granted_ms=award.gpu_ms,
        opens_at=award.awarded_at,
        expires_at=expires_at,
    )


def copy_deliverables(award: Award, version: ApplicationVersion) -> None:
    """What the call asked for when the application was submitted."""
    rows = asked_for(version.pinned["deliverables"], timezone.localdate(award.awarded_at))
    for row in rows:
        row.award = award
    Deliverable.objects.bulk_create(rows)


def welcome(award: Award, *, actor: User | None, decision: Decision) -> None:
    """The organisation's members become grantees, and are written to."""
    for member in members_of(award.application):
        grant_role(actor=actor, user=member, role=Role.GRANTEE)
    text = _("Awarded: “%(title)s” is %(reference)s.") % {"title": award.title, "reference": award.reference}
    asked = list(award.deliverables.all())
    tell_team(award.application, kind="award", text=text, award=award, decision=decision, asks_for=asked)


def next_reference(year: int) -> str:
    """OSAI-2026-0001, -0002, …: counted in the transaction, so a refused award leaves no gap."""
    AwardNumber.objects.get_or_create(year=year)
    AwardNumber.objects.filter(year=year).update(last=F("last") + 1)
    return str(AwardNumber.objects.get(year=year))


def only_resource() -> Resource:
    there = list(Resource.objects.all()[:2])
    if len(there) == 1:
        return there[0]
    sentence = _("Choose the resource.") if there else _("Enter a resource before you award GPU time.")
    raise Refused(sentence, field="resource", status=422)
