"""What can go wrong with a server, switched on for one address or for all."""

import time
from dataclasses import dataclass

LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
EXHAUSTED = "API rate limit exceeded for user ID 1."
# Answers of their own: status and what is said. REST only, unless the kind is among ANYWHERE.
ANSWERS = {
    "limited": (429, LIMIT),
    "limited_bare": (429, LIMIT),
    "forbidden": (403, LIMIT),
    "forbidden_bare": (403, LIMIT),
    "exhausted": (403, EXHAUSTED),
    "broken": (502, "Server Error"),
    "failing": (500, "Server Error"),
    "hidden": (404, "Not Found"),
    "blocked": (403, "Repository access blocked"),
    "taken_down": (451, "Repository access blocked"),
    "empty": (409, "Git Repository is empty."),
    "switched_off": (410, "Issues are disabled for this repo"),
}
ANYWHERE = {"limited", "limited_bare", "forbidden", "forbidden_bare", "broken", "failing"}
ANYWHERE |= {"slow", "cut", "clock", "repeated"}
REST = {*ANSWERS, *ANYWHERE, "preparing", "redirected"}
GRAPHQL = {*ANYWHERE, "points", "timed_out"}
ALIAS = {"alias_missing", "alias_timed_out"}


@dataclass
class Fault:
    """`times` answers to addresses containing `path` go wrong in the given `kind`.

    Everywhere: limited and forbidden are 429 and 403 with Retry-After of `seconds`, limited_bare and
    forbidden_bare the same without it; broken and failing are 502 and 500; slow: answered after `seconds`;
    cut: the body stops in the middle; clock: the server's clock is `seconds` ahead of ours, or behind;
    repeated: a page begins with the last item of the page before, as after an insertion.

    REST: exhausted: 403 with nothing remaining until `seconds` from now; hidden 404, blocked 403, taken_down
    451, empty 409, switched_off 410; preparing: 202 with an empty body; redirected: 307 to the same thing.

    GraphQL: points: 200 with RATE_LIMITED, nothing remaining until then; timed_out: 502 with its error.
    alias_missing and alias_timed_out: one field of the query fails beside the data of the others; `alias` is
    looked for in its name and in what it asks.

    With `after` it sleeps until an address containing that is asked, which is the first to meet it.
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 1
    alias: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in REST | GRAPHQL | ALIAS:
            raise ValueError(f"no fault is called {self.kind}")

    def answer(self, now: float) -> tuple[int, str, dict[str, str]] | None:
        """Status, message and headers, where it is an answer of its own. `now` is the server's clock."""
        if self.kind not in ANSWERS:
            return None
        status, message = ANSWERS[self.kind]
        if self.kind in ("limited", "forbidden"):
            return status, message, {"Retry-After": str(round(self.seconds))}
        if self.kind == "exhausted":
            reset = str(int(now + self.seconds))
            return status, message, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return status, message, {}

    def wait(self) -> None:
        if self.kind == "slow":
            time.sleep(self.seconds)
