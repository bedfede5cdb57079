"""No sequence of acts, by whomever, leaves the tables, the budget, or changes what was submitted."""

import contextlib
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grants.actions import applications, awards, reviews
from grants.models import Application, ApplicationVersion, Award, Call, Review
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import Membership, Role
from tests.grants.world import ANSWERS, CRITERIA, PROMISE, gpus, officer, open_call, startup
from tests.world import person


def who(*names: str) -> Any:
    return st.sampled_from(names)


ANYBODY = who("founder", "founder", "officer", "ravi", "stranger")


class Desk(RuleBasedStateMachine):
    """One call, two applicants; everybody tries everything."""

    people: dict[str, Any] = {}
    applications: list[Application] = []

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.last = {a.pk: a.status for a in Application.objects.all()}
        self.frozen: dict[int, Any] = {}

    @initialize(stages=st.lists(st.integers(0, 5), min_size=2, max_size=2))
    def begin(self, stages: list[int]) -> None:
        """Each application as far along as its stage says, so that late acts are tried often."""
        desk, ravi = self.people["officer"], self.people["ravi"]
        given = {item["key"]: {"points": 4, "comment": "Good."} for item in CRITERIA}
        for row, stage in zip(self.applications, stages, strict=True):
            founder = {"actor": self.people["founder"], "application": row}
            if stage > 0:
                applications.save_draft(**founder, answers=ANSWERS, version=0)
            if stage > 1:
                applications.submit(**founder, declared=[PROMISE])
            if stage > 2:
                review = reviews.assign_reviewer(actor=desk, application=row, reviewer=ravi)
            if stage > 3:
                reviews.declare_no_conflict(actor=ravi, review=review)
            if stage > 4:
                reviews.submit_review(actor=ravi, review=review, scores=given)
        self.last = {a.pk: a.status for a in Application.objects.all()}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act: Any, **values: Any) -> None:
        with contextlib.suppress(Refused):
            act(**values)

    @rule(actor=ANYBODY, n=st.integers(0, 1), words=st.text("ab ", max_size=5))
    def save(self, actor: str, n: int, words: str) -> None:
        row = Application.objects.get(pk=self.applications[n].pk)
        answers = {**ANSWERS, "plan": words or "Train."}
        self.attempt(
            applications.save_draft,
            actor=self.people[actor],
            application=row,
            answers=answers,
            version=row.draft_version,
        )

    @rule(actor=who("founder", "founder", "stranger"), n=st.integers(0, 1))
    def submit(self, actor: str, n: int) -> None:
        row = self.applications[n]
        self.attempt(applications.submit, actor=self.people[actor], application=row, declared=[PROMISE])

    @rule(actor=who("stranger", "ravi", "officer", "founder"), n=st.integers(0, 1))
    def withdraw(self, actor: str, n: int) -> None:
        self.attempt(applications.withdraw, actor=self.people[actor], application=self.applications[n])

    @rule(actor=who("officer", "divya", "founder"), n=st.integers(0, 1), whom=who("ravi", "lena", "bina"))
    def assign(self, actor: str, n: int, whom: str) -> None:
        self.attempt(
            reviews.assign_reviewer,
            actor=self.people[actor],
            application=self.applications[n],
            reviewer=self.people[whom],
        )

    @rule(
        actor=who("ravi", "lena", "bina"),
        verb=who("none", "some", "save", "submit"),
        points=st.integers(-1, 6),
    )
    def judge(self, actor: str, verb: str, points: int) -> None:
        given = {item["key"]: {"points": points, "comment": "So."} for item in CRITERIA}
        for row in Review.objects.all():
            common = {"actor": self.people[actor], "review": row}
            match verb:
                case "none":
                    self.attempt(reviews.declare_no_conflict, **common)
                case "some":
                    self.attempt(reviews.declare_conflict, **common, reason="Friends")
                case "save":
                    self.attempt(reviews.save_review, **common, scores=given)
                case "submit":
                    self.attempt(reviews.submit_review, **common, scores=given)

    @rule(actor=who("officer", "divya", "founder"), n=st.integers(0, 1), hours=st.integers(0, 900))
    def award(self, actor: str, n: int, hours: int) -> None:
        self.attempt(
            awards.award,
            actor=self.people[actor],
            application=self.applications[n],
            gpu_ms=gpu_ms(hours),
            reason="Strong",
        )

    @rule(actor=who("founder", "ravi", "divya"), n=st.integers(0, 1))
    def decline(self, actor: str, n: int) -> None:
        self.attempt(
            awards.decline,
            actor=self.people[actor],
            application=self.applications[n],
            reason="Weak",
            feedback="Measure more.",
        )

    @invariant()
    def moves_follow_the_table(self) -> None:
        for row in Application.objects.all():
            before, reachable = self.last[row.pk], {self.last[row.pk]}
            for _step in range(3):  # one act may move twice: the last score in
                reachable |= {to for state in reachable for to in Application.TRANSITIONS.get(state, ())}
            assert row.status in reachable, (before, row.status)
            self.last[row.pk] = row.status

    @invariant()
    def what_is_held_is_what_was_awarded(self) -> None:
        call = Call.objects.get()
        assert call.held_gpu_ms == sum(Award.objects.values_list("gpu_ms", flat=True)) <= call.budget_gpu_ms

    @invariant()
    def versions_never_change(self) -> None:
        for version in ApplicationVersion.objects.all():
            now = (version.answers, version.title, version.pinned)
            assert self.frozen.setdefault(version.pk, now) == now

    @invariant()
    def the_conflicted_see_and_judge_nothing(self) -> None:
        bina = self.people["bina"]
        assert not Review.objects.filter(reviewer=bina, application=self.applications[0]).exists()
        assert not Review.objects.visible_to(bina).filter(application=self.applications[0]).exists()
        for name in ("ravi", "lena"):
            seen = Review.objects.visible_to(self.people[name])
            assert not seen.exclude(reviewer=self.people[name]).exists()


@pytest.mark.django_db
def test_no_sequence_of_acts_leaves_the_tables() -> None:
    founder, first = startup("First", "founder")
    _other, second = startup("Second", "other")
    Membership.objects.create(user=founder, organisation=second)
    names = {name: person(name, Role.REVIEWER) for name in ("ravi", "lena", "bina")}
    bond = Membership.objects.create(user=names["bina"], organisation=first)
    bond.until = bond.since
    bond.save()
    Desk.people = {
        **names,
        "founder": founder,
        "officer": officer(),
        "divya": officer("divya"),
        "stranger": person("stranger"),
    }
    gpus()
    call = open_call(Desk.people["officer"], hours=1000, reviews_needed=1)
    Desk.applications = [
        applications.start_application(actor=founder, call=call, organisation=one) for one in (first, second)
    ]
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
