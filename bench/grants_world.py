"""A grant desk of the size of years, straight into the database: rows as the actions would leave them.

`seed(applications=20_000, reviews=60_000)` takes about a minute. Everything is drawn from one seed, so two
runs make the same world; it stands beside the demo world and needs its nations (`load_reference`).
"""

import random
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from bench.grants_followed import decide, talk, write_audit
from bench.grants_rows import (
    BATCH,
    CRITERIA,
    DAY,
    KINDS,
    NOW,
    QUESTIONS,
    ROUTES,
    WAYS,
    feedback,
    passages_of,
    state_of,
    summary_of,
    title_of,
    when_submitted,
)
from grants.actions.calls import ensure_programme
from grants.models import (
    Application,
    ApplicationVersion,
    Call,
    Passage,
    Review,
)
from grants.models.gpu_time import gpu_ms
from grants.models.routes import route_for
from grants.models.scores import weighted_total
from mission.models import Membership, Nation, Organisation, Role, RoleGrant, User

CALLS, REVIEWERS, OFFICERS = 40, 300, 6
SEARCH = """
UPDATE grants_application AS a
   SET search = setweight(to_tsvector('simple', a.title), 'A')
             || setweight(to_tsvector('simple', a.reference || ' ' || o.name), 'B')
             || setweight(to_tsvector('simple', coalesce(a.answers ->> 'summary', '')), 'C')
  FROM mission_organisation AS o
 WHERE o.id = a.organisation_id AND a.search IS NULL AND a.submitted_at IS NOT NULL
"""
HELD = """
UPDATE grants_call AS c SET held_gpu_ms = d.gpu, held_money = d.money
  FROM (SELECT a.call_id, sum(w.gpu_ms) AS gpu, sum(w.money) AS money
          FROM grants_award w JOIN grants_application a ON a.id = w.application_id GROUP BY 1) AS d
 WHERE d.call_id = c.id AND c.slug LIKE 'scale-%%'
"""


class World:
    """What later rows refer to."""

    def __init__(self, applications: int, reviews: int) -> None:
        self.dice = random.Random(3)
        self.size, self.reviews_wanted = applications, reviews
        self.officers = self.people("officer", OFFICERS, Role.OFFICER)
        self.reviewers = self.people("reviewer", REVIEWERS, Role.REVIEWER)
        self.organisations = self.make_organisations(max(applications // 4, 60))
        self.calls = self.make_calls()

    def people(self, name: str, count: int, role: Role | None = None) -> list[User]:
        made = User.objects.bulk_create(
            [
                User(email=f"{name}.{n}@scale.example", name=f"{name.title()} {n}", password="!")
                for n in range(count)
            ],
            BATCH,
        )
        if role:
            RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role) for user in made], BATCH)
        return made

    def make_organisations(self, count: int) -> list[Organisation]:
        nations = list(Nation.objects.order_by("code"))
        owners = self.people("founder", count)
        types = ["startup"] * 5 + ["company", "research", "research", "nonprofit", "public"]
        made = Organisation.objects.bulk_create(
            [
                Organisation(
                    name=f"{self.dice.choice(KINDS)} {n}",
                    type=self.dice.choice(types),
                    nation=self.dice.choice(nations),
                    registry_id=f"SCALE-{n}",
                )
                for n in range(count)
            ],
            BATCH,
        )
        members = [
            Membership(user=owner, organisation=of, is_owner=True)
            for owner, of in zip(owners, made, strict=True)
        ]
        Membership.objects.bulk_create(members, BATCH)
        self.owner_of = {of.pk: owner for owner, of in zip(owners, made, strict=True)}
        return made

    def make_calls(self) -> list[Call]:
        kinds = ["compute", "fellowship", "dataset", "benchmark", "efficiency", "contribution", "procurement"]
        programmes = [ensure_programme(actor=None, kind=kind, name=f"Scale {kind}") for kind in kinds]
        made = []
        for n in range(CALLS):
            closes = NOW - DAY * (n * 35) + DAY * 21  # the first one is open, the others lie behind
            made.append(
                Call(
                    programme=programmes[n % len(programmes)],
                    slug=f"scale-{n:02d}",
                    title=f"Round {CALLS - n} of the {kinds[n % len(kinds)]} programme",
                    summary="A call of the world of scale.",
                    status="published",
                    opens_at=closes - DAY * 45,
                    closes_at=closes,
                    published_at=closes - DAY * 50,
                    budget_gpu_ms=gpu_ms(10**8),
                    budget_money=Decimal(10) ** 11,
                    currency="INR",
                    routes=ROUTES,
                    questions=QUESTIONS,
                    criteria=CRITERIA,
                    terms="Publish what you make.",
                )
            )
        return Call.objects.bulk_create(made)


def seed(*, applications: int = 20_000, reviews: int = 60_000) -> None:
    """Twice is once: a second call finds the first world and leaves it."""
    if Call.objects.filter(slug="scale-00").exists():
        print("the world of scale is there already")
        return
    began = time.perf_counter()
    with transaction.atomic():
        world = World(applications, reviews)
        made = list(make_applications(world))
        make_reviews(world, made)
        Application.objects.bulk_create(made, BATCH)
        make_versions(made)
        write_reviews(made)
        write_passages(made)
        decide(world.dice, world.officers, made)
        talk(world.dice, world.officers, made)
        write_audit(world.dice, world.officers, made)
        with connection.cursor() as cursor:
            cursor.execute(SEARCH)
            cursor.execute(HELD)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = time.perf_counter() - began
    print(f"{applications:,} applications, {reviews:,} reviews over {CALLS} calls in {took:.0f} s")


