"""Reviewing: who may, who may not, and when an application is reviewed."""

from decimal import Decimal
from typing import Any

import pytest

from grants.actions.reviews import (
    assign_reviewer,
    declare_conflict,
    declare_no_conflict,
    release_reviewer,
    save_review,
    submit_review,
)
from grants.models import Application, Review
from grants.models.reviews import possible_reviewers
from mission.errors import Refused
from mission.models import Membership, Role
from tests.grants.world import CRITERIA, officer, open_call, reviewed, scored, startup, submitted
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def scores(points: Any = 4) -> dict[str, Any]:
    return {item["key"]: {"points": points, "comment": "Sound."} for item in CRITERIA}


def waiting() -> tuple[Any, Application]:
    meera, (asha, kaveri) = officer(), startup()
    return meera, submitted(asha, open_call(meera), kaveri)


@pytest.mark.parametrize("left", [False, True], ids=["member today", "member once"])
def test_a_reviewer_of_the_same_organisation_can_neither_see_nor_be_assigned(left: bool) -> None:
    meera, application = waiting()
    bina = person("bina", Role.REVIEWER)
    membership = Membership.objects.create(user=bina, organisation=application.organisation)
    if left:
        membership.until = membership.since
        membership.save()
    with pytest.raises(Refused, match="Kaveri Labs") as refused:
        assign_reviewer(actor=meera, application=application, reviewer=bina)
    assert refused.value.code == "conflict"
    assert [user.belongs for user in possible_reviewers(application)] == [True]
    if left:
        assert not Application.objects.visible_to(bina).exists()


def test_joining_the_applicant_later_closes_the_review() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    assert Review.objects.visible_to(ravi).exists()
    Membership.objects.create(user=ravi, organisation=application.organisation)
    assert not Review.objects.visible_to(ravi).exists()
    with pytest.raises(Refused):
        declare_no_conflict(actor=ravi, review=review)


def test_a_declared_conflict_hides_the_application_from_the_reviewer() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    assert Application.objects.visible_to(ravi).exists()
    declare_conflict(actor=ravi, review=review, reason="We published together.")
    assert not Application.objects.visible_to(ravi).exists()
    assert not Review.objects.visible_to(ravi).exists()
    with pytest.raises(Refused):
        assign_reviewer(actor=meera, application=application, reviewer=ravi)


def test_only_reviewers_are_assigned() -> None:
    meera, application = waiting()
    with pytest.raises(Refused, match="not a reviewer"):
        assign_reviewer(actor=meera, application=application, reviewer=person("someone"))


def test_an_officer_of_the_applicants_organisation_stays_out() -> None:
    _meera, application = waiting()
    divya = officer("divya")
    Membership.objects.create(user=divya, organisation=application.organisation)
    with pytest.raises(Refused):
        assign_reviewer(actor=divya, application=application, reviewer=person("ravi", Role.REVIEWER))


def test_nothing_is_scored_before_the_declaration() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    for act in (save_review, submit_review):
        with pytest.raises(Refused):
            act(actor=ravi, review=review, scores=scores())


def test_every_criterion_needs_points_and_a_comment() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    save_review(actor=ravi, review=review, scores={"commons": {"points": 3}})
    with pytest.raises(Refused) as refused:
        submit_review(actor=ravi, review=review, scores={"commons": {"points": 3, "comment": "Good"}})
    assert refused.value.field == "plan"
    with pytest.raises(Refused):
        save_review(actor=ravi, review=review, scores={"commons": {"points": 6}})
    review.refresh_from_db()
    assert review.scores["commons"]["points"] == 3


def test_the_total_weighs_the_criteria() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    given = {"commons": {"points": 5, "comment": "a"}, "plan": {"points": 2, "comment": "b"}}
    assert submit_review(actor=ravi, review=review, scores=given).total == Decimal("76.00")
    with pytest.raises(Refused, match="You did this already"):
        submit_review(actor=ravi, review=review, scores=scores())


def test_the_last_score_in_makes_it_reviewed() -> None:
    meera, application = waiting()
    scored(meera, application, person("ravi", Role.REVIEWER))
    application.refresh_from_db()
    assert application.status == "in_review"
    scored(meera, application, person("lena", Role.REVIEWER))
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_releasing_the_reviewer_who_was_missing_makes_it_reviewed() -> None:
    meera, application = waiting()
    late = assign_reviewer(actor=meera, application=application, reviewer=person("late", Role.REVIEWER))
    assert reviewed(meera, application).status == "in_review"
    release_reviewer(actor=meera, review=late, reason="No answer")
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_a_review_is_read_by_the_desk_and_its_reviewer_alone() -> None:
    meera, application = waiting()
    ravi, lena = person("ravi", Role.REVIEWER), person("lena", Role.REVIEWER)
    review = scored(meera, application, ravi)
    other = assign_reviewer(actor=meera, application=application, reviewer=lena)
    asha = application.started_by
    readers = [user for user in (meera, ravi, lena, asha) if review in Review.objects.visible_to(user)]
    assert readers == [meera, ravi]
    assert list(Review.objects.visible_to(lena)) == [other]


def test_another_organisations_reviewer_is_free() -> None:
    meera, application = waiting()
    ravi = person("ravi", Role.REVIEWER)
    organisation(ravi, "Elsewhere")
    assert assign_reviewer(actor=meera, application=application, reviewer=ravi).status == "assigned"
