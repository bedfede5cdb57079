"""The desk's lists, searches and rankings beside ColdFront's comparable lists, in the same run.

Both have the same number of rows with the same titles, on the same PostgreSQL server, and one process each;
both are asked over HTTP by somebody signed in who may see everything, page by page in turn. The pages are not
alike: ours have 50 rows where theirs have 25, so the rows shown are counted in the answers and printed.
"""

import asyncio
import collections
import contextlib
import re
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from bench.coldfront import VERSION, ColdFront, Unavailable, coldfront
from bench.house import House, house
from bench.pages import server

ROUNDS, EACH, AT_ONCE = 24, 5, 2  # rounds of each page in turn, requests a round, of them at once
BUDGET_SECONDS, LEAST = 100, 6  # on a busy machine there are fewer rounds, but so many
OFFICER = "officer@demo.example"
SEED = "from bench.grants_world import seed; seed(applications=20_000, reviews=60_000)"
DEEP = 19_500  # rows before those of the deep page
SHARE = 0.05  # of the titles have the word that is searched for


@dataclass(frozen=True)
class Page:
    """One page, what the link of one of its rows looks like, and how many rows it is drawn from (SQL)."""

    name: str
    path: str
    row: str
    behind: str
    beside: str = ""  # the page of ColdFront's it is held beside; none: this is one of ColdFront's


@dataclass
class Measured:
    page: Page
    shown: int
    behind: int
    milliseconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """Somewhere to sign in, and the pages to ask for there."""

    url: str
    database: str
    sign_in: str
    fields: dict[str, str]
    pages: list[Page]


# --- Pages ------------------------------------------------------------------------------------------


def theirs(there: ColdFront, word: str) -> Site:
    allocations, row = "/allocation/?show_all_allocations=on", r"/allocation/\d+/"
    behind = "SELECT count(*) FROM allocation_allocation"
    found = f"SELECT count(*) FROM project_project WHERE title ILIKE '%{word}%'"
    pages = [
        Page("list, first page", allocations, row, behind),
        Page("list, deep page", f"{allocations}&page={DEEP // 25 + 1}", row, behind),
        Page("search by title", f"{allocations}&project={word}", row, found),
        Page("list of projects", "/project/?show_all_projects=on", r"/project/\d+/", behind),
    ]
    return Site(
        there.url, there.database, "/user/login", {"username": there.name, "password": there.password}, pages
    )


def ours(made: House, url: str, word: str) -> Site:
    """What the desk has; a page that is not there is left out, and said so."""
    database = made.services["DATABASE_URL"]
    submitted = "SELECT count(*) FROM grants_application WHERE submitted_at IS NOT NULL"
    found = f"{submitted} AND search @@ plainto_tsquery('simple', '{word}')"
    reviewers = "SELECT count(DISTINCT user_id) FROM mission_rolegrant WHERE role = 'reviewer'"
    line, rows, first = r"/desk/applications/A-\w+/", "/desk/applications/", "list, first page"
    pages = [
        Page("applications, first page", rows, line, submitted, first),
        Page("applications, deep page", f"{rows}?page={DEEP // 50 + 1}", line, submitted, "list, deep page"),
        Page("applications, full-text search", f"{rows}?q={word}", line, found, "search by title"),
        Page("applications, highest score", f"{rows}?sort=score", line, submitted, first),
        listed_of(f"{rows}?status=in_review", "applications of one state", "status = 'in_review'"),
        *of_one_call(database, rows),
        Page("home of the desk", "/desk/", r"task=\w+", submitted, first),
        Page(
            "calls",
            "/desk/calls/",
            r"/desk/calls/(?!new/|begin/)[\w-]+/\"",
            "SELECT count(*) FROM grants_call",
            first,
        ),
        Page("reviewers", "/desk/reviewers/", r"/desk/reviewers/\d+/", reviewers, first),
        Page("statistics", "/desk/statistics/", r'<th scope="row">[^<]+', submitted, first),
    ]
    password = (Path(made.environment["VAR_DIR"]) / "demo_password").read_text().strip()
    return Site(url, database, "/account/login/", {"login": OFFICER, "password": password}, pages)


def of_one_call(database: str, rows: str) -> list[Page]:
    """Each for the call that has most to show there."""
    call = busiest(database, "submitted_at IS NOT NULL")
    to_rank, waits = "status IN ('reviewed', 'waitlisted')", "status = 'panel'"
    ranked, panel = busiest(database, to_rank), busiest(database, waits)
    decided = "status IN ('awarded', 'declined', 'waitlisted', 'offered', 'turned_down', 'lapsed', 'decided')"
    over = busiest(database, decided)
    return [
        listed_of(f"{rows}?call={call}", "applications of one call", "true", call),
        listed_of(f"/desk/calls/{call}/", "one call", "true", call),
        listed_of(f"/desk/calls/{ranked}/ranking/", "ranking of one call", to_rank, ranked),
        listed_of(f"/desk/calls/{over}/decided/", "decisions of one call", decided, over),
        listed_of(f"/desk/calls/{panel}/panel/", "panel of one call", waits, panel),
    ]


def listed_of(path: str, name: str, condition: str, call: str = "") -> Page:
    behind = f"SELECT count(*) FROM grants_application WHERE submitted_at IS NOT NULL AND {condition}"
    if call:
        behind += f" AND call_id = (SELECT id FROM grants_call WHERE slug = '{call}')"
    return Page(name, path, r"/desk/applications/A-\w+/", behind, "list, first page")


