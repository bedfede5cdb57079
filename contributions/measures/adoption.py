"""How much what a nation published is used: medians of daily readings, never a single day's."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import COUNTABLE, OF_ANYBODY, PERSON, SURE
from contributions.measures.lineage_sql import DERIVED, FIRST_PUBLISHED
from contributions.measures.metric import EVER, Amount, Metric, Touch
from contributions.models.contributions import ContributionKind

READ = _("Daily readings of Hugging Face's counters")
# reading_day (BRIN on day) gives the month's readings of everybody.
MEDIANS = f"""
    SELECT r.artifact_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.downloads)::numeric AS downloads
    FROM contributions_reading r
    WHERE r.day >= (%(first)s AT TIME ZONE 'UTC')::date AND r.day < (%(after)s AT TIME ZONE 'UTC')::date
        AND r.downloads IS NOT NULL AND {OF_ANYBODY}
    GROUP BY r.artifact_id
"""  # noqa: S608 (our own words only)
ADOPTED = f"""
    SELECT a.nation_id, a.international, art.id::text AS subject, {PERSON} AS person,
        a.fraction * m.downloads AS upper, {SURE} * m.downloads AS lower,
        'artifact' AS row_kind, art.id AS row_id
    FROM ({MEDIANS}) m
    JOIN contributions_artifact art ON art.id = m.artifact_id
    JOIN LATERAL ({FIRST_PUBLISHED.format(artifact="art.id")}) act ON true
    JOIN contributions_attribution a ON a.contribution_id = act.id
    LEFT JOIN contributions_account who ON who.id = act.account_id
    WHERE {COUNTABLE} AND art.kind IN ('model', 'dataset') AND NOT {DERIVED}
"""  # noqa: S608 (our own words only)
KINDS = (
    str(ContributionKind.MODEL),
    str(ContributionKind.DATASET),
    str(ContributionKind.BENCHMARK),
)
TOUCHED = frozenset({Touch.READINGS, Touch.CONTRIBUTIONS, Touch.ARTIFACTS})

METRICS: tuple[Metric, ...] = (
    Metric(
        "adoption",
        _("Adoption"),
        _("downloads in 30 days"),
        _(
            "For each original model and dataset of the nation, the median of the month's daily readings of "
            "its downloads in the last 30 days, added up over them. Derived models and copies are left out. "
            "A median does not follow a single day's jump. Months must not be added up."
        ),
        READ,
        _("Downloading one's own models by machine, every day; see the largest one's share."),
        ADOPTED,
        KINDS,
        touched_by=TOUCHED,
        cumulative=True,
        swings=True,
        reach=EVER,
        group="adoption",
    ),
    Metric(
        "adoption_top_share",
        _("Adoption: the largest one's share"),
        _("share"),
        _(
            "How much of the nation's adoption in the month is that of its most downloaded model or dataset. "
            "Near one, all of it hangs on a single name."
        ),
        READ,
        _("It is a warning, and goes up when the largest one is downloaded by machine."),
        ADOPTED,
        KINDS,
        amount=Amount.TOP_SHARE,
        touched_by=TOUCHED,
        cumulative=True,
        swings=True,
        reach=EVER,
        group="adoption",
    ),
)
