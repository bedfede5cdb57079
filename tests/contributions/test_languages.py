"""Languages as publishers write them, read as ISO 639-3; what is none is refused and stays visible."""

import pytest

from contributions.languages import among_tags, code_of, read


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("hi", "hin"),
        ("hin", "hin"),
        ("Hindi", "hin"),
        ("हिन्दी", "hin"),
        ("zh-Hant", "zho"),
        ("zh_TW", "zho"),
        ("cmn", "cmn"),
        ("pt-BR", "por"),
        ("sr-Latn", "srp"),
        ("ger", "deu"),
        ("iw", "heb"),
        ("EN", "eng"),
        ("ara", "ara"),
        ("Modern Greek", "ell"),
        ("qqqq", ""),
        ("xx", ""),
        ("R1", ""),
        ("<script>", ""),
    ],
)
def test_a_language_is_read_in_any_of_its_spellings(said: str, code: str) -> None:
    assert code_of(said) == code


def test_a_macrolanguage_stays_what_was_said_and_its_member_too() -> None:
    assert read(["zh", "cmn", "yue"]).codes == {"zho", "cmn", "yue"}


def test_what_is_no_language_is_visible_and_what_names_none_is_no_mistake() -> None:
    found = read(["hi", "multilingual", "code", "Gobbledegook", "zz-Latn", "", "Gobbledegook"])
    assert found.codes == {"hin"}
    assert found.unread == ("Gobbledegook", "zz-Latn")


def test_among_mixed_tags_only_what_cannot_be_a_tool_is_a_language() -> None:
    found = among_tags(["trl", "sft", "mlx", "en", "r1", "language:hi", "language:tlh", "language:nonsense"])
    assert found.codes == {"eng", "hin", "tlh"}
    assert found.unread == ("nonsense",)
