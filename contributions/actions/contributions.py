"""Contributions come in once, whatever is asked again; those that changed are shared anew."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from contributions.actions.accounts import register_accounts
from contributions.actions.artifacts import known_artifacts, register_artifacts, take_down
from contributions.actions.attribution import attribute, cell_of
from contributions.actions.benchmarks import kind_published
from contributions.actions.copies import hold_likeness, keep_files
from contributions.actions.rollups import mark_stale
from contributions.found import ArtifactKey, Found, FoundContribution
from contributions.models import (
    Account,
    Artifact,
    Attribution,
    Contribution,
    ContributionKind,
    Fetch,
    Platform,
)
from mission.models import User

FIELDS = ["account_id", "artifact_id", "kind", "happened_at", "platform", "evidence_url", "revision"]


@dataclass
class Tally:
    """How many rows are new, and how many changed."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.new + other.new, self.changed + other.changed)


def store(*, found: Found, fetch: Fetch | None = None) -> Tally:
    """All that a page or a seed found: accounts, artefacts, contributions, shares. Twice is once.

    Contributions may be on artefacts found now or before; those on unknown artefacts raise KeyError.
    `fetch` is the answer it came from; rows that are as they were keep the one they had.
    """
    with transaction.atomic():
        if found.files or any(each.copied_from for each in found.artifacts):
            hold_likeness()
        authors = [each.account for each in found.contributions if each.account]
        accounts = register_accounts(found=[*found.accounts, *authors])
        artifacts, counts = register_artifacts(found=found.artifacts, fetch=fetch)
        artifacts |= known_artifacts({each.artifact for each in found.contributions} - artifacts.keys())
        rows = {
            each.external_id: _row(
                each, accounts[each.account.key] if each.account else None, artifacts[each.artifact], fetch
            )
            for each in found.contributions
        }
        changed = keep_files(found=found.files) + take_down(keys=found.taken_down)
        return Tally(counts["new"], counts["changed"] + changed) + _upsert(rows.values())


def _row(
    said: FoundContribution, account: Account | None, artifact: Artifact, fetch: Fetch | None
) -> Contribution:
    return Contribution(
        external_id=said.external_id,
        account=account,
        artifact=artifact,
        kind=kind_published(said.kind, artifact),
        happened_at=said.happened_at,
        platform=artifact.platform,
        evidence_url=said.evidence_url,
        revision=said.revision,
        fetch=fetch,
        observed_at=timezone.now(),
    )


def _upsert(wanted: Collection[Contribution]) -> Tally:
    known = {
        row.external_id: row
        for row in Contribution.objects.filter(external_id__in=[row.external_id for row in wanted])
    }
    for row in wanted:
        _keep_publisher(known.get(row.external_id), row)
    rows = [row for row in wanted if row.external_id not in known or _differ(known[row.external_id], row)]
    if not rows:
        return Tally()
    changed = sum(row.external_id in known for row in rows)
    saved = Contribution.objects.bulk_create(
        sorted(rows, key=lambda row: row.external_id),
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[*(name.removesuffix("_id") for name in FIELDS), "fetch", "observed_at"],
    )
    attribute(contributions=saved)
    _drop_commits_of_changes(saved)
    return Tally(len(rows) - changed, changed)


def _keep_publisher(old: Contribution | None, row: Contribution) -> None:
    """Whoever a model is transferred to has not published it: the Hub names today's owner only."""
    if old and old.account_id and row.platform == Platform.HUGGINGFACE:
        row.account_id = old.account_id


def _differ(one: Contribution, other: Contribution) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in FIELDS)


def _drop_commits_of_changes(saved: list[Contribution]) -> None:
    """A pull request may come in after the commit it was merged as, or before: it would count twice."""
    carried = {(act.artifact_id, act.revision) for act in saved if act.revision}
    if not carried:
        return
    changes = Contribution.objects.filter(
        artifact__in={artifact for artifact, _revision in carried},
        revision__in={revision for _artifact, revision in carried},
    )
    pulls = changes.filter(external_id__startswith="github:pull:")
    merged = carried & set(pulls.order_by().values_list("artifact_id", "revision"))
    commits = changes.filter(kind=ContributionKind.MERGED_CHANGE, external_id__startswith="github:commit:")
    doubles = [act for act in commits if (act.artifact_id, act.revision) in merged] if merged else []
    if doubles:
        mark_stale(cells=[cell_of(share) for share in Attribution.objects.filter(contribution__in=doubles)])
        Contribution.objects.filter(pk__in=[act.pk for act in doubles]).delete()


def record_contribution(
    *,
    actor: User | None,
    external_id: str,
    kind: str,
    artifact: Artifact,
    account: Account | None,
    happened_at: datetime.datetime,
    evidence_url: str,
    revision: str = "",
) -> Contribution:
    """One contribution; recording it again brings it up to date."""
    key = ArtifactKey(artifact.platform, artifact.kind, artifact.platform_id)
    said = FoundContribution(external_id, kind, key, None, happened_at, evidence_url, revision)
    with transaction.atomic():
        _upsert([_row(said, account, artifact, None)])
    return Contribution.objects.get(external_id=external_id)
