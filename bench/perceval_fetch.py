"""Run by perceval's own Python: its GitHub backend over some repositories. Prints what it found as JSON."""

import datetime
import json
import sys

from perceval.backends.core.github import GitHub


def main() -> None:
    """Told on standard input: address, owner, repositories, since when (by repository), people or not."""
    told = json.load(sys.stdin)
    found = {"pulls": 0, "reviews": 0, "since": {}}
    for name in told["repositories"]:
        backend = GitHub(
            owner=told["owner"], repository=name, api_token=["bench"], base_url=told["url"], sleep_time=0
        )
        since = told["since"].get(name)
        more = {"from_date": datetime.datetime.fromisoformat(since)} if since else {}
        for item in backend.fetch(category="pull_request", filter_classified=not told["people"], **more):
            pull = item["data"]
            found["pulls"] += bool(pull["merged_at"])
            found["reviews"] += len(pull["reviews_data"])
            found["since"][name] = max(found["since"].get(name, ""), pull["updated_at"])
    json.dump(found, sys.stdout)


main()
