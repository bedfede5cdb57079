"""Classes of the Model Openness Framework: the rules one by one, then all the entries people really wrote."""

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from contributions import osaid
from contributions.openness import Classed, Covers, Part, Verdict, class_release
from contributions.openness_components import BY_NAME, COMPONENTS
from contributions.openness_entries import Entry, read_entry
from contributions.openness_licences import (
    FREE_SOFTWARE,
    OPEN_DATA,
    OPEN_DOCUMENTS,
    OSI_APPROVED,
    Kind,
    identify,
    judge,
    kinds_of,
)
from mission.errors import Refused

III = ("architecture", "parameters", "technical_report", "evaluation_results", "model_card", "data_card")
II = (*III, "training_code", "inference_code", "evaluation_code", "evaluation_data")
I = (*II, "research_paper", "datasets", "preprocessing_code", "intermediate_parameters")  # noqa: E741


def classed(*slugs: str, licence: str = "Apache-2.0", **licences: str) -> Classed:
    """All of `slugs` under one licence, but those of `licences`."""
    return class_release([Part(slug, licences.get(slug, licence)) for slug in slugs])


def verdicts(entry: Classed) -> dict[str, Verdict]:
    return {finding.part.component: finding.verdict for finding in entry.findings}


def test_a_class_is_met_by_all_it_and_the_classes_before_it_ask_for() -> None:
    assert [classed(*all_of).openness_class for all_of in (III, II, I)] == [3, 2, 1]
    for all_of, earned, below in ((III, 3, None), (II, 2, 3), (I, 1, 2)):
        own = [slug for slug in all_of if slug not in {1: II, 2: III, 3: ()}[earned]]
        for lacking in own:
            without = [slug for slug in all_of if slug != lacking]
            assert classed(*without).openness_class == below, lacking


def test_a_higher_class_does_not_make_up_for_a_lower_one() -> None:
    without_a_card = [slug for slug in I if slug != "model_card"]
    assert classed(*without_a_card).openness_class is None
    assert classed(*without_a_card).missing == ("Model card: not released.",)


def test_a_paper_stands_in_for_the_report_and_not_the_other_way_round() -> None:
    paper = [slug for slug in I if slug != "technical_report"]
    assert classed(*paper).openness_class == 1
    assert classed(*paper[:10]).openness_class is not None
    report_only = [slug for slug in I if slug != "research_paper"]
    assert classed(*report_only).openness_class == 2
    assert classed(*report_only).missing == ("Research paper: not released.",)


def test_a_closed_report_beside_an_open_paper_is_no_obstacle() -> None:
    assert classed(*III, "research_paper", technical_report="unlicensed").openness_class == 3


@pytest.mark.parametrize(
    "licence", ["unlicensed", "", "Undisclosed", "Llama 3 Community License", "CC-BY-NC-4.0", "OpenRAIL"]
)
def test_what_is_not_open_does_not_count(licence: str) -> None:
    result = classed(*III, parameters=licence)
    assert result.openness_class is None
    assert result.missing == ("Final model parameters: released, but not under an open licence.",)


def test_optional_components_are_judged_and_change_no_class() -> None:
    for licence in ("MIT", "unlicensed"):
        result = classed(*III, "tools", "sample_outputs", "metadata", licence="MIT", tools=licence)
        assert result.openness_class == 3
        assert "No class asks for it." in result.findings[-1].why


def test_an_open_licence_for_another_kind_counts_and_is_told() -> None:
    result = classed(*III, parameters="MIT", model_card="CC-BY-4.0", data_card="CDLA-Permissive-2.0")
    assert result.openness_class == 3
    told = verdicts(result)
    assert (told["parameters"], told["model_card"], told["data_card"]) == (
        Verdict.OPEN,
        Verdict.FITS,
        Verdict.OPEN,
    )
    assert "an open licence, though not one for data" in result.findings[1].why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Apache 2.0", "Apache-2.0"), ("Apache license 2.0", "Apache-2.0"), ("apache-2.0", "Apache-2.0"),
        ("MIT license", "MIT"), ("BSD-3", "BSD-3-Clause"), ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("GPL-3.0", "GPL-3.0-only"), ("OpenMDW-1.0", "OpenMDW-1.0"), ("license", ""), ("pubmed", ""),
        ("Bloom", ""), ("other", ""), ("MIT and some more", ""),
    ],
)  # fmt: skip
def test_licences_are_known_however_people_write_them(written: str, meant: str) -> None:
    assert identify(written) == meant


