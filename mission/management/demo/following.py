"""Applications far along their route: at the panel, offered, appealed; and what reviewers know."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from grants.actions import appeals, checks, decisions, messages, reviewers, reviews
from grants.actions.applications import save_draft, start_application, submit
from grants.actions.calls import clone_call
from grants.models import Application, Call
from grants.models.currencies import proposed
from grants.models.gpu_time import gpu_ms
from grants.models.scores import criteria_of
from mission.actions.organisations import stand_alone
from mission.management.demo.applying import SPEECH, drafted, hand_in
from mission.management.demo.people import Cast
from mission.models import Language

KNOW: dict[str, tuple[list[str], list[str]]] = {
    # login: (expertise, languages)
    "reviewer1": (["speech", "evaluation", "datasets"], ["spa", "por"]),
    "reviewer2": (["quantisation", "inference", "training"], ["jpn"]),
    "reviewer3": (["translation", "speech", "tokenisers"], ["mar", "kan", "hin"]),
}
FELLOWSHIP: dict[str, Any] = {
    "title": "Captions for Urdu classrooms, without a network",
    "summary": "A small model that writes captions in a classroom in Urdu, its test set, and how to run it.",
    "track": "Language support",
    "idea": "Captions that appear while the teacher speaks, on a laptop of five years ago.",
    "missing": "Pupils who are hard of hearing, and those whose school has no network.",
    "languages": ["urd"],
    "plan": "Collect forty hours with two schools, adapt an open encoder, measure in class, hand over.",
    "months": "6 months",
    "about": "I taught for nine years and wrote the tools my pupils missed.",
    "work_link": "https://git.demo.example/captions",
    "work_why": "It is used in three schools. Today I would measure it earlier.",
    "licence": "Apache-2.0",
}
FOUR_BIT: dict[str, Any] = {
    **{key: SPEECH[key] for key in ("job_size", "storage_tb", "team", "track_record")},
    "title": "Speech models in four bits that keep small languages",
    "summary": "How to shrink speech models without losing the languages with little data; code and weights.",
    "gpu_hours": "800",
    "idea": "Quantise layer by layer, measured on the smallest languages first and not on the average.",
    "saves": ["Memory", "Energy"],
    "state": "Today's best way loses a third of the words in Tulu and Konkani at four bits.",
    "whom": "Health workers whose phones have three gigabytes of memory.",
    "baseline": "Against two open quantisers, on six languages, on a phone and on a laptop processor.",
    "repeat": "One command per table, with the energy meter's log beside it.",
    "plan": "Baseline, method, two rounds of measuring, publication.",
    "gpu_table": [{"work": "Quantising and measuring", "hardware": "H100 80 GB", "hours": "800"}],
    "outputs": "Code under Apache-2.0 and six sets of weights on Hugging Face.",
    "licence": "Apache-2.0",
}


def follow(cast: Cast, calls: dict[str, Call]) -> list[Application]:
    """One before the panel, one offered to the demo startup, one declined and appealed; a draft of each."""
    for login, (expertise, languages) in KNOW.items():
        known = Language.objects.filter(pk__in=languages)
        user = cast.people[login]
        reviewers.save_profile(actor=user, user=user, expertise=expertise, languages=known, most_at_once=8)
    clone_call(actor=cast.people["officer"], call=calls["contribution"])
    begun = {key: SPEECH[key] for key in ("problem", "benefit", "gpu_table")}
    half = drafted(cast, "kaveri", calls["compute"], {**begun, "title": "Speech for markets and buses"})
    return [panelled(cast, calls), offered(cast, calls), appealed(cast, calls), half]


def milestones() -> list[dict[str, str]]:
    days = [(timezone.localdate() + datetime.timedelta(days=30 * n)).isoformat() for n in (2, 6)]
    names = ("First version, measured", "Everything published")
    return [{"what": what, "by": by, "proof": "A public page"} for what, by in zip(names, days, strict=True)]


def panelled(cast: Cast, calls: dict[str, Call]) -> Application:
    """The demo fellow applies alone; the reviewers do not agree."""
    fellow, call = cast.people["fellow"], calls["fellowship"]
    alone = stand_alone(actor=fellow, nation=cast.organisations["vidhya"].nation)
    answers = {**FELLOWSHIP, "milestones": milestones(), "money": str(proposed(6_000))}
    found = start_application(actor=fellow, call=call, organisation=alone)
    found = save_draft(actor=fellow, application=found, answers=answers, version=found.draft_version)
    found = submit(actor=fellow, application=found, declared=call.declarations)
    checks.return_for_completion(
        actor=cast.people["officer"],
        application=found,
        words="Say which schools have agreed.",
        complete_by=timezone.now() + datetime.timedelta(days=10),
    )
    found = submit(actor=fellow, application=found, declared=call.declarations)
    checks.pass_check(actor=cast.people["officer"], application=found)
    score(cast, found, {"reviewer1": 5, "reviewer2": 3})
    return found


def offered(cast: Cast, calls: dict[str, Call]) -> Application:
    """The demo startup finds an offer to answer, and a message."""
    found = hand_in(cast, "kaveri", calls["efficiency"], {**FOUR_BIT, "milestones": milestones()})
    officer, owner = cast.people["officer"], cast.people["kaveri"]
    checks.pass_check(actor=officer, application=found)
    messages.write_to_applicant(actor=officer, application=found, body="Which two quantisers do you mean?")
    messages.write_to_desk(actor=owner, application=found, body="The two that are named in our baseline.")
    checks.pass_technical(
        actor=officer, application=found, note="It fits the pool.", recommended_gpu_ms=gpu_ms(700)
    )
    score(cast, found, {"reviewer1": 4, "reviewer2": 5})
    decisions.decide(
        actor=officer,
        application=found,
        kind="award",
        gpu_ms=gpu_ms(700),
        reason="Both reviewers recommend it; the assessment found 700 hours enough.",
        feedback="Reviewers ask you to publish the baseline first.",
    )
    return found


def appealed(cast: Cast, calls: dict[str, Call]) -> Application:
    """The demo fellow's organisation."""
    found = hand_in(cast, "vidhya", calls["compute"], {**SPEECH, **OTHER, "milestones": milestones()})
    officer, owner = cast.people["officer"], cast.people["vidhya"]
    checks.pass_check(actor=officer, application=found)
    checks.fail_technical(
        actor=officer,
        application=found,
        reason="The hours do not follow from the work.",
        feedback="We could not see how 400 GPU-hours follow from the runs you describe.",
    )
    appeals.file_appeal(
        actor=owner, application=found, grounds="The table counts 300 hours for three runs on eight GPUs."
    )
    return found


OTHER = {
    "title": "A public test of how models explain school sums",
    "summary": "Test sets and scores for how open models explain arithmetic in five languages of schools.",
    "problem": "Pupils are taught by models whose explanations nobody has tested.",
    "benefit": "Everybody sees which model may be trusted with what.",
    "plan": "Sums with teachers, answers with pupils, scores in public every quarter.",
}


def score(cast: Cast, application: Application, points: dict[str, int]) -> None:
    """Each reviewer declares, and gives every criterion the same points."""
    for login, given in points.items():
        reviewer = cast.people[login]
        review = reviews.assign_reviewer(
            actor=cast.people["officer"], application=application, reviewer=reviewer
        )
        review = reviews.declare_no_conflict(actor=reviewer, review=review)
        criteria = criteria_of(review)
        said = {
            item["key"]: {"points": given, "comment": "Clear, and it can be checked."} for item in criteria
        }
        recommended: dict[str, Any] = {"recommended_gpu_ms": application.requested_gpu_ms or None}
        if application.requested_money:
            recommended["recommended_money"] = Decimal(application.requested_money)
        reviews.submit_review(actor=reviewer, review=review, scores=said, **recommended)
