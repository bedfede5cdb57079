"""The whole route, from draft to answered offer and appeal: no sequence of acts by anybody breaks a promise.

Two applications to one call with every step there is. Everybody tries everything, in any order; after
each act the promises are looked up in the database.
"""

import contextlib
import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grants.actions import appeals, applications, checks, decisions, offers, panels, reviews
from grants.models import (
    Appeal,
    Application,
    ApplicationStatus,
    ApplicationVersion,
    Award,
    Call,
    Decision,
    Lot,
    Offer,
    Passage,
    Review,
)
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Role
from tests.grants.world import ANSWERS, CRITERIA, PROMISE, gpus, officer, open_call, startup
from tests.world import person

ROUTE = {
    "route": "panel",
    "up_to_gpu_hours": None,
    "up_to_money": None,
    "service_days": 20,
    "steps": [
        {"step": "check"},
        {"step": "technical"},
        {"step": "review", "reviews": 1, "blind": False},
        {"step": "panel"},
        {"step": "decision"},
        {"step": "answer", "days": 21},
    ],
}
NUMBER = st.integers(0, 1)
STAGE = st.sampled_from([7, 6, 6, 5, 3, 2, 1, 0])  # late acts are tried often
POINTS = {item["key"]: {"points": 4, "comment": "Good."} for item in CRITERIA}


def who(*names: str) -> Any:
    return st.sampled_from(names)


KIND = who("award", "award", "wait", "decline")
DESK = who("officer", "officer", "divya", "divya", "bound", "founder")
TEAM = who("founder", "founder", "founder", "colleague", "stranger")


