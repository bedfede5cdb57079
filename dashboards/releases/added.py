"""Tables of what nations add: figures by month, the catalogue, lineage, readings, give and take."""

from django.utils.translation import gettext_lazy as _

from contributions.models import ArtifactKind, LinkKind, Platform, RunsOn
from dashboards.releases.reference import known_metrics
from dashboards.releases.table import (
    OWN,
    PLATFORMS,
    PUBLIC,
    Field,
    Kind,
    Origin,
    Reference,
    Table,
    code,
    nation_of,
    text,
)

STATUS = ("known", "suppressed", "at_most")
OUTSIDE = "or unknown: no evidence tells, or international"
# Both bounds are withheld together or the lower alone; a suppressed cell has none, whatever a row holds.
BOUNDS = """CASE WHEN NOT suppressed THEN lower END AS lower,
    CASE WHEN NOT suppressed THEN upper END AS upper,
    CASE WHEN suppressed THEN 'suppressed' WHEN lower IS NULL THEN 'at_most' ELSE 'known' END AS status"""
TOLD = (
    Field("lower", Kind.BOUND, "By evidence of grades A and B; empty where withheld", optional=True),
    Field("upper", Kind.BOUND, "By all evidence; empty where suppressed, which is not zero", optional=True),
    code(
        "status",
        "suppressed: would tell of fewer than ten people. at_most: only the upper bound is told",
        choices=STATUS,
    ),
)
THERE = "JOIN contributions_artifact a ON a.id = {} AND a.gone_at IS NULL"


def place(nation: str, international: str) -> str:
    return f"coalesce({nation}, CASE WHEN {international} THEN 'international' ELSE 'unknown' END)"


