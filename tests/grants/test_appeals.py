"""Appeals: in their window, once, looked at by somebody else, and acted on where upheld."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.appeals import decide_appeal, file_appeal
from grants.actions.decisions import decide
from grants.models import Appeal, Application, Decision, Letter, Notification
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import AuditEntry, Role, User
from tests.grants.world import officer
from tests.grants.world_deciding import deciding_call, founder_of, ready
from tests.world import person


def declined(days: int = 14) -> Application:
    """By meera, the officer."""
    meera = officer()
    (application,) = ready(deciding_call(meera, appeal_days=days))
    decide(actor=meera, application=application, kind="decline", reason="Weak plan", feedback="Measure more.")
    return Application.objects.select_related("call", "organisation").get(pk=application.pk)


def filed(application: Application) -> Appeal:
    return file_appeal(actor=founder_of(application), application=application, grounds="Page 3 was missed.")


@pytest.mark.django_db
def test_the_letter_says_how_to_appeal_and_until_when() -> None:
    declined()
    letter = Letter.objects.get(kind="declined")
    assert "You can appeal until" in letter.body
    assert "/appeal/" in letter.body


@pytest.mark.django_db
def test_without_a_window_there_is_no_appeal() -> None:
    application = declined(days=0)
    assert "appeal" not in Letter.objects.get(kind="declined").body
    with pytest.raises(Refused, match="knows no appeals"):
        filed(application)


@pytest.mark.django_db
def test_the_window_was_pinned_and_closes() -> None:
    application = declined()
    type(application.call).objects.update(appeal_days=90)
    decision = application.announced_decision
    assert decision is not None
    until = decision.appeal_until()
    assert until is not None
    assert datetime.timedelta(days=13) < until - timezone.now() < datetime.timedelta(days=16)
    Decision.objects.update(announced_at=timezone.now() - datetime.timedelta(days=16))
    with pytest.raises(Refused, match="Appeals were possible until"):
        filed(application)


@pytest.mark.django_db
def test_an_appeal_is_filed_once_by_the_team_with_grounds() -> None:
    application = declined()
    with pytest.raises(Refused):
        file_appeal(actor=person("stranger"), application=application, grounds="Unfair")
    with pytest.raises(Refused) as refused:
        file_appeal(actor=founder_of(application), application=application, grounds=" ")
    assert refused.value.field == "grounds"
    first = filed(application)
    assert filed(application) == first
    assert Notification.objects.filter(user__email="officer@example.org", kind="appeal").count() == 1


@pytest.mark.django_db
def test_only_who_was_declined_appeals() -> None:
    (application,) = ready(deciding_call(officer(), appeal_days=14))
    with pytest.raises(Refused, match="Only an application that was declined"):
        filed(application)


@pytest.mark.django_db
def test_who_decided_does_not_decide_the_appeal_nor_anew() -> None:
    application = declined()
    appeal = filed(application)
    meera, divya = User.objects.get(email="officer@example.org"), officer("divya")
    bound = officer("bound")
    application.organisation.memberships.create(user=bound)
    for actor, code in (
        (meera, "decided_before"),
        (bound, "conflict"),
        (person("auditor", Role.AUDITOR), "forbidden"),
    ):
        with pytest.raises(Refused) as refused:
            decide_appeal(actor=actor, appeal=appeal, uphold=True, reason="Right")
        assert refused.value.code == code
    with pytest.raises(Refused):
        decide_appeal(actor=divya, appeal=appeal, uphold=True, reason="")
    decided = decide_appeal(actor=divya, appeal=appeal, uphold=True, reason="Page 3 was indeed missed.")
    assert (decided.status, decided.decided_by) == ("upheld", divya)
    assert Application.objects.get(pk=application.pk).status == "reviewed"
    assert "Page 3 was indeed missed." in Letter.objects.filter(kind="appeal_upheld").first().body
    with pytest.raises(Refused) as refused:
        decide(
            actor=meera,
            application=application,
            kind="decline",
            reason="Still weak",
            feedback="Measure more.",
        )
    assert refused.value.code == "decided_before"
    decision = decide(actor=divya, application=application, kind="award", gpu_ms=gpu_ms(9), reason="Strong")
    assert decision.number == 2
    assert Application.objects.get(pk=application.pk).status == "awarded"


@pytest.mark.django_db
def test_a_dismissed_appeal_leaves_the_decision_and_is_kept() -> None:
    application = declined()
    appeal = decide_appeal(
        actor=officer("divya"), appeal=filed(application), uphold=False, reason="Nothing new."
    )
    assert appeal.status == "dismissed"
    assert Application.objects.get(pk=application.pk).status == "declined"
    assert "Nothing new." in Letter.objects.get(kind="appeal_dismissed").body
    assert AuditEntry.objects.about(application).filter(verb="application.appeal_dismissed").count() == 1
    with pytest.raises(Refused, match="was first"):
        decide_appeal(actor=officer("third"), appeal=appeal, uphold=True, reason="No")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_the_pages_carry_an_appeal_from_the_applicant_to_its_outcome(
    django_assert_max_num_queries: Any,
) -> None:
    application = declined()
    founder, url = client_of(founder_of(application)), f"/apply/{application.reference}/appeal/"
    with django_assert_max_num_queries(14):
        assert "You can appeal once, until" in founder.get(url).content.decode()
    assert founder.post(url, {"grounds": " "}).status_code == 422
    answer = founder.post(url, {"grounds": "Page 3 was missed."}, follow=True)
    assert "Your appeal is in." in answer.content.decode()
    assert "Page 3 was missed." in founder.get(url).content.decode()
    divya = client_of(officer("divya"))
    assert application.reference in divya.get("/desk/appeals/").content.decode()
    desk = f"/desk/applications/{application.reference}/appeal/"
    with django_assert_max_num_queries(16):
        assert "Decide the appeal" in divya.get(desk).content.decode()
    assert divya.post(desk, {"outcome": "uphold", "reason": ""}).status_code == 422
    mine = client_of(User.objects.get(email="officer@example.org"))
    refused = mine.post(desk, {"outcome": "uphold", "reason": "Right"})
    assert "You decided this application." in refused.content.decode()
    divya.post(desk, {"outcome": "dismiss", "reason": "Nothing new."})
    assert Appeal.objects.get().status == "dismissed"
    assert "Nothing new." in founder.get(url).content.decode()
    assert "No appeal waits" in divya.get("/desk/appeals/").content.decode()
    assert application.reference in divya.get("/desk/appeals/?show=all").content.decode()


@pytest.mark.django_db
def test_a_page_without_an_appeal_says_why() -> None:
    application = declined(days=0)
    page = client_of(founder_of(application)).get(f"/apply/{application.reference}/appeal/")
    assert "This call knows no appeals." in page.content.decode()
    assert client_of(person("stranger")).get(f"/apply/{application.reference}/appeal/").status_code == 404


@pytest.mark.django_db
def test_the_list_of_appeals_has_a_budget_that_rows_do_not_raise(django_assert_max_num_queries: Any) -> None:
    meera = officer()
    for row in ready(deciding_call(meera, appeal_days=14), n=4):
        decide(actor=meera, application=row, kind="decline", reason="Weak", feedback="Measure more.")
        filed(Application.objects.get(pk=row.pk))
    client = client_of(officer("divya"))
    client.get("/desk/appeals/")
    with django_assert_max_num_queries(8):
        assert client.get("/desk/appeals/").content.decode().count("/appeal/") == 4
