import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grants.actions.compute import draw, end_lot, open_lot
from grants.models import Draw, Lot
from mission.errors import Refused
from mission.models import AuditEntry, Role
from tests.compute.lots import award, lot
from tests.compute.threads import at_once
from tests.world import person

HOUR = 3_600_000


def today() -> datetime.date:
    return timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_40_threads_drawing_on_one_lot_get_exactly_its_limit():
    given = lot(10_000)
    done, refused = at_once(
        40, lambda n: draw(actor=None, lot_id=given.pk, external_id=f"job-{n}", day=today(), gpu_ms=500)
    )
    given.refresh_from_db()
    assert (len(done), len(refused)) == (20, 20)
    assert (given.used_ms, given.remaining_ms, Draw.objects.count()) == (10_000, 0, 20)
    assert {refusal.code for refusal in refused} == {"lot_spent"}
    assert str(refused[0]) == (
        "This lot of 10 GPU-seconds is spent: 0 GPU-hours are left, and this needs 500 GPU-milliseconds."
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_draw_from_20_threads_counts_once_even_when_it_takes_the_last():
    given = lot(500)
    done, refused = at_once(
        20, lambda n: draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=500)
    )
    given.refresh_from_db()
    assert refused == []
    assert len({made.pk for made in done}) == 1
    assert given.used_ms == 500


@pytest.mark.django_db
def test_an_expired_lot_is_refused_with_the_date():
    given = lot(500 * HOUR, opens=-30, expires=-1)
    with pytest.raises(Refused) as refused:
        draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=1)
    assert refused.value.code == "lot_expired"
    assert str(refused.value).startswith("This lot of 500 GPU-hours expired on ")


@pytest.mark.django_db
def test_a_lot_not_yet_open_is_refused():
    given = lot(opens=2)
    with pytest.raises(Refused, match="opens on"):
        draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=1)


@pytest.mark.django_db
def test_a_cluster_may_report_the_last_days_of_a_lot_a_little_late():
    given = lot(opens=-30, expires=-2)
    yesterday, before = today() - datetime.timedelta(days=1), today() - datetime.timedelta(days=3)
    assert draw(actor=None, lot_id=given.pk, external_id="job-1", day=before, gpu_ms=10).gpu_ms == 10
    with pytest.raises(Refused):
        draw(actor=None, lot_id=given.pk, external_id="job-2", day=yesterday, gpu_ms=10)


@pytest.mark.django_db
def test_a_day_to_come_is_refused():
    with pytest.raises(Refused, match="day to come"):
        draw(
            actor=None,
            lot_id=lot().pk,
            external_id="job-1",
            day=today() + datetime.timedelta(days=2),
            gpu_ms=1,
        )


@pytest.mark.django_db
def test_a_provisional_draw_is_corrected_once_and_then_stands():
    given = lot(1_000)

    def report(gpu_ms: int, *, final: bool) -> None:
        draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=gpu_ms, final=final)

    report(600, final=False)
    report(700, final=False)
    report(400, final=True)
    report(400, final=True)
    given.refresh_from_db()
    assert given.used_ms == 400
    with pytest.raises(Refused, match="was recorded with 400 GPU-milliseconds"):
        report(401, final=True)


@pytest.mark.django_db
def test_a_correction_above_the_lot_changes_nothing():
    given = lot(1_000)
    draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=600, final=False)
    with pytest.raises(Refused, match="is spent"):
        draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=1_001)
    given.refresh_from_db()
    assert (given.used_ms, Draw.objects.get().gpu_ms, Draw.objects.get().final) == (600, 600, False)


@pytest.mark.django_db
def test_a_draw_of_one_lot_is_not_taken_for_anothers():
    mine = lot()
    other = lot(to=award(name="Narmada Works"))
    draw(actor=None, lot_id=mine.pk, external_id="job-1", day=today(), gpu_ms=1)
    with pytest.raises(Refused, match="another lot"):
        draw(actor=None, lot_id=other.pk, external_id="job-1", day=today(), gpu_ms=1)


@pytest.mark.django_db
def test_the_database_itself_refuses_more_than_granted():
    given = lot(100)
    with pytest.raises(IntegrityError, match="lot_never_above_granted"), transaction.atomic():
        Lot.objects.filter(pk=given.pk).update(used_ms=60, held_ms=41)


@pytest.mark.django_db
def test_lots_that_make_no_sense_are_refused():
    given = lot()
    now = timezone.now()
    for granted_ms, expires_at in ((0, now + datetime.timedelta(days=1)), (1, now)):
        with pytest.raises(Refused):
            open_lot(
                actor=None,
                award=given.award,
                resource=given.resource,
                granted_ms=granted_ms,
                opens_at=now,
                expires_at=expires_at,
            )


@pytest.mark.django_db
def test_ending_a_lot_is_audited_and_stops_it():
    officer = person("officer", Role.OFFICER)
    given = lot()
    end_lot(actor=officer, lot_id=given.pk, reason="Award terminated")
    with pytest.raises(Refused, match="expired"):
        draw(actor=None, lot_id=given.pk, external_id="job-1", day=today(), gpu_ms=1)
    assert AuditEntry.objects.about(given).filter(actor=officer, verb="lot.ended").count() == 1


@pytest.mark.django_db
def test_members_see_their_own_lots_and_staff_all():
    mine = lot()
    lot(to=award(name="Narmada Works"))
    officer = person("officer", Role.OFFICER)
    grantee = mine.award.awarded_by
    stranger = person("stranger")
    assert Lot.objects.visible_to(officer).count() == 2
    assert Lot.objects.visible_to(grantee).count() == 0  # not before the role is granted
    from mission.actions.people import grant_role

    grant_role(actor=officer, user=grantee, role=Role.GRANTEE)
    assert list(Lot.objects.visible_to(grantee)) == [mine]
    assert Lot.objects.visible_to(stranger).count() == 0
