"""A look at a repository, one page at a time: each step asks one page and says where to go on.

Releases, pull requests with their reviews, then the commits that came without one. The cursor is plain
JSON, so a look goes on after a kill where it stood. An ETag of a list is kept only once the list was walked
to the end: it stands for everything behind the first page. Lists are asked by the repository's id where a
look before this one told it, so that a name which passed to another repository brings nothing.
"""

from collections.abc import Callable
from typing import Any

from contributions import github_facts as facts
from contributions import github_queries as queries
from contributions.default_branch import Walk
from contributions.found import Found, Look, Page, SeenEtag
from contributions.github import Client
from contributions.github_answers import Answer, Empty, NoGraphQL, TooMuch
from contributions.github_owner import STEPS as OWNER_STEPS
from contributions.models import ContributionKind, SourceKind
from contributions.outside import Missing

PULLS = "state=closed&sort=updated&direction=desc&per_page=100"
FRESH_PAGES = 3  # of pull requests, or commits; what lies further back waits behind fresh data
TOGETHER = 100  # pull requests whose reviews are asked in one question
Step = Callable[[Client, Look], Page]


def next_page(look: Look) -> Page:
    """Ask the next page of a source. Raises OutsideTrouble; then nothing is lost, ask again later."""
    client = Client(look)
    if look.kind == SourceKind.ORGANISATION:
        page = OWNER_STEPS[look.cursor.get("step", "owner")](client, look)
    else:
        page = _step_of(look)(client, look)
    page.requests, page.requests_free, page.quota = client.requests, client.requests_free, client.quota
    return page


def _step_of(look: Look) -> Step:
    """A repository that its owner's look lists was found by that look, and need not be asked for itself."""
    known = look.owned and look.platform_id and not (look.missing or look.thorough)
    return REPOSITORY_STEPS[look.cursor.get("step") or ("releases" if known else "repository")]


def _address(look: Look) -> str:
    return f"/repositories/{look.platform_id}" if look.owned else f"/repos/{look.name}"


def _carried(look: Look, answer: Answer) -> list[str] | None:
    """The ETag of a list's first page, carried along in the cursor."""
    carried = look.cursor.get("etag")
    return carried or (list(answer.etag) if answer.etag else None)


def _kept(etag: list[str] | None) -> tuple[SeenEtag, ...]:
    return (SeenEtag(*etag),) if etag else ()


def _repository(client: Client, look: Look) -> Page:
    """Itself, by name. A name that leads to another id, or to nothing, is asked for by the id we know."""
    by_id, elsewhere = f"/repositories/{look.platform_id}", False
    conditional = bool(look.platform_id) and not look.missing
    try:
        answer = client.ask(by_id if look.owned else f"/repos/{look.name}", conditional=conditional)
        elsewhere = answer.changed and look.platform_id not in ("", str(answer.data["id"]))
    except Missing:
        if look.owned or not look.platform_id:
            raise
        elsewhere = True
    if elsewhere:
        answer = client.ask(by_id)
    then = look.cursor.get("then", "counts" if look.thorough else "releases")
    page = Page(cursor=look.cursor.get("back", {"step": then, "checked": True}), fetch=answer.fetch)
    if answer.changed:
        page.found = Found(artifacts=(facts.repository(answer.data, answer.fetch.at.date()),))
        page.name, page.platform_id = answer.data["full_name"], str(answer.data["id"])
        page.etags = _kept(list(answer.etag) if answer.etag else None)
    return page


def _counts(client: Client, look: Look) -> Page:
    """Is all there that should be? Where the numbers differ the lists are walked past their marks."""
    owner, _slash, name = look.name.partition("/")
    after = {"step": "releases", "checked": True}
    try:
        said = client.query("counts", queries.counts(owner, name), points=1)
    except (NoGraphQL, TooMuch):
        return Page(cursor=after)
    counts = queries.counts_of(said.data.get("r0"))
    if "r0" in said.wrong or counts is None or counts.id != look.platform_id:
        return Page(cursor=after)
    anew = [*(["pulls"] if counts.pulls != look.merged() else [])]
    anew += ["commits"] if counts.head != look.marks.get("commits", "") else []
    return Page(cursor={**after, "anew": anew})


