"""Languages: which of them a nation's work serves, and how many people speak those."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import COUNTABLE, IN_ANY_PLACE_TILL_THEN, PERSON, UP_TO_MONTH, acts
from contributions.measures.metric import EVER, Amount, Metric, Touch
from contributions.measures.publishing import PUBLICATIONS, PUBLISHED
from contributions.models.contributions import ContributionKind

CARDS = _("Languages that publishers write on their cards on Hugging Face")
KINDS = (str(ContributionKind.MODEL), str(ContributionKind.DATASET), str(ContributionKind.BENCHMARK))
STILL_THERE = "(art.gone_at IS NULL OR art.gone_at >= %(after)s)"
# What was published up to the month and is still there. For everybody contribution_month (kind, happened_at)
# gives it, for one place attribution_place (nation, kind, happened_at).
PUBLISHED_TILL_THEN = f"""
    SELECT c.id, c.kind, art.id AS artifact, art.is_benchmark, {PERSON} AS person
    FROM contributions_contribution c
    JOIN contributions_artifact art ON art.id = c.artifact_id
    LEFT JOIN contributions_account who ON who.id = c.account_id
    WHERE c.kind IN ('model', 'dataset', 'benchmark') AND {UP_TO_MONTH} AND {IN_ANY_PLACE_TILL_THEN}
        AND {COUNTABLE} AND {STILL_THERE}
"""  # noqa: S608 (our own words only)
# Which part of what a language needs each publication gives. A benchmark is an evaluation and no dataset;
# a model also gives one if it comes with results on a benchmark that names the language.
NAMED = """
    SELECT DISTINCT s.language_id, act.id AS act, act.artifact, act.person,
        CASE WHEN act.kind = 'model' THEN 'model'
            WHEN act.kind = 'benchmark' OR act.is_benchmark THEN 'evaluation' ELSE 'dataset' END AS part
    FROM act JOIN contributions_artifact_languages s ON s.artifact_id = act.artifact
    UNION
    SELECT s.language_id, act.id, act.artifact, act.person, 'evaluation'
    FROM act
    JOIN contributions_artifactlink l ON l.child_id = act.artifact AND l.kind = 'evaluated'
    JOIN contributions_artifact_languages s ON s.artifact_id = l.parent_id
    WHERE act.kind = 'model'
"""
# One row a publication of a complete language; `whole` of the language is spread over its rows.
COMPLETE = f"""
    WITH act AS MATERIALIZED ({PUBLISHED_TILL_THEN}), part AS MATERIALIZED (
        SELECT a.nation_id, a.international, named.language_id, named.artifact, named.part,
            named.person, a.grade IN ('A', 'B') AS sure
        FROM ({NAMED}) named
        JOIN contributions_attribution a ON a.contribution_id = named.act
    ), complete AS MATERIALIZED (
        SELECT coalesce(nation_id, '') AS nation, international, language_id,
            ({{whole}})::numeric AS whole, count(DISTINCT part) FILTER (WHERE sure) = 3 AS sure
        FROM part GROUP BY nation_id, international, language_id HAVING count(DISTINCT part) = 3
    )
    SELECT part.nation_id, part.international, part.language_id::text AS subject, part.person,
        complete.whole AS upper, CASE WHEN complete.sure THEN complete.whole ELSE 0 END AS lower,
        'artifact' AS row_kind, part.artifact AS row_id
    FROM complete
    JOIN part ON coalesce(part.nation_id, '') = complete.nation
        AND part.international = complete.international AND part.language_id = complete.language_id
"""  # noqa: S608
SPEAKERS = """(SELECT coalesce(sum(n.speakers), 0) FROM mission_languagespeakers n
            WHERE n.language_id = part.language_id) / count(*)"""
NOT_ENGLISH = """EXISTS (SELECT 1 FROM contributions_artifact_languages s
        WHERE s.artifact_id = art.id AND s.language_id <> 'eng')"""
TOUCHED = frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS})

METRICS: tuple[Metric, ...] = (
    Metric(
        "languages_complete",
        _("Languages with all they need"),
        _("languages"),
        _(
            "Languages for which the nation has, up to the end of the month, published a model, a dataset "
            "and an evaluation that name them. An evaluation is a benchmark naming the language, or results "
            "of a model on one. A share of each is enough. What was taken away again does not count."
        ),
        CARDS,
        _("Naming languages that a model does not speak."),
        COMPLETE.format(whole="1"),
        KINDS,
        amount=Amount.SUBJECTS,
        touched_by=TOUCHED,
        cumulative=True,
        reach=EVER,
        group="languages",
    ),
    Metric(
        "speakers_reached",
        _("Speakers of these languages"),
        _("people"),
        _(
            "How many people in the world speak the languages for which the nation has a model, a dataset "
            "and an evaluation. First and further languages are counted, so whoever speaks two of them is "
            "counted twice: it measures languages by their size, it does not count people."
        ),
        _("Speakers: Unicode CLDR. Languages: cards on Hugging Face"),
        _("Naming one large language."),
        COMPLETE.format(whole=SPEAKERS),
        KINDS,
        touched_by=TOUCHED,
        cumulative=True,
        reach=EVER,
        group="languages",
    ),
    Metric(
        "language_artifact",
        _("Language support"),
        _("artefacts"),
        _("Models, datasets, benchmarks and applications of the month that name a language besides English."),
        CARDS,
        _("Naming languages that an artefact does not serve."),
        acts(where=NOT_ENGLISH),
        PUBLICATIONS,
        touched_by=TOUCHED,
        part_of=PUBLISHED,
        group="languages",
    ),
)
