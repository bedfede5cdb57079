import datetime

import pytest
from django.utils import timezone

from grants.actions.compute import close_lease, draw, end_lot, extend_lease, settle_lease, take_lease
from grants.models import Draw, Lease
from mission.errors import Refused
from tests.compute.lots import lot
from tests.compute.threads import at_once
from tests.world import person


def today() -> datetime.date:
    return timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_40_threads_leasing_one_lot_hold_exactly_what_there_is():
    given = lot(10_000)
    done, refused = at_once(40, lambda n: take_lease(lot_id=given.pk, gpu_ms=400, seconds=60))
    given.refresh_from_db()
    assert (len(done), len(refused), given.held_ms) == (25, 15, 10_000)
    assert {refusal.code for refusal in refused} == {"lot_held"}
    assert "held by work under way" in str(refused[0])


@pytest.mark.django_db(transaction=True)
def test_leases_that_take_what_they_can_leave_nothing_behind():
    given = lot(1_003)
    done, _refused = at_once(20, lambda n: take_lease(lot_id=given.pk, gpu_ms=100, at_least=1, seconds=60))
    given.refresh_from_db()
    assert (given.held_ms, sum(lease.taken_ms for lease in done)) == (1_003, 1_003)


@pytest.mark.django_db(transaction=True)
def test_leases_and_draws_race_for_one_lot_and_the_sum_is_the_lot():
    given = lot(10_000)

    def either(number: int) -> object:
        if number % 2:
            return take_lease(lot_id=given.pk, gpu_ms=300, seconds=60)
        return draw(actor=None, lot_id=given.pk, external_id=f"job-{number}", day=today(), gpu_ms=300)

    done, refused = at_once(40, either)
    given.refresh_from_db()
    assert (len(done), len(refused)) == (33, 7)
    assert given.used_ms + given.held_ms == 9_900


@pytest.mark.django_db(transaction=True)
def test_settling_one_request_from_many_threads_counts_once():
    given = lot(1_000)
    lease = take_lease(lot_id=given.pk, gpu_ms=100, seconds=60)
    done, refused = at_once(
        20, lambda n: settle_lease(lease_id=lease.pk, external_id="req-1", day=today(), gpu_ms=100)
    )
    given.refresh_from_db()
    assert (len({made.pk for made in done}), refused) == (1, [])
    assert (given.used_ms, given.held_ms, Draw.objects.get().gpu_ms) == (100, 0, 100)


@pytest.mark.django_db(transaction=True)
def test_settling_closing_and_extending_at_once_never_loses_or_makes_time():
    given = lot(10_000)
    lease = take_lease(lot_id=given.pk, gpu_ms=1_000, seconds=60)

    def something(number: int) -> object:
        if number == 20:
            return close_lease(lease_id=lease.pk)
        if number % 3 == 0:
            return extend_lease(lease_id=lease.pk, gpu_ms=50, seconds=60)
        return settle_lease(lease_id=lease.pk, external_id=f"req-{number}", day=today(), gpu_ms=30)

    _done, refused = at_once(40, something)
    given.refresh_from_db()
    lease.refresh_from_db()
    assert {refusal.code for refusal in refused} <= {"lease_closed", "lease_short"}
    assert lease.closed_at is not None
    assert (given.held_ms, lease.left_ms) == (0, 0)
    assert given.used_ms == lease.settled_ms == sum(Draw.objects.values_list("gpu_ms", flat=True))


@pytest.mark.django_db(transaction=True)
def test_closing_gives_back_the_rest_once():
    given = lot(1_000)
    lease = take_lease(lot_id=given.pk, gpu_ms=600, seconds=60)
    settle_lease(lease_id=lease.pk, external_id="req-1", day=today(), gpu_ms=250)
    for _again in range(2):
        closed = close_lease(lease_id=lease.pk)
    given.refresh_from_db()
    assert (given.used_ms, given.held_ms, given.remaining_ms) == (250, 0, 750)
    assert (closed.settled_ms, closed.returned_ms) == (250, 350)
    with pytest.raises(Refused, match="does not hold"):
        settle_lease(lease_id=lease.pk, external_id="req-2", day=today(), gpu_ms=1)


@pytest.mark.django_db(transaction=True)
def test_a_lease_never_settles_more_than_it_took():
    given = lot(1_000)
    lease = take_lease(lot_id=given.pk, gpu_ms=100, seconds=60)
    with pytest.raises(Refused):
        settle_lease(lease_id=lease.pk, external_id="req-1", day=today(), gpu_ms=101)
    assert not Draw.objects.exists()
    assert Lease.objects.get().settled_ms == 0


@pytest.mark.django_db
def test_what_was_held_when_a_lot_ended_can_still_be_settled_but_not_extended():
    given = lot(1_000)
    lease = take_lease(lot_id=given.pk, gpu_ms=100, seconds=60)
    end_lot(actor=person("officer"), lot_id=given.pk, reason="Terminated")
    with pytest.raises(Refused, match="expired"):
        extend_lease(lease_id=lease.pk, gpu_ms=0, seconds=60)
    assert settle_lease(lease_id=lease.pk, external_id="req-1", day=today(), gpu_ms=100).gpu_ms == 100
