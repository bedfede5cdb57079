"""The generated world in the words of GitHub's REST: every field that its OpenAPI document asks for."""

from typing import Any
from urllib.parse import quote

from tests.local_github.generated import World, sha_of
from tests.local_github.people import GHOST, PAGES, git_identity, node_id, short, simple_user

Json = dict[str, Any]
PLAIN_LISTS = ["contributors", "deployments", "downloads", "events", "forks", "hooks", "languages", "merges"]
PLAIN_LISTS += ["stargazers", "subscribers", "tags", "teams"]
LISTS_WITH_ONE = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "statuses_url": "statuses/{sha}",
    "trees_url": "git/trees{/sha}",
}


class Bodies:
    """Bodies with addresses of `api`, where the server listens."""

    def __init__(self, world: World, api: str) -> None:
        self.world, self.api = world, api
        self._users: dict[int, Json] = {}

    def user(self, who: Json | None) -> Json | None:
        if who is None:
            return None
        if who["id"] not in self._users:
            self._users[who["id"]] = simple_user(who, self.api)
        return self._users[who["id"]]

    def repository(self, here: Json) -> Json:
        """As a list shows it (`minimal-repository`, `repository`)."""
        api, name = f"{self.api}/repos/{here['full_name']}", here["full_name"].split("/")[1]
        licence, spdx = None, here["license"]
        if spdx:
            key = "other" if spdx == "NOASSERTION" else spdx.lower()
            url = None if key == "other" else f"{self.api}/licenses/{key}"
            licence = {"key": key, "name": spdx, "spdx_id": spdx, "url": url, "node_id": node_id("L", 1)}
        counts = dict.fromkeys(("forks", "forks_count", "open_issues", "open_issues_count"), 0)
        stars = dict.fromkeys(("stargazers_count", "watchers_count", "watchers"), here["stargazers_count"])
        has = ("projects", "wiki", "pages", "discussions", "downloads", "pull_requests")
        return {
            **{key: here[key] for key in ("id", "full_name", "html_url", "description", "fork", "private")},
            **{key: here[key] for key in ("archived", "disabled", "mirror_url", "created_at")},
            **{f"{each}_url": f"{api}/{each}" for each in PLAIN_LISTS},
            **{key: f"{api}/{rest}" for key, rest in LISTS_WITH_ONE.items()},
            **{f"has_{each}": each in ("downloads", "pull_requests") for each in has},
            **counts,
            **stars,
            "has_issues": here.get("has_issues", True),
            "subscription_url": f"{api}/subscription",
            "url": api,
            "name": name,
            "node_id": node_id("R", here["id"]),
            "owner": self.user(here["owner"]),
            "license": licence,
            "pushed_at": self.pushed_at(here),
            "updated_at": self.pushed_at(here) or here["created_at"],
            "size": len(self.world.commits[here["id"]]),
            "default_branch": "main",
            "homepage": None,
            "language": "Python",
            "visibility": "private" if here["private"] else "public",
            "clone_url": f"{here['html_url']}.git",
            "svn_url": here["html_url"],
            "git_url": f"git://github.example/{here['full_name']}.git",
            "ssh_url": f"git@github.example:{here['full_name']}.git",
            "topics": [],
        }

    def full_repository(self, here: Json) -> Json:
        body = self.repository(here) | {"network_count": 0, "subscribers_count": 0}
        body["pushed_at"] = body["pushed_at"] or here["created_at"]
        parent = self.world.repository_of(here.get("parent", 0))
        if parent:
            body |= {"parent": self.repository(parent), "source": self.repository(parent)}
        return body

    def pushed_at(self, here: Json) -> str | None:
        """When a branch or a tag moved last."""
        commits = [each["commit"]["committer"]["date"] for each in self.world.commits[here["id"]][:1]]
        return max(
            [*commits, *(each["published_at"] for each in self.world.releases[here["id"]])], default=None
        )

    def pull(self, here: Json, home: Json, home_body: Json) -> Json:
        """As a list shows it (`pull-request-simple`)."""
        api, number = f"{self.api}/repos/{home['full_name']}", here["number"]
        issue, own = f"{api}/issues/{number}", f"{api}/pulls/{number}"
        head = sha_of("head", here["id"])
        branch = {"repo": home_body, "user": self.user(home["owner"])}
        owner = home["owner"]["login"]
        links = {
            "self": own,
            "html": here["html_url"],
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{own}/comments",
            "review_comment": f"{api}/pulls/comments{{/number}}",
            "commits": f"{own}/commits",
            "statuses": f"{api}/statuses/{head}",
        }
        urls = ("issue", "comments", "review_comments", "review_comment", "commits", "statuses")
        return {
            **{key: here[key] for key in ("id", "number", "html_url", "created_at", "updated_at")},
            **{key: here[key] for key in ("merged_at", "merge_commit_sha")},
            **{f"{name}_url": links[name] for name in urls},
            **dict.fromkeys(("assignee", "milestone", "body", "active_lock_reason", "auto_merge")),
            **{name: [] for name in ("labels", "assignees", "requested_reviewers", "requested_teams")},
            "user": self.user(here["user"] or GHOST),
            "url": own,
            "diff_url": f"{here['html_url']}.diff",
            "patch_url": f"{here['html_url']}.patch",
            "node_id": node_id("PR", home["id"], here["id"]),
            "state": here.get("state", "closed"),
            "locked": False,
            "title": f"Change number {number}",
            "closed_at": here["merged_at"] or here["updated_at"],
            "head": {"label": f"{owner}:work-{number}", "ref": f"work-{number}", "sha": head, **branch},
            "base": {"label": f"{owner}:main", "ref": "main", "sha": sha_of("base", here["id"]), **branch},
            "_links": {name: {"href": address} for name, address in links.items()},
            "author_association": "CONTRIBUTOR",
            "draft": False,
        }

    def full_pull(self, here: Json, home: Json) -> Json:
        """`pull-request`: what a pull request's own address answers."""
        counts = dict.fromkeys(("comments", "review_comments", "additions", "deletions", "changed_files"), 0)
        return self.pull(here, home, self.repository(home)) | {
            **counts,
            "commits": len(self.commits_of(here, home)),
            "merged": bool(here["merged_at"]),
            "merged_by": self.user(here["merged_by"]),
            "mergeable": None,
            "rebaseable": None,
            "mergeable_state": "unknown",
            "maintainer_can_modify": False,
        }

    def commits_of(self, pull: Json, home: Json) -> list[Json]:
        """Commits of a pull request: as it was merged, oldest first."""
        carried = [each for each in self.world.commits[home["id"]] if each["pull"] == pull["number"]]
        return carried[::-1]

    def issue(self, pull: Json, home: Json) -> Json:
        """A pull request among the issues (`issue`)."""
        api = f"{self.api}/repos/{home['full_name']}"
        own = f"{api}/issues/{pull['number']}"
        address = f"{api}/pulls/{pull['number']}"
        return {
            "id": pull["id"] + 1,
            "node_id": node_id("I", home["id"], pull["id"]),
            **{key: pull[key] for key in ("number", "html_url", "created_at", "updated_at")},
            **dict.fromkeys(("assignee", "milestone", "body", "active_lock_reason")),
            "url": own,
            "repository_url": api,
            **{f"{name}_url": f"{own}/{name}" for name in ("comments", "events")},
            "labels_url": f"{own}/labels{{/name}}",
            "labels": [],
            "assignees": [],
            "comments": 0,
            "state": "closed",
            "state_reason": None,
            "locked": False,
            "title": f"Change number {pull['number']}",
            "user": self.user(pull["user"] or GHOST),
            "closed_at": pull["merged_at"] or pull["updated_at"],
            "author_association": "CONTRIBUTOR",
            "draft": False,
            "pull_request": {
                "url": address,
                "html_url": pull["html_url"],
                "diff_url": f"{pull['html_url']}.diff",
                "patch_url": f"{pull['html_url']}.patch",
                "merged_at": pull["merged_at"],
            },
        }

    def review(self, here: Json, pull: Json, home: Json) -> Json:
        """Of somebody who deleted the account, a review says null where a pull request says ghost."""
        address = f"{self.api}/repos/{home['full_name']}/pulls/{pull['number']}"
        who = here["user"]
        return {
            **{key: here[key] for key in ("id", "state", "submitted_at", "html_url")},
            "node_id": node_id("PRR", home["id"], here["id"]),
            "user": None if who is None or who["id"] == GHOST["id"] else self.user(who),
            "body": "",
            "pull_request_url": address,
            "author_association": "CONTRIBUTOR",
            "_links": {"html": {"href": here["html_url"]}, "pull_request": {"href": address}},
            "commit_id": sha_of("head", pull["id"]),
        }

    def release(self, here: Json, home: Json) -> Json:
        api = f"{self.api}/repos/{home['full_name']}"
        own = f"{api}/releases/{here['id']}"
        tag = quote(here["tag_name"])
        keys = ("id", "tag_name", "draft", "prerelease", "created_at", "published_at", "html_url")
        return {
            **{key: here[key] for key in keys},
            "url": own,
            "assets_url": f"{own}/assets",
            "upload_url": f"{own}/assets{{?name,label}}",
            "tarball_url": f"{api}/tarball/{tag}",
            "zipball_url": f"{api}/zipball/{tag}",
            "node_id": node_id("RE", here["id"]),
            "target_commitish": "main",
            "name": here["tag_name"],
            "body": None,
            "immutable": False,
            "author": self.user(here["author"] or GHOST),
            "assets": [],
        }

    def commit(self, here: Json, home: Json) -> Json:
        api, sha = f"{self.api}/repos/{home['full_name']}", here["sha"]
        date, (name, email) = here["commit"]["committer"]["date"], git_identity(here["author"])
        written = {"name": name, "email": email, "date": date}
        no_signature = {"verified": False, "reason": "unsigned", "signature": None, "payload": None}
        return {
            "sha": sha,
            "node_id": node_id("C", home["id"], short(sha)),
            "url": f"{api}/commits/{sha}",
            "html_url": here["html_url"],
            "comments_url": f"{api}/commits/{sha}/comments",
            "author": self.user(here["author"]),
            "committer": self.user(here["author"]),
            "parents": [self._parent(each["sha"], api) for each in here["parents"]],
            "commit": {
                "author": written,
                "committer": written,
                "message": f"Change {sha[:7]}",
                "tree": {"sha": sha_of("tree", sha), "url": f"{api}/git/trees/{sha_of('tree', sha)}"},
                "url": f"{api}/git/commits/{sha}",
                "comment_count": 0,
                "verification": no_signature | {"verified_at": None},
            },
        }

    def _parent(self, sha: str, api: str) -> Json:
        return {"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{PAGES}/commit/{sha}"}
