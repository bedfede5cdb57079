"""Addresses of GitHub's REST over the generated world: whole lists, to be cut into pages, and things."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.local_github.generated import START, World, text_of
from tests.local_github.people import organisation, public_user
from tests.local_github.rest_bodies import Bodies

Json = dict[str, Any]


class Refusal(NamedTuple):
    """A status other than 200, and what is said."""

    status: int
    message: str
    location: str = ""  # path of where it moved


class Single(NamedTuple):
    body: Any


class Listing(NamedTuple):
    """`path` is its address by id, in which the links to further pages are written."""

    rows: Sequence[Json]
    body: Callable[[Json], Json]
    path: str


Said = Refusal | Single | Listing
NOT_FOUND = Refusal(404, "Not Found")


class Rest:
    def __init__(self, world: World, api: str) -> None:
        self.world, self.bodies, self.api = world, Bodies(world, api), api

    def answer(self, path: str, query: dict[str, str]) -> Said:
        match path.strip("/").split("/"):
            case ["users" | "orgs" as kind, login]:
                return self._account(kind, login)
            case ["users" | "orgs" as kind, login, "repos"]:
                return self._repositories(kind, self.world.account(login), query)
            case ["organizations" | "user" as kind, number, "repos"]:
                everybody = [self.world.org, *self.world.people, *self.world.others]
                who = next((each for each in everybody if str(each["id"]) == number), None)
                return self._repositories("orgs" if kind == "organizations" else "users", who, query)
            case ["user", number] if number.isdigit():
                who = next((each for each in self.world.people if str(each["id"]) == number), None)
                return self._account("users", who["login"]) if who else NOT_FOUND
            case ["users", login, "orgs"] if self.world.account(login):
                return Single([])
            case ["repos", owner, name, *rest]:
                return self._named(f"{owner}/{name}", rest, query)
            case ["repositories", number, *rest] if number.isdigit():
                home = self.world.repository_of(int(number))
                return self._of_repository(home, rest, query) if home else NOT_FOUND
        return NOT_FOUND

    def _account(self, kind: str, login: str) -> Said:
        who = self.world.account(login)
        if who is None or (kind == "orgs" and who["type"] != "Organization"):
            return NOT_FOUND
        body = organisation if kind == "orgs" else public_user
        own = len([each for each in self.world.repositories.values() if each["owner"]["id"] == who["id"]])
        return Single(body(who, self.api, repositories=own, since=text_of(START)))

    def _repositories(self, kind: str, who: Json | None, query: dict[str, str]) -> Said:
        if who is None or (kind == "orgs" and who["type"] != "Organization"):
            return NOT_FOUND
        rows = [
            each
            for each in self.world.repositories.values()
            if each["owner"]["id"] == who["id"] and not each["private"] and not each["state"]
        ]
        if query.get("type") in ("forks", "sources"):
            rows = [each for each in rows if each["fork"] == (query["type"] == "forks")]
        sort = query.get("sort", "created" if kind == "orgs" else "full_name")
        key = {
            "created": lambda each: (each["created_at"], each["id"]),
            "full_name": lambda each: each["full_name"],
            "pushed": lambda each: (self.bodies.pushed_at(each) or "", each["id"]),
            "updated": lambda each: (self.bodies.pushed_at(each) or each["created_at"], each["id"]),
        }[sort]
        down = query.get("direction", "asc" if sort == "full_name" else "desc") == "desc"
        start = "organizations" if kind == "orgs" else "user"
        rows.sort(key=key, reverse=down)
        return Listing(rows, self.bodies.repository, f"/{start}/{who['id']}/repos")

    def _named(self, full_name: str, rest: list[str], query: dict[str, str]) -> Said:
        home = self.world.named(full_name)
        if home is None and full_name.lower() in self.world.old_names:
            number = self.world.old_names[full_name.lower()]
            return Refusal(301, "Moved Permanently", "/".join(["", "repositories", str(number), *rest]))
        return self._of_repository(home, rest, query) if home else NOT_FOUND

    def _of_repository(self, home: Json, rest: list[str], query: dict[str, str]) -> Said:
        if home["private"] or home["state"] == "deleted":
            return NOT_FOUND
        if home["state"]:
            return Refusal(451 if home["state"] == "taken_down" else 403, "Repository access blocked")
        here, path = home["id"], f"/repositories/{'/'.join([str(home['id']), *rest])}"
        match rest:
            case []:
                return Single(self.bodies.full_repository(home))
            case ["releases"]:
                rows = [each for each in self.world.releases[here] if not each["draft"]]
                return Listing(rows, lambda each: self.bodies.release(each, home), path)
            case ["pulls", *which]:
                return self._pulls(home, which, query, path)
            case ["commits"]:
                return self._commits(home, query, path)
            case ["issues"]:
                return self._issues(home, query, path)
            case ["stats", "contributors"]:
                return Single([])
        return NOT_FOUND

    def _commits(self, home: Json, query: dict[str, str], path: str) -> Said:
        rows = self.world.commits[home["id"]]
        if not rows:
            return Refusal(409, "Git Repository is empty.")
        since, until = query.get("since", ""), query.get("until", "9")
        rows = [each for each in rows if since <= each["commit"]["committer"]["date"] <= until]
        return Listing(rows, lambda each: self.bodies.commit(each, home), path)

    def _issues(self, home: Json, query: dict[str, str], path: str) -> Said:
        """Every pull request is an issue, and this world has no others."""
        if not home.get("has_issues", True):
            return Refusal(410, "Issues are disabled for this repo")
        rows = self._of_state(home, query)
        rows = [each for each in rows if each["updated_at"] >= query.get("since", "")[:19]]
        return Listing(_ordered(rows, query), lambda each: self.bodies.issue(each, home), path)

    def _of_state(self, home: Json, query: dict[str, str]) -> list[Json]:
        state = query.get("state", "open")
        pulls = self.world.pulls[home["id"]]
        return [each for each in pulls if state in ("all", each.get("state", "closed"))]

    def _pulls(self, home: Json, which: list[str], query: dict[str, str], path: str) -> Said:
        if not which:
            body = self.bodies.repository(home)
            rows = _ordered(self._of_state(home, query), query)
            return Listing(rows, lambda each: self.bodies.pull(each, home, body), path)
        found = [each for each in self.world.pulls[home["id"]] if str(each["number"]) == which[0]]
        if not found:
            return NOT_FOUND
        pull = found[0]
        match which[1:]:
            case []:
                return Single(self.bodies.full_pull(pull, home))
            case ["reviews"]:
                rows = self.world.reviews[home["id"], pull["number"]]
                return Listing(rows, lambda each: self.bodies.review(each, pull, home), path)
            case ["commits"]:
                rows = self.bodies.commits_of(pull, home)
                return Listing(rows, lambda each: self.bodies.commit(each, home), path)
            case ["comments"]:
                return Single([])
            case ["requested_reviewers"]:
                return Single({"users": [], "teams": []})
        return NOT_FOUND


def _ordered(rows: list[Json], query: dict[str, str]) -> list[Json]:
    sort = query.get("sort", "created")
    name = {"created": "created_at", "updated": "updated_at"}.get(sort, "created_at")
    down = query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    return sorted(rows, key=lambda each: (each[name], each["id"]), reverse=down)
