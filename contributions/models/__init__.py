"""Nouns of the contribution engine: who, what, where from, whose, and what it comes to."""

from contributions.measures import METRICS, Metric
from contributions.models.accounts import MACHINES, Account, AccountAlias, AccountKind, Platform
from contributions.models.artifacts import (
    Artifact,
    ArtifactAlias,
    ArtifactKind,
    CommonsRole,
    DuplicateOf,
    RunsOn,
)
from contributions.models.attribution import Affiliation, Attribution, Grade, Method
from contributions.models.baseline import (
    Baseline,
    BaselineMetric,
    BaselineRelease,
    YearlyTable,
    YearlyValue,
)
from contributions.models.contributions import Contribution, ContributionKind
from contributions.models.corrections import Correction, CorrectionState
from contributions.models.holdings import LanguageHolding
from contributions.models.identities import Identity, IdentityOperation, OperationKind
from contributions.models.lineage import ArtifactLink, Evaluation, LinkKind
from contributions.models.readings import Reading
from contributions.models.rollups import Exchange, MetricRelease, Rollup
from contributions.models.sources import Delivery, Etag, Fetch, Source, SourceKind

__all__ = [
    "MACHINES",
    "METRICS",
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
    "CommonsRole",
    "Contribution",
    "ContributionKind",
    "Correction",
    "CorrectionState",
    "Delivery",
    "DuplicateOf",
    "Etag",
    "Evaluation",
    "Exchange",
    "Fetch",
    "Grade",
    "Identity",
    "IdentityOperation",
    "LanguageHolding",
    "LinkKind",
    "Method",
    "Metric",
    "MetricRelease",
    "OperationKind",
    "Platform",
    "Reading",
    "Rollup",
    "RunsOn",
    "Source",
    "SourceKind",
    "YearlyTable",
    "YearlyValue",
]
