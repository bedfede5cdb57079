"""The desk's own steps: pass, return for completion once, decline; and the clock that watches."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.applications_submitting import submit
from grants.actions.checks import (
    fail_check,
    fail_technical,
    pass_check,
    pass_technical,
    return_for_completion,
    tell_of_lapsed_returns,
)
from grants.actions.reviews import assign_reviewer
from grants.models import Application, ApplicationStatus, Letter, Notification, StepResult
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import Membership, Role, User
from tests.grants.world import PROMISE
from tests.grants.world_reviews import CHECK, PANEL, TECHNICAL, expert, handed_in
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def returned(actor: User, application: Application, days: float = 5) -> Application:
    return_for_completion(
        actor=actor,
        application=application,
        words="The budget is missing.",
        complete_by=timezone.now() + datetime.timedelta(days=days),
    )
    application.refresh_from_db()
    return application


def late(application: Application) -> None:
    """The deadline has passed."""
    past = timezone.now() - datetime.timedelta(minutes=1)
    Application.objects.filter(pk=application.pk).update(complete_by=past)
    application.refresh_from_db()


@pytest.mark.parametrize(
    ("steps", "then"),
    [
        ([CHECK, TECHNICAL, expert(), PANEL], "assessment"),
        ([CHECK, expert()], "in_review"),
        ([CHECK, PANEL], "panel"),
        ([CHECK], "reviewed"),
    ],
)
def test_what_passes_goes_on_along_its_route(steps: list[dict[str, Any]], then: str) -> None:
    meera, application = handed_in(*steps)
    assert application.status == "submitted"
    pass_check(actor=meera, application=application, note="All there.")
    application.refresh_from_db()
    assert application.status == then
    assert StepResult.objects.get().outcome == "passed"


def test_reviewers_are_asked_only_after_the_checks() -> None:
    meera, application = handed_in(CHECK, TECHNICAL, expert())
    ravi = person("ravi", Role.REVIEWER)
    for act in (pass_check, None):
        with pytest.raises(Refused) as refused:
            assign_reviewer(actor=meera, application=application, reviewer=ravi)
        assert refused.value.code == "not_yet"
        if act:
            act(actor=meera, application=application)
    pass_technical(actor=meera, application=application, note="Fits.", recommended_gpu_ms=gpu_ms(300))
    application.refresh_from_db()
    assign_reviewer(actor=meera, application=application, reviewer=ravi)
    assert application.step_results.get(step="technical").recommended_gpu_ms == gpu_ms(300)


def test_returned_completed_and_never_returned_again() -> None:
    meera, application = handed_in(CHECK, expert())
    asha = application.started_by
    returned(meera, application)
    assert (application.status, application.is_editable) == ("returned", True)
    letter = Letter.objects.get(kind="returned")
    assert letter.to == asha.email
    assert "The budget is missing." in letter.body
    submit(actor=asha, application=application, declared=[PROMISE])
    application.refresh_from_db()
    assert (application.status, application.versions.count()) == ("submitted", 2)
    with pytest.raises(Refused) as refused:
        returned(meera, application)
    assert refused.value.code == "once"
    pass_check(actor=meera, application=application)


def test_what_is_with_the_applicant_is_theirs_until_the_deadline() -> None:
    meera, application = handed_in(CHECK, expert())
    returned(meera, application)
    for act in (pass_check, fail_check):
        more = {} if act is pass_check else {"reason": "Nothing came.", "feedback": "Nothing came."}
        with pytest.raises(Refused):
            act(actor=meera, application=application, **more)
    late(application)
    fail_check(actor=meera, application=application, reason="Nothing came.", feedback="It was not completed.")
    application.refresh_from_db()
    assert application.status == "declined"
    assert application.decision is not None
    assert application.decision.feedback == "It was not completed."


def test_the_clock_tells_the_officer_of_what_was_not_completed_once() -> None:
    meera, application = handed_in(CHECK, expert())
    returned(meera, application)
    assert tell_of_lapsed_returns() == 0
    late(application)
    assert tell_of_lapsed_returns() == 1
    assert tell_of_lapsed_returns() == 0
    assert Notification.objects.filter(user=meera, kind="application.not_completed").count() == 1
    page = client_of(meera).get(f"/desk/applications/{application.reference}/checks/").content.decode()
    assert "Not completed in time" in page


def test_a_failed_assessment_is_a_decline_with_reason_and_words() -> None:
    meera, application = handed_in(CHECK, TECHNICAL, expert())
    pass_check(actor=meera, application=application)
    with pytest.raises(Refused):
        fail_technical(actor=meera, application=application, reason="Cannot work.", feedback="")
    assert Application.objects.get().status == "assessment"
    assert not StepResult.objects.filter(outcome="failed").exists()
    fail_technical(
        actor=meera, application=application, reason="Cannot work.", feedback="It needs more memory."
    )
    assert Application.objects.get().status == "declined"


def test_only_the_desk_finds_and_nobody_for_their_own_organisation() -> None:
    _meera, application = handed_in(CHECK, expert())
    auditor, divya = person("auditor", Role.AUDITOR), person("divya", Role.OFFICER)
    Membership.objects.create(user=divya, organisation=application.organisation)
    for user in (auditor, divya, application.started_by):
        with pytest.raises(Refused):
            pass_check(actor=user, application=application)
    assert Application.objects.get().status == ApplicationStatus.SUBMITTED


def test_two_officers_at_once_pass_it_once() -> None:
    meera, application = handed_in(CHECK, expert())
    pass_check(actor=meera, application=application)
    with pytest.raises(Refused) as refused:
        pass_check(actor=person("divya", Role.OFFICER), application=application)
    assert refused.value.code == "moved_on"
    assert StepResult.objects.count() == 1


def test_on_the_page_nothing_typed_is_lost_and_each_finding_acts() -> None:
    meera, application = handed_in(CHECK, TECHNICAL, expert())
    desk, address = client_of(meera), f"/desk/applications/{application.reference}/checks/"
    assert "Administrative check" in desk.get(address).content.decode()
    typed = {"outcome": "returned", "words": "", "note": "Sheet 3 is blank", "complete_by": "2001-01-01"}
    wrong = desk.post(f"{address}record/", typed)
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Tell the applicant what is wrong." in page
    assert "Choose a day to come." in page
    assert "Sheet 3 is blank" in page
    assert desk.post(f"{address}record/", {"outcome": "passed"}).status_code == 302
    found = {"outcome": "passed", "note": "Runs on 8 GPUs.", "recommended": "320"}
    assert desk.post(f"{address}record/", found).status_code == 302
    application.refresh_from_db()
    assert application.status == "in_review"
    page = desk.get(address).content.decode()
    assert "Runs on 8 GPUs." in page
    assert "320 GPU-hours" in page


def test_an_auditor_reads_the_checks_and_may_not_record(client: Client) -> None:
    _meera, application = handed_in(CHECK, expert())
    client.force_login(person("auditor", Role.AUDITOR))
    address = f"/desk/applications/{application.reference}/checks/"
    page = client.get(address)
    assert page.status_code == 200
    assert "checks/record/" not in page.content.decode()
    assert client.post(f"{address}record/", {"outcome": "passed"}).status_code == 404


def test_the_page_of_checks_keeps_its_budget_of_queries(django_assert_max_num_queries: Any) -> None:
    meera, application = handed_in(CHECK, TECHNICAL, expert())
    desk = client_of(meera)
    pass_check(actor=meera, application=application)
    with django_assert_max_num_queries(30):
        desk.get(f"/desk/applications/{application.reference}/checks/")
