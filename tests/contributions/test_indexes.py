"""Every index of the large tables has somebody who uses it, and none is another one's beginning."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from contributions.actions.artifacts import register_artifacts
from contributions.actions.bulk import ingest_contributions
from contributions.actions.bulk_readings import ingest_readings
from contributions.found import FoundReading
from contributions.measures.metric import moments_of
from contributions.models import Artifact, Attribution, Contribution, Reading
from tests.contributions.bulk_world import NOON, acts, artifact, key

pytestmark = pytest.mark.django_db
LARGE = ["contribution", "attribution", "reading", "rollup", "artifactlink"]
BEGINNINGS = """
SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text
FROM pg_index a JOIN pg_index b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid
JOIN pg_class x ON x.oid = a.indexrelid JOIN pg_class y ON y.oid = b.indexrelid AND x.relam = y.relam
WHERE a.indrelid = %s::regclass AND NOT a.indisunique
    AND a.indpred IS NULL AND b.indpred IS NULL AND a.indexprs IS NULL
    AND (b.indkey::int2[])[0:a.indnkeyatts - 1] = (a.indkey::int2[])[0:a.indnkeyatts - 1]
"""


@pytest.mark.parametrize("table", LARGE)
def test_no_index_is_the_beginning_of_another(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BEGINNINGS, [f"contributions_{table}"])
        assert cursor.fetchall() == []


def test_what_is_read_from_an_index_alone_is_looked_through_often() -> None:
    """Else the newest rows, which most are asked for, are looked up one by one all the same."""
    with connection.cursor() as cursor:
        for table in ("contribution", "attribution", "reading"):
            cursor.execute(
                "SELECT reloptions::text FROM pg_class WHERE oid = %s::regclass", [f"contributions_{table}"]
            )
            assert "autovacuum_vacuum_insert_scale_factor=0.005" in str(cursor.fetchone())
        cursor.execute("SELECT pg_get_indexdef('reading_once_a_day'::regclass)")
        assert "INCLUDE (downloads)" in str(cursor.fetchone())


def as_sql(rows: Any) -> str:
    with connection.cursor() as cursor:
        sql, parameters = rows.query.sql_with_params()
        return str(cursor.mogrify(sql, parameters))


def users() -> dict[str, str]:
    """By index, a query of ours that walks it."""
    there = Artifact.objects.order_by("pk").first()
    assert there
    done = Contribution.objects.filter(artifact=there)
    by = Contribution.objects.filter(account=done[0].account, happened_at__gte=NOON)
    month = Reading.objects.filter(day__gte="2024-06-01", day__lt="2024-07-01")
    first, after = moments_of(datetime.date(2024, 6, 1))
    acts_of_month = Contribution.objects.filter(kind="review", happened_at__gte=first, happened_at__lt=after)
    there_in_june = Attribution.objects.filter(
        nation=None, international=True, kind="review", happened_at__gte=first, happened_at__lt=after
    )
    shares = Attribution.objects.filter(contribution__in=[done[0].pk])
    return {
        "contribution_month": as_sql(acts_of_month.order_by().values_list("pk", "account", "artifact")),
        "attribution_once": as_sql(shares.values_list("nation", "international", "fraction", "grade")),
        "contribution_once": as_sql(Contribution.objects.filter(external_id__in=["github:pull:1"])),
        "contribution_account": as_sql(by.order_by("happened_at")),
        "attribution_place": as_sql(there_in_june.order_by().values_list("contribution")),
        "contribution_artifact": as_sql(done.order_by("-happened_at")[:10]),
        "contribution_revision": as_sql(done.filter(revision="a" * 40).exclude(revision="")),
        "reading_day": as_sql(month),
        "reading_once_a_day": as_sql(Reading.objects.filter(artifact=there).order_by("day")),
    }


def test_each_is_walked_by_a_query_of_ours() -> None:
    """On some thousand rows, where reading a whole table is the planner's last resort."""
    register_artifacts(found=[artifact(number) for number in range(5)])
    ingest_contributions(rows=acts(3000))
    days = [NOON.date() + datetime.timedelta(days=n) for n in range(400)]
    ingest_readings(rows=((key(n), FoundReading(day, 1)) for day in days for n in range(5)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE contributions_contribution, contributions_attribution, contributions_reading")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for index, sql in users().items():
            if index == "reading_day":  # the other index of readings would do on so few
                cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, f"{index} is not used:\n{plan}"