MONTH = Field("month", Kind.DATE, "Its first day, UTC")
ARTIFACT = Reference(("artifact",), "artifacts", ("id",))
TABLES: tuple[Table, ...] = (
    Table(
        "rollups",
        _("Figures by nation and month"),
        _("Every metric, nation and month: lower and upper bound, status and the rule's version."),
        ("metric", "place", "month"),
        (
            code("metric", "Name of the metric"),
            code("place", f"ISO 3166-1 alpha-2, {OUTSIDE}"),
            code("nation", "The place, where it is a nation", optional=True),
            MONTH,
            *TOLD,
            Field(
                "unknown_share",
                Kind.SHARE,
                "Of the metric in that month over all places, how much is unknown; empty where it would tell",
                optional=True,
            ),
            Field("top_share", Kind.SHARE, "Of the largest single part, where told", optional=True),
            Field("spike", Kind.BOOLEAN, "The month is an outlier"),
            Field("rule_version", Kind.INTEGER, "Rule it was counted by"),
        ),
        f"""SELECT metric, {place("nation_id", "international")} AS place, nation_id AS nation, month,
            {BOUNDS}, unknown_share,
            CASE WHEN NOT suppressed THEN top_share END AS top_share, spike, rule_version
        FROM contributions_rollup
        WHERE superseded_at IS NULL AND computed_at IS NOT NULL AND metric = ANY(%(metrics)s)""",  # noqa: S608
        OWN,
        PLATFORMS,
        (
            Reference(("metric",), "metrics", ("slug",)),
            nation_of("nation"),
        ),
        known_metrics,
    ),
    Table(
        "baseline",
        _("Baseline"),
        _("The GitHub Innovation Graph as imported. A missing row is suppressed by its publisher."),
        ("metric", "economy", "year", "quarter", "dimension"),
        (
            code("metric", "Name of the metric"),
            code("economy", "ISO 3166-1 alpha-2, and EU (equal to its members: never add it) and XK"),
            code("nation", "The economy, where it is an entry of ISO 3166-1", optional=True),
            Field("year", Kind.INTEGER, "Calendar year"),
            Field("quarter", Kind.INTEGER, "1 to 4"),
            text("dimension", "Licence, topic or economy of destination; (all) where there is none"),
            Field(
                "value", Kind.INTEGER, "Developers, repositories and organisations are stocks, pushes a flow"
            ),
            text("release", "The last quarter in the publisher's release"),
        ),
        """SELECT b.metric, b.economy, b.nation_id AS nation, b.year, b.quarter,
            coalesce(nullif(b.dimension, ''), '(all)') AS dimension, b.value, r.name AS release
        FROM contributions_baseline b JOIN contributions_baselinerelease r ON r.id = b.release_id""",
        PUBLIC,
        (Origin("GitHub Innovation Graph", "https://github.com/github/innovationgraph"),),
        (Reference(("metric",), "metrics", ("slug",)), nation_of("nation")),
    ),
    Table(
        "artifacts",
        _("Artefacts"),
        _("Models, datasets, repositories and applications: licence, languages, openness, what they run on."),
        ("id",),
        (
            Field("id", Kind.INTEGER, "Ours; /commons/<id>/ is its page"),
            code("kind", "What it is", choices=tuple(ArtifactKind.values)),
            code("platform", "Where it lies", choices=tuple(Platform.values)),
            code("platform_id", "The platform's own id, which outlives a rename"),
            text("name", "Full name on the platform"),
            code("url", "Where it can be seen"),
            text(
                "owner", "The organisation's account that owns it; empty where a person does", optional=True
            ),
            code("licence", "SPDX, LicenseRef-… for a text of its own; empty where unknown", optional=True),
            Field(
                "openness_class",
                Kind.INTEGER,
                "Model Openness Framework: 3, 2 or 1; empty: not classed",
                optional=True,
            ),
            code("languages", "ISO 639-3, with spaces between, as its card names them", optional=True),
            text("task", "As the platform names it", optional=True),
            Field("parameters", Kind.INTEGER, "Of a model; empty where unknown", optional=True),
            Field("quantised_bytes", Kind.INTEGER, "Size after quantisation", optional=True),
            code(
                "runs_on",
                "The smallest machine whose memory holds it; empty where unknown",
                optional=True,
                choices=tuple(RunsOn.values),
            ),
            Field("is_benchmark", Kind.BOOLEAN, "Others evaluate on it"),
            Field("gated", Kind.BOOLEAN, "Asks for consent before download"),
            Field(
                "copy_of",
                Kind.INTEGER,
                "Of which it is a fork, mirror or re-upload; not counted",
                optional=True,
            ),
            Field("published", Kind.DATE, "On the platform"),
        ),
        """SELECT a.id, a.kind, a.platform, a.platform_id, a.name, a.url, o.login AS owner, a.licence,
            a.openness_class, (SELECT string_agg(l.language_id, ' ' ORDER BY l.language_id)
                FROM contributions_artifact_languages l WHERE l.artifact_id = a.id) AS languages,
            a.task, a.parameters, a.quantised_bytes, a.runs_on, a.is_benchmark, a.gated, d.id AS copy_of,
            (a.created_at AT TIME ZONE 'UTC')::date AS published
        FROM contributions_artifact a
        LEFT JOIN contributions_account o ON o.id = a.owner_id AND o.kind = 'organisation'
        LEFT JOIN contributions_artifact d ON d.id = a.duplicate_of_id AND d.gone_at IS NULL
        WHERE a.gone_at IS NULL""",
        OWN,
        PLATFORMS,
        (Reference(("copy_of",), "", ("id",)),),
    ),
    Table(
        "artifact_languages",
        _("Languages of artefacts"),
        _("Which artefact names which language: a row a pair."),
        ("artifact", "language"),
        (Field("artifact", Kind.INTEGER, "Its id"), code("language", "ISO 639-3")),
        f"""SELECT l.artifact_id AS artifact, l.language_id AS language
        FROM contributions_artifact_languages l {THERE.format("l.artifact_id")}""",  # noqa: S608
        OWN,
        PLATFORMS,
        (ARTIFACT, Reference(("language",), "languages", ("code",))),
    ),
    Table(
        "lineage",
        _("Lineage"),
        _("How artefacts came from each other: built on, fine-tuned from, trained on, evaluated on."),
        ("artifact", "kind", "parent_name"),
        (
            Field("artifact", Kind.INTEGER, "The later one's id"),
            code("kind", "How it came from the other", choices=tuple(LinkKind.values)),
            text("parent_name", "Full name of the earlier one"),
            code("parent_kind", "What that is", choices=tuple(ArtifactKind.values)),
            Field("parent", Kind.INTEGER, "Its id; empty where it is not in the catalogue", optional=True),
            Field("first_seen", Kind.DATE, "When the link was read first"),
        ),
        f"""SELECT l.child_id AS artifact, l.kind, l.parent_name, l.parent_kind, p.id AS parent,
            (l.first_seen_at AT TIME ZONE 'UTC')::date AS first_seen
        FROM contributions_artifactlink l {THERE.format("l.child_id")}
        LEFT JOIN contributions_artifact p ON p.id = l.parent_id AND p.gone_at IS NULL""",  # noqa: S608
        OWN,
        PLATFORMS,
        (ARTIFACT, Reference(("parent",), "artifacts", ("id",))),
    ),
    Table(
        "readings",
        _("Readings by month"),
        _("What the platforms' counters said of each artefact, the median of each month's days."),
        ("artifact", "month"),
        (
            Field("artifact", Kind.INTEGER, "Its id"),
            MONTH,
            Field("days", Kind.INTEGER, "Days with a reading in the month"),
            Field(
                "downloads",
                Kind.INTEGER,
                "Median of downloads over the last 30 days, a rolling count: never add months up",
                optional=True,
            ),
            Field("downloads_all_time", Kind.INTEGER, "Highest of the month", optional=True),
            Field("likes", Kind.INTEGER, "Median", optional=True),
            Field("stars", Kind.INTEGER, "Median", optional=True),
        ),
        # Walks reading_once_a_day (artifact, day) in order: nothing is sorted but a month of one artefact.
        f"""SELECT r.artifact_id AS artifact, date_trunc('month', r.day)::date AS month, count(*) AS days,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY r.downloads) AS downloads,
            max(r.downloads_all_time) AS downloads_all_time,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY r.likes) AS likes,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY r.stars) AS stars
        FROM contributions_reading r {THERE.format("r.artifact_id")}
        GROUP BY r.artifact_id, date_trunc('month', r.day)::date""",  # noqa: S608
        OWN,
        PLATFORMS,
        (ARTIFACT,),
    ),
    Table(
        "give_and_take",
        _("Give and take"),
        _("Steps of lineage between two places in a month: who built on whose models and data."),
        ("kind", "month", "giver", "taker"),
        (
            code("kind", "Kind of step", choices=tuple(LinkKind.values)),
            MONTH,
            code("giver", f"ISO 3166-1 alpha-2, {OUTSIDE}"),
            code("giver_nation", "The giver, where it is a nation", optional=True),
            code("taker", f"ISO 3166-1 alpha-2, {OUTSIDE}"),
            code("taker_nation", "The taker, where it is a nation", optional=True),
            *TOLD,
            Field("rule_version", Kind.INTEGER, "Rule it was counted by"),
        ),
        f"""SELECT kind, month, {place("giver_id", "giver_international")} AS giver, giver_id AS giver_nation,
            {place("taker_id", "taker_international")} AS taker, taker_id AS taker_nation,
            {BOUNDS}, rule_version
        FROM contributions_exchange""",  # noqa: S608
        OWN,
        PLATFORMS,
        (nation_of("giver_nation"), nation_of("taker_nation")),
    ),
)
