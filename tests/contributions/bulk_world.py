"""Found rows for the bulk paths, drawn from a seed: also for the process that a test kills."""

import datetime
import random
import sys
import time
from collections.abc import Iterator

from contributions.found import ArtifactKey, FoundAccount, FoundArtifact, FoundContribution

NOON = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
KINDS = ["merged_change", "review", "release", "model", "dataset", "evaluation", "application"]


def account(number: int, login: str = "") -> FoundAccount:
    kind = ["person", "person", "person", "organisation", "bot"][number % 5]
    return FoundAccount("github", str(number), login or f"who-{number}", kind, f"Who {number}")


def key(number: int) -> ArtifactKey:
    return ArtifactKey("github", "repository", str(number))


def artifact(number: int) -> FoundArtifact:
    url = f"https://github.com/kaveri/tools-{number}"
    return FoundArtifact(key(number), f"kaveri/tools-{number}", url, NOON, owner=account(3))


def act(number: int, dice: random.Random, *, accounts: int = 40, artifacts: int = 5) -> FoundContribution:
    """Who, what and when are drawn; where, and by which commit, follows from the number, as it never changes:
    every other one shares its commit with the one 250 further on."""
    who = None if dice.random() < 0.1 else account(dice.randrange(accounts))
    commit = dice.random() < 0.3
    return FoundContribution(
        f"github:{'commit' if commit else 'pull'}:{number}",
        "merged_change" if commit else dice.choice(KINDS),
        key(number % artifacts),
        who,
        NOON + DAY * dice.randrange(700),
        f"https://github.com/kaveri/tools/{number}",
        f"{number % 250:040x}" if number % 2 else "",
    )


def acts(count: int, seed: int = 1, **sizes: int) -> Iterator[FoundContribution]:
    dice = random.Random(seed)
    return (act(number, dice, **sizes) for number in range(count))


def stalls(rows: Iterator[FoundContribution], after: int) -> Iterator[FoundContribution]:
    """Says so on standard output after that many rows, and gives no further one."""
    for place, row in enumerate(rows):
        if place == after:
            print("stalled", flush=True)
            time.sleep(600)
        yield row


if __name__ == "__main__":
    import django

    django.setup()
    from contributions.actions import bulk

    count, slice_size, after = (int(word) for word in sys.argv[1:])
    bulk.SLICE = slice_size
    bulk.ingest_contributions(rows=stalls(acts(count), after))
