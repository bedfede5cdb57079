"""What followed in the world of scale: decisions, offers, awards, words with the applicant, the trail."""

import random

from bench.grants_rows import BATCH, DAY, NOW, WAYS, feedback, when_submitted
from grants.models import Application, Award, AwardNumber, Decision, Message, Note, Offer
from mission.models import AuditEntry, User


def decide(dice: random.Random, officers: list[User], made: list[Application]) -> None:
    """A decision for each that has one; an offer where one was made; an award where it was accepted."""
    over = [a for a in made if a.status in WAYS["decided"]]
    decisions = [one_decision(a, dice.choice(officers), dice) for a in over]
    Decision.objects.bulk_create(decisions, BATCH)
    answers = {"offered": "open", "awarded": "accepted", "turned_down": "declined", "lapsed": "lapsed"}
    Offer.objects.bulk_create(
        [
            Offer(
                decision=decision,
                application=decision.application,
                status=answers[decision.application.status],
                terms=decision.application.call.terms,
                offered_at=decision.decided_at,
                answer_by=max(decision.decided_at, NOW - DAY * 18) + DAY * 21,
            )
            for decision in decisions
            if decision.application.status in answers
        ],
        BATCH,
    )
    make_awards([decision for decision in decisions if decision.application.status == "awarded"])


def one_decision(application: Application, officer: User, dice: random.Random) -> Decision:
    kind = WAYS["kind"].get(application.status, "award")
    gives = kind == "award"
    return Decision(
        application=application,
        kind=kind,
        requested_gpu_ms=application.requested_gpu_ms,
        requested_money=application.requested_money,
        recommended_gpu_ms=int(application.requested_gpu_ms * 0.7),
        awarded_gpu_ms=int(application.requested_gpu_ms * 0.6) if gives else 0,
        awarded_money=application.requested_money / 2 if gives else 0,
        place=dice.randrange(1, 40) if kind == "wait" else None,
        reason="By its place in the ranking.",
        feedback=feedback(dice),
        decided_by=officer,
        decided_at=application.status_since,
        announced_at=None if application.status == "decided" else application.status_since,
    )


def make_awards(decisions: list[Decision]) -> None:
    numbers = dict(AwardNumber.objects.values_list("year", "last"))
    awards = []
    for decision in decisions:
        application, year = decision.application, decision.decided_at.year
        numbers[year] = numbers.get(year, 0) + 1
        awards.append(
            Award(
                reference=f"OSAI-{year}-{numbers[year]:04d}",
                application=application,
                organisation=application.organisation,
                nation_id=application.organisation.nation_id,
                title=application.title,
                summary=application.answers["summary"],
                gpu_ms=decision.awarded_gpu_ms,
                money=decision.awarded_money,
                currency="INR",
                awarded_by=decision.decided_by,
                awarded_at=decision.decided_at,
            )
        )
    Award.objects.bulk_create(awards, BATCH)
    for year, last in numbers.items():
        AwardNumber.objects.update_or_create(year=year, defaults={"last": last})


def talk(dice: random.Random, officers: list[User], made: list[Application]) -> None:
    """On every sixth a message or two and a note; some of them wait for the desk."""
    messages, notes = [], []
    for application in made[::6]:
        officer, at = dice.choice(officers), when_submitted(application) + DAY
        waits = dice.random() < 0.1
        messages.append(
            Message(
                application=application,
                author=application.started_by,
                from_desk=False,
                body=feedback(dice),
                written_at=at,
                read_at=None if waits else at + DAY,
            )
        )
        notes.append(Note(application=application, author=officer, body=feedback(dice), written_at=at))
    Message.objects.bulk_create(messages, BATCH)
    Note.objects.bulk_create(notes, BATCH)


def write_audit(dice: random.Random, officers: list[User], made: list[Application]) -> None:
    """One entry for each passage, and one for each review asked for."""
    kind, entries = "grants.application", []
    for application in made:
        officer = dice.choice(officers)
        for status, entered, _left in application.walked:  # type: ignore[attr-defined]
            who = application.started_by if status == "submitted" else officer
            entries.append(
                AuditEntry(
                    at=entered,
                    actor=who,
                    verb=f"application.{status}",
                    target_type=kind,
                    target_id=str(application.pk),
                    facts={"to": status},
                )
            )
        for row in getattr(application, "review_rows", ()):
            entries.append(
                AuditEntry(
                    at=row.assigned_at,
                    actor=row.assigned_by,
                    verb="review.assigned",
                    target_type="grants.review",
                    target_id=str(row.pk),
                    facts={"reviewer_name": row.reviewer.name},
                )
            )
    AuditEntry.objects.bulk_create(entries, BATCH)
