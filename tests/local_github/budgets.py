"""What a credential may still ask within the hour: requests of REST, points of GraphQL, searches."""

import threading
import time
from dataclasses import dataclass, field

HOUR = 3600
Headers = dict[str, str]


@dataclass
class Budget:
    resource: str
    limit: int
    used: int = 0
    reset: int = field(default_factory=lambda: int(time.time()) + HOUR)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def charge(self, points: int) -> bool:
        """False, and nothing charged, where it has run dry."""
        with self.lock:
            if points and self.remaining < points:
                return False
            self.used += points
            return True

    def headers(self, ahead: float = 0) -> Headers:
        """`ahead`: how many seconds the server's clock is before ours."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(self.reset + round(ahead)),
            "X-RateLimit-Resource": self.resource,
        }

    def said(self) -> dict[str, int]:
        """As /rate_limit tells it."""
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.remaining,
            "reset": self.reset,
        }