def test_every_licence_we_call_open_is_on_the_spdx_list() -> None:
    for identifier in OSI_APPROVED | FREE_SOFTWARE | OPEN_DATA | OPEN_DOCUMENTS:
        assert identify(identifier) == identifier


def test_kinds_of_licences() -> None:
    assert kinds_of("MIT") == {Kind.CODE}
    assert kinds_of("CC-BY-4.0") == kinds_of("CC0-1.0") == {Kind.DATA, Kind.DOCUMENT}
    assert kinds_of("OpenMDW-1.0") == set(Kind)
    for closed in ("CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-SA-4.0", "BUSL-1.1", "SSPL-1.0", ""):
        assert not kinds_of(closed), closed
    assert "forbids commercial use" in judge("CC-BY-NC-SA-4.0").restriction


ENTRY = """
release:
  name: One
  license:
    distribution: {name: Apache-2.0, path: ''}
    data: {name: CDLA-Permissive-2.0}
  components:
    - {name: Model architecture}
    - {name: Model parameters (Final)}
    - {name: Model card, license: CC-BY-4.0, component_path: 'https://example.org/card'}
    - {name: Research paper, license: unlicensed}
"""


def test_the_own_licence_goes_before_that_of_the_kind_and_that_before_that_of_the_release() -> None:
    entry = read_entry(ENTRY, where="one.yml")
    assert [(part.component, part.licence, part.covers) for part in entry.parts] == [
        ("architecture", "Apache-2.0", Covers.RELEASE),
        ("parameters", "CDLA-Permissive-2.0", Covers.KIND),
        ("model_card", "CC-BY-4.0", Covers.COMPONENT),
        ("research_paper", "unlicensed", Covers.COMPONENT),
    ]
    assert entry.parts[2].evidence_url == "https://example.org/card"
    why = [finding.why for finding in class_release(entry.parts).findings]
    assert "Apache-2.0, the licence of the whole release," in why[0]
    assert "CDLA-Permissive-2.0, the licence given for all data," in why[1]
    assert class_release(entry.parts).findings[-1].verdict == Verdict.UNLICENSED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "line 1 is not valid YAML"),
        ("- 1", "no release with components"),
        ("release: {name: x}", "no release with components"),
        ("release: {components: [{name: Secret sauce}]}", "no component “Secret sauce”"),
        ("release: {license: MIT, components: []}", "what it covers"),
        ("x" * 200_001, "too long"),
    ],
)
def test_what_is_no_entry_is_refused_by_name(text: str, told: str) -> None:
    with pytest.raises(Refused, match="one.yml: .*" + told):
        read_entry(text, where="one.yml")


@pytest.fixture
def entries(data: Path) -> dict[str, Entry]:
    files = sorted((data / "openness").glob("*.yml"))
    return {file.stem: read_entry(file.read_text(encoding="utf-8"), where=file.name) for file in files}


OPENED = "{}: released, but not under an open licence."
ABSENT = "{}: not released."
REPORT = "Technical report or Research paper"

