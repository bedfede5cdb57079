"""Writes to the compute ledger. Whatever is scarce changes by one conditional UPDATE on the lot, so no
number of people, jobs or requests at once gets a GPU-millisecond more than was granted."""

import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grants.models.awards import Award
from grants.models.compute import Draw, DrawSource, Lease, Lot, Resource, in_words
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

LATE_REPORT = datetime.timedelta(days=7)
"""A cluster may report a day of the lot's span this long after the lot expired."""


def open_resource(*, actor: User | None, name: str, provider: str, gpu_type: str, capacity: int) -> Resource:
    """Enter GPUs that lots can be promised on. Entering the same name again changes nothing."""
    with transaction.atomic():
        resource, fresh = Resource.objects.get_or_create(
            name=name, defaults={"provider": provider, "gpu_type": gpu_type, "capacity": capacity}
        )
        if fresh:
            record(actor=actor, verb="resource.opened", target=resource, name=name, capacity=capacity)
    return resource


def open_lot(
    *,
    actor: User | None,
    award: Award,
    resource: Resource,
    granted_ms: int,
    opens_at: datetime.datetime,
    expires_at: datetime.datetime,
) -> Lot:
    """Promise an award GPU time on a resource."""
    if granted_ms <= 0:
        raise Refused(_("A lot holds at least one GPU-millisecond."), field="granted_ms", status=422)
    if expires_at <= opens_at:
        raise Refused(_("A lot expires after it opens."), field="expires_at", status=422)
    with transaction.atomic():
        lot = Lot.objects.create(
            award=award, resource=resource, granted_ms=granted_ms, opens_at=opens_at, expires_at=expires_at
        )
        record(actor=actor, verb="lot.opened", target=lot, award=award.pk, granted_ms=granted_ms)
    return lot


def end_lot(*, actor: User, lot_id: int, reason: str) -> Lot:
    """Let a lot expire now. What was drawn stays; leases run out within a minute."""
    with transaction.atomic():
        now = timezone.now()
        if not Lot.objects.filter(pk=lot_id, expires_at__gt=now, opens_at__lt=now).update(expires_at=now):
            raise Refused(refusal(Lot.objects.get(pk=lot_id), 0).sentence)
        lot = Lot.objects.get(pk=lot_id)
        record(actor=actor, verb="lot.ended", target=lot, reason=reason)
    return lot


def draw(
    *,
    actor: User | None,
    lot_id: int,
    external_id: str,
    day: datetime.date,
    gpu_ms: int,
    final: bool = True,
    source: DrawSource = DrawSource.CLUSTER,
) -> Draw:
    """Draw GPU time from a lot. The same `external_id` again changes nothing, but that a provisional
    draw is corrected. Refused when the lot is spent, has expired, or the day is outside its span."""
    check_amount(gpu_ms)
    known = Draw.objects.filter(external_id=external_id).first()
    if known is None:
        try:
            with transaction.atomic():
                # First the row, whose id is unique: the same draw twice at once waits here, and is seen.
                made = Draw.objects.create(
                    lot_id=lot_id, external_id=external_id, day=day, gpu_ms=gpu_ms, final=final, source=source
                )
                spend(lot_id=lot_id, gpu_ms=gpu_ms, moment=moment_of(day), day=day)
                if actor is not None:
                    record(
                        actor=actor, verb="lot.drawn", target=made.lot, external_id=external_id, gpu_ms=gpu_ms
                    )
                return made
        except IntegrityError:
            known = Draw.objects.get(external_id=external_id)
    return correct(actor=actor, known=known, lot_id=lot_id, gpu_ms=gpu_ms, final=final)


