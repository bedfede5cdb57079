"""Applications to the calls that starters made, each at another step of its route."""

import datetime
from typing import Any

from django.utils import timezone

from grants.actions import applications, checks
from grants.models import Application, Call
from grants.models.currencies import proposed
from mission.management.demo.people import Cast

TEAM = [{"name": "A. Demo", "role": "Lead"}, {"name": "B. Demo", "role": "Engineer"}]
SPEECH: dict[str, Any] = {
    "title": "Small speech models for Estonian dialects",
    "summary": "Open speech recognition for Võro and Seto that runs on a telephone, with its test sets.",
    "gpu_hours": "400",
    "problem": "Speakers of Võro and Seto dictate in a language that no telephone understands.",
    "benefit": "Schools and broadcasters get captions; everybody gets recipes for languages with few hours.",
    "plan": "Adapt an open encoder, measure with native speakers, shrink, publish. Where data lacks, record.",
    "gpu_table": [
        {"work": "Fine-tuning, three runs", "hardware": "H100 80 GB", "hours": "300"},
        {"work": "Evaluation and shrinking", "hardware": "H100 80 GB", "hours": "100"},
    ],
    "job_size": "One machine with 8 GPUs",
    "storage_tb": "2",
    "data_sources": "Broadcast archives under CC-BY-4.0 and our own recordings.",
    "personal_data": "No",
    "outputs": "Weights, training code, test sets and a model card on Hugging Face, by the ninth month.",
    "licence": "Apache-2.0",
    "team": TEAM,
    "track_record": "Two open models for small languages, used by a national broadcaster.",
}
VOICES: dict[str, Any] = {
    "title": "A thousand voices: Baoulé and Dioula",
    "summary": "Two hundred hours of consented speech in two languages, with transcripts checked twice.",
    "missing": "There is no open speech in Baoulé or Dioula that a clinic or a school could build on.",
    "kind_of_data": ["Text", "Speech"],
    "languages": ["bci", "dyu"],
    "size": "200 hours, 150,000 sentences",
    "sources": "Recorded for this project by 1,000 people in twelve towns, who keep their rights.",
    "personal_data": "Yes, with the consent of the people concerned",
    "safeguards": "Spoken consent in their language, names left out, and a number to call to be taken out.",
    "fairness": "They are paid by the hour, hear what was made, and sit on the board of the dataset.",
    "plan": "Consent form, pilot of a hundred people, twelve towns, second check, publication.",
    "quality": "Every tenth sentence is written down twice; agreement is published.",
    "licence": "CC-BY-4.0",
    "keeping": "The university library of Abidjan keeps it, with a yearly round of corrections.",
    "costs": "Half pays speakers and transcribers, a third the coordinators, the rest travel and storage.",
    "team": TEAM,
    "track_record": "A dictionary of Baoulé with 30,000 entries, and a radio archive.",
}
FIX: dict[str, Any] = {
    "title": "Tokenisers that keep Indonesian affixes whole",
    "summary": "A merged change and its tests in an open tokeniser library, for 20 languages with affixes.",
    "repository": "https://git.demo.example/tokeniser",
    "licence": "Apache-2.0",
    "why": "Nearly every open language model is trained with it.",
    "state": "It is merged",
    "links": "https://git.demo.example/tokeniser/changes/41",
    "what": "Words with prefixes and suffixes need a third fewer tokens, so models read more of them.",
    "effort": "Nine days of one engineer at the usual rate.",
    "github": "octocat",
}


def apply_to(cast: Cast, calls: dict[str, Call]) -> list[Application]:
    """One waits for its check, one was checked and waits for reviewers, one is still a draft."""
    days = [(timezone.localdate() + datetime.timedelta(days=30 * n)).isoformat() for n in (2, 5, 8)]
    steps = [
        {"what": what, "by": by, "proof": "A public page"}
        for what, by in zip(("Data and consent", "First version", "Everything published"), days, strict=True)
    ]
    speech = hand_in(cast, "pohja", calls["compute"], {**SPEECH, "milestones": steps})
    money = str(proposed(20_000))
    voices = hand_in(cast, "lagune", calls["dataset"], {**VOICES, "milestones": steps, "money": money})
    checks.pass_check(actor=cast.people["officer"], application=voices, note="All is there.")
    fix = drafted(cast, "nusantara", calls["contribution"], {**FIX, "money": str(proposed(400))})
    return [speech, voices, fix]


def drafted(cast: Cast, who: str, call: Call, answers: dict[str, Any]) -> Application:
    owner = cast.people[who]
    found = applications.start_application(actor=owner, call=call, organisation=cast.organisations[who])
    return applications.save_draft(
        actor=owner, application=found, answers=answers, version=found.draft_version
    )


def hand_in(cast: Cast, who: str, call: Call, answers: dict[str, Any]) -> Application:
    found = drafted(cast, who, call, answers)
    return applications.submit(actor=cast.people[who], application=found, declared=call.declarations)
