"""The rest of the demo's commons: daily readings, a copy, machines, upstream work, corrections."""

import datetime
import random
from collections.abc import Iterator

from django.utils import timezone

from contributions.actions.attribution import affiliate
from contributions.actions.bulk_readings import ingest_readings
from contributions.actions.contributions import store
from contributions.actions.corrections import decide, file_correction
from contributions.actions.rollups import mark_readings_stale
from contributions.bots import seen
from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundFile,
    FoundFiles,
    FoundReading,
)
from contributions.measures.metric import later, month_of
from contributions.models import Account, Artifact, ArtifactKind, ContributionKind, Grade, Method, Platform
from contributions.models.accounts import AccountKind
from mission.management.demo.people import Cast

HUB = "https://hub.demo.example"
DAYS = 120
WEIGHTS = FoundFile("model.safetensors", 156_000_000, "sha256:" + "d3" * 32)
ENGINE = ArtifactKey(Platform.GITHUB, ArtifactKind.REPOSITORY, "demo-commons/tiny-runtime")
MACHINES = [("renovate[bot]", "Bot"), ("copilot-swe-agent", "Bot")]


def measure_commons(cast: Cast) -> None:
    dice = random.Random(7)  # noqa: S311 (a story, not a secret)
    for found in (copied(), upstream(dice), by_machines(dice)):
        store(found=found)
    affiliate(
        actor=None,
        account=Account.objects.named(Platform.GITHUB, "commons").get(),
        international=True,
        valid_from=timezone.localdate() - datetime.timedelta(days=1200),
        method=Method.REGISTRY,
        grade=Grade.B,
        source_url=f"{HUB}/commons",
    )
    ingest_readings(rows=readings(dice))
    today = timezone.localdate()
    mark_readings_stale(days=[today - datetime.timedelta(days=back) for back in range(DAYS)])
    contest(cast)


def copied() -> Found:
    """Somebody nobody knows uploads the startup's model again; the files tell."""
    original = Artifact.objects.get(name="kaveri/kaveri-asr-small")
    stranger = FoundAccount(Platform.HUGGINGFACE, "demo-stranger", "model-collector", AccountKind.PERSON)
    key = ArtifactKey(Platform.HUGGINGFACE, ArtifactKind.MODEL, "demo-copy")
    copy = FoundArtifact(
        key=key,
        name="model-collector/asr-small",
        url=f"{HUB}/model-collector/asr-small",
        created_at=original.created_at + datetime.timedelta(days=9),
        owner=stranger,
        summary="Invented for the demonstration: the files of another model, again.",
        parameters=original.parameters,
    )
    files = (FoundFile("config.json", 700), WEIGHTS, FoundFile("README.md", 5000))
    here = ArtifactKey(original.platform, original.kind, original.platform_id)
    act = FoundContribution(
        "demo:model-collector/asr-small", ContributionKind.MODEL, key, stranger, copy.created_at, copy.url
    )
    return Found((copy,), (act,), files=(FoundFiles(key, "1", files), FoundFiles(here, "1", files)))


def upstream(dice: random.Random) -> Found:
    """A year of changes to a project of the commons that belongs to nobody's nation, by people of many. Each
    has some in every month, so that of no nation they are fewer than ten, whatever day it is today."""
    owner = FoundAccount(Platform.GITHUB, "demo-commons", "commons", AccountKind.ORGANISATION)
    engine = FoundArtifact(
        key=ENGINE,
        name="commons/tiny-runtime",
        url=f"{HUB}/commons/tiny-runtime",
        created_at=timezone.now() - datetime.timedelta(days=1200),
        owner=owner,
        summary="An invented inference engine that runs models on phones.",
        licence="Apache-2.0",
        reading=FoundReading(timezone.localdate(), stars=4200),
    )
    authors = [
        FoundAccount(Platform.GITHUB, f"demo-{key}-dev{number}", f"{key}-dev{number}", AccountKind.PERSON)
        for key, count in (("sahyadri", 6), ("nilgiri", 3), ("kaveri", 4), ("pohja", 13), ("mara", 14))
        for number in range(count)
    ]
    return Found((engine,), tuple(monthly(engine.url, authors, dice)), (owner,))


def monthly(url: str, authors: list[FoundAccount], dice: random.Random) -> Iterator[FoundContribution]:
    now = timezone.now()
    for back in range(12):
        month = later(month_of(now), -back)
        first = datetime.datetime(month.year, month.month, 1, 9, tzinfo=datetime.UTC)
        for author in authors:
            for number in range(dice.choice((1, 1, 2))):
                when = first + datetime.timedelta(days=dice.randrange(28))
                stem = f"up-{author.login}-{back}-{number}"
                if when < now:
                    yield _change(ENGINE, url, stem, author, when)


def by_machines(dice: random.Random) -> Found:
    """Updates by a bot, changes by a coding agent: listed, and counted nowhere."""
    key = ArtifactKey(Platform.GITHUB, ArtifactKind.REPOSITORY, "demo-sahyadri/toolkit")
    machines = [seen(Platform.GITHUB, f"demo-{login}", login, kind) for login, kind in MACHINES]
    url = f"{HUB}/sahyadri/toolkit"
    now = timezone.now()
    days = [now - datetime.timedelta(days=dice.uniform(1, 360)) for _n in range(130)]
    acts = [_change(key, url, f"bot{n}", machines[n % 3 % 2], when) for n, when in enumerate(days)]
    return Found(contributions=tuple(acts))


def _change(
    key: ArtifactKey, url: str, stem: str, who: FoundAccount, when: datetime.datetime
) -> FoundContribution:
    kind = ContributionKind.MERGED_CHANGE
    return FoundContribution(f"demo:{key.platform_id}:{stem}", kind, key, who, when, f"{url}/pull/{stem}")


def readings(dice: random.Random) -> Iterator[tuple[ArtifactKey, FoundReading]]:
    """The last four months, day by day; one model is fetched ten times as often for three weeks."""
    today = timezone.localdate()
    for artifact in Artifact.objects.exclude(kind=ArtifactKind.REPOSITORY).order_by("name"):
        level, total = dice.randrange(80, 6000), 10_000
        key = ArtifactKey(artifact.platform, artifact.kind, artifact.platform_id)
        for back in range(DAYS, -1, -1):
            day = today - datetime.timedelta(days=back)
            if day <= artifact.created_at.date():
                continue
            busy = 10 if artifact.name == "pohja/pohja-1b" and 10 < back < 31 else 1
            downloads = round(level * busy * dice.uniform(0.9, 1.1))
            total += downloads // 30
            yield key, FoundReading(day, downloads, total, likes=level // 60)


def contest(cast: Cast) -> None:
    """One correction decided, one that waits for an officer."""
    model = Artifact.objects.get(name="kaveri/kaveri-asr-tiny")
    first = file_correction(
        actor=cast.people["startup"],
        about=model.get_absolute_url(),
        text="The model also understands Tulu spoken in Kerala; the card was mended last week.",
    )
    decide(
        actor=cast.people["officer"],
        correction=first,
        accept=False,
        public_summary="The languages come from the model's card. The next look reads the mended one.",
    )
    file_correction(
        actor=None,
        about="/nations/KE/",
        text="Two people of our community moved to Kenya in March and are counted elsewhere.",
    )