def correct(*, actor: User | None, known: Draw, lot_id: int, gpu_ms: int, final: bool) -> Draw:
    """A draw that came again: the same is fine, a provisional one takes the new amount."""
    external_id = known.external_id
    if known.lot_id != lot_id:
        raise Refused(
            _("The draw %(id)s belongs to another lot.") % {"id": known.external_id}, code="draw_mismatch"
        )
    if known.final or (known.gpu_ms == gpu_ms and not final):
        if known.gpu_ms == gpu_ms:
            return known
        sentence = _("The draw %(id)s was recorded with %(known)s GPU-milliseconds, and this says %(told)s.")
        told = {"id": external_id, "known": known.gpu_ms, "told": gpu_ms}
        raise Refused(sentence % told, code="draw_mismatch")
    with transaction.atomic():
        more = gpu_ms - known.gpu_ms
        unchanged = Draw.objects.filter(pk=known.pk, final=False, gpu_ms=known.gpu_ms)
        if not unchanged.update(gpu_ms=gpu_ms, final=final):
            raise Refused(
                _("The draw %(id)s is being corrected by somebody else.") % {"id": known.external_id}
            )
        lot = Lot.objects.filter(pk=lot_id, granted_ms__gte=F("used_ms") + F("held_ms") + more)
        if not lot.update(used_ms=F("used_ms") + more):
            raise refusal(Lot.objects.get(pk=lot_id), more)
        known.refresh_from_db()
        if actor is not None:
            record(actor=actor, verb="draw.corrected", target=known, gpu_ms=gpu_ms, final=final)
    return known


def take_lease(*, lot_id: int, gpu_ms: int, seconds: int, at_least: int | None = None) -> Lease:
    """Hold a slice of a lot for `seconds`. With `at_least`, as much of `gpu_ms` as there is."""
    with transaction.atomic():
        held = hold(lot_id=lot_id, gpu_ms=gpu_ms, at_least=at_least)
        until = timezone.now() + datetime.timedelta(seconds=seconds)
        return Lease.objects.create(lot_id=lot_id, taken_ms=held, expires_at=until)


def extend_lease(
    *, lease_id: int, gpu_ms: int, seconds: int, at_least: int | None = None
) -> tuple[Lease, int]:
    """Keep a lease open for another `seconds` and hold `gpu_ms` more (0: only the time).

    Gives the lease and how much was added. The lot must still be open: nobody holds on to one that ended.
    """
    with transaction.atomic():
        still_open = Lease.objects.open().filter(pk=lease_id)
        until = timezone.now() + datetime.timedelta(seconds=seconds)
        if not still_open.update(expires_at=until):  # the lease's row before the lot's, as in settling
            raise Refused(_("This lease is closed."), code="lease_closed")
        lease = Lease.objects.select_related("lot").get(pk=lease_id)
        if not lease.lot.is_open:
            raise refusal(lease.lot, gpu_ms)
        held = hold(lot_id=lease.lot_id, gpu_ms=gpu_ms, at_least=at_least) if gpu_ms else 0
        still_open.update(taken_ms=F("taken_ms") + held)
        lease.refresh_from_db()
    return lease, held


def settle_lease(*, lease_id: int, external_id: str, day: datetime.date, gpu_ms: int) -> Draw:
    """Turn held time into used time, once per `external_id`.

    Made for the gateway's every request: four statements, and no savepoint inside a caller's transaction,
    where a repeat therefore is an IntegrityError for the caller to meet.
    """
    check_amount(gpu_ms)
    alone = not connection.in_atomic_block
    try:
        with transaction.atomic(savepoint=False):
            made = Draw(external_id=external_id, day=day, gpu_ms=gpu_ms, source=DrawSource.SANDBOX)
            made.lot_id = Lease.objects.values_list("lot_id", flat=True).get(pk=lease_id)
            made.save(force_insert=True)
            settled = F("settled_ms") + gpu_ms
            enough = Lease.objects.open().filter(pk=lease_id, taken_ms__gte=settled + F("returned_ms"))
            if not enough.update(settled_ms=settled):
                raise Refused(_("This lease does not hold that much any more."), code="lease_short")
            lot = Lot.objects.filter(pk=made.lot_id)
            lot.update(used_ms=F("used_ms") + gpu_ms, held_ms=F("held_ms") - gpu_ms)
            return made
    except IntegrityError:
        if not alone:
            raise
        return Draw.objects.get(external_id=external_id)


