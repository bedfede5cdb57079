"""How good the ground is that all other figures stand on."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.metric import Amount, Metric
from contributions.measures.parts import share_of
from contributions.measures.publishing import ROWS
from contributions.models.contributions import ContributionKind

METRICS: tuple[Metric, ...] = (
    Metric(
        "attribution_coverage",
        _("Share known by good evidence"),
        _("share"),
        _(
            "Of all that is attributed to the nation in the month, of any kind, how much is by evidence of "
            "grades A and B: declared by the person or in a register. The closer to one, the closer are "
            "the bounds of its other figures."
        ),
        ROWS,
        _("Declaring for others: only the owner of an account can declare it."),
        share_of("a.grade IN ('A', 'B')"),
        tuple(ContributionKind.values),
        amount=Amount.RATIO,
        group="evidence",
    ),
)
