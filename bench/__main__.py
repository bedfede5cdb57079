"""`make bench` runs all of them, `make bench ARGS=gateway` one."""

import importlib
import sys

BENCHES = ["pages", "gateway", "desk", "perceval"]

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.{name}").run()
