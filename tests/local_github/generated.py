"""A small organisation, generated from a seed: repositories, people, changes, reviews, releases, commits.

`truth()` tells what a complete sync must have found, as external ids.
"""

import datetime
import hashlib
import random
from typing import Any

START = datetime.datetime(2025, 1, 6, 9, tzinfo=datetime.UTC)
PAGES = "https://github.example"
LICENCES = [{"spdx_id": "MIT"}, {"spdx_id": "Apache-2.0"}, {"spdx_id": "NOASSERTION"}, None]


def _sha(*parts: object) -> str:
    return hashlib.sha1(" ".join(map(str, parts)).encode()).hexdigest()


def _text(at: datetime.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class World:
    def __init__(
        self, *, org: str = "kaveri-labs", repositories: int = 3, pulls: int = 12, seed: int = 1
    ) -> None:
        self.random = random.Random(seed)
        self.org = self._user(9000, org, "Organization")
        self.people = [self._user(100 + n, f"person-{n}", "User") for n in range(15)]
        self.people.append(self._user(99, "renovate[bot]", "Bot"))
        self.repositories: dict[str, dict[str, Any]] = {}
        self.pulls: dict[int, list[dict[str, Any]]] = {}
        self.reviews: dict[tuple[int, int], list[dict[str, Any]]] = {}
        self.releases: dict[int, list[dict[str, Any]]] = {}
        self.commits: dict[int, list[dict[str, Any]]] = {}
        for number in range(repositories):
            self.add_repository(f"project-{number}", pulls)

    def _user(self, user_id: int, login: str, kind: str) -> dict[str, Any]:
        return {"id": user_id, "login": login, "type": kind, "html_url": f"{PAGES}/{login}"}

    def add_repository(self, name: str, pulls: int = 0) -> int:
        repository_id = 5000 + len(self.repositories)
        full_name = f"{self.org['login']}/{name}"
        self.repositories[full_name] = {
            "id": repository_id,
            "full_name": full_name,
            "html_url": f"{PAGES}/{full_name}",
            "description": f"Tools number {repository_id}",
            "owner": self.org,
            "created_at": _text(START + datetime.timedelta(minutes=repository_id)),
            "license": LICENCES[repository_id % 4],
            "stargazers_count": repository_id % 97,
            "fork": False,
            "private": False,
        }
        for table in (self.pulls, self.releases, self.commits):
            table[repository_id] = []
        self.push(repository_id, START)
        for number in range(pulls):
            self.add_pull(repository_id, merge=("squash", "merge", "rebase", "")[number % 4])
            if number % 5 == 0:
                self.push(repository_id, self._now(repository_id))
        self.add_release(repository_id)
        return repository_id

    def _now(self, repository_id: int) -> datetime.datetime:
        """An hour after what happened last."""
        count = len(self.commits[repository_id]) + len(self.pulls[repository_id])
        return START + datetime.timedelta(hours=11 * (count + 1))

    def _commit(
        self, repository_id: int, at: datetime.datetime, parents: list[str], who: dict[str, Any] | None
    ) -> str:
        sha = _sha(repository_id, len(self.commits[repository_id]), at)
        commit = {
            "sha": sha,
            "parents": [{"sha": parent} for parent in parents],
            "author": who,
            "commit": {"committer": {"date": _text(at)}},
            "html_url": f"{PAGES}/commit/{sha}",
        }
        self.commits[repository_id].insert(0, commit)  # newest first, a child before its parent
        return sha

    def _head(self, repository_id: int) -> list[str]:
        return [self.commits[repository_id][0]["sha"]] if self.commits[repository_id] else []

    def push(self, repository_id: int, at: datetime.datetime | None = None) -> None:
        """Straight to the default branch; every third by an address GitHub cannot tie to anybody."""
        who = None if len(self.commits[repository_id]) % 3 == 2 else self.random.choice(self.people)
        self._commit(repository_id, at or self._now(repository_id), self._head(repository_id), who)
        self.commits[repository_id][0]["own"] = True

    def add_pull(self, repository_id: int, *, merge: str = "squash") -> None:
        """A closed pull request, merged in the given way; "" was not merged. Half of them are reviewed."""
        pulls, at = self.pulls[repository_id], self._now(repository_id)
        number = len(pulls) + 1
        author, reviewer = self.random.sample(self.people, 2)
        pull = {
            "id": repository_id * 1000 + number,
            "number": number,
            "user": author,
            "html_url": f"{PAGES}/pull/{repository_id}/{number}",
            "updated_at": _text(at + datetime.timedelta(hours=1)),
            "merged_at": _text(at) if merge else None,
            "merge_commit_sha": self._merge(repository_id, merge, at, author),
        }
        pulls.append(pull)
        who = [reviewer, author] if number % 2 else []
        self.reviews[repository_id, number] = [
            {
                "id": pull["id"] * 10 + index,
                "user": each,
                "submitted_at": _text(at - datetime.timedelta(hours=index + 1)),
                "html_url": f"{pull['html_url']}#review-{index}",
            }
            for index, each in enumerate(who)
        ]

    def _merge(
        self, repository_id: int, how: str, at: datetime.datetime, author: dict[str, Any]
    ) -> str | None:
        head = self._head(repository_id)
        if not how:
            return None
        if how == "squash":
            return self._commit(repository_id, at, head, author)
        before = datetime.timedelta(hours=2 if how == "merge" else 0)
        tip = head
        for _step in range(2):
            tip = [self._commit(repository_id, at - before, tip, author)]
        return self._commit(repository_id, at, [*head, *tip] if how == "merge" else tip, author)

    def add_release(self, repository_id: int) -> None:
        releases, at = self.releases[repository_id], self._now(repository_id)
        number = len(releases) + 1
        releases.insert(
            0,
            {
                "id": repository_id * 100 + number,
                "author": self.people[0],
                "published_at": _text(at),
                "draft": False,
                "prerelease": False,
                "html_url": f"{PAGES}/release/{repository_id}/{number}",
            },
        )

    def truth(self) -> set[str]:
        """External ids of everything that counts, each once."""
        found = set()
        for repository_id, pulls in self.pulls.items():
            merged = [pull for pull in pulls if pull["merged_at"]]
            found |= {f"github:pull:{pull['id']}" for pull in merged}
            found |= {
                f"github:review:{review['id']}"
                for pull in merged
                for review in self.reviews[repository_id, pull["number"]]
                if review["user"] != pull["user"]
            }
            found |= {f"github:release:{each['id']}" for each in self.releases[repository_id]}
            found |= {
                f"github:commit:{repository_id}:{each['sha']}"
                for each in self.commits[repository_id]
                if each.get("own")
            }
        return found

    def _named(self, login: str) -> dict[str, Any] | None:
        """Names are the same in any case."""
        everybody = [self.org, *self.people]
        return next((each for each in everybody if each["login"].lower() == login.lower()), None)

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """The JSON for an address, or None. Lists are whole; the server cuts them into pages."""
        parts = path.strip("/").split("/")
        match parts:
            case ["users", login] if self._named(login):
                here = self._named(login) or {}
                own = [each for each in self.repositories.values() if each["owner"] is here]
                return {**here, "public_repos": len(own), "created_at": _text(START)}
            case ["orgs", login] if login == self.org["login"]:
                return self.org
            case ["orgs", login, "repos"] if login == self.org["login"]:
                return sorted(self.repositories.values(), key=lambda each: each["created_at"], reverse=True)
            case ["repos", owner, name, *rest] if f"{owner}/{name}" in self.repositories:
                return self._of_repository(self.repositories[f"{owner}/{name}"], rest, query)
            case ["repositories", number, *rest]:
                here = [each for each in self.repositories.values() if str(each["id"]) == number]
                return self._of_repository(here[0], rest, query) if here else None
        return None

    def _of_repository(self, repository: dict[str, Any], rest: list[str], query: dict[str, str]) -> Any:
        repository_id = repository["id"]
        match rest:
            case []:
                return repository
            case ["releases"]:
                return self.releases[repository_id]
            case ["pulls"] if query.get("state") == "closed":
                newest = query.get("direction") == "desc"
                return sorted(self.pulls[repository_id], key=lambda each: each["updated_at"], reverse=newest)
            case ["pulls", number, "reviews"]:
                return self.reviews.get((repository_id, int(number)))
            case ["commits"]:
                return self.commits[repository_id]
        return None
