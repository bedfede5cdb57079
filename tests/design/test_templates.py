"""Every template belongs to the house: it extends one of its pages, or is a part of one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES_OF_THE_HOUSE = (
    "base.html",
    "room.html",
    "account/page.html",
    "account/manage.html",
    "account/base_reauthenticate.html",
    "allauth/layouts/base.html",
)
STANDS_ALONE = {"base.html", "500.html", "dashboards/embed.html"}
COMMENT = re.compile(r"\{#[^\n]*?#\}|\{% comment(?s:.*?)endcomment %\}")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_extends_the_house_or_is_a_part(path: Path) -> None:
    text = source(path)
    parent = re.search(r"\{% extends \"([^\"]+)\" %\}", text)
    if parent:
        assert parent[1] in PAGES_OF_THE_HOUSE or (ROOT / "templates" / parent[1]).exists()
    elif name_of(path) not in STANDS_ALONE:
        assert "<html" not in text
        assert "<body" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_comment_is_no_part_of_the_page(path: Path) -> None:
    assert "{#" not in source(path), "one that goes on in the next line is shown: use one for each line"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_page_has_a_title_and_one_heading(path: Path) -> None:
    text = source(path)
    if not re.search(r"extends \"(base|room|account/page|account/manage)\.html\"", text):
        return
    if name_of(path) in PAGES_OF_THE_HOUSE:
        return
    assert "{% block title %}" in text
    assert "{% block heading %}" in text
    assert "<h1" not in text, "base.html draws the h1 from the block `heading`"


WORDS = re.compile(r">\s*([A-Za-z][a-z]+(?:\s+[a-z]+)+[^<>{}]*)<")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_words_can_be_translated(path: Path) -> None:
    text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", source(path), flags=re.S)
    text = re.sub(r"<(code|pre|script)\b.*?</\1>", "", text, flags=re.S)
    bare = WORDS.findall(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S))
    assert not bare, f"wrap in {{% translate %}}: {bare}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_tables_have_headers_with_scope_and_cells_that_name_themselves(path: Path) -> None:
    text = source(path)
    for header in re.findall(r"<th\b[^>]*>", text):
        assert "scope=" in header, f"{header} says no scope"
    if 'class="table"' in text and "allauth/elements" not in str(path):
        assert "data-label" in text, "cells of .table need data-label, which a narrow screen shows"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_positive_tabindex_no_target_blank_no_placeholder(path: Path) -> None:
    text = source(path)
    assert not re.search(r"tabindex=\"[1-9]", text)
    assert 'target="_blank"' not in text
    assert "placeholder=" not in text, "a label and a hint stay; a placeholder goes when typing starts"
