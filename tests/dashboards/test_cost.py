"""What a page costs: queries that do not grow with rows, bytes, nodes, and nothing when unchanged."""

import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contributions.models import Account
from dashboards.stamp import NEWEST, _stamp_sql, data_stamp, forget
from grants.models import Award, Call
from mission.models import Nation
from mission.observe import valkey
from tests.dashboards.conftest import add_artifacts, make_award
from tests.dashboards.pages import every_page
from tests.world import PASSWORD, person

COUNTS = Path(__file__).with_name("query_counts.json")
GZIPPED = 30 * 1024  # of 45 KB for the whole page
NODES = 3000


def counts(client: Client) -> dict[str, int]:
    found = {}
    for name, path in every_page().items():
        client.get(path)
        cache.clear()
        forget()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
        found[name] = len(captured)
    return found


def test_sql_budgets_of_every_page(client: Client, world: Award) -> None:
    allowed = json.loads(COUNTS.read_text())
    found = counts(client)
    assert found == allowed, f"if this is meant, write it into {COUNTS.name}"


def test_queries_do_not_grow_with_the_rows(client: Client, world: Award) -> None:
    before = counts(client)
    add_artifacts(Account.objects.get(login="kaveri"), 30, begin=10)
    for number in range(3):
        make_award(f"Startup {number}", f"owner{number}")
    assert counts(client) == before


def test_pages_are_light(client: Client, world: Award) -> None:
    for path in every_page().values():
        content = client.get(path).content
        assert len(gzip.compress(content, 6)) <= GZIPPED, path
        assert len(re.findall(rb"<[a-zA-Z]", content)) < NODES, path
        assert b"style=" not in content
        assert b"<script" not in content


def test_an_anonymous_visit_touches_no_session_and_gets_no_cookie(client: Client, world: Award) -> None:
    for path in every_page().values():
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=300"
        varies = set(response["Vary"].split(", "))
        assert {"Accept", "Cookie"} <= varies
        assert "Accept-Language" not in varies, "its language is in its address: one copy serves all"
        assert not any("session" in query["sql"] for query in captured)


def test_an_unchanged_page_is_answered_by_one_query(client: Client, world: Award) -> None:
    for path in every_page().values():
        etag = client.get(path)["ETag"]
        with CaptureQueriesContext(connection) as captured:
            again = client.get(path, headers={"if-none-match": etag})
        assert (again.status_code, len(captured)) == (304, 1), path


def test_what_is_kept_for_nobody_is_unchanged_for_who_has_it(client: Client, world: Award) -> None:
    path, other = "/hi/search/?q=kaveri", "/hi/search/?q=sahyadri"
    etag = client.get(path)["ETag"]

    def asked(path: str, tags: str) -> Any:
        return client.get(path, headers={"if-none-match": tags})

    for tags in (etag, f'"else", W/{etag}'):
        with CaptureQueriesContext(connection) as captured:
            again = asked(path, tags)
        assert (again.status_code, again.content, len(captured)) == (304, b"", 1)
        assert again["ETag"].removeprefix("W/") == etag
        assert again["Cache-Control"] == "public, max-age=300"
        assert again.wsgi_request.resolver_match.view_name == "dashboards:search"
    assert [asked(path, '"else"').status_code, asked(other, etag).status_code] == [200, 200]
    assert asked("/hi/there-is-no-such-page/", etag).status_code == 404
    Nation.objects.filter(code="IN").update(population=1)
    forget()
    assert asked(path, etag).status_code == 200


def test_a_page_is_drawn_once_for_all_who_come_without_a_session(client: Client, world: Award) -> None:
    first = client.get("/nations/IN/")
    with CaptureQueriesContext(connection) as captured:
        second = Client().get("/nations/IN/")
    assert len(captured) == 1
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])


