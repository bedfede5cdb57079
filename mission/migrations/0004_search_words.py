"""How the database folds words, once for all tables. The same rule as in mission/search.py."""

from django.db import migrations

from mission.search import LEFT_OUT, SPACES


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


CREATE = f"""
CREATE FUNCTION search_words(text, text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $words$
    SELECT to_tsvector('pg_catalog.simple'::regconfig, translate(
        regexp_replace(normalize(lower($1 || ' ' || $2), NFKD), {quoted(f"[{LEFT_OUT}]")}, '', 'g'),
        {quoted(SPACES)}, {quoted(" " * len(SPACES))}))
$words$
"""


class Migration(migrations.Migration):
    dependencies = [("mission", "0003_individuals")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION search_words(text, text)")]