# Worked out on paper from the entry and the framework's table of classes, not by running the code.
BY_HAND: dict[str, tuple[int | None, tuple[str, ...]]] = {
    "Aquila-VL-2B": (1, ()),  # all 15, each with its own open licence
    "OLMo-7B": (1, ()),  # one licence for all; a paper and no report
    "OLMo-1B-hf": (1, ()),
    "Pythia-12B": (1, ()),
    "Granite-3B-Code-Instruct": (
        3,  # datasets and checkpoints too, but none of the tooling
        tuple(map(ABSENT.format, ("Training code", "Inference code", "Evaluation code", "Evaluation data"))),
    ),
    "Granite-4.0-Micro": (
        3,
        tuple(map(ABSENT.format, ("Training code", "Inference code", "Evaluation code", "Evaluation data"))),
    ),
    "Mistral-7B-Instruct-v0.1": (None, ("Data card: not released.",)),  # the paper is open, the report not
    "gpt-oss-20b": (None, ("Data card: not released.",)),
    "CrystalCoder": (  # all code and weights open, every document unlicensed
        None,
        tuple(map(OPENED.format, (REPORT, "Evaluation results", "Model card", "Data card"))),
    ),
    "DeepSeek-V3-test": (  # the tool's own record: class III fails for the licence of the weights, and more
        None,
        (
            *map(OPENED.format, ("Final model parameters", REPORT, "Evaluation results", "Model card")),
            "Data card: not released.",
        ),
    ),
    "Llama-3-70B": (  # Meta's community licence; the paper unlicensed
        None,
        (
            *map(OPENED.format, ("Model architecture", "Final model parameters", REPORT)),
            *map(ABSENT.format, ("Evaluation results", "Model card", "Data card")),
        ),
    ),
    "GPT-4": (  # one proprietary licence over all
        None,
        (
            *map(OPENED.format, ("Model architecture", "Final model parameters")),
            *map(OPENED.format, (REPORT, "Evaluation results")),
            *map(ABSENT.format, ("Model card", "Data card")),
        ),
    ),
    "Stable-Diffusion-v1.2": (  # OpenRAIL
        None,
        (
            *map(OPENED.format, ("Model architecture", "Final model parameters", REPORT)),
            ABSENT.format("Evaluation results"),
            *map(OPENED.format, ("Model card", "Data card")),
        ),
    ),
    "StellarX-4B-V0": (  # two components whose licence says that they are not there
        None,
        (
            *map(ABSENT.format, ("Model architecture", "Final model parameters")),
            *map(OPENED.format, (REPORT, "Evaluation results", "Model card", "Data card")),
        ),
    ),
    "Zidong-Taichu-2.0": (  # nothing but a paper, unlicensed
        None,
        (
            *map(ABSENT.format, ("Model architecture", "Final model parameters")),
            OPENED.format(REPORT),
            *map(ABSENT.format, ("Evaluation results", "Model card", "Data card")),
        ),
    ),
    "CodeGen2": (
        None,
        (
            ABSENT.format("Model architecture"),
            OPENED.format(REPORT),
            *map(ABSENT.format, ("Evaluation results", "Model card", "Data card")),
        ),
    ),
}  # fmt: skip


def test_entries_worked_out_by_hand_come_out_the_same(entries: dict[str, Entry]) -> None:
    for name, (earned, missing) in BY_HAND.items():
        result = class_release(entries[name].parts)
        assert (result.openness_class, result.missing) == (earned, missing), name


def test_all_91_entries_are_classed(entries: dict[str, Entry]) -> None:
    assert len(entries) == 91
    earned: dict[int | None, set[str]] = {}
    for name, entry in entries.items():
        earned.setdefault(class_release(entry.parts).openness_class, set()).add(name)
    assert earned[1] == {
        "Aquila-VL-2B", "OLMo-1B-hf", "OLMo-7B", "Pythia-12B", "Pythia-1B", "Pythia-410M",
    }  # fmt: skip
    assert earned[3] == {
        "Granite-3B-Code-Instruct", "Granite-4.0-H-Micro", "Granite-4.0-H-Tiny-Base", "Granite-4.0-Micro",
        "Granite-8B-Code-Instruct",
    }  # fmt: skip
    assert len(earned[None]) == 80
    assert 2 not in earned


