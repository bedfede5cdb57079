"""People: who is active, who stays."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import people
from contributions.measures.metric import Metric
from contributions.measures.publishing import ROWS
from contributions.models.contributions import ContributionKind

METRICS: tuple[Metric, ...] = (
    Metric(
        "active_contributors",
        _("Active contributors"),
        _("people"),
        _(
            "People with at least one contribution of any kind in the month. Who has several nations "
            "counts in each by share."
        ),
        ROWS,
        _("One small change a month from many accounts."),
        people(),
        tuple(ContributionKind.values),
        people=True,
        group="talent",
    ),
)