def _without(after: dict[str, Any]) -> Page:
    """A part that is not there. The repository is asked for itself: it may all be private for an hour, and
    then the look stops here."""
    return Page(cursor={"step": "repository", "back": after})


def _once_more(look: Look, part: str, after: dict[str, Any]) -> Page:
    """As above, for what later steps lean on: it is asked again before it is left out."""
    if look.cursor.get("again") == part:
        return Page(cursor=after)
    return _without({**look.cursor, "step": part.partition(" ")[0], "again": part})


def _end(_client: Client, _look: Look) -> Page:
    return Page()


def _on(look: Look, step: str, **more: Any) -> dict[str, Any]:
    carried = {name: look.cursor[name] for name in ("checked", "anew") if look.cursor.get(name)}
    return {"step": step, **carried, **more}


def _releases(client: Client, look: Look) -> Page:
    url, after = look.cursor.get("next"), _on(look, "pulls")
    try:
        answer = client.ask(url or f"{_address(look)}/releases?per_page=100", conditional=not url)
    except Missing:
        return _without(after)
    if not answer.changed:
        return Page(cursor=after)
    found = facts.releases(answer.data, look.platform_id)
    page, etag = Page(Found(contributions=found), cursor=after, fetch=answer.fetch), _carried(look, answer)
    there = [*look.cursor.get("there", []), *(each.external_id for each in found)]
    if answer.next:
        page.cursor = _on(look, "releases", next=answer.next, etag=etag, there=there)
    else:
        page.etags, page.whole = _kept(etag), (ContributionKind.RELEASE.value, frozenset(there))
    return page


def _pulls(client: Client, look: Look) -> Page:
    """Merged pull requests, last changed first, down to the mark that the last finished look left.

    The mark is GitHub's own time of the last change, never our clock.
    """
    here, after = look.cursor, _on(look, "commits")
    url, past, anew = here.get("next"), here.get("past", False), "pulls" in here.get("anew", ())
    marks = {} if anew else look.marks
    mark, ties = here.get("mark", marks.get("pulls", "")), set(here.get("ties", marks.get("ties", ())))
    try:
        answer = client.ask(url or f"{_address(look)}/pulls?{PULLS}", conditional=not (url or anew))
    except Missing:
        return _once_more(look, "pulls", after)
    if not answer.changed:
        return Page(cursor=after)
    seen = facts.pulls(answer.data)
    fresh = [
        each for each in seen if each.updated_at > mark or (each.updated_at == mark and each.id not in ties)
    ]
    page = Page(Found(contributions=facts.merged(fresh, look.platform_id)), fetch=answer.fetch)
    top = here.get("top") or queries.top_of(seen, answer.fetch.at)
    deeper = answer.next and all(each.updated_at >= mark for each in seen)
    then: dict[str, Any] = {} if past else after
    further = {"next": answer.next, "mark": mark, "ties": sorted(ties), "number": here.get("number", 1) + 1}
    if deeper and (past or here.get("number", 1) < FRESH_PAGES):
        then = _on(look, "pulls", **further, top=top, etag=_carried(look, answer), past=past)
    elif not past:
        page.marks, page.etags = look.marks | top, _kept(_carried(look, answer))
        if deeper:
            pulls, commits = (
                {"step": "pulls", **further, "top": top, "past": True},
                {"step": "commits", "past": True},
            )
            page.past = (pulls, commits)
            page.slices = max(1, answer.pages - FRESH_PAGES)
    queue = [[each.node, each.number, each.author_id, ""] for each in fresh if each.merged_at]
    page.cursor = {"step": "reviews", "queue": queue, "then": then} if queue else then
    return page


