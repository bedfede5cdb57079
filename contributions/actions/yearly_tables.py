"""Importing another publisher's yearly table: all of it, or nothing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import YearlyTable
from contributions.yearly_schema import Schema
from contributions.yearly_tables import described, read_table
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Nation, User

INCOMING = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (nation text, year int, dimension text, value numeric) ON COMMIT DROP
"""
WITHDRAW = """
DELETE FROM contributions_yearlyvalue v WHERE v.table_id = %s AND NOT EXISTS (
    SELECT FROM incoming i WHERE (i.nation, i.year, i.dimension) = (v.nation_id, v.year, v.dimension))
"""
UPSERT = """
INSERT INTO contributions_yearlyvalue AS v (table_id, nation_id, year, dimension, value)
SELECT %s, i.nation, i.year, i.dimension, i.value FROM incoming i ORDER BY i.nation, i.year, i.dimension
ON CONFLICT (table_id, nation_id, year, dimension) DO UPDATE SET value = excluded.value
WHERE v.value IS DISTINCT FROM excluded.value
"""


@dataclass(frozen=True)
class ImportedTable:
    table: YearlyTable
    rows: int
    changed: int  # new, different or withdrawn


def _nations() -> dict[str, str]:
    codes = dict(Nation.objects.values_list("alpha3", "code"))
    if not codes:
        raise Refused(_("There are no nations yet. Run manage.py load_reference first."))
    return codes | {code: code for code in codes.values()}


def _take_in(data: Path, schema: Schema) -> int:
    """COPY the rows into the temporary table; how many they are."""
    count, nations = 0, _nations()
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for row in read_table(data, schema, nations):
                copy.write_row(row)
                count += 1
    if not count:
        raise Refused(_("%(file)s holds no values. Nothing was imported.") % {"file": data.name}, status=422)
    return count


def _facts(schema: Schema, document: dict[str, object], data: Path, rows: int) -> dict[str, object]:
    return {
        "title": schema.title,
        "definition": schema.definition,
        "unit": schema.unit,
        "publisher": schema.publisher,
        "source_url": schema.source_url,
        "licence": schema.licence,
        "schema": document,
        "checksum": hashlib.sha256(data.read_bytes()).hexdigest(),
        "rows": rows,
    }


def import_table(*, actor: User | None, schema: Path, data: Path) -> ImportedTable:
    """Load the CSV file `data` as the JSON file `schema` describes it.

    What the file no longer holds is withdrawn; the same files again change nothing. Raises Refused, naming
    file and line, and then nothing was imported.
    """
    meant, document = described(schema)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_table'))")
        rows = _take_in(data, meant)
        facts = _facts(meant, document, data, rows)
        table, fresh = YearlyTable.objects.get_or_create(slug=meant.slug, defaults=facts)
        with connection.cursor() as cursor:
            cursor.execute(WITHDRAW, [table.pk])
            changed = cursor.rowcount
            cursor.execute(UPSERT, [table.pk])
            changed += cursor.rowcount
        differs = any(getattr(table, name) != value for name, value in facts.items())
        if fresh or changed or differs:
            for name, value in facts.items():
                setattr(table, name, value)
            table.retrieved_at = timezone.now()
            table.save()
            record(actor=actor, verb="yearly_table.imported", target=table, rows=rows, changed=changed)
    return ImportedTable(table, rows, changed)
