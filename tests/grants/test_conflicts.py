"""Conflicts of interest: found in one place, the same for lists, assignments and the plan."""

import datetime
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from contributions.models import Account, Affiliation, Artifact, Contribution, Grade, Method
from grants.actions.reviewers import declare_standing_conflict, end_standing_conflict
from grants.actions.reviews import assign_reviewer, declare_conflict
from grants.models import Application, Review
from grants.models.conflicts import Kind, conflicts_between, conflicts_of
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Organisation, Role, User
from tests.grants.world import officer, open_call, startup, submitted
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def years_ago(years: float) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=int(years * 365.25))


def waiting() -> tuple[User, Application, User]:
    """An officer, an application of Asha's, and a reviewer who is free."""
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    return meera, application, person("ravi", Role.REVIEWER)


def kinds(user: User, application: Application) -> list[str]:
    return [conflict.kind for conflict in conflicts_of(user, application)]


def together(one: User, other: User, since: datetime.date, until: datetime.date | None) -> Organisation:
    """Both were members of a third organisation in that time."""
    third = organisation(person("third"), "Institute")
    for user in (one, other):
        Membership.objects.create(user=user, organisation=third, since=since, until=until)
    return third


def test_who_has_nothing_to_do_with_them_is_free() -> None:
    _meera, application, ravi = waiting()
    assert conflicts_of(ravi, application) == []


@pytest.mark.parametrize("left", [None, 10], ids=["today", "ten years ago"])
def test_membership_binds_for_ever(left: int | None) -> None:
    _meera, application, ravi = waiting()
    until = years_ago(left) if left else None
    Membership.objects.create(
        user=ravi, organisation=application.organisation, since=years_ago(11), until=until
    )
    assert kinds(ravi, application) == [Kind.MEMBER]
    assert conflicts_of(ravi, application)[0].is_absolute


def test_a_standing_declaration_binds_until_it_ends() -> None:
    meera, application, ravi = waiting()
    said = declare_standing_conflict(
        actor=ravi, user=ravi, organisation=application.organisation, reason="My sister works there."
    )
    assert kinds(ravi, application) == [Kind.DECLARED]
    for reason in ("", "She left"):
        with pytest.raises(Refused) as refused:
            assign_reviewer(actor=meera, application=application, reviewer=ravi, override_reason=reason)
        assert refused.value.code == "conflict"
    end_standing_conflict(actor=ravi, declaration=said)
    assert kinds(ravi, application) == []
    assert assign_reviewer(actor=meera, application=application, reviewer=ravi).status == "assigned"


def test_a_conflict_declared_on_one_application_binds_on_the_next_of_the_same_organisation() -> None:
    meera, first, ravi = waiting()
    review = assign_reviewer(actor=meera, application=first, reviewer=ravi)
    declare_conflict(actor=ravi, review=review, reason="We published together.")
    second = submitted(first.started_by, open_call(meera, title="Another call"), first.organisation)
    assert kinds(ravi, second) == [Kind.DECLARED]
    with pytest.raises(Refused) as refused:
        assign_reviewer(actor=meera, application=second, reviewer=ravi, override_reason="Please")
    assert refused.value.code == "conflict"


def test_a_declaration_hides_what_was_assigned_before() -> None:
    meera, application, ravi = waiting()
    assign_reviewer(actor=meera, application=application, reviewer=ravi)
    assert Application.objects.visible_to(ravi).exists()
    declare_standing_conflict(
        actor=ravi, user=ravi, organisation=application.organisation, reason="A new job there."
    )
    assert not Application.objects.visible_to(ravi).exists()
    assert not Review.objects.visible_to(ravi).exists()


@pytest.mark.parametrize(
    ("since", "until", "binds"),
    [(2.5, None, True), (9, 2, True), (9, 4, False)],
    ids=["still there", "left two years ago", "left four years ago"],
)
def test_colleagues_elsewhere_bind_for_three_years(since: float, until: float | None, binds: bool) -> None:
    _meera, application, ravi = waiting()
    asha = application.started_by
    together(asha, ravi, years_ago(since), years_ago(until) if until else None)
    assert kinds(ravi, application) == ([Kind.COLLEAGUES] if binds else [])


def test_the_same_place_at_different_times_binds_nobody() -> None:
    _meera, application, ravi = waiting()
    third = together(application.started_by, person("other"), years_ago(2.5), years_ago(2))
    Membership.objects.create(user=ravi, organisation=third, since=years_ago(1))
    assert kinds(ravi, application) == []


