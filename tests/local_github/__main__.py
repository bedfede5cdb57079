"""`python -m tests.local_github [--port N] [--data DIR]`: prints its address and serves."""

import argparse
import threading
from pathlib import Path

from tests.local_github import LocalGitHub, Recorded, World


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.local_github", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--data", type=Path, help="folder of recorded scenarios; without it only the generated one"
    )
    parser.add_argument("--scenario", action="append", default=[], help="only these of the recorded ones")
    parser.add_argument("--org", default="kaveri-labs", help="name of the generated organisation")
    parser.add_argument("--repositories", type=int, default=3, help="how many it has")
    parser.add_argument("--oddities", action="store_true", help="and one of each that is out of the ordinary")
    options = parser.parse_args()
    recorded = Recorded(options.data, options.scenario) if options.data else None
    world = World(org=options.org, repositories=options.repositories, oddities=options.oddities)
    with LocalGitHub(recorded=recorded, world=world, port=options.port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