def test_every_component_of_every_entry_has_a_sentence_with_its_licence_and_the_verdict(
    entries: dict[str, Entry], data: Path
) -> None:
    endings = {
        Verdict.FITS: "an open licence that fits",
        Verdict.OPEN: "an open licence, though not one for",
        Verdict.NOT_OPEN: "which is not open:",
        Verdict.UNLICENSED: "unlicensed",
        Verdict.UNDISCLOSED: "undisclosed",
        Verdict.ABSENT: "not released",
    }
    for file in sorted((data / "openness").glob("*.yml")):
        release = yaml.safe_load(file.read_text())["release"]
        findings = {each.part.component: each for each in class_release(entries[file.stem].parts).findings}
        assert len(findings) == len({item["name"] for item in release["components"]}) > 0, file.name
        for item in release["components"]:
            component = BY_NAME[item["name"].lower()]
            finding = findings[component.slug]
            assert finding.why.startswith(f"{component.label}: "), file.name
            assert endings[finding.verdict] in finding.why, (file.name, finding.why)
            over_all = (release.get("license") or {}).get("distribution") or {}
            of_its_kind = (release.get("license") or {}).get(component.kind.value) or {}
            said = item.get("license") or of_its_kind.get("name") or over_all.get("name") or "unlicensed"
            named = (said, identify(said) or said, said.lower())
            assert any(one in finding.why for one in named), (file.name, finding.why)


def test_every_entry_below_class_one_is_told_what_the_next_class_lacks(entries: dict[str, Entry]) -> None:
    for name, entry in entries.items():
        result = class_release(entry.parts)
        assert bool(result.missing) == (result.openness_class != 1), name


def test_the_kept_evidence_is_plain_json(entries: dict[str, Entry]) -> None:
    kept = class_release(entries["Pythia-12B"].parts).as_json()
    assert (kept["class"], kept["missing"], kept["rule"]) == (1, [], 1)
    assert {each["component"] for each in kept["components"]} <= set(COMPONENTS)
    card = next(each for each in kept["components"] if each["component"] == "model_card")
    assert card["licence"] == "Apache-2.0"
    assert card["verdict"] == "fits"


def met(entry: Entry) -> list[bool | None]:
    findings = class_release(entry.parts).findings
    return [element.met for element in osaid.elements(findings, complete=True).values()]


def test_the_three_elements_of_the_open_source_ai_definition(entries: dict[str, Entry]) -> None:
    assert met(entries["OLMo-7B"]) == [True, True, True]
    assert met(entries["GPT-4"]) == [False, False, False]
    assert met(entries["Granite-4.0-Micro"]) == [False, True, True]  # an open data card, no code to train it
    assert met(entries["gpt-oss-20b"]) == [False, True, None]  # an open report may describe the data
    assert met(entries["Zidong-Taichu-2.0"]) == [False, False, False]


def test_what_was_not_seen_is_not_known_unless_the_account_is_complete() -> None:
    seen = classed("parameters", licence="MIT").findings
    assert [each.met for each in osaid.elements(seen, complete=False).values()] == [None, True, None]
    assert [each.met for each in osaid.elements(seen, complete=True).values()] == [False, True, False]
    closed = classed("parameters", "inference_code", licence="Llama 3 Community License").findings
    assert [each.met for each in osaid.elements(closed, complete=False).values()] == [False, False, None]


def test_code_must_be_approved_by_the_osi_where_the_framework_takes_any_open_licence() -> None:
    code = ("architecture", "preprocessing_code", "training_code", "inference_code")
    element = osaid.elements(classed(*code, training_code="CC-BY-4.0").findings, complete=True)["code"]
    assert element.met is False
    assert "Training code" in element.why


def test_the_command_prints_class_and_reasons_for_each_file(tmp_path: Path) -> None:
    file = tmp_path / "one.yml"
    file.write_text(ENTRY)
    out = StringIO()
    call_command("class_openness", str(file), stdout=out)
    told = out.getvalue()
    assert "One: No class" in told
    assert "Final model parameters: released under CDLA-Permissive-2.0" in told
    assert "For class III it lacks:" in told
    assert "Data card: not released." in told
    assert "Entries: 1 (0 in class I, 0 in class II, 0 in class III, 1 in none)." in told
    with pytest.raises(CommandError, match="nowhere"):
        call_command("class_openness", str(tmp_path / "nowhere.yml"))
