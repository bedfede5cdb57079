"""Whatever nations can be ranked by: the Mission's own metrics, and those of the baseline."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contributions.measures import Amount, Metric
from dashboards.figures.baseline import COUNTED, Counted
from dashboards.figures.latest import GROUPS
from dashboards.measures import EVERY_METRIC
from mission.remembered import Subject, remembered_while
from mission.selects import Offered

USUAL = "model"
BASELINE = "baseline"
BASELINE_NAME = _("On GitHub as a whole (baseline)")
LESS_IS_BETTER = frozenset({"gated_share", "adoption_top_share"})
GITHUB = _("GitHub Innovation Graph, CC0-1.0")


@dataclass(frozen=True, slots=True)
class Indicator:
    """`adds_up`: months (quarters) may be added. `scales`: it can be told per head; a share cannot.
    `has_zero`: no row means none, where somebody looked."""

    slug: str
    label: Any
    noun: Any
    definition: Any
    source: Any
    gaming: Any
    group: str
    is_own: bool
    adds_up: bool
    scales: bool
    has_zero: bool
    rule_version: int | None = None

    @property
    def url(self) -> str:
        return reverse("dashboards:indicator", args=[self.slug])

    @property
    def group_name(self) -> str:
        return str(GROUPS.get(self.group, BASELINE_NAME))

    @property
    def decimals(self) -> int:
        return 1 if self.scales else 2


def _own(metric: Metric) -> Indicator:
    """Heads are in several months at once, states are not of a month: neither is added up."""
    counts = metric.amount in {Amount.SUM, Amount.SUBJECTS}
    return Indicator(
        metric.slug,
        metric.label,
        metric.unit,
        metric.definition,
        metric.source,
        metric.gaming,
        metric.group,
        is_own=True,
        adds_up=metric.amount == Amount.SUM and not metric.cumulative and not metric.people,
        scales=counts,
        has_zero=counts,
        rule_version=metric.rule_version,
    )


def _baseline(counted: Counted) -> Indicator:
    return Indicator(
        str(counted.slug),
        counted.label,
        counted.noun,
        counted.definition,
        GITHUB,
        _("Accounts and pushes made by machines; people who say that they are elsewhere."),
        BASELINE,
        is_own=False,
        adds_up=counted.is_flow,
        scales=True,
        has_zero=False,
    )


INDICATORS: dict[str, Indicator] = {
    **{metric.slug: _own(metric) for metric in EVERY_METRIC.values()},
    **{str(counted.slug): _baseline(counted) for counted in COUNTED.values()},
}


@remembered_while(Subject.NATIONS)
def choices(first: str = "") -> Offered:
    """For a `<select>`: under the headings of /methods/, the baseline last. `first`: the words for none."""
    groups: dict[str, list[tuple[str, Any]]] = {group: [] for group in (*GROUPS, BASELINE)}
    for one in INDICATORS.values():
        groups.setdefault(one.group, []).append((one.slug, one.label))
    names = {**GROUPS, BASELINE: BASELINE_NAME}
    grouped = ((names.get(group, group), held) for group, held in groups.items() if held)
    return Offered([*([("", first)] if first else []), *grouped])