def test_a_softer_conflict_needs_a_reason_that_is_kept() -> None:
    meera, application, ravi = waiting()
    together(application.started_by, ravi, years_ago(2), None)
    with pytest.raises(Refused, match="worked with their people at Institute") as refused:
        assign_reviewer(actor=meera, application=application, reviewer=ravi)
    assert refused.value.field == "override_reason"
    reason = "Nobody else reads Konkani."
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi, override_reason=reason)
    assert review.override_reason == reason
    facts = AuditEntry.objects.about(review).get(verb="review.assigned").facts
    assert facts["reason"] == reason
    assert "Institute" in facts["conflict"]


def test_on_the_page_the_bound_are_named_and_asked_only_for_a_reason() -> None:
    meera, application, ravi = waiting()
    together(application.started_by, ravi, years_ago(2), None)
    member = person("member", Role.REVIEWER)
    Membership.objects.create(user=member, organisation=application.organisation)
    desk = Client()
    desk.force_login(meera)
    address = f"/desk/applications/{application.reference}/"
    page = desk.get(f"{address}reviews/").content.decode()
    assert "Ravi worked with their people at Institute" in page
    assert f'value="{ravi.pk}"' in page
    assert f'value="{member.pk}"' not in page
    refused = desk.post(f"{address}assign/", {"reviewer": ravi.pk, "override_reason": ""})
    assert refused.status_code == 422
    assert "say why they are asked all the same" in refused.content.decode()
    reason = "Nobody else reads Konkani."
    asked = desk.post(f"{address}assign/", {"reviewer": ravi.pk, "override_reason": reason}, follow=True)
    assert reason in asked.content.decode()
    assert Review.objects.get().override_reason == reason


def account(name: str, owner: User | None = None, of: Organisation | None = None) -> Account:
    made = Account.objects.create(platform="github", platform_id=f"id-{name}", login=name, kind="person")
    if owner is not None:
        SocialAccount.objects.create(user=owner, provider="github", uid=made.platform_id)
    if of is not None:
        Affiliation.objects.create(
            account=made, organisation=of, valid_from=years_ago(5), method=Method.OFFICER, grade=Grade.B
        )
    return made


def worked(who: Account, on: Artifact, ago: float) -> None:
    Contribution.objects.create(
        account=who,
        artifact=on,
        kind="merged_change",
        happened_at=timezone.now() - datetime.timedelta(days=int(ago * 365)),
        platform="github",
        external_id=f"github:{who.pk}:{on.pk}",
        evidence_url="https://github.com/x/y",
    )


def repository(**more: Any) -> Artifact:
    return Artifact.objects.create(
        kind="repository",
        platform="github",
        platform_id="1",
        name="openspeech/marathi",
        url="https://github.com/openspeech/marathi",
        created_at=timezone.now(),
        **more,
    )


@pytest.mark.parametrize(("ago", "binds"), [(1, True), (4, False)])
def test_the_same_repository_within_three_years_binds(ago: int, binds: bool) -> None:
    """The applicant's account by affiliation, the reviewer's by signing in with it."""
    _meera, application, ravi = waiting()
    shared = repository()
    worked(account("kaveri-dev", of=application.organisation), shared, 1)
    worked(account("ravi-codes", owner=ravi), shared, ago)
    assert kinds(ravi, application) == ([Kind.CONTRIBUTIONS] if binds else [])


def test_work_on_what_the_applicants_account_owns_binds() -> None:
    _meera, application, ravi = waiting()
    shared = repository(owner=account("kaveri-labs", of=application.organisation))
    worked(account("ravi-codes", owner=ravi), shared, 0.5)
    assert conflicts_of(ravi, application)[0].words == "contributed to openspeech/marathi, as they did"


def test_the_account_of_one_of_their_people_counts() -> None:
    _meera, application, ravi = waiting()
    shared = repository()
    worked(account("asha-codes", owner=application.started_by), shared, 1)
    worked(account("ravi-codes", owner=ravi), shared, 1)
    assert kinds(ravi, application) == [Kind.CONTRIBUTIONS]


def test_many_are_judged_with_as_many_queries_as_one(django_assert_max_num_queries: Any) -> None:
    meera, application, ravi = waiting()
    shared = repository()
    worked(account("kaveri-dev", of=application.organisation), shared, 1)
    worked(account("ravi-codes", owner=ravi), shared, 1)
    together(application.started_by, ravi, years_ago(2), None)
    with django_assert_max_num_queries(16) as one:
        conflicts_between([application], [ravi])
    rows = [application]
    for n in range(4):
        founder, firm = startup(f"Firm {n}", f"founder{n}")
        rows.append(submitted(founder, open_call(meera, title=f"Call {n}"), firm))
    users = [ravi, *(person(f"reviewer{n}", Role.REVIEWER) for n in range(4))]
    with django_assert_max_num_queries(16) as many:
        found = conflicts_between(rows, users)
    assert len(many) <= len(one)
    pair = (application.organisation_id, ravi.pk)
    assert {conflict.kind for conflict in found[pair]} == {Kind.COLLEAGUES, Kind.CONTRIBUTIONS}
