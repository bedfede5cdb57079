"""Deciding: all or nothing, never above the budget, told to who came second."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from grants.actions import letters
from grants.actions.applications import submit
from grants.models import Application, Award, Call, Decision, Letter, Lot
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import AuditEntry, Role, User
from tests.grants.world import (
    PROMISE,
    award,
    decline,
    drafted,
    gpus,
    officer,
    open_call,
    reviewed,
    startup,
    submitted,
)
from tests.world import person


def ready(hours: int = 1000, **more: Any) -> tuple[User, Application]:
    meera, (asha, kaveri) = officer(), startup()
    gpus()
    return meera, reviewed(meera, submitted(asha, open_call(meera, hours=hours, **more), kaveri))


@pytest.mark.django_db
def test_an_award_is_everything_at_once() -> None:
    meera, application = ready()
    made = award(
        actor=meera, application=application, gpu_ms=gpu_ms(500), reason="Strong", feedback="Well done"
    )
    application.refresh_from_db()
    assert application.status == "awarded"
    assert application.call.held_gpu_ms == gpu_ms(500)
    assert made.reference.startswith("OSAI-")
    assert made.nation_id == "IN"
    assert made.lots.get().granted_ms == gpu_ms(500)
    assert made.deliverables.get().title == "A Marathi speech model"
    decision = application.decision
    assert decision.requested_gpu_ms == gpu_ms(500)
    assert decision.recommended_gpu_ms == gpu_ms(400)
    assert decision.awarded_gpu_ms == gpu_ms(500)
    assert Role.GRANTEE in User.objects.get(email="asha@example.org").roles
    assert Letter.objects.filter(kind="award", to="asha@example.org").count() == 1
    row = Award.objects.public().with_compute().get()
    assert (row.granted_gpu_ms, row.used_gpu_ms) == (gpu_ms(500), 0)
    assert letters.send_due_letters() >= 2


@pytest.mark.django_db
def test_above_the_budget_nothing_changes() -> None:
    meera, application = ready(hours=300)
    entries = AuditEntry.objects.count()
    with pytest.raises(Refused, match="300 GPU-hours are left") as refused:
        award(actor=meera, application=application, gpu_ms=gpu_ms(301), reason="Strong")
    assert refused.value.code == "over_budget"
    application.refresh_from_db()
    assert application.status == "reviewed"
    assert application.call.held_gpu_ms == 0
    assert not Award.objects.exists()
    assert not Decision.objects.exists()
    assert not Lot.objects.exists()
    assert AuditEntry.objects.count() == entries


@pytest.mark.django_db
def test_who_comes_second_is_told_who_was_first() -> None:
    meera, application = ready()
    award(actor=meera, application=application, gpu_ms=gpu_ms(10), reason="Strong")
    with pytest.raises(Refused, match="Officer was first: “Awarded” since"):
        decline(actor=officer("second"), application=application, reason="Weak")
    with pytest.raises(Refused, match="You did this already"):
        award(actor=meera, application=application, gpu_ms=gpu_ms(10), reason="Strong")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_decision_needs_a_reason(reason: str) -> None:
    meera, application = ready()
    with pytest.raises(Refused):
        award(actor=meera, application=application, gpu_ms=1, reason=reason)
    with pytest.raises(Refused):
        decline(actor=meera, application=application, reason=reason)


@pytest.mark.django_db
def test_declining_tells_the_applicant_and_releases_reviewers() -> None:
    meera, application = ready()
    decline(actor=meera, application=application, reason="Weak plan", feedback="Measure more.")
    letter = Letter.objects.get(kind="declined")
    assert "Measure more." in letter.body
    assert "Weak plan" not in letter.body


@pytest.mark.django_db
def test_without_enough_reviews_nothing_is_awarded() -> None:
    meera, (asha, kaveri) = officer(), startup()
    gpus()
    application = submitted(asha, open_call(meera), kaveri)
    with pytest.raises(Refused):
        award(actor=meera, application=application, gpu_ms=gpu_ms(1), reason="Quick")


@pytest.mark.django_db
def test_only_officers_without_conflict_decide() -> None:
    _meera, application = ready()
    for actor in (person("auditor", Role.AUDITOR), application.started_by):
        with pytest.raises(Refused) as refused:
            award(actor=actor, application=application, gpu_ms=1, reason="For us")
        assert refused.value.status == 403


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread with a connection of its own, all let go together; what each gave or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[number] = act()
        except Exception as error:  # noqa: BLE001  (handed to the test)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_officers_awarding_at_once_spend_the_budget_once() -> None:
    meera, divya = officer(), officer("divya")
    gpus()
    call = open_call(meera, hours=500)
    ready_ones = []
    for n in range(4):
        founder, organisation = startup(f"Lab {n}", f"founder{n}")
        ready_ones.append(reviewed(meera, submitted(founder, call, organisation)))

    def giving(actor: User, application: Application) -> Callable[[], Any]:
        return lambda: award(actor=actor, application=application, gpu_ms=gpu_ms(300), reason="Strong")

    results = at_once(*(giving(who, one) for one, who in zip(ready_ones, [meera, divya] * 2, strict=True)))
    refused = [result for result in results if isinstance(result, Refused)]
    assert len([result for result in results if isinstance(result, Award)]) == 1
    assert len(refused) == 3
    assert all("200 GPU-hours are left" in error.sentence for error in refused)
    assert Call.objects.get(pk=call.pk).held_gpu_ms == gpu_ms(300)


@pytest.mark.django_db(transaction=True)
def test_two_officers_on_one_application_make_one_award() -> None:
    meera, application = ready()
    divya = officer("divya")
    acts = [
        lambda actor=actor: award(actor=actor, application=application, gpu_ms=gpu_ms(100), reason="Yes")
        for actor in (meera, divya)
    ]
    results = at_once(*acts)
    (refused,) = [result for result in results if isinstance(result, Refused)]
    assert "was first: “Awarded” since" in refused.sentence
    assert Award.objects.count() == 1
    assert Call.objects.get().held_gpu_ms == gpu_ms(100)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_submit_submits_once() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = drafted(asha, open_call(meera), kaveri)
    results = at_once(*[lambda: submit(actor=asha, application=application, declared=[PROMISE])] * 6)
    assert [result.status for result in results] == ["submitted"] * 6
    application.refresh_from_db()
    assert application.versions.count() == 1
    assert Letter.objects.filter(kind="receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_last_scores_at_once_make_it_reviewed_once() -> None:
    from grants.actions.reviews import assign_reviewer, declare_no_conflict, submit_review
    from tests.grants.world import CRITERIA

    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    given = {item["key"]: {"points": 3, "comment": "Fair."} for item in CRITERIA}
    pairs = []
    for name in ("ravi", "lena"):
        reviewer = person(name, Role.REVIEWER)
        review = assign_reviewer(actor=meera, application=application, reviewer=reviewer)
        pairs.append((reviewer, declare_no_conflict(actor=reviewer, review=review)))
    at_once(*[lambda p=pair: submit_review(actor=p[0], review=p[1], scores=given) for pair in pairs])
    application.refresh_from_db()
    assert application.status == "reviewed"
    assert AuditEntry.objects.about(application).filter(verb="application.reviewed").count() == 1
