"""Returned for completion: submitted again as a second version, as what it was the first time."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.applications import save_draft, submit
from grants.actions.checks import return_for_completion
from grants.models import Application, Call, Notification
from mission.errors import Refused
from mission.models import Membership, User
from tests.grants.world import ANSWERS, PROMISE, drafted, officer, open_call, startup, submitted
from tests.world import person

pytestmark = pytest.mark.django_db
CHECKED = [{"route": "desk", "steps": [{"step": "check"}, {"step": "decision"}]}]


def returned(asha: User, application: Application) -> Application:
    """Sent back by the desk, with three days to complete it."""
    until = timezone.now() + datetime.timedelta(days=3)
    found = User.objects.filter(email="divya@example.org").first() or officer("divya")
    return_for_completion(actor=found, application=application, words="Say more.", complete_by=until)
    application.refresh_from_db()
    return application


def test_what_was_returned_is_submitted_again_as_a_second_version_though_the_call_is_closed() -> None:
    call, (asha, kaveri) = open_call(officer(), routes=CHECKED), startup()
    application = submitted(asha, call, kaveri)
    first = application.submitted_version()
    assert first is not None
    Call.objects.update(closes_at=timezone.now() - datetime.timedelta(hours=1), questions=[], criteria=[])
    application = returned(asha, application)
    save_draft(
        actor=asha, application=application, answers={"plan": "Complete."}, version=1, section="project"
    )
    submit(actor=asha, application=application, declared=[PROMISE])
    again = submit(actor=asha, application=application, declared=[PROMISE])
    second = again.submitted_version()
    assert second is not None
    assert [version.number for version in again.versions.all()] == [2, 1]
    assert second.pinned == first.pinned
    assert second.answers["plan"] == "Complete."
    assert first.answers["plan"] == ANSWERS["plan"]
    assert again.status == "submitted"
    assert again.submitted_at == first.submitted_at
    assert again.complete_by is None


def test_what_was_returned_keeps_its_title_and_amount_until_it_is_submitted_again() -> None:
    call, (asha, kaveri) = open_call(officer(), routes=CHECKED), startup()
    application = returned(asha, submitted(asha, call, kaveri))
    typed = {"title": "Another title", "gpu_hours": "20"}
    saved = save_draft(actor=asha, application=application, answers=typed, version=1, section="basics")
    assert (saved.title, saved.requested_gpu_ms) == (ANSWERS["title"], application.requested_gpu_ms)
    again = submit(actor=asha, application=application, declared=[PROMISE])
    assert (again.title, again.requested_gpu_ms) == ("Another title", 20 * 3_600_000)


def test_after_its_day_what_was_returned_is_judged_as_it_is() -> None:
    call, (asha, kaveri) = open_call(officer(), routes=CHECKED), startup()
    application = returned(asha, submitted(asha, call, kaveri))
    Application.objects.update(complete_by=timezone.now())
    with pytest.raises(Refused, match="judged as it is") as refused:
        submit(actor=asha, application=application, declared=[PROMISE])
    assert refused.value.code == "too_late"
    assert application.versions.count() == 1


def test_completing_does_not_grow_beyond_its_route() -> None:
    routes = [
        {"route": "desk", "up_to_gpu_hours": 600, "steps": [{"step": "check"}, {"step": "decision"}]},
        {"route": "panel", "steps": [{"step": "review", "reviews": 3}, {"step": "decision"}]},
    ]
    call, (asha, kaveri) = open_call(officer(), routes=routes), startup()
    application = returned(asha, submitted(asha, call, kaveri))
    save_draft(actor=asha, application=application, answers={"gpu_hours": "601"}, version=1, section="basics")
    with pytest.raises(Refused, match="Ask for less") as refused:
        submit(actor=asha, application=application, declared=[PROMISE])
    assert refused.value.field == "gpu_hours"


def test_what_waits_for_an_applicant_comes_by_its_end(client: Client) -> None:
    meera, (asha, kaveri) = officer(), startup()
    soon = timezone.now() + datetime.timedelta(days=2)
    drafted(asha, open_call(meera, title="Later"), kaveri, title="A draft for later")
    drafted(asha, open_call(meera, title="Soon", closes_at=soon), kaveri, title="A draft for soon")
    back = submitted(asha, open_call(meera, title="Back", routes=CHECKED), kaveri, title="To complete")
    returned(asha, back)
    Application.objects.filter(pk=back.pk).update(complete_by=timezone.now() + datetime.timedelta(days=1))
    client.force_login(asha)
    page = client.get("/apply/").content.decode()
    places = [page.index(title) for title in ("To complete", "A draft for soon", "A draft for later")]
    assert places == sorted(places)
    assert "Returned for completion: something is missing." in page


def test_ones_own_list_as_csv_says_what_the_page_says() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    Application.objects.update(status="decided")
    client = Client()
    client.force_login(asha)
    lines = client.get("/apply/?format=csv").content.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{application.reference},")
    assert ",being_decided," in lines[1]


def test_colleagues_are_told_who_submitted_and_the_submitter_is_not() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    bela = person("bela")
    Membership.objects.create(user=bela, organisation=kaveri)
    submitted(asha, call, kaveri)
    told = Notification.objects.filter(kind="submitted")
    assert [(one.user, one.text) for one in told] == [(bela, f"Asha submitted “{ANSWERS['title']}”.")]
