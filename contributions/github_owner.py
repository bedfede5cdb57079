"""A look at an organisation or a person: who it is, what it has, and all of what is small in a few questions.

The list of repositories costs a request for a hundred, and nothing while it stays as it was: a page changes
whenever a branch of one of its repositories moves, or a name, a licence, the stars. Repositories nobody
looked at before are asked together by GraphQL: first how much there is of each, then all of those where it
is little. Whatever is too much for that, or came with an error, is left to a look of its own.
"""

from collections.abc import Sequence
from typing import Any

from contributions import github_facts as facts
from contributions import github_queries as queries
from contributions.found import Found, FoundArtifact, FoundSource, Look, Page
from contributions.github import Client
from contributions.github_answers import NoGraphQL, Told, TooMuch
from contributions.github_queries import MOST, Wanted
from contributions.models import SourceKind
from contributions.outside import Missing

REPOSITORIES = "sort=created&direction=desc&per_page=100"
SIZED, TOGETHER = 100, 20  # repositories in one question: for their size, and for all of them
LISTS = 300  # at most, of one question


def _owner(client: Client, look: Look) -> Page:
    """A name that passed to another account brings nothing of it."""
    listing, conditional = look.marks.get("listing", "orgs"), not look.missing
    try:
        answer = client.ask(f"/{listing}/{look.name}", conditional=conditional)
    except Missing:
        listing = "users" if listing == "orgs" else "orgs"
        answer = client.ask(f"/{listing}/{look.name}", conditional=conditional)
    if answer.changed and look.platform_id not in ("", str(answer.data["id"])):
        answer = client.ask(f"/{'organizations' if listing == 'orgs' else 'user'}/{look.platform_id}")
    page = Page(cursor={"step": "repositories"}, marks=look.marks | {"listing": listing}, fetch=answer.fetch)
    if answer.changed:
        who = facts.account(answer.data)
        page.found = Found(accounts=(who,) if who else ())
        page.name, page.platform_id = answer.data["login"], str(answer.data["id"])
        page.etags = (answer.etag,) if answer.etag else ()
    return page


def _repositories(client: Client, look: Look) -> Page:
    """A page of the list. One that is as it was leads on to the page that followed it the last time."""
    here, listing = look.cursor, look.marks["listing"]
    done: list[Any] = here.get("pages", [])
    kind = "public" if listing == "orgs" else "owner"
    url = here.get("next") or f"/{listing}/{look.name}/repos?type={kind}&{REPOSITORIES}"
    answer = client.ask(url, conditional=not look.missing)
    if not answer.changed:
        before: list[Any] = look.marks.get("pages", [])
        place = next((n for n, (address, _ids) in enumerate(before) if address == url), None)
        if place is None:  # we know the ETag and not the page: it is read as if for the first time
            answer = client.ask(url)
        else:
            follow = before[place + 1][0] if place + 1 < len(before) else None
            return _went_on(look, Page(), [*done, before[place]], follow, here.get("changed", False))
    shown = [each for each in answer.data if facts.is_shown(each)]
    copies, parents = _copies(client, look, [each for each in shown if each.get("fork")])
    today = answer.fetch.at.date()
    here_now = [facts.repository(each, today, copies.get(str(each["id"]), "")) for each in shown]
    page = Page(Found(artifacts=tuple(here_now)), mentioned=tuple(parents), fetch=answer.fetch)
    page.etags = (answer.etag,) if answer.etag else ()
    own = [each for each in shown if not facts.is_copy(each)]
    known = look.known([str(each["id"]) for each in own])
    page.children = tuple(facts.source(each) for each in own if str(each["id"]) in known)
    page.marks = look.marks | {"copies": look.marks.get("copies", {}) | copies}
    _went_on(look, page, [*done, [url, [str(each["id"]) for each in own]]], answer.next, True)
    queue = [_wanted(each) for each in own if str(each["id"]) not in known]
    if queue:
        page.cursor = {"step": "sizes", "queue": queue, "then": page.cursor}
    return page


def _members(client: Client, look: Look) -> Page:
    """Who says in public that they belong to it: accounts, and nothing that counts. Nightly."""
    url = look.cursor.get("next") or f"/orgs/{look.name}/public_members?per_page=100"
    try:
        answer = client.ask(url, conditional=True)
    except Missing:  # not every server knows those apart
        if "public_" not in url:
            return Page()
        return Page(cursor={"step": "members", "next": f"/orgs/{look.name}/members?per_page=100"})
    if not answer.changed:
        return Page()
    people = [facts.account(each) for each in answer.data]
    page = Page(Found(accounts=tuple(each for each in people if each)), fetch=answer.fetch)
    page.cursor = {"step": "members", "next": answer.next} if answer.next else {}
    page.etags = (answer.etag,) if answer.etag else ()
    return page


def _wanted(said: facts.Json) -> list[str]:
    found = facts.source(said)
    return [found.platform_id, said.get("node_id") or "", found.name, found.moved]


