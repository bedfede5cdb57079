"""Licences as platforms name them, read as SPDX expressions."""

import pytest
from license_expression import get_spdx_licensing

from contributions.licences import spdx, spdx_of


@pytest.mark.parametrize(
    ("said", "name", "licence"),
    [
        ("apache-2.0", "", "Apache-2.0"),
        ("mit", "", "MIT"),
        ("gpl-3.0", "", "GPL-3.0-only"),
        ("cc-by-nc-4.0", "", "CC-BY-NC-4.0"),
        ("llama3.1", "", "LicenseRef-llama3.1"),
        ("gemma", "", "LicenseRef-gemma"),
        ("openrail", "", "LicenseRef-openrail"),
        ("cc", "", "LicenseRef-Creative-Commons"),
        ("other", "mistral-research", "LicenseRef-mistral-research"),
        ("other", "Apache-2.0", "Apache-2.0"),
        ("other", None, "LicenseRef-other"),
        ("unknown", "", ""),
        (None, "", ""),
        ("NOASSERTION", "", "NOASSERTION"),
        ("mit or apache-2.0", "", "MIT OR Apache-2.0"),
        ("my own and only", "", "LicenseRef-my-own-and-only"),
        ("Custom <b>licence</b> № 5", "", "LicenseRef-Custom-b-licence-b-5"),
    ],
)
def test_what_a_platform_says_becomes_spdx(said: str | None, name: str | None, licence: str) -> None:
    assert spdx(said, name) == licence


def test_of_several_licences_all_hold() -> None:
    assert spdx_of(["mit", "apache-2.0", "mit"]) == "MIT AND Apache-2.0"
    assert spdx_of(["mit or apache-2.0", "cc-by-4.0"]) == "(MIT OR Apache-2.0) AND CC-BY-4.0"
    assert spdx_of(["unknown", ""]) == ""
    assert spdx_of(["NOASSERTION", "mit"]) == "MIT"


def test_an_expression_too_long_for_its_column_is_not_cut_into_another_licence() -> None:
    assert spdx_of([f"licence-number-{number}" for number in range(20)]) == "NOASSERTION"


@pytest.mark.parametrize(
    "said", ["mit", "llama3", "other", "gpl-3.0", "openrail++", "bigscience-bloom-rail-1.0"]
)
def test_what_comes_out_is_an_expression_spdx_knows(said: str) -> None:
    assert get_spdx_licensing().parse(spdx(said)) is not None
