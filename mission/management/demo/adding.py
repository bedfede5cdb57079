"""What the demo world adds to the commons: two years of invented models, datasets and changes.

The addresses are on demo.example, which no real platform or person answers to. The numbers come from a
seeded generator, so every demo is the same demo.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from contributions.actions.accounts import register_accounts
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import store
from contributions.actions.exchange import recompute_due
from contributions.actions.holdings import count_holdings
from contributions.actions.rollups import recompute_stale
from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundEvaluation,
    FoundLink,
    FoundReading,
)
from contributions.huggingface_results import results_published
from contributions.models.accounts import AccountKind, Platform
from contributions.models.artifacts import ArtifactKind
from contributions.models.attribution import Grade, Method
from contributions.models.contributions import ContributionKind
from contributions.models.lineage import LinkKind
from dashboards.actions.rollups import every_month, recompute_ledger
from mission.management.demo.measuring import measure_commons
from mission.management.demo.people import Cast

HUB = "https://hub.demo.example"
MONTHS = 24


@dataclass(frozen=True)
class Output:
    """What an organisation publishes. `pace`: merged changes a month."""

    key: str
    languages: tuple[str, ...]
    models: tuple[str, ...]
    datasets: tuple[str, ...]
    pace: int
    people: int
    grade: Grade = Grade.B


OUTPUTS = [
    Output("kaveri", ("kan", "tcy", "kok"), ("kaveri-asr-small", "kaveri-asr-tiny"), ("farm-calls",), 14, 4),
    Output("sahyadri", ("hin", "mar", "kan"), ("street-asr-base",), ("market-noise", "bus-noise"), 22, 6),
    Output("nilgiri", ("tam", "hin"), ("edge-translate-4bit", "edge-translate-8bit"), (), 9, 3),
    Output("vidhya", ("hin", "ben", "tel"), (), ("open-textbooks",), 5, 2),
    Output("mara", ("kik", "luo", "swa"), ("mara-tts-kikuyu", "mara-tts-luo"), ("clinic-voices",), 22, 14),
    Output("ipe", ("por",), ("ipe-juris-350m",), ("decisoes-abertas",), 24, 15),
    Output("nusantara", ("ind", "jav"), ("nusantara-base",), ("kabar-teks",), 22, 14, Grade.C),
    Output("lagune", ("dyu", "bci", "fra"), (), ("contes-parles",), 4, 2),
    Output("pohja", ("est",), ("pohja-1b", "pohja-1b-q4"), (), 21, 13),
    Output("andes", ("quy", "spa"), (), ("runasimi-eval",), 7, 3, Grade.D),
    Output("songhong", ("vie",), ("song-tokenizer",), (), 8, 3, Grade.C),
]
BUILT_ON = {
    "kaveri-asr-tiny": (LinkKind.QUANTIZED, "kaveri/kaveri-asr-small"),
    "kaveri-asr-small": (LinkKind.FINETUNE, "sahyadri/street-asr-base"),
    "edge-translate-8bit": (LinkKind.FINETUNE, "nusantara/nusantara-base"),
    "edge-translate-4bit": (LinkKind.QUANTIZED, "nilgiri/edge-translate-8bit"),
    "pohja-1b-q4": (LinkKind.QUANTIZED, "pohja/pohja-1b"),
    "mara-tts-luo": (LinkKind.FINETUNE, "mara/mara-tts-kikuyu"),
    "ipe-juris-350m": (LinkKind.DATASET, "ipe/decisoes-abertas"),
}


MEASURED = {"kaveri-asr-tiny": 0.71, "street-asr-base": 0.83, "mara-tts-kikuyu": 0.64, "pohja-1b": 0.77}
BENCHMARK = "andes/runasimi-eval"


def make_commons(cast: Cast) -> int:
    """Everything, attributed by affiliations with their grade, and rolled up. How many contributions."""
    dice = random.Random(2026)  # noqa: S311 (a story, not a secret)
    found = [story_of(output, dice) for output in OUTPUTS]
    for output, story in zip(OUTPUTS, found, strict=True):
        belong(cast, output, story)
    strangers = tuple(passers_by(dice))
    for story in (*found, Found(contributions=strangers)):
        store(found=story)
    measure_commons(cast)
    recompute_stale()
    count_holdings()
    recompute_due()
    recompute_ledger(months=every_month())
    return sum(len(story.contributions) for story in found) + len(strangers)


def account(platform: Platform, login: str, kind: AccountKind) -> FoundAccount:
    return FoundAccount(platform, f"demo-{login}", login, kind)


def belong(cast: Cast, output: Output, story: Found) -> None:
    """The organisation's accounts by register, its people's with the grade of their evidence."""
    organisation = cast.organisations[output.key]
    since = timezone.localdate() - datetime.timedelta(days=31 * (MONTHS + 1))
    for each in register_accounts(found=story.accounts).values():
        ours = each.kind == AccountKind.ORGANISATION
        grade = Grade.B if ours else output.grade
        method = Method.REGISTRY if ours else Method.OFFICER
        affiliate(
            actor=None,
            account=each,
            organisation=organisation,
            valid_from=since,
            method=method,
            grade=grade,
            source_url=f"https://{output.key}.demo.example/people",
        )


def story_of(output: Output, dice: random.Random) -> Found:
    hub = account(Platform.HUGGINGFACE, output.key, AccountKind.ORGANISATION)
    people = [
        account(Platform.GITHUB, f"{output.key}-dev{n}", AccountKind.PERSON) for n in range(output.people)
    ]
    repository = artifact(output, Platform.GITHUB, ArtifactKind.REPOSITORY, "toolkit", hub, dice)
    published = [
        artifact(output, hub.platform, ArtifactKind.MODEL, name, hub, dice) for name in output.models
    ]
    published += [
        artifact(output, hub.platform, ArtifactKind.DATASET, name, hub, dice) for name in output.datasets
    ]
    return Found(
        artifacts=(repository, *published),
        contributions=(*publications(published, hub), *work(output, repository, people, dice)),
        accounts=(hub, *people),
    )


def artifact(
    output: Output, platform: str, kind: ArtifactKind, name: str, owner: FoundAccount, dice: random.Random
) -> FoundArtifact:
    full = f"{output.key}/{name}"
    links: tuple[FoundLink, ...] = ()
    if name in BUILT_ON:
        how, parent = BUILT_ON[name]
        parent_kind = ArtifactKind.DATASET if how == LinkKind.DATASET else ArtifactKind.MODEL
        links = (FoundLink(how, parent_kind, parent),)
    results: tuple[FoundEvaluation, ...] = ()
    if name in MEASURED:
        results = (FoundEvaluation(BENCHMARK, "accuracy", MEASURED[name]),)
        links += (FoundLink(LinkKind.EVALUATED, ArtifactKind.DATASET, BENCHMARK),)
    code = kind == ArtifactKind.REPOSITORY
    on_hub = {"downloads": dice.randrange(80, 9000), "likes": dice.randrange(2, 160)}
    counted = {"stars": dice.randrange(5, 900)} if code else on_hub
    return FoundArtifact(
        key=ArtifactKey(platform, kind, f"demo-{full}"),
        name=full,
        url=f"{HUB}/{full}",
        created_at=timezone.now() - datetime.timedelta(days=dice.randrange(20, 30 * MONTHS)),
        owner=None if code else owner,
        summary="Invented for the demonstration.",
        licence="CC-BY-4.0" if kind == ArtifactKind.DATASET else "Apache-2.0",
        task="" if code else dice.choice(["automatic-speech-recognition", "translation", "text-generation"]),
        parameters=dice.choice([39, 135, 350, 1100]) * 1_000_000 if kind == ArtifactKind.MODEL else None,
        languages=() if code else output.languages,
        links=links,
        evaluations=results,
        reading=FoundReading(day=timezone.localdate(), **counted),
    )


def publications(published: list[FoundArtifact], hub: FoundAccount) -> Iterator[FoundContribution]:
    for each in published:
        kind = ContributionKind.MODEL if each.key.kind == ArtifactKind.MODEL else ContributionKind.DATASET
        yield FoundContribution(f"demo:{each.name}", kind, each.key, hub, each.created_at, each.url)
        yield from results_published(each, hub)


def work(
    output: Output, repository: FoundArtifact, people: list[FoundAccount], dice: random.Random
) -> Iterator[FoundContribution]:
    """Merged changes and reviews, a little more every half year, and a release now and then."""
    for month in range(MONTHS):
        for number in range(max(1, round(output.pace * (0.6 + month / MONTHS) * dice.uniform(0.6, 1.4)))):
            author, reviewer = dice.sample(people, 2)
            when = timezone.now() - datetime.timedelta(days=30 * (MONTHS - 1 - month) + dice.uniform(0, 29))
            stem, page = f"demo:{repository.name}:{month}:{number}", f"{repository.url}/pull/{month}-{number}"
            merged, reviewed = ContributionKind.MERGED_CHANGE, ContributionKind.REVIEW
            yield FoundContribution(stem, merged, repository.key, author, when, page)
            if dice.random() < 0.6:
                yield FoundContribution(f"{stem}:review", reviewed, repository.key, reviewer, when, page)
        if month % 5 == 4:
            when = timezone.now() - datetime.timedelta(days=30 * (MONTHS - 1 - month))
            release, page = ContributionKind.RELEASE, f"{repository.url}/releases/{month}"
            yield FoundContribution(
                f"demo:{repository.name}:r{month}", release, repository.key, people[0], when, page
            )


def passers_by(dice: random.Random) -> Iterator[FoundContribution]:
    """People nobody knows the nation of: they stay unknown, and the pages say how many they are."""
    key = ArtifactKey(Platform.GITHUB, ArtifactKind.REPOSITORY, "demo-sahyadri/toolkit")
    for number in range(90):
        who = account(Platform.GITHUB, f"passer-by-{number % 30}", AccountKind.PERSON)
        when = timezone.now() - datetime.timedelta(days=dice.uniform(1, 30 * MONTHS))
        page = f"{HUB}/sahyadri/toolkit/pull/u{number}"
        yield FoundContribution(
            f"demo:unknown:{number}", ContributionKind.MERGED_CHANGE, key, who, when, page
        )
