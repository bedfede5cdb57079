"""Compute given: promised, used, and with something public to show for it."""

from django.utils.translation import gettext_lazy as _

from contributions.measures import Amount, Metric, Touch
from contributions.measures.facts import COUNTABLE
from contributions.measures.parts import share_of
from contributions.measures.publishing import PUBLICATIONS
from grants.models.gpu_time import GPU_MS_PER_HOUR

BOOKS = _("The Mission's compute ledger and its register of awards")
TOUCHED = frozenset({Touch.LEDGER})
HOURS = f"::numeric / {GPU_MS_PER_HOUR}"
DAYS = "d.day >= (%(first)s AT TIME ZONE 'UTC')::date AND d.day < (%(after)s AT TIME ZONE 'UTC')::date"
# Whether something published since the award is attributed to its organisation: by its accounts, and by
# people who belonged to it on that day. Walks the index on contributions_attribution.organisation_id.
SHOWN = f"""EXISTS (
        SELECT 1 FROM contributions_attribution a
        JOIN contributions_contribution c ON c.id = a.contribution_id
        JOIN contributions_artifact art ON art.id = c.artifact_id
        LEFT JOIN contributions_account who ON who.id = c.account_id
        WHERE a.organisation_id = w.organisation_id AND c.kind = ANY(%(kinds)s)
            AND c.happened_at >= w.awarded_at AND art.gone_at IS NULL AND {COUNTABLE})"""  # noqa: S608
# Awards are public with their organisations, so there is no person here: nothing is suppressed.
GRANTED = f"""
    SELECT w.nation_id, false AS international, w.id::text AS subject, NULL::bigint AS person,
        lot.granted_ms{HOURS} AS upper, lot.granted_ms{HOURS} AS lower, 'lot' AS row_kind, lot.id AS row_id
    FROM grants_lot lot JOIN grants_award w ON w.id = lot.award_id
    WHERE lot.created_at >= %(first)s AND lot.created_at < %(after)s
"""  # noqa: S608 (our own words only)
# Walks draw_of_lot_by_day (lot, day), lot by lot.
USED = f"""
    SELECT w.nation_id, false AS international, w.id::text AS subject, NULL::bigint AS person,
        d.gpu_ms{HOURS} AS upper, CASE WHEN d.final THEN d.gpu_ms{HOURS} ELSE 0 END AS lower,
        'draw' AS row_kind, d.id AS row_id
    FROM grants_lot lot
    JOIN grants_award w ON w.id = lot.award_id
    JOIN grants_draw d ON d.lot_id = lot.id
    WHERE {DAYS}
"""  # noqa: S608
# An award to the organisation the publication is attributed to, made before. Walks contribution_month,
# then the index on grants_award.organisation_id.
FUNDED = """EXISTS (SELECT 1 FROM grants_award w
            WHERE w.organisation_id = a.organisation_id AND w.awarded_at <= c.happened_at)"""
GPU_HOURS_USED = Metric(
    "gpu_hours_used",
    _("GPU-hours used"),
    _("GPU-hours"),
    _(
        "GPU time drawn on the days of the month from what awards to organisations of the nation granted. "
        "The lower bound leaves out draws that may still be corrected."
    ),
    BOOKS,
    _("Using hours for something else than the award is for."),
    USED,
    touched_by=TOUCHED,
    group="compute",
)
METRICS: tuple[Metric, ...] = (
    Metric(
        "gpu_hours_granted",
        _("GPU-hours granted"),
        _("GPU-hours"),
        _(
            "GPU time promised to awards of the nation's organisations, in the month the promise was "
            "entered. What was not used and lapsed is not taken off again."
        ),
        BOOKS,
        _("Promising more than anybody will use."),
        GRANTED,
        touched_by=TOUCHED,
        group="compute",
    ),
    GPU_HOURS_USED,
    Metric(
        "gpu_hours_with_artifact",
        _("GPU-hours with a public artefact"),
        _("GPU-hours"),
        _(
            "Of the GPU-hours used in the month: those of awards whose organisation has published a model, a "
            "dataset, a benchmark or an application since the award, on accounts that belonged to it on "
            "that day, and it is still there. It need not be what the award asked for. A month's figure "
            "grows when something is published later."
        ),
        _("The Mission's compute ledger and register of awards; rows of GitHub and Hugging Face"),
        _("Publishing something small that has nothing to do with the award."),
        f"{USED} AND {SHOWN}",
        PUBLICATIONS,
        touched_by=frozenset({Touch.LEDGER, Touch.CONTRIBUTIONS, Touch.ARTIFACTS}),
        part_of=GPU_HOURS_USED,
        group="compute",
    ),
    Metric(
        "funded_share",
        _("Share published with an award"),
        _("share"),
        _(
            "Of the models, datasets, benchmarks and applications attributed to the nation in the month: how "
            "many came through organisations that held an award of the Mission, or had held one. It does "
            "not say that they would not be there without it."
        ),
        _("The Mission's register of awards; rows of GitHub and Hugging Face"),
        _("Awards to those who publish anyway."),
        share_of(FUNDED),
        PUBLICATIONS,
        amount=Amount.RATIO,
        touched_by=frozenset({Touch.LEDGER, Touch.CONTRIBUTIONS}),
        group="compute",
    ),
)
