"""Questions: each kind cleans what it takes and says, in a sentence, why it takes nothing else."""

import contextlib
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from grants.models.quantities import in_short, read_quantity
from grants.models.questions import (
    Progress,
    Question,
    answer_in_words,
    clean_answers,
    read_question,
    sections,
    validate_questions,
)
from grants.models.questions.named import orcid_check
from grants.models.questions.sections import TAKEN
from grants.urls import urlpatterns
from mission.models import Language

TEAM = {"key": "team", "kind": "team", "label": "Team"}
GPUS = {"key": "gpus", "kind": "gpu_table", "label": "GPU-hours by work item", "total_is": "gpu_hours"}


def question(kind: str, **more: Any) -> Question:
    return read_question({"key": "it", "kind": kind, "label": "It", **more})


def refusal(kind: str, answer: Any, **more: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        question(kind, **more).clean(answer)
    return refused.value.messages[0]


@pytest.fixture
def languages(db: None) -> None:
    rows = [
        ("mar", "mr", "Marathi", "मराठी"),
        ("ell", "el", "Modern Greek (1453-)", "Ελληνικά"),
        ("brx", None, "Bodo (India)", ""),
        ("ita", "it", "Italian", "italiano"),
    ]
    Language.objects.bulk_create(
        Language(code=code, alpha2=two, name=name, autonym=own) for code, two, name, own in rows
    )


@pytest.mark.parametrize(
    ("kind", "more", "answer", "clean"),
    [
        ("short_text", {}, "  a title ", "a title"),
        ("number", {}, "1,000", "1000"),
        ("number", {}, "10,00,000", "1000000"),
        ("number", {}, "1 500.50", "1500.5"),
        ("number", {"minimum": 0}, "-0", "0"),
        ("quantity", {}, "7e9", "7B"),
        ("money", {"currency": "INR"}, "12,00,000", "1200000"),
        ("money", {"minimum": 0}, "0", "0"),
        ("date", {"not_before": "2027-01-01"}, "2027-03-31", "2027-03-31"),
        ("choice", {"choices": ["Yes", "No"]}, "No", "No"),
        ("several", {"choices": ["a", "b", "c"]}, ["c", "a", "c"], ["a", "c"]),
        ("url", {}, "https://example.org/x", "https://example.org/x"),
        ("email", {}, "asha@example.org", "asha@example.org"),
        ("github", {}, "octocat", "octocat"),
        ("github", {}, "@octo-cat", "octo-cat"),
        ("github", {}, "https://github.com/octocat?tab=repositories", "octocat"),
        ("github", {}, "github.com/orgs/ai4bharat", "ai4bharat"),
        ("github", {}, "asha_kav1", "asha_kav1"),
        ("huggingface", {}, "https://huggingface.co/ai4bharat/", "ai4bharat"),
        ("huggingface", {}, "hf.co/ai4bharat", "ai4bharat"),
        ("orcid", {}, "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", {}, "000000021694233x", "0000-0002-1694-233X"),
        ("licence", {}, "apache-2.0", "Apache-2.0"),
        ("licence", {}, "mit or gpl-3.0", "MIT OR GPL-3.0-only"),
        ("licence", {}, "CC-BY-NC-4.0", "CC-BY-NC-4.0"),
        ("licence", {}, "LicenseRef-Ours-1.0", "LicenseRef-Ours-1.0"),
        ("licence", {"open_only": True}, "OpenMDW-1.0", "OpenMDW-1.0"),
        ("licence", {"open_only": True}, "cc-by-sa-4.0", "CC-BY-SA-4.0"),
        ("licence", {"open_only": True}, "AGPL-3.0-only OR CC-BY-NC-4.0", "AGPL-3.0-only OR CC-BY-NC-4.0"),
    ],
)
def test_an_answer_is_kept_in_its_plain_form_and_cleaning_it_again_changes_nothing(
    kind: str, more: dict[str, Any], answer: Any, clean: Any
) -> None:
    asked = question(kind, **more)
    assert asked.clean(answer) == clean
    assert asked.clean(clean) == clean


@pytest.mark.parametrize(
    ("kind", "more", "answer", "sentence"),
    [
        ("short_text", {"max_words": 2}, "one two three", "This has 3 words. Shorten it to 2."),
        ("long_text", {"min_words": 5}, "too short", "This has 2 words. Write at least 5."),
        ("number", {}, "1,5", "Write a number, such as 500 or 0.5."),
        ("number", {}, "1e999999999", "This number is too large. Look at it again."),
        ("number", {}, "0." + "0" * 20 + "1", "Write a number with fewer decimals."),
        ("number", {"minimum": 3}, "2", "Write a number of at least 3."),
        ("number", {"maximum": 3}, "4", "Write a number of at most 3."),
        ("quantity", {}, "seven", "Write a number such as 7B, 300M or 2 trillion."),
        ("quantity", {}, "7 parsecs", "Write a number such as 7B, 300M or 2 trillion."),
        ("quantity", {}, "0", "Write a number above 0, and one that can be meant."),
        ("money", {}, "0", "Write an amount above 0."),
        ("money", {}, "1.005", "Write an amount with at most two decimals."),
        ("date", {}, "31.3.2027", "Write a date as year-month-day, such as 2027-03-31."),
        ("date", {"not_before": "2027-01-01"}, "2026-12-31", "Choose a date on or after 1 January 2027."),
        ("date", {"not_after": "2027-01-01"}, "2027-01-02", "Choose a date on or before 1 January 2027."),
        ("date", {"not_before": "today"}, "2001-01-01", "Choose a date on or after"),
        ("choice", {"choices": ["Yes", "No"]}, "Perhaps", "Choose one of the answers."),
        ("several", {"choices": ["a", "b"]}, ["z"], "Choose among the answers."),
        ("several", {"choices": ["a", "b"], "least": 2}, ["a"], "Give at least 2."),
        ("several", {"choices": ["a", "b"], "most": 1}, ["a", "b"], "Give at most 1."),
        ("url", {}, "javascript:alert(1)", "Write a web address, such as https://example.org."),
        ("email", {}, "asha@", "Write an e-mail address, such as name@example.org."),
        ("github", {}, "-octo", "Write the name of an account on GitHub"),
        ("github", {}, "octo--cat", "Write the name of an account on GitHub"),
        ("github", {}, "o" * 40, "Write the name of an account on GitHub"),
        ("github", {}, "https://github.com/octocat/hello", "Write the name of an account on GitHub"),
        ("github", {}, "https://github.com/settings", "Write the name of an account on GitHub"),
        ("github", {}, "https://example.org/octocat", "Write the name of an account on GitHub"),
        ("huggingface", {}, "a--b", "Write the name of an account on Hugging Face"),
        ("huggingface", {}, "12345", "Write the name of an account on Hugging Face"),
        ("orcid", {}, "0000-0002-1825-0098", "No ORCID iD has these digits. Look for a slip."),
        ("orcid", {}, "1825-0097", "Write an ORCID iD, such as 0000-0002-1825-0097."),
        ("licence", {}, "MIT OR", "Write a licence by its SPDX identifier"),
        ("licence", {}, "All rights reserved", "“All rights reserved” is not on the SPDX list."),
        ("licence", {}, "OpenRAIL", "“OpenRAIL” is not on the SPDX list."),
        ("licence", {"open_only": True}, "CC-BY-NC-4.0", "“CC-BY-NC-4.0” is not an open licence."),
        ("licence", {"open_only": True}, "MIT AND CC-BY-ND-4.0", "is not an open licence."),
        ("file", {}, ["not-a-key"], "Hand in this file again."),
        ("file", {}, ["12345678-1234-4234-8234-123456789012"] * 1 + ["22345678-1234-4234-8234-123456789012"],
         "Hand in one file only."),
        ("short_text", {}, ["a", "list"], "Answer in the way this question asks."),
        ("several", {"choices": ["a", "b"]}, "a", "Answer in the way this question asks."),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_in_a_sentence(
    kind: str, more: dict[str, Any], answer: Any, sentence: str
) -> None:
    assert sentence in refusal(kind, answer, **more)


@pytest.mark.parametrize("kind", ["short_text", "several", "team", "gpu_table", "file", "number"])
@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_refused_where_an_answer_is_required_and_kept_as_nothing_elsewhere(
    kind: str, nothing: Any
) -> None:
    assert refusal(kind, nothing) == "Answer this question."
    assert question(kind, required=False).clean(nothing) in ("", [])


def test_a_table_of_blank_rows_is_no_answer() -> None:
    assert refusal("team", [{"name": " "}, {}]) == "Answer this question."


@given(st.text("0123456789", min_size=15, max_size=15))
def test_an_orcid_with_its_check_digit_is_taken_and_with_any_other_refused(digits: str) -> None:
    right = orcid_check(digits)
    assert question("orcid").clean(digits + right).replace("-", "") == digits + right
    for wrong in set("0123456789X") - {right}:
        assert "Look for a slip" in refusal("orcid", digits + wrong)


@given(st.text(max_size=60), st.sampled_from(["number", "money", "gpu_hours", "quantity", "date", "url"]))
def test_whatever_is_typed_is_either_refused_or_clean_for_good(typed: str, kind: str) -> None:
    asked = question(kind, required=False)
    with contextlib.suppress(ValidationError):
        clean = asked.clean(typed)
        assert asked.clean(clean) == clean


@given(st.integers(1, 10**24))
def test_a_large_number_survives_being_written_short(number: int) -> None:
    assert read_quantity(in_short(read_quantity(str(number)))) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("7B", 7 * 10**9),
        ("2T tokens", 2 * 10**12),
        ("1.5 trillion tokens", 15 * 10**11),
        ("300M parameters", 3 * 10**8),
        ("7,000,000,000", 7 * 10**9),
        ("70 000", 70_000),
        ("3 crore", 3 * 10**7),
        ("2 lakh", 2 * 10**5),
        ("6.7b params", 67 * 10**8),
        ("1e12", 10**12),
    ],
)
def test_large_numbers_are_read_as_people_write_them(written: str, number: int) -> None:
    assert read_quantity(written) == number


def test_a_language_is_taken_by_its_name_its_own_name_or_a_code(languages: None) -> None:
    asked = question("languages")
    said = ["marathi", "मराठी", "MR", "Ελληνικά", " Bodo  (India) ", "it"]
    assert asked.clean(said) == ["mar", "ell", "brx", "ita"]
    assert asked.clean(["mar", "ell"]) == ["mar", "ell"]
    assert "“Klingonish”" in refusal("languages", ["Marathi", "Klingonish"])
    assert refusal("languages", ["mar", "मराठी"], least=2) == "Give at least 2."


def test_a_problem_in_a_table_names_row_and_column() -> None:
    rows = [
        {"name": "Asha", "role": "Lead", "orcid": "0000-0002-1825-0097"},
        {"name": "", "role": " ", "email": ""},
        {"name": "Ravi", "role": "", "orcid": "0000-0002-1825-0098"},
    ]
    told = refusal("team", rows)
    assert "Row 2, Role in the project: Answer this question." in told
    assert "Row 2, ORCID: No ORCID iD has these digits. Look for a slip." in told
    assert "Row 1" not in told


def test_rows_are_counted_and_empty_ones_left_out() -> None:
    row = {"what": "A corpus", "by": "2027-03-31", "proof": "It is on the Hub."}
    assert question("milestones").clean([{}, row, {"what": " "}]) == [row]
    assert refusal("milestones", [row], least=2) == "Fill in at least 2 rows."
    assert refusal("milestones", [row, row], most=1) == "Fill in at most 1 row."


def test_a_table_of_gpu_hours_adds_up_to_what_is_asked_for() -> None:
    asked = [question("gpu_hours", key="gpu_hours"), read_question(GPUS)]
    rows = [
        {"work": "Pre-training", "hardware": "H100", "hours": "1,000", "parameters": "7e9"},
        {"work": "Evaluation", "hardware": "H100", "hours": "200"},
    ]
    _clean, problems = clean_answers(asked, {"gpu_hours": "1500", "gpus": rows})
    assert problems == {
        "gpus": "The rows add up to 1,200 GPU-hours, and you ask for 1,500. Make the two equal."
    }
    clean, problems = clean_answers(asked, {"gpu_hours": "1,200", "gpus": rows})
    assert not problems
    assert clean["gpus"][0] == {
        "work": "Pre-training",
        "parameters": "7B",
        "hardware": "H100",
        "hours": "1000",
    }


CONDITIONAL: list[dict[str, Any]] = [
    {"key": "data", "kind": "choice", "label": "Personal data?", "choices": ["No", "Yes"]},
    {"key": "ground", "kind": "choice", "label": "Ground?", "choices": ["Consent", "Law"],
     "shown_if": {"question": "data", "is": ["Yes"]}},
    {"key": "law", "kind": "short_text", "label": "Which law?",
     "shown_if": {"question": "ground", "is": ["Law"]}},
]  # fmt: skip


def test_a_question_that_is_not_shown_is_not_judged_and_has_no_clean_answer() -> None:
    asked = [read_question(item) for item in CONDITIONAL]
    left_over = {"data": "No", "ground": "Law", "law": "DPDP Act"}
    assert clean_answers(asked, left_over) == ({"data": "No"}, {})
    assert clean_answers(asked, {"data": "Yes"}) == ({"data": "Yes"}, {"ground": "Answer this question."})
    assert clean_answers(asked, {**left_over, "data": "Yes"}) == ({**left_over, "data": "Yes"}, {})


def test_sections_come_in_the_order_first_seen_with_how_far_each_is() -> None:
    items: list[tuple[str, str, dict[str, Any]]] = [
        ("title", "basics", {}),
        ("plan", "", {}),
        ("who", "परिचय", {}),
        ("more", "", {"max_words": 1}),
        ("note", "Anything else", {"required": False}),
    ]
    asked = [question("short_text", key=key, section=section, **more) for key, section, more in items]
    found = sections(asked, {"title": "Speech", "plan": "Go", "more": "two words"})
    assert [(s.slug, s.label, s.state, s.problems) for s in found] == [
        ("basics", "Title, summary and size", Progress.COMPLETE, 0),
        ("project", "Your project", Progress.BEGUN, 1),
        ("section-3", "परिचय", Progress.EMPTY, 1),
        ("anything-else", "Anything else", Progress.EMPTY, 0),
    ]
    assert [q.key for q in found[1].questions] == ["plan", "more"]


def test_sections_that_would_share_an_address_do_not() -> None:
    asked = [
        read_question({"key": f"q{n}", "kind": "short_text", "label": "Q", "section": name})
        for n, name in enumerate(["", "Project", "project!"])
    ]
    assert [section.slug for section in sections(asked, {})] == ["project", "project-2", "project-3"]


def test_no_section_stands_where_another_page_of_an_application_does() -> None:
    found = [re.match(r"apply/<slug:reference>/([a-z]+)", str(entry.pattern)) for entry in urlpatterns]
    words = {page[1] for page in found if page}
    assert "check" in words
    assert words <= TAKEN
    asked = [read_question({"key": "a", "kind": "url", "label": "A", "section": "Check"})]
    assert [section.slug for section in sections(asked, {})] == ["check-2"]


def test_a_section_in_which_nothing_is_asked_is_no_page() -> None:
    asked = [read_question({**item, "section": f"S{n}"}) for n, item in enumerate(CONDITIONAL)]
    assert [s.slug for s in sections(asked, {"data": "No"})] == ["s0"]
    assert [s.slug for s in sections(asked, {"data": "Yes"})] == ["s0", "s1"]


def test_what_an_answer_on_the_same_page_may_bring_is_drawn_there() -> None:
    (page,) = sections([read_question(item) for item in CONDITIONAL], {})
    assert [q.key for q in page.questions] == ["data"]
    assert [q.key for q in page.drawn] == ["data", "ground", "law"]


@pytest.mark.parametrize(
    "wrong",
    [
        "not a list",
        [{"kind": "url", "label": "No key"}],
        [{"key": "version", "kind": "url", "label": "A reserved key"}],
        [{"key": "a", "kind": "url", "label": "A"}, {"key": "a", "kind": "url", "label": "Twice"}],
        [{"key": "a", "kind": "essay", "label": "No such kind"}],
        [{"key": "a", "kind": "choice", "label": "One choice", "choices": ["only"]}],
        [{"key": "a", "kind": "several", "label": "Same choices", "choices": ["x", "x"]}],
        [{"key": "a", "kind": "several", "label": "Too many", "choices": ["x", "y"], "least": 3}],
        [{"key": "a", "kind": "long_text", "label": "A", "min_words": 9, "max_words": 3}],
        [{"key": "a", "kind": "number", "label": "A", "minimum": "low"}],
        [{"key": "a", "kind": "number", "label": "A", "minimum": True}],
        [{"key": "a", "kind": "date", "label": "A", "not_after": "soon"}],
        [{"key": "a", "kind": "file", "label": "A", "accepts": ["exe"]}],
        [{"key": "a", "kind": "file", "label": "A", "accepts": [{}]}],
        [{"key": "a", "kind": "team", "label": "A", "total_is": "gpu_hours"}],
        [{**CONDITIONAL[1]}, {**CONDITIONAL[0]}],
        [CONDITIONAL[0], {**CONDITIONAL[1], "shown_if": {"question": "data", "is": ["Perhaps"]}}],
        [CONDITIONAL[0], {**CONDITIONAL[1], "shown_if": {"question": "data", "is": [[]]}}],
        [CONDITIONAL[0], {**CONDITIONAL[1], "shown_if": "data"}],
        [{"key": "a", "kind": "url", "label": "A"},
         {"key": "b", "kind": "url", "label": "B", "shown_if": {"question": "a", "is": ["x"]}}],
    ],
)  # fmt: skip
def test_questions_that_cannot_be_asked_are_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        validate_questions(wrong)


def test_questions_of_every_kind_can_be_asked() -> None:
    plain = ["short_text", "number", "quantity", "money", "date", "file", "url", "email", "github",
             "huggingface", "orcid", "languages", "licence", "milestones", "gpu_hours"]  # fmt: skip
    asked = [{"key": kind, "kind": kind, "label": kind} for kind in plain]
    validate_questions([*asked, TEAM, GPUS, *CONDITIONAL])
    assert len(asked) == 15


def test_answers_in_words(languages: None) -> None:
    rows = [{"work": "Training", "hardware": "H100", "hours": "1200"}, {"work": "Tests", "hours": "many"}]
    assert answer_in_words(question("gpu_table"), rows) == (
        "Work item: Training; Hardware: H100; GPU-hours: 1,200\n"
        "Work item: Tests; GPU-hours: many\n"
        "Total: 1,200 GPU-hours"
    )
    assert answer_in_words(question("languages"), ["mar", "bodo (INDIA)", "xyz"]) == (
        "Marathi (मराठी)\nBodo (India)\nxyz"
    )
    assert answer_in_words(question("money", currency="INR"), "1200000.5") == "INR 1,200,000.50"
    assert answer_in_words(question("number", unit="people"), "1500") == "1,500 people"
    assert answer_in_words(question("date"), "2027-03-31") == "31 March 2027"
    assert answer_in_words(question("several"), ["a", "b"]) == "a\nb"
    assert answer_in_words(question("file"), ["x"]) == ""
    assert answer_in_words(question("number"), "as typed") == "as typed"
    assert answer_in_words(question("team"), []) == ""