def busiest(database: str, condition: str) -> str:
    """The slug of the call with most such applications."""
    return one(
        database,
        "SELECT c.slug FROM grants_call c JOIN grants_application a ON a.call_id = c.id"
        f" WHERE a.{condition} GROUP BY c.slug ORDER BY count(*) DESC, c.slug LIMIT 1",
    )


TITLES = "SELECT title FROM grants_application WHERE submitted_at IS NOT NULL ORDER BY id"


# --- Run --------------------------------------------------------------------------------------------


def run() -> None:
    with house() as made, contextlib.ExitStack() as open_until_done:
        made.manage("shell", "-c", SEED)
        titles = column(made.services["DATABASE_URL"], TITLES)
        word = word_in_some(titles)
        sites: list[Site] = []
        try:
            there = open_until_done.enter_context(coldfront(made, titles))
            sites.append(theirs(there, word))
        except Unavailable as why:
            print(f"ColdFront {VERSION} cannot be installed here, so ours are measured alone: {why}")
        sites.append(ours(made, open_until_done.enter_context(server(made)), word))
        for site in sites:
            with psycopg.connect(site.database, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        report(asyncio.run(measure(sites)), word)


def column(database: str, sql: str) -> list[Any]:
    with psycopg.connect(database) as connection:
        return [row[0] for row in connection.execute(sql.encode())]


def one(database: str, sql: str) -> str:
    return str(column(database, sql)[0])


def word_in_some(titles: list[str]) -> str:
    """The word that comes nearest to being in SHARE of the titles."""
    counts = collections.Counter(word for title in titles for word in set(re.findall("[a-z]{4,}", title)))
    words: list[str] = sorted(counts)
    return min(words, key=lambda word: abs(counts[word] - SHARE * len(titles)))


async def measure(sites: list[Site]) -> list[Measured]:
    """Every page of every site in turn, so that other load falls on all."""
    async with contextlib.AsyncExitStack() as stack:
        ways: list[tuple[aiohttp.ClientSession, Measured]] = []
        for site in sites:
            session = await stack.enter_async_context(visitor(site.url))
            await sign_in(session, site)
            ways += [(session, found) for page in site.pages if (found := await first(session, site, page))]
        deadline = time.perf_counter() + BUDGET_SECONDS
        for number in range(ROUNDS):
            if number >= LEAST and time.perf_counter() > deadline:
                break
            for session, measured in ways:
                gate = asyncio.Semaphore(AT_ONCE)
                measured.milliseconds += await asyncio.gather(
                    *(timed(session, gate, measured.page.path) for _ in range(EACH))
                )
        return [measured for _session, measured in ways]


def visitor(url: str) -> aiohttp.ClientSession:
    # ColdFront's cookies are for https only, as they should be; here both sites are on this machine.
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=url)
    return aiohttp.ClientSession(url, cookie_jar=jar, headers={"Accept-Encoding": "gzip"})


async def sign_in(session: aiohttp.ClientSession, site: Site) -> None:
    for _attempt in range(100):
        with contextlib.suppress(aiohttp.ClientConnectionError):
            async with session.get(site.sign_in) as answer:
                page = await answer.text()
                break
        await asyncio.sleep(0.1)
    else:
        raise SystemExit(f"{site.url} did not answer")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, "a sign-in form without a token"
    fields = site.fields | {"csrfmiddlewaretoken": token[1]}
    headers = {"Referer": site.url + site.sign_in, "Origin": site.url}
    async with session.post(site.sign_in, data=fields, headers=headers, allow_redirects=False) as answer:
        if answer.status != 302:
            raise SystemExit(f"{site.url}{site.sign_in} did not let us in: {answer.status}")


async def first(session: aiohttp.ClientSession, site: Site, page: Page) -> Measured | None:
    """Warm the page and count what it shows; None where there is no such page."""
    for _twice in range(2):
        async with session.get(page.path, allow_redirects=False) as answer:
            text = await answer.text()
            if answer.status != 200:
                print(f"left out: {page.path} answers {answer.status}")
                return None
    return Measured(page, len(set(re.findall(page.row, text))), int(one(site.database, page.behind)))


async def timed(session: aiohttp.ClientSession, gate: asyncio.Semaphore, path: str) -> float:
    """Milliseconds of one request, waiting for a turn not counted."""
    async with gate:
        began = time.perf_counter()
        async with session.get(path, allow_redirects=False) as answer:
            await answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
        return (time.perf_counter() - began) * 1000


# --- Table ------------------------------------------------------------------------------------------


def report(all_measured: list[Measured], word: str) -> None:
    rounds = len(all_measured[0].milliseconds) // EACH
    print(f"{rounds} rounds of {EACH} requests of each page in turn, {AT_ONCE} at once; searched for: {word}")
    usual = {item.page.name: cuts(item)[0] for item in all_measured if not item.page.beside}
    print(f"{'page':<32} {'rows of':>7} {'shown':>6} {'p50 ms':>8} {'p95 ms':>8}  times ColdFront's p50")
    for item in all_measured:
        page, (p50, p95) = item.page, cuts(item)
        name = page.name if page.beside else f"ColdFront: {page.name}"
        ratio = f"{p50 / usual[page.beside]:.2f} of its {page.beside}" if page.beside in usual else ""
        print(f"{name:<32} {item.behind:>7,} {item.shown:>6} {p50:>8.1f} {p95:>8.1f}  {ratio}".rstrip())


def cuts(item: Measured) -> tuple[float, float]:
    """The middle, and what one request of twenty took longer than."""
    twentieths = statistics.quantiles(item.milliseconds, n=20)
    return twentieths[9], twentieths[18]
