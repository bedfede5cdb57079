"""Tables of what the Mission gives and of what was corrected. Individuals are not named."""

from django.utils.translation import gettext_lazy as _

from contributions.models.corrections import CorrectionState
from dashboards.releases.table import (
    OWN,
    REGISTER,
    SITE,
    Field,
    Kind,
    Reference,
    Table,
    code,
    nation_of,
    text,
)
from grants.models.awards import AwardStatus
from grants.models.deliverables import DeliverableKind, DeliverableStatus
from grants.models.gpu_time import GPU_MS_PER_HOUR
from grants.models.programmes import ProgrammeKind

HOURS = f"::numeric / {GPU_MS_PER_HOUR}, 6)"
DECIDED = tuple(state for state in CorrectionState.values if state != CorrectionState.OPEN)
TABLES: tuple[Table, ...] = (
    Table(
        "awards",
        _("Awards"),
        _("The public register: every award, what was granted and what has been used."),
        ("reference",),
        (
            code("reference", "Of the award; /awards/<reference>/ is its page"),
            text("title", "As the applicant named it for the public"),
            text("summary", "As the applicant wrote it for the public", optional=True),
            code("recipient_type", "Type of the organisation, or individual"),
            text("recipient", "Official name of the organisation; empty for individuals", optional=True),
            code("ror", "ROR id of the organisation", optional=True),
            code("registry_id", "Its number in its nation's register", optional=True),
            code("nation", "ISO 3166-1 alpha-2, of the organisation's register"),
            text("programme", "Name of the programme"),
            code("programme_kind", "Kind of programme", choices=tuple(ProgrammeKind.values)),
            code("call", "/calls/<call>/ is its page"),
            Field("awarded", Kind.DATE, "Day of the award, UTC"),
            code("status", "State of the award", choices=tuple(AwardStatus.values)),
            code("currency", "ISO 4217; empty without money", optional=True),
            Field("money", Kind.MONEY, "Granted, in that currency"),
            Field("gpu_hours_granted", Kind.HOURS, "Promised in lots"),
            Field("gpu_hours_used", Kind.HOURS, "Drawn so far"),
        ),
        f"""SELECT w.reference, coalesce(nullif(w.title, ''), w.reference) AS title, w.summary,
            o.type AS recipient_type,
            CASE WHEN o.type <> 'individual' THEN o.name END AS recipient,
            CASE WHEN o.type <> 'individual' THEN o.ror_id END AS ror,
            CASE WHEN o.type <> 'individual' THEN o.registry_id END AS registry_id,
            w.nation_id AS nation, p.name AS programme, p.kind AS programme_kind, c.slug AS call,
            (w.awarded_at AT TIME ZONE 'UTC')::date AS awarded, w.status, w.currency, w.money,
            round(coalesce(l.granted, 0){HOURS} AS gpu_hours_granted,
            round(coalesce(l.used, 0){HOURS} AS gpu_hours_used
        FROM grants_award w
        JOIN mission_organisation o ON o.id = w.organisation_id
        JOIN grants_application n ON n.id = w.application_id
        JOIN grants_call c ON c.id = n.call_id
        JOIN grants_programme p ON p.id = c.programme_id
        LEFT JOIN (SELECT award_id, sum(granted_ms) AS granted, sum(used_ms) AS used
            FROM grants_lot GROUP BY award_id) l ON l.award_id = w.id""",  # noqa: S608
        OWN,
        REGISTER,
        (nation_of("nation"),),
    ),
    Table(
        "deliverables",
        _("Deliverables of awards"),
        _("What each award gives back, until when, and how far it is."),
        ("id",),
        (
            Field("id", Kind.INTEGER, "Ours"),
            code("award", "Reference of the award"),
            text("title", "What is asked for"),
            code("kind", "Kind of deliverable", choices=tuple(DeliverableKind.values)),
            Field("due", Kind.DATE, "Last day"),
            code("status", "State", choices=tuple(DeliverableStatus.values)),
            code("evidence_url", "Where it can be seen; empty until then", optional=True),
        ),
        """SELECT d.id, w.reference AS award, d.title, d.kind, d.due_on AS due, d.status, d.evidence_url
        FROM grants_deliverable d JOIN grants_award w ON w.id = d.award_id""",
        OWN,
        REGISTER,
        (Reference(("award",), "awards", ("reference",)),),
    ),
    Table(
        "compute",
        _("Compute by month"),
        _("GPU-hours promised and used on each resource, month by month."),
        ("resource", "month"),
        (
            text("resource", "Name of the resource"),
            Field("month", Kind.DATE, "Its first day, UTC"),
            text("provider", "Who runs it", optional=True),
            text("gpu_type", "Type of its GPUs", optional=True),
            Field("gpus", Kind.INTEGER, "How many there are today"),
            Field("gpu_hours_granted", Kind.HOURS, "Promised in the month, whenever they are used"),
            Field("gpu_hours_used", Kind.HOURS, "Used on the days of the month"),
            Field("gpu_hours_provisional", Kind.HOURS, "Of those used, what may still be corrected"),
        ),
        f"""SELECT r.name AS resource, m.month, r.provider, r.gpu_type, r.capacity AS gpus,
            round(sum(m.granted){HOURS} AS gpu_hours_granted, round(sum(m.used){HOURS} AS gpu_hours_used,
            round(sum(m.provisional){HOURS} AS gpu_hours_provisional
        FROM grants_resource r JOIN (
            SELECT resource_id, date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month,
                sum(granted_ms) AS granted, 0 AS used, 0 AS provisional
            FROM grants_lot GROUP BY 1, 2
            UNION ALL
            SELECT l.resource_id, date_trunc('month', d.day)::date, 0, sum(d.gpu_ms),
                coalesce(sum(d.gpu_ms) FILTER (WHERE NOT d.final), 0)
            FROM grants_draw d JOIN grants_lot l ON l.id = d.lot_id GROUP BY 1, 2
        ) m ON m.resource_id = r.id
        GROUP BY r.name, r.provider, r.gpu_type, r.capacity, m.month""",  # noqa: S608
        OWN,
        REGISTER,
    ),
    Table(
        "corrections",
        _("Corrections"),
        _("What was contested, what an officer decided, and why."),
        ("reference",),
        (
            code("reference", "Of the correction; /corrections/<reference>/ is its page"),
            code("outcome", "What was decided", choices=DECIDED),
            code("about", "figure, artifact, account, affiliation, contribution or page"),
            code("metric", "Of the figure contested; empty otherwise", optional=True),
            code("nation", "Of the figure contested; empty otherwise", optional=True),
            Field("month", Kind.DATE, "Of the figure contested; empty otherwise", optional=True),
            Field(
                "artifact", Kind.INTEGER, "Contested, and in the catalogue; empty otherwise", optional=True
            ),
            text("summary", "What was found, in the officer's words for everybody"),
            Field("filed", Kind.DATE, "Day, UTC"),
            Field("decided", Kind.DATE, "Day, UTC"),
        ),
        # Whose account or affiliation it was is nobody's business: neither is in here.
        """SELECT c.reference, c.state AS outcome, CASE WHEN c.metric <> '' THEN 'figure'
                WHEN c.artifact_id IS NOT NULL THEN 'artifact' WHEN c.account_id IS NOT NULL THEN 'account'
                WHEN c.affiliation_id IS NOT NULL THEN 'affiliation'
                WHEN c.contribution_id IS NOT NULL THEN 'contribution' ELSE 'page' END AS about,
            c.metric, CASE WHEN c.metric <> '' THEN c.nation_id END AS nation,
            CASE WHEN c.metric <> '' THEN c.month END AS month, a.id AS artifact, c.public_summary AS summary,
            (c.filed_at AT TIME ZONE 'UTC')::date AS filed, (c.decided_at AT TIME ZONE 'UTC')::date AS decided
        FROM contributions_correction c
        LEFT JOIN contributions_artifact a ON a.id = c.artifact_id AND a.gone_at IS NULL
        WHERE c.state <> 'open'""",
        OWN,
        SITE,
        (nation_of("nation"), Reference(("artifact",), "artifacts", ("id",))),
    ),
)
