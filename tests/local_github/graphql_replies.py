"""Replies of GraphQL: charged to their own budget; running dry is an error with status 200."""

import datetime
import json
from typing import TYPE_CHECKING, Any

from tests.local_github.budgets import Budget
from tests.local_github.faults import EXHAUSTED, Fault
from tests.local_github.recorded import Answer
from tests.local_github.rest_replies import refusal

if TYPE_CHECKING:
    from tests.local_github.server import LocalGitHub

Json = dict[str, Any]
TIMED_OUT = (
    "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request."
)


def _json(status: int, body: Json, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, json.dumps(body).encode())


class GraphqlReplies:
    def __init__(self, server: "LocalGitHub", budget: Budget) -> None:
        self.server, self.budget = server, budget

    def of_fault(self, fault: Fault, now: float) -> Answer | None:
        """The fault's own answer, where it has one."""
        if fault.kind == "points":
            reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(now + fault.seconds))}
            return _json(200, {"errors": [{"type": "RATE_LIMITED", "message": EXHAUSTED}]}, reset)
        if fault.kind == "timed_out":
            return _json(502, {"data": None, "errors": [{"message": TIMED_OUT}]})
        said = fault.answer(now)
        return refusal(*said) if said else None

    def answer(self, headers: dict[str, str], body: bytes, *, again: bool) -> tuple[Answer, int]:
        """The answer, and the points it cost."""
        if not self.server.checked or self.server.world is None:
            return refusal(404, "Not Found"), 0  # GitHub's schema is not installed
        if "authorization" not in {name.lower() for name in headers}:
            self.server.note("POST /graphql without a token")
            return refusal(401, "This endpoint requires you to be authenticated."), 0
        from tests.local_github import graphql_answers as queries  # only where the schema is installed

        try:
            asked = queries.read(body)
        except queries.Unfit as error:
            self.server.note(f"POST /graphql: {error}")
            return _json(200, {"errors": error.errors}), 0
        except (ValueError, KeyError, TypeError):
            self.server.note("POST /graphql with a body that is no query")
            return refusal(400, "Problems parsing JSON"), 0
        points = asked.weight.points
        if not self.budget.charge(points):
            return _json(200, {"errors": [{"type": "RATE_LIMITED", "message": EXHAUSTED}]}), 0
        return _json(200, self._executed(asked, again=again)), points

    def _executed(self, asked: Any, *, again: bool) -> Json:
        from tests.local_github import graphql_answers as queries
        from tests.local_github.graphql_root import WENT_WRONG, Query
        from tests.local_github.graphql_things import Ground

        assert self.server.world
        reset = datetime.datetime.fromtimestamp(self.budget.reset + self.server.clock_ahead, datetime.UTC)
        rate = {
            "cost": asked.weight.points,
            "nodeCount": asked.weight.nodes,
            "limit": self.budget.limit,
            "remaining": self.budget.remaining,
            "used": self.budget.used,
            "resetAt": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        ground = Ground(self.server.world, self.server.page_cap, again, rate)
        unknown: list[str] = []
        said = queries.execute(asked, Query(ground, self.server.broken_alias), unknown)
        for each in said.get("errors", []):
            if "type" not in each and each["message"] != WENT_WRONG:
                self.server.note(f"our own answer: {each['message']}")
        return said
