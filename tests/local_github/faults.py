"""What can go wrong with a server, switched on for one address or for all."""

import time
from dataclasses import dataclass


@dataclass
class Fault:
    """`times` answers to addresses containing `path` go wrong in the given `kind`:

    limited: 429 with Retry-After of `seconds`; forbidden: 403 with the same; exhausted: 403 with nothing
    remaining until then; slow: answered after `seconds`; cut: the body stops in the middle; broken: 502.
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 1

    def limit(self) -> tuple[int, dict[str, str]] | None:
        """Status and headers, where the fault is an answer of its own."""
        wait = str(round(self.seconds))
        if self.kind == "limited":
            return 429, {"Retry-After": wait}
        if self.kind == "forbidden":
            return 403, {"Retry-After": wait}
        if self.kind == "exhausted":
            return 403, {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(int(time.time() + self.seconds)),
            }
        return (502, {}) if self.kind == "broken" else None
