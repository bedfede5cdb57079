"""One open call of each kind of programme, as its starter has it: what an officer gets in ten minutes."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from grants.actions import calls
from grants.models import Call
from grants.models.programmes import ProgrammeKind
from grants.models.starters import starter
from mission.management.demo.people import Cast

KIND = ProgrammeKind


@dataclass(frozen=True)
class Notice:
    """`days`: until it closes; `results`: how many days later all results are announced, 0 for one by one."""

    kind: ProgrammeKind
    title: str
    summary: str
    days: int
    results: int = 0


NOTICES = [
    Notice(
        KIND.COMPUTE,
        "Compute in three sizes: from a weekend to a winter",
        "GPU-hours for open models, datasets and evaluations: 500 within three weeks, more with reviewers.",
        40,
    ),
    Notice(
        KIND.FELLOWSHIP,
        "Fellowships: half a year for what open AI lacks",
        "A stipend for individuals who train, measure, collect or speed up, and publish all of it.",
        60,
        45,
    ),
    Notice(
        KIND.DATASET,
        "Datasets for languages that have none",
        "Money for recordings, texts and labels, made with the people they speak of, and kept.",
        50,
    ),
    Notice(
        KIND.BENCHMARK,
        "Benchmark lab: do models understand our public services?",
        "GPU-hours and money for a public measure, run every quarter, with every answer published.",
        55,
    ),
    Notice(
        KIND.EFFICIENCY,
        "More from less: open models for the machines people have",
        "GPU-hours for research that saves memory, energy or data, measured so that others can repeat it.",
        35,
    ),
    Notice(
        KIND.CONTRIBUTION,
        "Mend what everybody builds on",
        "Money for merged changes to open AI projects: fixes, reviews, documentation, languages.",
        90,
    ),
    Notice(
        KIND.PROCUREMENT,
        "Listing: assistants that a public office can run by itself",
        "Products on open models that run without calling home. The award is a listing for public buyers.",
        120,
    ),
]


def open_programmes(cast: Cast) -> dict[str, Call]:
    """By kind."""
    return {notice.kind.value: open_call(cast, notice) for notice in NOTICES}


def open_call(cast: Cast, notice: Notice) -> Call:
    officer, now = cast.people["officer"], timezone.now()
    closes = now + datetime.timedelta(days=notice.days)
    call = calls.create_call(
        actor=officer,
        programme=calls.ensure_programme(actor=officer, kind=notice.kind),
        opens_at=now,
        closes_at=closes,
        results_at=closes + datetime.timedelta(days=notice.results) if notice.results else None,
        time_zone="Asia/Kolkata" if settings.HOME_NATION == "IN" else "UTC",
        **{**starter(notice.kind), "title": notice.title, "summary": notice.summary},
    )
    return calls.publish_call(actor=officer, call=call)
