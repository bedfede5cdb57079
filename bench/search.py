"""Search and the read API at size: 200,000 artefacts, 300,000 accounts and a million figures.

Rows are made by PostgreSQL itself; requests go through the whole of Django, and none is a kept one.
"""

import os
import statistics
import time
from typing import Any

from bench.stores import stores

WORDS = [
    *("hindi", "tamil", "speech", "vision", "legal", "bank", "kaveri", "ganga"),
    *("open", "tiny", "large", "chat", "coder", "asr", "ocr", "medical"),
]
ROUNDS = 5
ROWS = """
INSERT INTO contributions_account (platform, platform_id, login, name, kind, kind_rule,
    kind_fixed, observed_at)
SELECT 'github', i, 'dev-' || i, (%(words)s::text[])[1 + i %% 16] || ' lab ' || i,
    CASE WHEN i %% 6 = 0 THEN 'organisation' ELSE 'person' END, '', false, now()
FROM generate_series(1, 300000) i;
INSERT INTO contributions_artifact (kind, platform, platform_id, name, url, owner_id, summary, licence,
    licence_url, task, osaid, openness, files, revision, files_revision, fingerprint, runs_on, is_benchmark,
    is_archived, papers, languages_unread, copied_from, commons_role, duplicate_why, gated, created_at,
    observed_at)
SELECT 'model', 'huggingface', i, 'dev-' || i %% 300000 || '/' || (%(words)s::text[])[1 + i %% 16] || '-'
    || (%(words)s::text[])[1 + i / 16 %% 16] || '-' || i, 'https://huggingface.co/x/' || i,
    (SELECT min(id) FROM contributions_account) + i %% 300000,
    (%(words)s::text[])[1 + i / 256 %% 16] || ' model number ' || i, 'Apache-2.0', '', '', '{}', '{}',
    '[]', '', '', '', '', false, false, '[]', '', '', '', '', false, now() - i * interval '1 minute', now()
FROM generate_series(1, 200000) i;
INSERT INTO contributions_rollup (nation_id, international, month, metric, lower, upper, suppressed, spike,
    rule_version, computed_at, stale)
SELECT n.code, false, date '2012-01-01' + m * interval '1 month', k.metric, 1, 2, false, false, 1, now(),
    false
FROM mission_nation n, generate_series(0, 159) m, unnest(%(metrics)s::text[]) k(metric);
"""
ASKED = {
    "search: one word": ["/search/?q={word}"],
    "search: two words": ["/search/?q={word}+{other}"],
    "search: two letters": ["/search/?q={short}"],
    "search: a whole name": ["/search/?q=dev-1{number}"],
    "search: nothing": ["/search/?q=zz{word}"],
    "search: Hindi": ["/search/?q=हिन्{number}"],
    "hints": ["/search/hints/?q={word}&x={number}"],
    "api: artefacts": ["/api/artifacts/?kind=model&limit=1{number}"],
    "api: artefacts of an owner": ["/api/artifacts/?owner=dev-{number}"],
    "api: figures of a metric": ["/api/rollups/?metric=model&limit=1{number}"],
    "api: figures of a nation": ["/api/rollups/?nation=IN&limit=1{number}"],
    "api: figures, far in": ["/api/rollups/?metric=review&since=2020-{month}"],
}


def run() -> None:
    with stores() as environment:
        os.environ |= environment
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
        os.environ["DATABASE_NO_POOL"] = "1"
        import django

        django.setup()
        fill()
        measure()


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    from dashboards.measures import EVERY_METRIC

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"words": WORDS, "metrics": list(EVERY_METRIC)[:26]})
        cursor.execute("VACUUM ANALYZE")
        for table in ("contributions_artifact", "contributions_account", "contributions_rollup"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            print(f"{table}: {cursor.fetchone()[0]:,}")


def measure() -> None:
    from django.test import Client

    import mission.asgi  # noqa: F401  (as the server runs: without it, Python's look for rubbish took 400 ms)

    client = Client(headers={"host": "127.0.0.1"})
    client.get("/search/?q=warm")
    for name, paths in ASKED.items():
        taken = [ask(client, paths[0], turn) for turn in range(ROUNDS * 8)]
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"{name:28} median {statistics.median(taken):6.1f} ms   p95 {p95:6.1f} ms")


def ask(client: Any, path: str, turn: int) -> float:
    word, other = WORDS[turn % 16], WORDS[(turn * 7 + 3) % 16]
    said = {"word": word, "other": other, "short": word[:2], "number": turn, "month": f"{1 + turn % 12:02}"}
    path = path.format(**said)
    began = time.perf_counter()
    answer = client.get(path)
    seconds = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code} {answer.content[:200]!r}")
    return seconds * 1000