class Route(RuleBasedStateMachine):
    people: dict[str, Any] = {}
    applications: list[Application] = []
    reached: set[str] = set()

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.frozen: dict[int, Any] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act: Any, **values: Any) -> None:
        with contextlib.suppress(Refused):
            act(**values)

    def row(self, n: int) -> Application:
        return Application.objects.get(pk=self.applications[n].pk)

    @initialize(stages=st.tuples(STAGE, STAGE), held=st.booleans(), end=KIND)
    def begin(self, stages: tuple[int, int], held: bool, end: str) -> None:
        """Each application as far along as its stage says, so that late acts are tried often."""
        if held:
            Call.objects.update(results_at=timezone.now() + datetime.timedelta(days=9))
        desk, ravi, founder = (self.people[name] for name in ("officer", "ravi", "founder"))
        for n, stage in enumerate(stages):
            acts = [
                lambda n=n: applications.save_draft(
                    actor=founder, application=self.row(n), answers={**ANSWERS, "money": "900"}, version=0
                ),
                lambda n=n: applications.submit(actor=founder, application=self.row(n), declared=[PROMISE]),
                lambda n=n: checks.pass_check(actor=desk, application=self.row(n)),
                lambda n=n: checks.pass_technical(actor=desk, application=self.row(n), note="Sound."),
                lambda n=n: self.review(desk, ravi, n),
                lambda n=n: self.hold_panel(desk, n),
                lambda n=n: self.end(desk, n, end),
            ]
            for act in acts[:stage]:
                act()

    def review(self, desk: Any, reviewer: Any, n: int) -> None:
        review = reviews.assign_reviewer(actor=desk, application=self.row(n), reviewer=reviewer)
        reviews.declare_no_conflict(actor=reviewer, review=review)
        reviews.submit_review(actor=reviewer, review=review, scores=POINTS)

    def end(self, desk: Any, n: int, kind: str) -> None:
        gives = {"gpu_ms": gpu_ms(400)} if kind == "award" else {}
        common = {"actor": desk, "application": self.row(n), "reason": "So.", "feedback": "Thank you."}
        decisions.decide(**common, kind=kind, **gives)

    def hold_panel(self, desk: Any, n: int) -> None:
        points = {item["key"]: Decimal(4) for item in CRITERIA}
        panels.record_panel(actor=desk, application=self.row(n), moderated=points, reasons="As reviewed.")
        panels.finish_panel(actor=desk, application=self.row(n))

    @rule(actor=TEAM, n=NUMBER, hours=st.integers(-1, 1200))
    def save(self, actor: str, n: int, hours: int) -> None:
        row, answers = self.row(n), {**ANSWERS, "gpu_hours": str(hours), "money": "900"}
        common = {"actor": self.people[actor], "application": row, "version": row.draft_version}
        self.attempt(applications.save_draft, **common, answers=answers)

    @rule(actor=TEAM, n=NUMBER)
    def submit(self, actor: str, n: int) -> None:
        self.attempt(
            applications.submit, actor=self.people[actor], application=self.row(n), declared=[PROMISE]
        )

    @rule(actor=TEAM, n=NUMBER)
    def withdraw(self, actor: str, n: int) -> None:
        if actor != "founder" or n:  # or every second world would end here
            self.attempt(applications.withdraw, actor=self.people[actor], application=self.row(n))

    @rule(actor=DESK, n=NUMBER, outcome=who("pass", "return", "fail", "technical", "technical_fail"))
    def check(self, actor: str, n: int, outcome: str) -> None:
        common = {"actor": self.people[actor], "application": self.row(n)}
        soon = timezone.now() + datetime.timedelta(days=3)
        match outcome:
            case "pass":
                self.attempt(checks.pass_check, **common)
            case "return":
                self.attempt(checks.return_for_completion, **common, words="Name the data.", complete_by=soon)
            case "fail":
                self.attempt(checks.fail_check, **common, reason="No.", feedback="Sorry.")
            case "technical":
                self.attempt(checks.pass_technical, **common, note="It fits the machines.")
            case "technical_fail":
                self.attempt(checks.fail_technical, **common, reason="No.", feedback="Sorry.")

    @rule(actor=DESK, n=NUMBER, whom=who("ravi", "lena", "bina"))
    def assign(self, actor: str, n: int, whom: str) -> None:
        common = {"actor": self.people[actor], "application": self.row(n)}
        self.attempt(reviews.assign_reviewer, **common, reviewer=self.people[whom])

    @rule(actor=who("ravi", "lena", "bina"), verb=who("none", "some", "no", "save", "submit"))
    def judge(self, actor: str, verb: str) -> None:
        for row in Review.objects.all():
            common = {"actor": self.people[actor], "review": row}
            match verb:
                case "none":
                    self.attempt(reviews.declare_no_conflict, **common)
                case "some":
                    self.attempt(reviews.declare_conflict, **common, reason="Friends")
                case "no":
                    self.attempt(reviews.decline_review, **common, reason="No time")
                case "save":
                    self.attempt(reviews.save_review, **common, scores=POINTS)
                case "submit":
                    self.attempt(reviews.submit_review, **common, scores=POINTS)

    @rule(actor=DESK, n=NUMBER)
    def panel(self, actor: str, n: int) -> None:
        self.attempt(lambda: self.hold_panel(self.people[actor], n))

    @rule(
        actor=DESK, n=NUMBER, kind=KIND, hours=st.integers(-1, 900),
        money=st.integers(-1, 900),
    )  # fmt: skip
    def decide(self, actor: str, n: int, kind: str, hours: int, money: int) -> None:
        gives = {"gpu_ms": gpu_ms(hours), "money": Decimal(money)} if kind == "award" else {}
        common = {"actor": self.people[actor], "application": self.row(n), "kind": kind}
        self.attempt(decisions.decide, **common, reason="So.", feedback="Thank you.", **gives)

    @rule(actor=DESK, verb=who("undo", "announce", "due", "results day"))
    def publish(self, actor: str, verb: str) -> None:
        if verb == "results day":
            Call.objects.exclude(results_at=None).update(results_at=timezone.now())
        if verb == "due":
            decisions.announce_due()
        for row in Decision.objects.filter(announced_at=None, undone_at=None):
            if verb == "undo":
                self.attempt(decisions.undo_decision, actor=self.people[actor], decision=row)
            if verb == "announce":
                self.attempt(decisions.announce, actor=self.people[actor], decision=row)

    @rule(actor=TEAM, verb=who("accept", "decline", "lapse", "too late"))
    def answer(self, actor: str, verb: str) -> None:
        for row in Offer.objects.all():
            match verb:
                case "accept":
                    self.attempt(offers.accept_offer, actor=self.people[actor], offer=row, terms_read=True)
                case "decline":
                    self.attempt(offers.decline_offer, actor=self.people[actor], offer=row)
                case "lapse":
                    offers.lapse_due_offers()
                case "too late":
                    Offer.objects.filter(pk=row.pk).update(answer_by=timezone.now())

    @rule(actor=who("founder", "stranger", "officer", "divya", "bound"), uphold=st.booleans())
    def appeal(self, actor: str, uphold: bool) -> None:
        for n in (0, 1):
            self.attempt(
                appeals.file_appeal, actor=self.people[actor], application=self.row(n), grounds="Look again."
            )
        for row in Appeal.objects.all():
            common = {"actor": self.people[actor], "appeal": row, "uphold": uphold}
            self.attempt(appeals.decide_appeal, **common, reason="We looked again.")

    @invariant()
    def every_move_is_in_the_table(self) -> None:
        moves = AuditEntry.objects.filter(target_type="grants.application", facts__has_key="was")
        for facts in moves.values_list("facts", flat=True):
            assert facts["to"] in Application.TRANSITIONS[facts["was"]], facts
        self.reached.update(Application.objects.values_list("status", flat=True))
        for row in Application.objects.exclude(status=ApplicationStatus.DRAFT):
            assert Passage.objects.get(application=row, left_at=None).status == row.status

    @invariant()
    def what_is_held_is_what_is_promised(self) -> None:
        call, holding = Call.objects.get(), {"decided", "offered", "awarded"}
        promised = [
            row.decision for row in Application.objects.all() if row.status in holding and row.decision
        ]
        assert call.held_gpu_ms == sum(one.awarded_gpu_ms for one in promised) <= call.budget_gpu_ms
        assert call.held_money == sum(one.awarded_money for one in promised) <= call.budget_money

    @invariant()
    def an_award_is_what_was_accepted(self) -> None:
        awarded = set(Award.objects.values_list("application", flat=True))
        assert awarded == set(
            Application.objects.filter(status=ApplicationStatus.AWARDED).values_list("pk", flat=True)
        )
        for award in Award.objects.all():
            assert sum(Lot.objects.filter(award=award).values_list("granted_ms", flat=True)) == award.gpu_ms

    @invariant()
    def versions_never_change(self) -> None:
        for version in ApplicationVersion.objects.all():
            now = (version.answers, version.title, version.pinned)
            assert self.frozen.setdefault(version.pk, now) == now

    @invariant()
    def what_is_held_back_nobody_was_told(self) -> None:
        for row in Application.objects.filter(status=ApplicationStatus.DECIDED):
            told = row.announced_decision
            assert told is None or told.number < row.decision.number

    @invariant()
    def nobody_judges_what_binds_them_or_reads_another_first(self) -> None:
        bina = self.people["bina"]
        assert not Review.objects.filter(reviewer=bina, application=self.applications[0]).exists()
        assert not Application.objects.visible_to(bina).filter(pk=self.applications[0].pk).exists()
        for review in Review.objects.exclude(status="submitted"):
            others = Review.objects.visible_to(review.reviewer).filter(application=review.application)
            assert not others.exclude(reviewer=review.reviewer).exists()