def test_a_new_build_reads_nothing_that_another_has_kept(
    client: Client, world: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be of a shape that only the other knows."""
    client.get("/nations/IN/")
    with valkey() as raw:
        pages = list(raw.scan_iter("*page:*"))
        assert pages
        for page in pages:
            raw.set(page, b"of a class that is another by now")
    monkeypatch.setattr("dashboards.kept.build", lambda: "another")
    assert client.get("/nations/IN/").status_code == 200


def test_pages_are_there_without_valkey(client: Client, world: Award, settings: Any) -> None:
    etag = client.get("/nations/IN/")["ETag"]
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    assert client.get("/nations/IN/").status_code == 200
    assert client.get("/nations/IN/", headers={"if-none-match": etag}).status_code == 304


def test_a_new_award_changes_the_pages_that_show_it(client: Client, world: Award) -> None:
    paths = ["/", "/awards/", "/nations/IN/"]
    etags = {path: client.get(path)["ETag"] for path in paths}
    made = make_award("Ganga Labs", "meera")
    for path in paths:
        again = client.get(path, headers={"if-none-match": etags[path]})
        assert again.status_code == 200, path
    assert made.organisation.name in client.get("/awards/").content.decode()


def test_calls_are_kept_until_the_clock_opens_or_closes_one(client: Client, world: Award) -> None:
    """As many calls are open before as after: it is others."""
    now, hour = timezone.now(), timedelta(hours=1)
    first = world.application.call
    Call.objects.filter(pk=first.pk).update(opens_at=now - hour, closes_at=now + hour)
    second = Call.objects.get(pk=first.pk)
    second.pk, second.slug, second.title = None, "the-next", "The next call"
    second.opens_at, second.closes_at = now + hour, now + 2 * hour
    second.save()
    etag = client.get("/calls/")["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/calls/").status_code == 200
        assert client.get("/calls/", headers={"if-none-match": etag}).status_code == 304
    assert len(captured) == 2, "the state of the data, twice"
    Call.objects.filter(pk=first.pk).update(closes_at=now)
    Call.objects.filter(pk=second.pk).update(opens_at=now)
    later = client.get("/calls/", headers={"if-none-match": etag})
    assert later.status_code == 200
    assert later["ETag"] != etag


def test_calls_are_kept_until_the_last_minute_of_grace_is_over(client: Client, world: Award) -> None:
    now, call = timezone.now(), Call.objects.filter(pk=world.application.call_id)
    call.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=9), grace_minutes=10)
    etag = client.get("/calls/")["ETag"]
    assert [row["phase"] for row in client.get("/calls/?format=json").json()["calls"]] == ["open"]
    assert client.get("/calls/", headers={"if-none-match": etag}).status_code == 304
    call.update(closes_at=now - timedelta(minutes=11))
    assert client.get("/calls/", headers={"if-none-match": etag}).status_code == 200
    assert [row["phase"] for row in client.get("/calls/?format=json").json()["calls"]] == ["closed"]


def test_page_csv_and_json_have_etags_of_their_own(client: Client, world: Award) -> None:
    tags = [client.get("/nations/")["ETag"]]
    tags += [client.get(f"/nations/?format={wanted}")["ETag"] for wanted in ("csv", "json")]
    tags += [client.get("/nations/", headers={"accept": "text/csv"})["ETag"]]
    assert len(set(tags)) == 4


@pytest.mark.parametrize("path", ["/", "/nations/IN/", "/awards/"])
def test_a_signed_in_visitor_gets_a_private_page(client: Client, world: Award, path: str) -> None:
    user = person("ravi2")
    assert client.login(email=user.email, password=PASSWORD) or client.force_login(user) is None
    assert "private" in client.get(path)["Cache-Control"]


def test_the_state_of_the_data_is_found_by_indexes_however_large_the_tables(world: Award) -> None:
    """The newest of each is the first row of an index: a limit of one, and no table read whole."""
    sql, params = _stamp_sql()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = [line for (line,) in cursor.fetchall()]
    assert sum("Limit" in line for line in plan) == len(NEWEST)
    for _subject, model, _column in NEWEST:
        table = model._meta.db_table
        assert any("Index Only Scan" in line and f" {table} " in line for line in plan), table
        assert not any("Seq Scan" in line and table in line for line in plan), table


def test_a_process_asks_once_for_all_its_threads(world: Award, settings: Any) -> None:
    """A server gives every request a thread of its own."""
    settings.STAMP_SECONDS = 60
    stamp = data_stamp()

    def elsewhere() -> tuple[str, bool]:
        return data_stamp(), connection.connection is None

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(elsewhere).result() == (stamp, True)
    forget()
