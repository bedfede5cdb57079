"""`python -m tests.local_huggingface --data models.jsonl [--port N]`: prints its address and serves."""

import argparse
import threading
from pathlib import Path

from tests.local_huggingface.server import LocalHub, load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.local_huggingface", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path, required=True, help="models, one JSON object a line")
    options = parser.parse_args()
    with LocalHub(load(options.data), port=options.port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