def close_lease(*, lease_id: int) -> Lease:
    """Give back to the lot what a lease has not settled. Closing a closed one changes nothing."""
    with transaction.atomic():
        lease = Lease.objects.select_for_update().get(pk=lease_id)
        if lease.closed_at is None:
            rest = lease.left_ms
            Lot.objects.filter(pk=lease.lot_id).update(held_ms=F("held_ms") - rest)
            lease.returned_ms += rest
            lease.closed_at = timezone.now()
            lease.save(update_fields=["returned_ms", "closed_at"])
    return lease


# --- the conditional updates, and the sentences when they change nothing ---------------------------


def check_amount(gpu_ms: int) -> None:
    if gpu_ms < 0:
        raise Refused(_("An amount of GPU time cannot be negative."), field="gpu_ms", status=422)


def moment_of(day: datetime.date) -> datetime.datetime:
    """When a lot must still have been open for time used on `day` to count."""
    now = timezone.now()
    return now if day >= timezone.localdate() else now - LATE_REPORT


def spend(*, lot_id: int, gpu_ms: int, moment: datetime.datetime, day: datetime.date) -> None:
    now = timezone.now()
    room = Lot.objects.filter(
        pk=lot_id,
        granted_ms__gte=F("used_ms") + F("held_ms") + gpu_ms,
        opens_at__lte=now,
        opens_at__date__lte=day,
        expires_at__gt=moment,
        expires_at__date__gte=day,
    )
    if day > timezone.localdate():
        raise Refused(
            _("GPU time cannot be used on a day to come."), field="day", code="day_to_come", status=422
        )
    if not room.update(used_ms=F("used_ms") + gpu_ms):
        raise refusal(Lot.objects.get(pk=lot_id), gpu_ms, day)


def hold(*, lot_id: int, gpu_ms: int, at_least: int | None) -> int:
    """Move up to `gpu_ms` of an open lot to held; at least `at_least`, which is all of it by default."""
    check_amount(gpu_ms)
    least = gpu_ms if at_least is None else min(at_least, gpu_ms)
    wanted = gpu_ms
    while True:
        now = timezone.now()
        room = Lot.objects.open(now).filter(pk=lot_id, granted_ms__gte=F("used_ms") + F("held_ms") + wanted)
        if room.update(held_ms=F("held_ms") + wanted):
            return wanted
        lot = Lot.objects.get(pk=lot_id)
        if not lot.is_open or lot.remaining_ms < max(least, 1):
            raise refusal(lot, least)
        wanted = min(wanted, lot.remaining_ms)


def refusal(lot: Lot, gpu_ms: int, day: datetime.date | None = None) -> Refused:
    """Why a lot gave nothing, in a sentence; read after the fact, so it tells how things are now."""
    now = timezone.now()
    if lot.opens_at > now:
        sentence = _("This lot opens on %(date)s.") % {"date": date_format(lot.opens_at, "DATE_FORMAT")}
        return Refused(sentence, code="lot_not_open")
    if lot.expires_at <= now:
        sentence = _("This lot of %(granted)s expired on %(date)s, with %(left)s unused.") % {
            "granted": in_words(lot.granted_ms),
            "date": date_format(lot.expires_at, "DATE_FORMAT"),
            "left": in_words(lot.left_ms),
        }
        return Refused(sentence, code="lot_expired")
    first, last = timezone.localdate(lot.opens_at), timezone.localdate(lot.expires_at)
    if day is not None and not first <= day <= last:
        return Refused(_("That day is outside the time this lot was open."), field="day", code="lot_expired")
    if lot.left_ms < max(gpu_ms, 1):
        sentence = _("This lot of %(granted)s is spent: %(left)s are left, and this needs %(need)s.")
        told = {"granted": in_words(lot.granted_ms), "left": in_words(lot.left_ms), "need": in_words(gpu_ms)}
        return Refused(sentence % told, code="lot_spent")
    sentence = _("What is left of this lot (%(left)s) is held by work under way. Try again in a minute.")
    return Refused(sentence % {"left": in_words(lot.left_ms)}, code="lot_held")