def make_applications(world: World) -> Iterator[Application]:
    """The newest calls are in work, the old ones are decided. One call has a tenth of them all."""
    weights = [4] + [1] * (CALLS - 1)
    total = sum(weights)
    left = world.size
    for n, call in enumerate(world.calls):
        share = left if n == CALLS - 1 else world.size * weights[n] // total
        left -= share
        for of in world.dice.sample(world.organisations, share):
            yield one_application(world, call, of, n)


def one_application(world: World, call: Call, of: Organisation, age: int) -> Application:
    dice = world.dice
    submitted = min(call.opens_at + DAY * (45 * dice.random()), NOW - DAY * 0.1)
    hours = dice.choice([200, 800, 2500, 9000, 40_000]) + dice.randrange(200)
    money = Decimal(dice.randrange(0, 40) * 100_000)
    route = route_for(ROUTES, gpu_ms(hours), money)
    status = state_of(dice, age, route)
    walked = passages_of(dice, route, status, submitted, NOW)
    made = Application(
        call=call,
        organisation=of,
        started_by=world.owner_of[of.pk],
        saved_by=world.owner_of[of.pk],
        status=status,
        status_since=walked[-1][1],
        route=route["route"],
        first_step=route["steps"][0]["step"],
        reviews_needed=next((s["reviews"] for s in route["steps"] if s["step"] == "review"), 0),
        due_on=(submitted + DAY * (route["service_days"] * 7 / 5)).date(),
        complete_by=walked[-1][1] + DAY * 10 if status == "returned" else None,
        returned_once=status == "returned",
        title=title_of(dice),
        requested_gpu_ms=gpu_ms(hours),
        requested_money=money,
        draft_version=3,
        started_at=submitted - DAY * 5,
        saved_at=submitted,
        submitted_at=submitted,
    )
    made.answers = {"title": made.title, "summary": summary_of(dice), "gpu_hours": str(hours)}
    made.walked = walked  # type: ignore[attr-defined]
    return made


def make_reviews(world: World, made: list[Application]) -> None:
    """Three to each that came so far, and more of them until there are as many as wanted."""
    dice, far = world.dice, [a for a in made if a.status not in WAYS["before_review"] and a.reviews_needed]
    each, more = divmod(world.reviews_wanted, max(len(far), 1))
    for n, application in enumerate(far):
        asked = dice.sample(world.reviewers, each + (n < more))
        level = dice.gauss(3.2, 0.8)
        rows = [one_review(world, application, reviewer, level, dice) for reviewer in asked]
        totals = [row.total for row in rows if row.total is not None]
        application.asked, application.scored = len(rows), len(totals)
        if totals:
            application.mean_total = round(Decimal(sum(totals)) / len(totals), 2)
            application.spread = max(totals) - min(totals)
        application.review_rows = rows  # type: ignore[attr-defined]


def one_review(
    world: World, application: Application, reviewer: User, level: float, dice: random.Random
) -> Review:
    began = when_submitted(application) + DAY * 4
    waits = application.status == "in_review" and dice.random() < 0.6
    review = Review(
        reviewer=reviewer,
        assigned_by=dice.choice(world.officers),
        assigned_at=began,
        declared_at=began + DAY,
        due_on=(began + DAY * 21).date(),
        status="accepted" if waits else "submitted",
    )
    if not waits:
        points = {c["key"]: min(5, max(0, round(dice.gauss(level, 0.9)))) for c in CRITERIA}
        review.scores = {key: {"points": n, "comment": feedback(dice)} for key, n in points.items()}
        review.total = weighted_total(CRITERIA, review.scores)
        review.recommended_gpu_ms = int(application.requested_gpu_ms * dice.uniform(0.4, 1))
        review.submitted_at = review.saved_at = min(began + DAY * dice.uniform(2, 25), NOW)
    return review


def make_versions(made: list[Application]) -> None:
    pinned: dict[tuple[int, str], dict[str, Any]] = {}
    for application in made:
        key = (application.call_id, application.route)
        if key not in pinned:
            money = application.requested_money
            pinned[key] = application.call.pinned(application.requested_gpu_ms, money)
    versions = (
        ApplicationVersion(
            application=a,
            number=1,
            title=a.title,
            summary=a.answers["summary"],
            answers=a.answers,
            requested_gpu_ms=a.requested_gpu_ms,
            requested_money=a.requested_money,
            pinned=pinned[a.call_id, a.route],
            submitted_by=a.started_by,
            submitted_at=when_submitted(a),
        )
        for a in made
    )
    ApplicationVersion.objects.bulk_create(versions, BATCH)


def write_reviews(made: list[Application]) -> None:
    rows = []
    for application in made:
        for row in getattr(application, "review_rows", ()):
            row.application = application
            rows.append(row)
    Review.objects.bulk_create(rows, BATCH)


def write_passages(made: list[Application]) -> None:
    Passage.objects.bulk_create(
        [
            Passage(application=a, status=status, entered_at=entered, left_at=left)
            for a in made
            for status, entered, left in a.walked  # type: ignore[attr-defined]
        ],
        BATCH,
    )