def people_and_call() -> Call:
    founder, first = startup("First", "founder")
    _other, second = startup("Second", "other")
    names = {name: person(name, Role.REVIEWER) for name in ("ravi", "lena", "bina")}
    names |= {"founder": founder, "colleague": person("colleague"), "stranger": person("stranger")}
    names |= {name: officer(name) for name in ("officer", "divya", "bound")}
    Membership.objects.create(user=founder, organisation=second, is_owner=True)
    Membership.objects.create(user=names["colleague"], organisation=first)
    today = timezone.localdate()
    for name in ("bina", "bound"):  # they were members once
        Membership.objects.create(user=names[name], organisation=first, since=today, until=today)
    Route.people = names
    gpus()
    call = open_call(
        names["officer"],
        hours=1000,
        budget_money=Decimal(1000),
        currency="INR",
        routes=[ROUTE],
        appeal_days=14,
        terms="Publish openly.",
    )
    Route.applications = [
        applications.start_application(actor=founder, call=call, organisation=one) for one in (first, second)
    ]
    return call


@pytest.mark.django_db
def test_no_sequence_of_acts_breaks_a_promise() -> None:
    people_and_call()
    run_state_machine_as_test(
        Route,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            phases=[
                Phase.explicit,
                Phase.generate,
            ],  # shrinking hundreds of acts takes longer than reading them
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(Route.reached) > 10, f"no world came further than {Route.reached}"
