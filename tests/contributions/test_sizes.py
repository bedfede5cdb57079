"""What a model needs to run: from its own quantised file, or worked out from its parameters."""

import pytest

from contributions.found import FoundFile
from contributions.sizes import LAPTOP_BYTES, OVERHEAD, PHONE_BYTES, fit, parameters_told, smallest_machine

BILLION = 1_000_000_000


@pytest.mark.parametrize(
    ("parameters", "runs_on"),
    [(135_000_000, "phone"), (4 * BILLION, "phone"), (8 * BILLION, "laptop"), (13 * BILLION, "laptop"),
     (24 * BILLION, "server"), (405 * BILLION, "server")],
)  # fmt: skip
def test_the_smallest_machine_that_holds_it(parameters: int, runs_on: str) -> None:
    found = fit(parameters)
    assert found.quantised_bytes == int(parameters * 4.85 / 8)
    assert found.runs_on == runs_on


def test_llama_3_1_8b_comes_out_as_llama_cpp_says() -> None:
    """4.58 GiB by llama.cpp's own table, within two per cent."""
    assert fit(8_030_261_248).quantised_bytes == pytest.approx(4.58 * 2**30, rel=0.02)


def test_unknown_where_nothing_tells() -> None:
    assert fit(None) == (None, "", "")
    assert fit(None, [FoundFile("model.safetensors", 5 * BILLION)]) == (None, "", "")


def test_a_publishers_own_gguf_goes_before_the_formula() -> None:
    files = [
        FoundFile("m-Q2_K.gguf", 3 * BILLION),
        FoundFile("m-Q4_K_M-00001-of-00002.gguf", 3 * BILLION),
        FoundFile("m-Q4_K_M-00002-of-00002.gguf", 2 * BILLION),
        FoundFile("m-Q8_0.gguf", 9 * BILLION),
        FoundFile("mmproj-m.gguf", BILLION),
    ]
    assert fit(8 * BILLION, files) == (5 * BILLION, "laptop", "m-Q4_K_M.gguf")
    without = [file for file in files if "Q4_K_M" not in file.path]
    assert fit(8 * BILLION, without).from_file == "m-Q8_0.gguf"  # two bits a weight is another model
    assert fit(None, without).from_file == "m-Q2_K.gguf"


def test_a_model_published_quantised_is_as_large_as_its_files() -> None:
    files = [FoundFile("model.safetensors", 2 * BILLION), FoundFile("optimizer.pt", 9 * BILLION)]
    assert fit(None, files, lineage={"quantized"}).quantised_bytes == 2 * BILLION
    assert fit(8 * BILLION, files).quantised_bytes == 2 * BILLION


def test_an_adapter_does_not_run_by_itself() -> None:
    assert fit(40_000_000, lineage={"adapter"}) == (None, "", "")


def test_packed_weights_are_not_counted_as_parameters() -> None:
    assert parameters_told({"I32": 900, "F16": 100}, 1000) is None
    assert parameters_told({"BF16": 1000, "I64": 2}, 1002) == 1002
    assert parameters_told({}, 7) == 7


def test_thresholds_hold_what_running_takes_besides() -> None:
    assert smallest_machine(int(PHONE_BYTES / OVERHEAD)) == "phone"
    assert smallest_machine(int(PHONE_BYTES / OVERHEAD) + 2) == "laptop"
    assert smallest_machine(int(LAPTOP_BYTES / OVERHEAD) + 2) == "server"
