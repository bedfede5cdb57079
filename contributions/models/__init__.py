"""Nouns of the contribution engine: who, what, where from, whose, and what it comes to."""

from contributions.models.accounts import Account, AccountAlias, AccountKind, Platform
from contributions.models.artifacts import (
    Artifact,
    ArtifactAlias,
    ArtifactKind,
    ArtifactLink,
    LinkKind,
    Reading,
)
from contributions.models.attribution import Affiliation, Attribution, Grade, Method
from contributions.models.baseline import Baseline, BaselineMetric, BaselineRelease
from contributions.models.contributions import Contribution, ContributionKind
from contributions.models.metrics import METRICS, RULE_VERSION, Metric
from contributions.models.rollups import Rollup
from contributions.models.sources import Etag, Source, SourceKind

__all__ = [
    "METRICS",
    "RULE_VERSION",
    "Account",
    "AccountAlias",
    "AccountKind",
    "Affiliation",
    "Artifact",
    "ArtifactAlias",
    "ArtifactKind",
    "ArtifactLink",
    "Attribution",
    "Baseline",
    "BaselineMetric",
    "BaselineRelease",
    "Contribution",
    "ContributionKind",
    "Etag",
    "Grade",
    "LinkKind",
    "Method",
    "Metric",
    "Platform",
    "Reading",
    "Rollup",
    "Source",
    "SourceKind",
]
