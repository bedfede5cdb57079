"""A world of ten million contributions, drawn from one seed, so that two runs of a month make the same one.

It is five years up to the last month that is over: of an older one pages would tell an empty year.
What the bulk paths bring in (contributions with their shares, daily readings) comes as they want it, row by
row; accounts, artefacts, links and affiliations are the ground, written as their actions would leave them.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection, transaction
from django.db.models import F

from contributions.actions.bulk_tables import waiting_indexes
from contributions.found import ArtifactKey, FoundAccount, FoundContribution, FoundReading
from contributions.models import Account, Affiliation, Artifact, ArtifactLink
from mission.models import Language, Nation, Organisation

BATCH = 5000
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)
DAYS = 1826  # five years
END = datetime.datetime.now(datetime.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
FIRST = END - DAY * DAYS
LICENCES = ["apache-2.0", "mit", "cc-by-4.0", "llama3", "", "bsd-3-clause", "LicenseRef-own"]
TASKS = ["text-generation", "automatic-speech-recognition", "translation", "image-classification", ""]
ROLES = ["inference", "training", "evaluation"]
HUB = {"model": "models", "dataset": "datasets", "space": "spaces"}
SHARE_OF_KIND = {"repository": 0.6, "model": 0.25, "dataset": 0.1, "space": 0.05}


@dataclass
class World:
    """`scale` 1 is ten million contributions; everything else goes with it."""

    scale: float
    dice: random.Random = field(default_factory=lambda: random.Random(20261123))

    @property
    def contributions(self) -> int:
        return round(10_000_000 * self.scale)

    @property
    def artifacts(self) -> int:
        return round(200_000 * self.scale)

    @cached_property
    def counted(self) -> int:
        """Artefacts that are read off every day."""
        return min(round(20_000 * self.scale), len(self.hub))

    @cached_property
    def accounts(self) -> list[FoundAccount]:
        """Three hundred thousand: people, some organisations, some bots."""
        made = []
        for number in range(round(300_000 * self.scale)):
            kind = "bot" if number % 100 == 0 else "organisation" if number % 12 == 0 else "person"
            platform = "huggingface" if number % 5 == 0 else "github"
            rule = "ends in [bot]" if kind == "bot" else ""
            made.append(FoundAccount(platform, str(number), f"name-{number}", kind, "", rule))
        return made

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each artefact, by its number."""
        kinds: list[str] = []
        for kind, share in SHARE_OF_KIND.items():
            kinds += [kind] * round(self.artifacts * share)
        return kinds[: self.artifacts] + ["repository"] * (self.artifacts - len(kinds))

    @cached_property
    def keys(self) -> list[ArtifactKey]:
        return [
            ArtifactKey("github" if kind == "repository" else "huggingface", kind, str(number))
            for number, kind in enumerate(self.kinds)
        ]

    @cached_property
    def hub(self) -> list[int]:
        """Models and datasets, by number."""
        return [number for number, kind in enumerate(self.kinds) if kind in ("model", "dataset")]

    def created(self, number: int) -> datetime.datetime:
        return FIRST + datetime.timedelta(seconds=number * 7919 * 60 % (DAYS * 86_400))

    def acts(self) -> Iterator[FoundContribution]:
        """In the order of a first sync: artefact by artefact, oldest first, each with its act of publishing.

        Few repositories and few people do most: both are drawn from a curve with a long tail.
        """
        dice, accounts, keys = random.Random(7), self.accounts, self.keys
        repositories = [number for number, kind in enumerate(self.kinds) if kind == "repository"]
        left, number = self.contributions - (len(keys) - len(repositories)), 0
        weights = [1 / (place + 10) for place in range(len(repositories))]
        whole, people = sum(weights), len(accounts)
        for place, repository in enumerate(repositories):
            count = round(left * weights[place] / whole)
            key, team = keys[repository], [int(people * dice.random() ** 2.5) for _ in range(3 + count // 8)]
            url = f"https://github.com/owner-{repository % 977}/tools-{repository}/pull/"
            # More every year: the days are drawn from a square root.
            days = sorted(int(DAYS * dice.random() ** 0.6) for _ in range(count))
            odds, authors = dice.choices(KINDS, ODDS, k=count), dice.choices(team, k=count)
            for day, kind, author in zip(days, odds, authors, strict=True):
                number += 1
                at = MIDNIGHTS[day] + SECOND * (number * 7919 % 86_400)
                yield FoundContribution(
                    f"github:{ID_OF[kind]}:{number}", kind, key,
                    accounts[author] if author % 50 else None,
                    at, f"{url}{number}", f"{number:040x}" if kind == "merged_change" else "",
                )  # fmt: skip
        for number, kind in enumerate(self.kinds):
            if kind != "repository":
                yield self._published(number, kind)

    def _published(self, number: int, kind: str) -> FoundContribution:
        owner = self.accounts[number * 7919 % len(self.accounts)]
        external = f"huggingface:{kind}:{number}"
        url = f"https://huggingface.co/{owner.login}/{kind}-{number}"
        act = "application" if kind == "space" else kind
        return FoundContribution(external, act, self.keys[number], owner, self.created(number), url)

    def readings(self) -> Iterator[tuple[ArtifactKey, FoundReading]]:
        """Day by day, as they are taken."""
        keys = [self.keys[number] for number in self.hub[: self.counted]]
        for past in range(DAYS):
            day = (FIRST + DAY * past).date()
            for place, key in enumerate(keys):
                base = 50_000_000 // (place + 3)
                downloads = base + (base >> 3) * (past + place) % 97
                yield key, FoundReading(day, downloads, downloads * 20 + past * 100, place % 900 + past)


KINDS = ["merged_change", "review", "release"]
ODDS = [66, 31, 3]
ID_OF = {"merged_change": "pull", "review": "review", "release": "release"}
MIDNIGHTS = [FIRST + DAY * day for day in range(DAYS)]


def seed(world: World) -> None:
    tables = ["contributions_affiliation", "contributions_artifact", "contributions_artifactlink"]
    with transaction.atomic():
        Account.objects.bulk_create([one_account(each) for each in world.accounts], BATCH)
    with transaction.atomic(), waiting_indexes(tables=tables):
        seed_ground(world)
        seed_artifacts(world)
    settle()


def one_account(said: FoundAccount) -> Account:
    return Account(
        platform=said.platform, platform_id=said.platform_id, login=said.login, kind=said.kind,
        kind_rule=said.kind_rule,
    )  # fmt: skip


def seed_ground(world: World) -> None:
    """Organisations of every nation, and where three accounts in four belong, by grades A to D."""
    dice = world.dice
    nations = list(
        Nation.objects.order_by(F("population").desc(nulls_last=True)).values_list("pk", flat=True)
    )
    weights = [1 / (place + 3) for place in range(len(nations))]
    codes = dice.choices(nations, weights, k=max(40, round(3000 * world.scale)))
    Organisation.objects.bulk_create(
        [
            Organisation(name=f"House {n}", type="company", nation_id=code, registry_id=f"scale-{n}")
            for n, code in enumerate(codes)
        ],
        BATCH,
    )
    houses = list(Organisation.objects.filter(registry_id__startswith="scale-").values_list("pk", flat=True))
    pks = list(Account.objects.exclude(kind="bot").order_by("pk").values_list("pk", flat=True))
    rows: list[Affiliation] = []
    for pk in pks:
        rows += belongings(dice, pk, houses, nations, weights)
    Affiliation.objects.bulk_create(rows, BATCH)


def belongings(
    dice: random.Random, account: int, houses: list[int], nations: list[str], weights: list[float]
) -> list[Affiliation]:
    begin = FIRST.date() - DAY * 400 + DAY * dice.randrange(900)
    odds = dice.random()
    if odds < 0.25:
        return []
    if odds < 0.5:
        code = dice.choices(nations, weights)[0]
        return [
            Affiliation(
                account_id=account, nation_id=code, valid_from=begin, method="self_declared", grade="A"
            )
        ]
    if odds < 0.52:
        return [
            Affiliation(account_id=account, international=True, valid_from=begin, method="officer", grade="B")
        ]
    ends = begin + DAY * dice.randrange(100, 1500) if dice.random() < 0.3 else None
    method, grade = dice.choice([("registry", "B"), ("email", "C"), ("profile", "D")])
    return [
        Affiliation(
            account_id=account, organisation_id=house, valid_from=begin, valid_to=ends,
            method=method, grade=grade,
        )
        for house in dice.sample(houses, dice.choice([1, 1, 1, 2, 3]))
    ]  # fmt: skip


def seed_artifacts(world: World) -> None:
    owners = dict(Account.objects.values_list("login", "pk"))
    classes = [None, None, 3, 3, 2, 1]
    for begin in range(0, world.artifacts, BATCH):
        numbers = range(begin, min(begin + BATCH, world.artifacts))
        Artifact.objects.bulk_create([one_artifact(world, n, owners, classes) for n in numbers])
    _link_and_speak(world)


def one_artifact(world: World, number: int, owners: dict[str, int], classes: list[int | None]) -> Artifact:
    key, model = world.keys[number], world.kinds[number] == "model"
    login = world.accounts[number * 7919 % len(world.accounts)].login
    host = "github.com" if key.kind == "repository" else "huggingface.co"
    name = f"{login}/{key.kind}-{number}"
    return Artifact(
        platform=key.platform, kind=key.kind, platform_id=key.platform_id, name=name,
        url=f"https://{host}/{name}", owner_id=owners[login], summary=f"What number {number} is about",
        licence=LICENCES[number % 7], task=TASKS[number % 5] if model else "",
        parameters=(number % 70 + 1) * 10**8 if model else None,
        openness_class=classes[number % 6] if model else None,
        openness={"rule": 1, "source": "hub", "parts": [{"component": "weights", "licence": "mit"}]}
        if model else {},
        runs_on=["phone", "laptop", "server"][number % 3] if model else "",
        is_benchmark=key.kind == "dataset" and number % 40 == 0,
        commons_role=ROLES[number % 3] if key.kind == "repository" and number < 30 else "",
        created_at=world.created(number),
    )  # fmt: skip


def _link_and_speak(world: World) -> None:
    """Half of the models are built on another, a third name a dataset; languages as they are spoken."""
    dice = random.Random(11)
    there = {
        int(platform_id): (pk, name)
        for pk, platform_id, name in Artifact.objects.values_list("pk", "platform_id", "name")
    }
    models = [n for n in world.hub if world.kinds[n] == "model"]
    datasets = [n for n in world.hub if world.kinds[n] == "dataset"]
    links = []
    for n in models:
        kind = dice.choice(["finetune", "adapter", "quantized", "merge"])
        named = [(kind, "model", models[int(len(models) * dice.random() ** 3)])] if n % 2 else []
        if n % 3 == 0:
            named.append((dice.choice(["dataset", "evaluated"]), "dataset", dice.choice(datasets)))
        for link, parent_kind, parent in named:
            if parent != n:
                pk, name = there[parent]
                links.append(
                    ArtifactLink(
                        child_id=there[n][0],
                        kind=link,
                        parent_kind=parent_kind,
                        parent_name=name,
                        parent_id=pk,
                    )
                )
    ArtifactLink.objects.bulk_create(links, BATCH)
    spoken = list(Language.objects.order_by("pk").values_list("pk", flat=True))[:400]
    through = Artifact.languages.through
    through.objects.bulk_create(
        [
            through(artifact_id=there[n][0], language_id=spoken[int(400 * dice.random() ** 3)])
            for n in world.hub
            if n % 4
        ],
        BATCH,
    )


def settle() -> None:
    """What autovacuum does after such a load, at once: statistics and the visibility map."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
