"""The platforms' own ids turned into our keys, for rows that come by the million."""

from collections.abc import Iterable, Mapping
from typing import NoReturn

from django.utils.translation import gettext as _

from contributions.actions.accounts import register_accounts
from contributions.found import ArtifactKey, FoundAccount
from contributions.models import Account, Artifact
from mission.errors import Refused

REMEMBERED = 400_000  # keys of each kind: about 200 MB, however many rows come


class Keys:
    """Remembers what it looked up. Accounts it does not know are registered; artefacts must be there."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], tuple[FoundAccount, int]] = {}
        self.artifacts: dict[ArtifactKey, int] = {}
        self.benchmarks: set[int] = set()

    def learn_accounts(self, found: Iterable[FoundAccount | None]) -> None:
        """Brought up to date where something else is said of them than before."""
        wanted = {(each.platform, each.platform_id): each for each in found if each}
        missing = {key: each for key, each in wanted.items() if not self._said_before(key, each)}
        if not missing:
            return
        if len(self.accounts) + len(missing) > REMEMBERED:
            self.accounts.clear()
            missing = wanted
        there = as_they_are(missing)
        made = register_accounts(found=[each for key, each in missing.items() if key not in there])
        for key, each in missing.items():
            self.accounts[key] = (each, there[key] if key in there else made[key].pk)

    def _said_before(self, key: tuple[str, str], said: FoundAccount) -> bool:
        had = self.accounts.get(key)
        return had is not None and (had[0] is said or had[0] == said)

    def learn_artifacts(self, wanted: Iterable[ArtifactKey]) -> None:
        wanted = set(wanted)
        missing = wanted - self.artifacts.keys()
        if not missing:
            return
        if len(self.artifacts) + len(missing) > REMEMBERED:
            self.artifacts.clear()
            missing = wanted
        there = Artifact.objects.filter(
            platform__in={key.platform for key in missing},
            kind__in={key.kind for key in missing},
            platform_id__in={key.platform_id for key in missing},
        )
        columns = there.order_by().values_list("platform", "kind", "platform_id", "pk", "is_benchmark")
        for *key, pk, is_benchmark in columns:
            self.artifacts[ArtifactKey(*key)] = pk
            if is_benchmark:
                self.benchmarks.add(pk)

    def missing(self, key: ArtifactKey, row: str) -> NoReturn:
        """`row` names in words what refers to an artefact nobody has looked at."""
        raise Refused(
            _("%(row)s is about %(artifact)s, which is not here. Bring the artefacts in first.")
            % {"row": row, "artifact": ":".join(key)},
            status=422,
        )


def as_they_are(said: Mapping[tuple[str, str], FoundAccount]) -> dict[tuple[str, str], int]:
    """Keys of accounts that are there, and of which nothing else is said now: most, after the first time."""
    rows = Account.objects.filter(
        platform__in={platform for platform, _id in said}, platform_id__in={pid for _platform, pid in said}
    ).filter(gone_at=None)
    columns = ("platform", "platform_id", "pk", "login", "kind", "kind_rule", "name")
    same: dict[tuple[str, str], int] = {}
    for platform, platform_id, pk, *told in rows.order_by().values_list(*columns):
        each = said.get((platform, platform_id))
        if each and told == [each.login, each.kind, each.kind_rule, each.name or told[3]]:
            same[platform, platform_id] = pk
    return same
