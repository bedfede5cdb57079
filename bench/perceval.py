"""Requests and quota a repository, beside perceval's GitHub backend, against one local GitHub in one run.

perceval has no category for releases, nor for commits that came without a pull request, and asks every pull
request by itself; what is compared is what its `pull_request` category brings: merged changes and reviews.
Ours brings those, and releases and plain commits besides. The local GitHub (tests/local_github) is held to
GitHub's own OpenAPI document and GraphQL schema, and charges as GitHub does: a request of REST is one point,
a 304 none, a GraphQL query what its connections come to.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.coldfront import Unavailable, command, plain_environment
from bench.house import ROOT
from bench.stores import stores
from tests.local_github import LocalGitHub, World, schemas

VERSION = "1.6.1"
REPOSITORIES, PULLS = 20, 30
PLENTY = 1_000_000  # of quota, so that nobody has to wait
ORG = "kaveri-labs"


@dataclass(frozen=True)
class Cost:
    requests: int
    core: int
    graphql: int

    @property
    def quota(self) -> int:
        return self.core + self.graphql

    def __str__(self) -> str:
        each = self.requests / REPOSITORIES, self.quota / REPOSITORIES
        return f"{each[0]:7.2f} requests {each[1]:7.2f} points a repository"


class Meter:
    """What the server was asked since the last reading."""

    def __init__(self, server: LocalGitHub) -> None:
        self.server, self.read = server, (0, 0, 0)

    def cost(self) -> Cost:
        now = (len(self.server.asked), self.server.core_used, self.server.graphql_used)
        before, self.read = self.read, now
        return Cost(*(b - a for a, b in zip(before, now, strict=True)))


def run() -> None:
    if missing := schemas.missing():
        print(f"   left out: {missing}")
        return
    world = World(org=ORG, repositories=REPOSITORIES, pulls=PULLS)
    with (
        tempfile.TemporaryDirectory(prefix="mission-bench-") as folder,
        LocalGitHub(world=world, limit=PLENTY, points=PLENTY, lenient=True) as server,
    ):
        try:
            python = install(Path(folder))
        except Unavailable as error:
            print(f"   perceval {VERSION} cannot be installed here: {error}")
            return
        show(server, python)


def install(folder: Path) -> Path:
    """perceval's Python, in a virtual environment of its own."""
    environment = plain_environment()
    command(folder, [sys.executable, "-m", "venv", str(folder / "venv")], environment)
    python = folder / "venv" / "bin" / "python"
    pip = f"-m pip install --quiet --disable-pip-version-check perceval=={VERSION}"
    command(folder, [str(python), *pip.split()], environment)
    return python


def show(server: LocalGitHub, python: Path) -> None:
    meter, world = Meter(server), server.world
    assert world
    print(
        f"   {REPOSITORIES} repositories of {PULLS} pull requests; a point is a request of REST or of GraphQL"
    )
    theirs = perceval(server, python, {}, people=True)
    first_theirs = meter.cost()
    perceval(server, python, {}, people=False)
    first_lean = meter.cost()
    with stores() as environment:
        environment |= {"GITHUB_API_URL": server.url, "GITHUB_TOKENS": "bench"}
        noted = len(server.invalid)
        rows = ours(environment)
        first_ours = meter.cost()
        assert rows == world.truth(), "ours did not find what there is"
        line("first time", first_ours, first_theirs, first_lean)
        perceval(server, python, theirs["since"], people=True)
        again_theirs = meter.cost()
        perceval(server, python, theirs["since"], people=False)
        again_lean = meter.cost()
        ours(environment)
        line("again, nothing new", meter.cost(), again_theirs, again_lean)
        world.add_pull(5000)
        perceval(server, python, theirs["since"], people=True)
        new_theirs = meter.cost()
        perceval(server, python, theirs["since"], people=False)
        new_lean = meter.cost()
        assert ours(environment) == world.truth(), "ours did not find what is new"
        line("again, one new change", meter.cost(), new_theirs, new_lean)
    own = [trouble for trouble in server.invalid[noted:] if "reviews?" not in trouble]
    print(f"   asked by us and not in GitHub's documents: {len(own)}")
    found = f"{theirs['pulls']} merged changes and {theirs['reviews']} reviews"
    print(f"   perceval's {found} are among our {len(rows)} rows; releases, and commits without a")
    print("   pull request, it has no category for: they are in our cost and not in its")


def perceval(server: LocalGitHub, python: Path, since: dict[str, str], *, people: bool) -> dict[str, Any]:
    """`people`: with the profile and organisations of everybody met, which is its default."""
    assert server.world
    names = [name.split("/")[1] for name in server.world.repositories]
    told = {"url": server.url, "owner": ORG, "repositories": names, "since": since, "people": people}
    done = subprocess.run(
        [str(python), "-P", str(ROOT / "bench" / "perceval_fetch.py")],
        input=json.dumps(told),
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"perceval failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ours(environment: dict[str, str]) -> set[str]:
    """External ids of what our sync holds after a look at everything."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.perceval_ours", ORG],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"our sync failed:\n{done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    if said["trouble"]:
        raise SystemExit(f"our sync was stopped: {said['trouble'][0]}")
    return set(said["rows"])


def line(when: str, our: Cost, their: Cost, lean: Cost) -> None:
    print(f"   {when}")
    print(f"      ours                      {our}  ({our.core} REST + {our.graphql} GraphQL points in all)")
    print(f"      perceval                  {their}  ours is {ratio(our, their)}")
    print(f"      perceval without people   {lean}  ours is {ratio(our, lean)}")


def ratio(our: Cost, their: Cost) -> str:
    if not our.quota:
        return "nothing at all"
    return (
        f"1/{their.quota / our.quota:.1f} of its quota, 1/{their.requests / our.requests:.1f} of its requests"
    )