def _reviews(client: Client, look: Look) -> Page:
    """Reviews of the queue: many pull requests in one question, or one by one where that is as dear."""
    queue, one_by_one = look.cursor["queue"], look.cursor.get("one_by_one", 0)
    if client.graphql and not one_by_one and len(queue) > 1 and all(each[0] for each in queue):
        size = look.cursor.get("size", TOGETHER)
        try:
            return _many_reviews(client, look, queue[:size], queue[size:])
        except TooMuch:
            if size > 1:
                return Page(cursor={**look.cursor, "size": min(size, len(queue)) // 2})
            one_by_one = 1
        except NoGraphQL:
            one_by_one = len(queue)
    (_node, number, author_id, _after), *rest = queue
    url = look.cursor.get("next") or f"{_address(look)}/pulls/{number}/reviews?per_page=100"
    left = max(0, one_by_one - 1)
    after = {**look.cursor, "queue": rest, "next": None, "one_by_one": left} if rest else look.cursor["then"]
    try:
        answer = client.ask(url)
    except Missing:
        return _once_more(look, f"reviews {number}", after)
    found = Found(contributions=facts.reviews(answer.data, look.platform_id, author_id))
    more = {**look.cursor, "next": answer.next, "one_by_one": max(1, one_by_one)}
    return Page(found, cursor=more if answer.next else after, fetch=answer.fetch)


def _many_reviews(client: Client, look: Look, queue: list[Any], rest: list[Any]) -> Page:
    """What came with an error is asked over REST; what went over its page, once more for the rest."""
    text = queries.reviews([(node, after) for node, _number, _author, after in queue])
    said = client.query("reviews", text, points=queries.points(len(queue)))
    found, failed, over = list[Any](), list[Any](), list[Any]()
    for index, (node, number, author_id, _after) in enumerate(queue):
        part = said.data.get(f"r{index}")
        if f"r{index}" in said.wrong or not part:
            failed.append([node, number, author_id, ""])
            continue
        found += facts.graph_reviews(part["reviews"]["nodes"], look.platform_id, author_id)
        if part["reviews"]["pageInfo"]["hasNextPage"]:
            over.append([node, number, author_id, part["reviews"]["pageInfo"]["endCursor"]])
    left = {**look.cursor, "queue": [*failed, *over, *rest], "one_by_one": len(failed)}
    page = Page(Found(contributions=tuple(found)), fetch=said.fetch)
    page.cursor = left if left["queue"] else look.cursor["then"]
    return page


def _commits(client: Client, look: Look) -> Page:
    """Commits that reached the default branch without a pull request, down to where the last look began.

    They are told from those of a pull request by the pull requests we know, so they wait until the past of
    those is in.
    """
    here = look.cursor
    url, past, moved = here.get("next"), here.get("past", False), {"moved": look.moved}
    anew = "commits" in here.get("anew", ())
    quiet = look.owned and look.moved == look.marks.get("moved", "") and not (url or anew)
    if not past and (quiet or look.past):
        return Page()
    try:
        answer = client.ask(url or f"{_address(look)}/commits?per_page=100", conditional=not (url or anew))
    except Empty:  # believed where its owner's list says so too: no size
        return Page(marks=look.marks | moved) if look.moved.split(" ")[-1] == "0" else Page()
    except Missing:
        return _once_more(look, "commits", {})
    if not answer.changed or not answer.data:
        return Page(marks=look.marks | moved)
    walk = Walk(here.get("walk", {}), None if url else look.marks.get("commits"))
    seen = facts.commits(answer.data)
    own = walk.own_changes(seen, look.merged_as([each.sha for each in seen]))
    page = Page(Found(contributions=facts.direct(own, look.platform_id)), fetch=answer.fetch)
    head, etag, number = here.get("head") or seen[0].sha, _carried(look, answer), here.get("number", 1)
    if not answer.next or walk.finished:
        page.marks = look.marks | {"commits": head} | (moved if not past else {})
        page.etags = _kept(etag)
        return page
    further = _on(
        look, "commits", next=answer.next, head=head, etag=etag, walk=walk.state(), number=number + 1
    )
    if past or number < FRESH_PAGES:
        page.cursor = {**further, "past": past}
    else:
        page.past, page.slices = ({**further, "past": True},), max(1, answer.pages - FRESH_PAGES)
    return page


REPOSITORY_STEPS: dict[str, Step] = {
    "repository": _repository,
    "counts": _counts,
    "releases": _releases,
    "pulls": _pulls,
    "reviews": _reviews,
    "commits": _commits,
    "end": _end,
}
