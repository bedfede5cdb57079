"""Metrics that need the compute ledger: rolled up here, on the floor that sees it and what people add."""

from contributions.measures import METRICS as ON_THE_FLOOR_BELOW
from contributions.measures import Metric
from dashboards.measures import ledger

__all__ = ["EVERY_METRIC", "LEDGER"]

LEDGER: dict[str, Metric] = {metric.slug: metric for metric in ledger.METRICS}
EVERY_METRIC: dict[str, Metric] = {**ON_THE_FLOOR_BELOW, **LEDGER}
