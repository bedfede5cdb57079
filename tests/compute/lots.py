"""An award and a lot on it, with nothing else around: the ledger does not care how the award came to be."""

import datetime

from django.utils import timezone

from grants.actions.compute import open_lot, open_resource
from grants.models import Application, Award, Call, Lot, Programme
from mission.models import User
from tests.world import organisation, person

DAY = datetime.timedelta(days=1)


def award(owner: User | None = None, name: str = "Kaveri Labs") -> Award:
    owner = owner or person(f"{name.split()[0].lower()}")
    lab = organisation(owner, name)
    now = timezone.now()
    programme, _ = Programme.objects.get_or_create(slug="compute", kind="compute", name="Compute grants")
    call = Call.objects.create(
        programme=programme,
        slug=f"call-{lab.pk}",
        title="Open compute",
        opens_at=now - 30 * DAY,
        closes_at=now - DAY,
        budget_gpu_ms=10**12,
    )
    application = Application.objects.create(
        call=call, organisation=lab, started_by=owner, title="Speech for all"
    )
    return Award.objects.create(
        reference=f"OSAI-2026-{lab.pk:04d}",
        application=application,
        organisation=lab,
        nation=lab.nation,
        title=application.title,
        gpu_ms=10**10,
        awarded_by=owner,
    )


def lot(granted_ms: int = 10_000, *, to: Award | None = None, opens: int = -1, expires: int = 30) -> Lot:
    """A lot of so many GPU-milliseconds, open from and until so many days from now."""
    resource = open_resource(
        actor=None, name="National cluster", provider="National centre", gpu_type="H100", capacity=64
    )
    now = timezone.now()
    return open_lot(
        actor=None,
        award=to or award(),
        resource=resource,
        granted_ms=granted_ms,
        opens_at=now + opens * DAY,
        expires_at=now + expires * DAY,
    )
