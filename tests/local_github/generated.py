"""A small GitHub, generated from a seed: repositories, people, changes, reviews, releases, commits.

What is kept here is what matters; rest_bodies.py and graphql_fields.py say it in GitHub's words. `truth()`
tells what a complete sync must have found, as external ids, and `truth_rows()` with all that matters.
"""

import datetime
import hashlib
import random
from typing import Any

from tests.local_github import truth
from tests.local_github.people import AGENT, DEPENDABOT, GHOST, PAGES, PLACEHOLDER, account

START = datetime.datetime(2025, 1, 6, 9, tzinfo=datetime.UTC)
LICENCES = ["MIT", "Apache-2.0", "NOASSERTION", None]
GIVEN = object()
Json = dict[str, Any]


def sha_of(*parts: object) -> str:
    return hashlib.sha1(" ".join(map(str, parts)).encode()).hexdigest()


def text_of(at: datetime.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class World:
    """`oddities` adds one of each: see add_oddities."""

    def __init__(
        self,
        *,
        org: str = "kaveri-labs",
        repositories: int = 3,
        pulls: int = 12,
        seed: int = 1,
        oddities: bool = False,
    ) -> None:
        self.random = random.Random(seed)
        self.org = account(9000, org, "Organization")
        self.people = [account(100 + n, f"person-{n}", "User") for n in range(15)]
        self.people.append(account(99, "renovate[bot]", "Bot"))
        self.others = [GHOST, AGENT, DEPENDABOT, PLACEHOLDER, account(8000, "upstream", "Organization")]
        self.repositories: dict[str, Json] = {}
        self.old_names: dict[str, int] = {}  # "owner/name", in small letters → id
        self.pulls: dict[int, list[Json]] = {}
        self.reviews: dict[tuple[int, int], list[Json]] = {}
        self.releases: dict[int, list[Json]] = {}
        self.commits: dict[int, list[Json]] = {}
        self.latest: dict[int, datetime.datetime] = {}  # when something happened last
        for number in range(repositories):
            self.add_repository(f"project-{number}", pulls)
        if oddities:
            self.add_oddities()

    # Repositories

    def add_repository(self, name: str, pulls: int = 0, *, owner: Json | None = None, **more: Any) -> int:
        """`more`: fork=True, mirror_url="…", archived=True, empty=True, has_issues=False, parent=id …"""
        owner = owner or self.org
        repository_id = 5000 + len(self.pulls)
        full_name = f"{owner['login']}/{name}"
        self.old_names.pop(full_name.lower(), None)  # the name means this one from now on
        self.repositories[full_name] = {
            "id": repository_id,
            "full_name": full_name,
            "html_url": f"{PAGES}/{full_name}",
            "description": f"Tools number {repository_id}",
            "owner": owner,
            "created_at": text_of(START + datetime.timedelta(minutes=repository_id)),
            "license": LICENCES[repository_id % 4],
            "stargazers_count": repository_id % 97,
            "fork": False,
            "private": False,
            "archived": False,
            "disabled": False,
            "mirror_url": None,
            "state": "",  # deleted | taken_down | blocked
            **more,
        }
        for table in (self.pulls, self.releases, self.commits):
            table[repository_id] = []
        if more.get("empty"):
            return repository_id
        self.push(repository_id, START)
        for number in range(pulls):
            self.add_pull(repository_id, merge=("squash", "merge", "rebase", "")[number % 4])
            if number % 5 == 0:
                self.push(repository_id, self._now(repository_id))
        self.add_release(repository_id)
        return repository_id

    def add_oddities(self) -> None:
        """A fork, a mirror, an archived and an empty repository; one with more pulls than fit on a page, one
        pull with more reviews than do; changes by somebody deleted, bots, a coding agent, a placeholder."""
        upstream = self.add_repository("engine", owner=self.others[-1])
        self.add_repository("engine-fork", 1, fork=True, parent=upstream)
        self.add_repository("engine-mirror", 1, mirror_url=f"{PAGES}/upstream/engine.git")
        self.add_repository("old-tools", 2, archived=True)
        self.add_repository("empty", empty=True)
        self.add_repository("many-changes", 130)
        odd = self.add_repository("odd-people", 1)
        for who in (GHOST, AGENT, DEPENDABOT, PLACEHOLDER):
            self.add_pull(odd, author=who)
            self.add_review(odd, self.add_pull(odd, author=self.people[0]), who)
        for who in (AGENT, self.people[-1]):
            self.push(odd, author=who)
        number = self.add_pull(odd, author=self.people[1])
        for index in range(120):
            self.add_review(odd, number, self.people[2 + index % 5])
        self.add_release(odd, prerelease=True)

    def account(self, login: str) -> Json | None:
        """Names are the same in any case."""
        everybody = [self.org, *self.people, *self.others]
        return next((each for each in everybody if each["login"].lower() == login.lower()), None)

    def repository_of(self, repository_id: int) -> Json | None:
        return next((each for each in self.repositories.values() if each["id"] == repository_id), None)

    def named(self, full_name: str) -> Json | None:
        """The repository that has this name now, in any case of letters."""
        if full_name in self.repositories:
            return self.repositories[full_name]
        low = full_name.lower()
        return next((each for name, each in self.repositories.items() if name.lower() == low), None)

    def rename(self, repository_id: int, name: str, *, owner: Json | None = None) -> None:
        """Rename it, or transfer it to another owner. Its old name leads to it until somebody takes that."""
        full_name, here = next(
            (n, each) for n, each in self.repositories.items() if each["id"] == repository_id
        )
        del self.repositories[full_name]
        self.old_names[full_name.lower()] = repository_id
        here["owner"] = owner or here["owner"]
        here["full_name"] = f"{here['owner']['login']}/{name}"
        here["html_url"] = f"{PAGES}/{here['full_name']}"
        self.repositories[here["full_name"]] = here
        self.old_names.pop(here["full_name"].lower(), None)

    def end(self, repository_id: int, state: str = "deleted") -> None:
        """deleted: as if it had never been; taken_down: 451; blocked: 403; "": it is there again."""
        here = self.repository_of(repository_id)
        assert here, repository_id
        here["state"] = state

    # What happens in them

    def _now(self, repository_id: int) -> datetime.datetime:
        """Hours after what happened last: whatever happens changes a time that is later than all before."""
        count = len(self.commits[repository_id]) + len(self.pulls[repository_id])
        usual = START + datetime.timedelta(hours=11 * (count + 1))
        return max(usual, self.latest.get(repository_id, START) + datetime.timedelta(minutes=1))

    def _commit(
        self,
        repository_id: int,
        at: datetime.datetime,
        parents: list[str],
        who: Json | None,
        pull: int | None = None,
    ) -> str:
        sha = sha_of(repository_id, len(self.commits[repository_id]), at)
        commit = {
            "sha": sha,
            "parents": [{"sha": parent} for parent in parents],
            "author": who,
            "commit": {"committer": {"date": text_of(at)}},
            "html_url": f"{PAGES}/commit/{sha}",
            "pull": pull,
        }
        self.commits[repository_id].insert(0, commit)  # newest first, a child before its parent
        return sha

    def _head(self, repository_id: int) -> list[str]:
        return [self.commits[repository_id][0]["sha"]] if self.commits[repository_id] else []

    def push(self, repository_id: int, at: datetime.datetime | None = None, *, author: Any = GIVEN) -> None:
        """Straight to the default branch; every third by an address GitHub cannot tie to anybody."""
        if author is GIVEN:
            unknown = len(self.commits[repository_id]) % 3 == 2
            author = None if unknown else self.random.choice(self.people)
        at = at or self._now(repository_id)
        self._commit(repository_id, at, self._head(repository_id), author)
        self.latest[repository_id] = max(at, self.latest.get(repository_id, at))
        self.commits[repository_id][0]["own"] = True

    def add_pull(self, repository_id: int, *, merge: str = "squash", author: Json | None = None) -> int:
        """A closed pull request, merged in the given way; "" was not merged. Half of them are reviewed.

        Returns its number."""
        pulls, at = self.pulls[repository_id], self._now(repository_id)
        number = len(pulls) + 1
        chosen, reviewer = self.random.sample(self.people, 2)
        author = author or chosen
        pull = {
            "id": 3_000_000_000 + repository_id * 100_000 + number,  # more than 32 bits hold, as there
            "number": number,
            "user": author,
            "html_url": f"{PAGES}/pull/{repository_id}/{number}",
            "created_at": text_of(at - datetime.timedelta(days=1)),
            "updated_at": text_of(at + datetime.timedelta(hours=1)),
            "merged_at": text_of(at) if merge else None,
            "merged_by": self.people[number % 15] if merge else None,
            "merge_commit_sha": self._merge(repository_id, merge, at, author, number),
        }
        pulls.append(pull)
        self.latest[repository_id] = at + datetime.timedelta(hours=1)
        self.reviews[repository_id, number] = []
        for index, who in enumerate([reviewer, author] if number % 2 else []):
            self._review(repository_id, pull, who, at - datetime.timedelta(hours=index + 1))
        return number

    def add_review(self, repository_id: int, number: int, who: Json, state: str = "APPROVED") -> None:
        """A review after the fact; the pull request counts as changed."""
        pull = next(each for each in self.pulls[repository_id] if each["number"] == number)
        at = self._now(repository_id)
        self._review(repository_id, pull, who, at, state)
        pull["updated_at"], self.latest[repository_id] = text_of(at), at

    def _review(
        self, repository_id: int, pull: Json, who: Json, at: datetime.datetime, state: str = "APPROVED"
    ) -> None:
        reviews = self.reviews[repository_id, pull["number"]]
        reviews.append(
            {
                "id": pull["id"] * 1000 + len(reviews),
                "user": who,
                "state": state,
                "submitted_at": text_of(at),
                "html_url": f"{pull['html_url']}#review-{len(reviews)}",
            }
        )

    def _merge(
        self, repository_id: int, how: str, at: datetime.datetime, author: Json, number: int
    ) -> str | None:
        head = self._head(repository_id)
        if not how:
            return None
        if author is GHOST:  # nobody is behind the address any more
            return self._commit(repository_id, at, head, None, number)
        if how == "squash":
            return self._commit(repository_id, at, head, author, number)
        before = datetime.timedelta(hours=2 if how == "merge" else 0)
        tip = head
        for _step in range(2):
            tip = [self._commit(repository_id, at - before, tip, author, number)]
        parents = [*head, *tip] if how == "merge" else tip
        return self._commit(repository_id, at, parents, author, number)

    def add_release(
        self, repository_id: int, *, author: Json | None = None, prerelease: bool = False
    ) -> None:
        releases, at = self.releases[repository_id], self._now(repository_id)
        number = len(releases) + 1
        release = {
            "id": repository_id * 100 + number,
            "author": author or self.people[0],
            "created_at": text_of(at),
            "published_at": text_of(at),
            "tag_name": f"v0.{number}",
            "draft": False,
            "prerelease": prerelease,
            "html_url": f"{PAGES}/release/{repository_id}/{number}",
        }
        releases.insert(0, release)
        self.latest[repository_id] = at

    # What a sync must find

    def truth_rows(self, *, org: str = "") -> set[truth.Row]:
        """Everything that counts, each once, in the repositories of one owner (ours, unless told)."""
        return truth.rows(self, org or self.org["login"])

    def truth(self) -> set[str]:
        """External ids of everything that counts, each once."""
        return {row.external_id for row in self.truth_rows()}