def _copies(
    client: Client, look: Look, forks: Sequence[facts.Json]
) -> tuple[dict[str, str], list[FoundArtifact]]:
    """What each fork is a copy of, asked once; and those originals, which nobody may have looked at."""
    known: dict[str, str] = look.marks.get("copies", {})
    asked = [each for each in forks if str(each["id"]) not in known and each.get("node_id")]
    if not asked:
        return known, []
    said = _asked(client, "parents", queries.parents([each["node_id"] for each in asked]), 0)
    if not isinstance(said, Told):
        return known, []
    parents = [queries.parent_of(said.data.get(f"r{index}")) for index in range(len(asked))]
    found = {
        str(each["id"]): parent.key.platform_id if parent else ""
        for each, parent in zip(asked, parents, strict=True)
    }
    return known | found, list({each.key: each for each in parents if each}.values())


def _went_on(look: Look, page: Page, pages: list[Any], follow: str | None, changed: bool) -> Page:
    if follow and follow not in [address for address, _ids in pages]:
        page.cursor = {"step": "repositories", "next": follow, "pages": pages, "changed": changed}
        return page
    page.marks = (page.marks or look.marks) | {"pages": pages}
    if look.thorough and look.marks["listing"] == "orgs":
        page.cursor = {"step": "members"}
    if changed:
        page.listed = frozenset(each for _address, ids in pages for each in ids)
    return page


def _sizes(client: Client, look: Look) -> Page:
    """How much there is of each: what is little is asked together, the rest is left to looks of its own."""
    queue, size = look.cursor["queue"], look.cursor.get("size", SIZED)
    asked, rest = queue[:size], queue[size:]
    said = _asked(client, "sizes", queries.sizes([each[1] for each in asked]), 2 * len(asked))
    if not isinstance(said, Told):
        return _apart(look, asked, said)
    page, wanted, left = Page(fetch=said.fetch), list[Any](), list[FoundSource]()
    for index, (number, node, name, moved) in enumerate(asked):
        part = None if f"r{index}" in said.wrong else said.data.get(f"r{index}")
        found = queries.size_of(part) if part else None
        if found and found.id == number and max(found.pulls, found.commits) <= MOST:
            wanted.append([number, node, name, moved, found.pulls, found.commits])
        else:
            left.append(_child(number, name, moved))
    page.children = tuple(left)
    page.cursor = {**look.cursor, "queue": rest} if rest else look.cursor["then"]
    if wanted:
        page.cursor = {"step": "wholes", "queue": wanted, "then": page.cursor}
    return page


def _wholes(client: Client, look: Look) -> Page:
    """All of as many small repositories as go into one question. Their marks say how far that came."""
    queue = [Wanted(*each) for each in look.cursor["queue"]]
    asked = _fitting(queue, look.cursor.get("size", TOGETHER))
    said = _asked(client, "wholes", queries.wholes(asked), sum(each.lists for each in asked))
    if not isinstance(said, Told):
        return _apart(look, [list(each) for each in asked], said)
    page, found, children = Page(fetch=said.fetch), list[Any](), list[FoundSource]()
    for index, each in enumerate(asked):
        part = None if f"r{index}" in said.wrong else said.data.get(f"r{index}")
        whole = queries.whole_of(part, each, said.fetch.at) if part else None
        found += whole.contributions if whole else ()
        children.append(_child(each.id, each.name, each.moved, whole.marks if whole else {}))
    page.found, page.children = Found(contributions=tuple(found)), tuple(children)
    rest = [list(each) for each in queue[len(asked) :]]
    page.cursor = {**look.cursor, "queue": rest} if rest else look.cursor["then"]
    return page


def _fitting(queue: Sequence[Wanted], most: int) -> list[Wanted]:
    asked, lists = list[Wanted](), 0
    for each in queue[:most]:
        if asked and lists + each.lists > LISTS:
            break
        asked.append(each)
        lists += each.lists
    return asked


def _child(number: str, name: str, moved: str, marks: dict[str, Any] | None = None) -> FoundSource:
    return FoundSource(SourceKind.REPOSITORY.value, number, name, moved, marks or {})


def _asked(client: Client, name: str, text: str, lists: int) -> Told | TooMuch | NoGraphQL:
    try:
        return client.query(name, text, points=queries.points(lists))
    except (TooMuch, NoGraphQL) as trouble:
        return trouble


def _apart(look: Look, asked: Sequence[Any], why: TooMuch | NoGraphQL) -> Page:
    """Too much at once: half as many the next time. Too much alone, or no GraphQL: looks of their own."""
    if isinstance(why, TooMuch) and len(asked) > 1:
        return Page(cursor={**look.cursor, "size": len(asked) // 2})
    queue = look.cursor["queue"]
    left = queue if isinstance(why, NoGraphQL) else asked
    rest = queue[len(left) :]
    page = Page(children=tuple(_child(number, name, moved) for number, _node, name, moved, *_n in left))
    page.cursor = {**look.cursor, "queue": rest} if rest else look.cursor["then"]
    return page


STEPS = {
    "owner": _owner,
    "repositories": _repositories,
    "sizes": _sizes,
    "wholes": _wholes,
    "members": _members,
}
