"""The demo world: made by the actions, once, and only while DEBUG is on."""

import pytest
from django.core.management import CommandError, call_command

from contributions.models import Contribution, Rollup
from grants.models import Application, Award, Call, Offer
from grants.models.reviews import Review
from mission.models import AuditEntry, Organisation, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> None:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("load_reference", verbosity=0)
    call_command("seed_demo", verbosity=0)


def test_the_demo_world_is_made_once(world: None) -> None:
    before = (User.objects.count(), Award.objects.count(), Contribution.objects.count())
    call_command("seed_demo", verbosity=0)
    assert before == (User.objects.count(), Award.objects.count(), Contribution.objects.count())
    assert min(before) > 0


def test_the_demo_world_came_by_the_actions(world: None) -> None:
    assert AuditEntry.objects.filter(verb="award.made").count() == Award.objects.count() == 4
    assert len({award.nation_id for award in Award.objects.all()}) == 3
    for call in Call.objects.all():
        awarded = Award.objects.filter(application__call=call)
        offered = Offer.objects.filter(application__call=call, status="open").select_related("decision")
        promised = sum(offer.decision.awarded_gpu_ms for offer in offered)
        assert call.held_gpu_ms == sum(award.gpu_ms for award in awarded) + promised
    assert not Rollup.objects.stale().exists()
    assert Rollup.objects.unknown().exists()


def test_the_third_reviewer_belongs_to_the_startup_and_sees_nothing_of_it(world: None) -> None:
    third = User.objects.get(email="reviewer3@demo.example")
    kaveri = Organisation.objects.get(name="Kaveri Language Labs")
    assert Role.REVIEWER in third.roles
    assert Organisation.objects.of(third).get() == kaveri
    assert not Review.objects.filter(reviewer=third).exists()
    assert Application.objects.filter(organisation=kaveri).exists()


def test_no_demo_without_debug(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="only made while DEBUG"):
        call_command("seed_demo")
    assert not User.objects.exists()
