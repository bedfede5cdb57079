"""The world of scale that `make bench` measures: rows as the actions would leave them, in every table."""

from typing import Any

import pytest
from django.db.models import F, Sum
from django.test import Client

from bench.grants_world import seed
from grants.actions.reviews import recount
from grants.models import Application, Award, Call, Decision, Passage, Review
from grants.models.searching import at_the_desk, narrowed
from mission.models import AuditEntry
from tests.grants.world import officer
from tests.world import nation

pytestmark = pytest.mark.django_db
PAGES = [
    "/desk/",
    "/desk/applications/",
    "/desk/applications/?page=6",
    "/desk/applications/?q=models&sort=score",
    "/desk/applications/?status=in_review&flag=late_reviews&flag=disagreement",
    "/desk/applications/?region=Asia&type=startup&due=overdue&sort=due",
    "/desk/applications/?call=scale-00&task=breach",
    "/desk/statistics/",
]


def test_the_world_of_scale_is_one_that_the_actions_could_have_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nation("IN")
    seed(applications=400, reviews=900)
    assert (Application.objects.count(), Review.objects.count()) == (400, 900)
    for application in Application.objects.filter(asked__gt=0)[:20]:
        before = (application.asked, application.scored, application.mean_total, application.spread)
        recount(application)
        application.refresh_from_db()
        assert before == (application.asked, application.scored, application.mean_total, application.spread)
    here = Passage.objects.filter(left_at=None, status=F("application__status"))
    assert here.count() == 400
    assert (
        not Passage.objects.filter(left_at=None).exclude(entered_at=F("application__status_since")).exists()
    )
    decided = ["decided", "waitlisted", "offered", "awarded", "turned_down", "lapsed", "declined"]
    assert Decision.objects.count() == Application.objects.filter(status__in=decided).count()
    assert not Decision.objects.filter(announced_at=None).exclude(application__status="decided").exists()
    for call in Call.objects.all():
        given = Award.objects.filter(application__call=call).aggregate(gpu=Sum("gpu_ms"))["gpu"] or 0
        assert call.held_gpu_ms >= given
    meera = officer()
    title = Application.objects.first().title.split()[0]  # type: ignore[union-attr]
    assert narrowed(at_the_desk(meera), {"q": title}).exists()
    assert AuditEntry.objects.filter(target_type="grants.review").count() == 900
    seed(applications=400, reviews=900)
    assert Application.objects.count() == 400, "twice is once"
    assert "already" in capsys.readouterr().out


def test_every_list_search_and_count_is_under_its_budget(django_assert_max_num_queries: Any) -> None:
    nation("IN")
    seed(applications=300, reviews=600)
    client = Client()
    client.force_login(officer())
    for page in PAGES:
        with django_assert_max_num_queries(14):
            assert client.get(page).status_code == 200, page
