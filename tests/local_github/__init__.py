"""A GitHub of our own for tests, speaking real HTTP: recorded traffic, and a small generated organisation."""

from tests.local_github.faults import Fault
from tests.local_github.generated import World
from tests.local_github.recorded import Recorded
from tests.local_github.server import LocalGitHub

__all__ = ["Fault", "LocalGitHub", "Recorded", "World"]
