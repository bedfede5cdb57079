"""A look at GitHub, one page at a time: each step asks one page and says where to go on.

A repository: itself, releases, merged pull requests with their reviews, then the commits that came
without one. The cursor is plain JSON, so a look goes on after a kill where it stood. An ETag of a list
is kept only once the list was walked to the end: it stands for everything behind the first page.
"""

from typing import Any

from django.utils import timezone

from contributions import github_facts as facts
from contributions.default_branch import Walk
from contributions.found import Found, Look, Page, SeenEtag
from contributions.github import Answer, Client, Empty
from contributions.models import SourceKind
from contributions.outside import Missing

PULLS = "state=closed&sort=updated&direction=desc&per_page=100"
REPOSITORIES = "sort=created&direction=desc&per_page=100"


def next_page(look: Look) -> Page:
    """Ask the next page of a source. Raises OutsideTrouble; then nothing is lost, ask again later."""
    client = Client(look)
    steps = ORGANISATION_STEPS if look.kind == SourceKind.ORGANISATION else REPOSITORY_STEPS
    page = steps[look.cursor.get("step") or next(iter(steps))](client, look)
    page.requests, page.requests_free = client.requests, client.requests_free
    return page


def _first_etag(look: Look, answer: Answer) -> list[str] | None:
    """The ETag of a list's first page, carried along in the cursor."""
    carried = look.cursor.get("etag")
    return carried or (list(answer.etag) if answer.etag else None)


def _kept(etag: list[str] | None) -> tuple[SeenEtag, ...]:
    return (SeenEtag(*etag),) if etag else ()


def _owner(client: Client, look: Look) -> Page:
    listing = look.marks.get("listing", "orgs")
    try:
        answer = client.ask(f"/{listing}/{look.name}", conditional=True)
    except Missing:
        listing = "users"
        answer = client.ask(f"/{listing}/{look.name}", conditional=True)
    page = Page(cursor={"step": "repositories"}, marks=look.marks | {"listing": listing})
    if answer.changed:
        who = facts.account(answer.data)
        page.found = Found(accounts=(who,) if who else ())
        page.name, page.platform_id = answer.data["login"], str(answer.data["id"])
        page.etags = (answer.etag,) if answer.etag else ()
    return page


def _repositories(client: Client, look: Look) -> Page:
    """Newest first: a new repository changes the first page, whose ETag is kept."""
    listing, url = look.marks["listing"], look.cursor.get("next")
    kind = "public" if listing == "orgs" else "owner"
    first = f"/{listing}/{look.name}/repos?type={kind}&{REPOSITORIES}"
    answer = client.ask(url or first, conditional=not url)
    if not answer.changed:
        return Page()
    children, etag = facts.repositories(answer.data), _first_etag(look, answer)
    if answer.next:
        return Page(children=children, cursor={"step": "repositories", "next": answer.next, "etag": etag})
    return Page(children=children, etags=_kept(etag))


def _repository(client: Client, look: Look) -> Page:
    answer = client.ask(f"/repos/{look.name}", conditional=bool(look.platform_id))
    page = Page(cursor={"step": "releases"})
    if answer.changed:
        page.found = Found(artifacts=(facts.repository(answer.data, timezone.now().date()),))
        page.name, page.platform_id = answer.data["full_name"], str(answer.data["id"])
        page.etags = (answer.etag,) if answer.etag else ()
    return page


def _releases(client: Client, look: Look) -> Page:
    url, after = look.cursor.get("next"), {"step": "pulls"}
    try:
        answer = client.ask(url or f"/repos/{look.name}/releases?per_page=100", conditional=not url)
    except Missing:  # the repository is there, this part of it is not
        return Page(cursor=after)
    if not answer.changed:
        return Page(cursor=after)
    found, etag = (
        Found(contributions=facts.releases(answer.data, look.platform_id)),
        _first_etag(look, answer),
    )
    if answer.next:
        return Page(found, cursor={"step": "releases", "next": answer.next, "etag": etag})
    return Page(found, cursor=after, etags=_kept(etag))


def _pulls(client: Client, look: Look) -> Page:
    """Merged pull requests, last changed first, down to the time the last finished look began at."""
    url, mark, after = look.cursor.get("next"), look.marks.get("pulls", ""), {"step": "commits"}
    try:
        answer = client.ask(url or f"/repos/{look.name}/pulls?{PULLS}", conditional=not url)
    except Missing:
        return Page(cursor=after)
    if not answer.changed:
        return Page(cursor=after)
    fresh = [each for each in answer.data if each["updated_at"] >= mark]
    top = look.cursor.get("top") or max((each["updated_at"] for each in answer.data), default=mark)
    page = Page(Found(contributions=facts.merged_pulls(fresh, look.platform_id)))
    etag, then = _first_etag(look, answer), dict[str, Any](after)
    if answer.next and len(fresh) == len(answer.data):
        then = {"step": "pulls", "next": answer.next, "top": top, "etag": etag}
    else:
        page.marks, page.etags = look.marks | {"pulls": top}, _kept(etag)
    queue = [[each["number"], (each["user"] or {}).get("id")] for each in fresh if each["merged_at"]]
    page.cursor = {"step": "reviews", "queue": queue, "then": then} if queue else then
    return page


def _reviews(client: Client, look: Look) -> Page:
    """Reviews of the first pull request in the queue."""
    (number, author_id), *rest = look.cursor["queue"]
    url = look.cursor.get("next") or f"/repos/{look.name}/pulls/{number}/reviews?per_page=100"
    after = {**look.cursor, "queue": rest, "next": None} if rest else look.cursor["then"]
    try:
        answer = client.ask(url)
    except Missing:
        return Page(cursor=after)
    found = Found(contributions=facts.reviews(answer.data, look.platform_id, author_id))
    return Page(found, cursor={**look.cursor, "next": answer.next} if answer.next else after)


def _commits(client: Client, look: Look) -> Page:
    """Commits that reached the default branch without a pull request, down to where the last look began."""
    url, known_head = look.cursor.get("next"), look.marks.get("commits")
    try:
        answer = client.ask(url or f"/repos/{look.name}/commits?per_page=100", conditional=not url)
    except (Missing, Empty):
        return Page()
    if not answer.changed or not answer.data:
        return Page()
    walk = Walk(look.cursor.get("walk", {}), None if url else known_head)
    own = walk.own_changes(answer.data, look.merged_as([each["sha"] for each in answer.data]))
    found = Found(contributions=tuple(facts.commit(each, look.platform_id) for each in own))
    head, etag = look.cursor.get("head") or answer.data[0]["sha"], _first_etag(look, answer)
    if answer.next and not walk.finished:
        cursor = {"step": "commits", "next": answer.next, "head": head, "etag": etag, "walk": walk.state()}
        return Page(found, cursor=cursor)
    return Page(found, marks=look.marks | {"commits": head}, etags=_kept(etag))


ORGANISATION_STEPS = {"owner": _owner, "repositories": _repositories}
REPOSITORY_STEPS = {
    "repository": _repository,
    "releases": _releases,
    "pulls": _pulls,
    "reviews": _reviews,
    "commits": _commits,
}
