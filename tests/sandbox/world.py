"""A grantee with an award, a lot, a published model and a key."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grants.models import Award, Lot
from mission.actions.people import grant_role
from mission.models import Role, User
from sandbox.actions.deployments import publish_deployment
from sandbox.actions.keys import make_key
from sandbox.models import ApiKey, Deployment
from tests.compute.lots import award, lot
from tests.world import person

MODEL = "smollm2-135m-instruct"
ASK: Any = [{"role": "user", "content": "Name a river in India."}]


@dataclass
class Grantee:
    user: User
    award: Award
    lot: Lot
    key: ApiKey
    secret: str

    def used(self) -> int:
        self.lot.refresh_from_db()
        return self.lot.used_ms


def model(**rates: int) -> Deployment:
    return publish_deployment(
        actor=None,
        name=MODEL,
        title="SmolLM2 135M Instruct",
        licence="Apache-2.0",
        **{"prompt_ms_per_ktoken": 100, "completion_ms_per_ktoken": 1000, **rates},
    )


def grantee(
    name: str, *, granted_ms: int = 1_000_000, lab: str = "Kaveri Labs", expires: int = 30, opens: int = -1
) -> Grantee:
    model()
    user = person(name)
    given = award(user, lab)
    opened = lot(granted_ms, to=given, opens=opens, expires=expires)
    grant_role(actor=None, user=user, role=Role.GRANTEE)
    key, secret = make_key(actor=user, award=given, label="Laptop")
    return Grantee(User.objects.get(pk=user.pk), given, opened, key, secret)


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something comes true within some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
