"""What the commons holds for each language is counted again from artefacts, never incremented."""

from django.db import connection, transaction
from django.utils import timezone

from contributions.models.holdings import SPEECH

# Reads the pairs and one narrow index of artefacts (artifact_counted) and nothing else, whatever a row is
# wide. A language that nothing names any more has zeros; a row that stays as it was keeps its day.
COUNT = """
WITH counted AS (
    SELECT s.language_id,
        count(*) FILTER (WHERE a.kind = 'model') AS model,
        count(*) FILTER (WHERE a.kind = 'dataset' AND NOT a.is_benchmark) AS dataset,
        count(*) FILTER (WHERE a.is_benchmark) AS evaluation,
        count(*) FILTER (WHERE a.task = ANY(%(speech)s)) AS speech,
        count(*) FILTER (WHERE a.kind = 'space') AS space
    FROM contributions_artifact_languages s
    JOIN contributions_artifact a ON a.id = s.artifact_id AND a.gone_at IS NULL AND a.duplicate_of_id IS NULL
    GROUP BY s.language_id
)
INSERT INTO contributions_languageholding AS held
    (language_id, model, dataset, evaluation, speech, space, counted_at)
SELECT coalesce(c.language_id, h.language_id), coalesce(c.model, 0), coalesce(c.dataset, 0),
    coalesce(c.evaluation, 0), coalesce(c.speech, 0), coalesce(c.space, 0), %(now)s
FROM counted c FULL JOIN contributions_languageholding h USING (language_id)
ON CONFLICT (language_id) DO UPDATE SET
    model = excluded.model, dataset = excluded.dataset, evaluation = excluded.evaluation,
    speech = excluded.speech, space = excluded.space, counted_at = excluded.counted_at
WHERE (held.model, held.dataset, held.evaluation, held.speech, held.space)
    IS DISTINCT FROM (excluded.model, excluded.dataset, excluded.evaluation, excluded.speech, excluded.space)
"""


def count_holdings() -> int:
    """Of all languages at once. Two at once wait for each other. Returns how many languages changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('holdings'))")
        cursor.execute(COUNT, {"speech": list(SPEECH), "now": timezone.now()})
        return int(cursor.rowcount)
