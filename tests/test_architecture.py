"""The house rules that a linter does not hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["mission", "contributions", "grants", "sandbox", "dashboards"]
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update",
    "get_or_create",
    "update_or_create",
    "delete",
    "aupdate",
    "acreate",
    "asave",
    "adelete",
}
LINES_A_FILE = 300
LINES_A_FUNCTION = 40
LINES_A_VIEW = 25


def sources(*, tests: bool = False) -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    if tests:
        found += (ROOT / "tests").rglob("*.py")
    return [path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without the docstring: what one reads as code. A returned literal is data."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    if len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Dict | ast.List):
        return 1
    return (node.end_lineno or node.lineno) - body[0].lineno + 1


def is_action(path: Path) -> bool:
    return path.name == "actions.py" or "actions" in path.parts


def is_django_write(call: ast.Call) -> bool:
    """A call that looks like a write through the ORM: `X.objects.….update(…)` or `row.save()`."""
    attribute = call.func
    if not isinstance(attribute, ast.Attribute) or attribute.attr not in WRITES:
        return False
    receiver = ast.unparse(attribute.value)
    if attribute.attr in {"save", "asave", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}:
        return not receiver.startswith("super()")
    return ".objects" in receiver or ".filter(" in receiver or ".all()" in receiver


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_actions_write(path: Path) -> None:
    if is_action(path):
        return
    tree = ast.parse(path.read_text())
    allowed = {"create_user", "signup"}  # allauth and Django's manager call these while an account is made
    exempt = [f for f in functions(tree) if f.name in allowed]
    hits = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)[:80]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and is_django_write(node)
        and not any(f.lineno <= node.lineno <= (f.end_lineno or 0) for f in exempt)
    ]
    assert not hits, "these writes belong in actions/:\n" + "\n".join(hits)


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_files_and_functions_can_be_seen_whole(path: Path) -> None:
    text = path.read_text()
    settings = path.name == "settings.py"  # a list, read by looking up
    assert settings or text.count("\n") <= LINES_A_FILE, f"{name_of(path)} has {text.count(chr(10))} lines"
    limit = LINES_A_VIEW if "views" in path.parts or path.name == "views.py" else LINES_A_FUNCTION
    long = [f"{f.name}: {length(f)} lines" for f in functions(ast.parse(text)) if length(f) > limit]
    assert not long, f"{name_of(path)}: longer than {limit} lines: {long}"


def test_no_signals_no_metaclasses_no_vague_names() -> None:
    vague = {"utils", "helpers", "common", "manager", "handler", "service", "services", "util", "misc"}
    for path in sources():
        assert path.stem not in vague, f"{name_of(path)}: say what it holds"
        text = path.read_text()
        assert "django.dispatch" not in text, (
            f"{name_of(path)} uses signals; let the action say the consequence"
        )
        assert "django.db.models.signals" not in text, f"{name_of(path)} uses signals"
        assert "metaclass=" not in text, f"{name_of(path)} uses a metaclass"


def test_every_test_asserts_something() -> None:
    asserting = ("assert", "raises", "expect", "run_state_machine")
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text()
        for function in functions(ast.parse(text)):
            if function.name.startswith("test"):
                body = ast.get_source_segment(text, function) or ""
                assert any(word in body for word in asserting), (
                    f"{name_of(path)}::{function.name} asserts nothing"
                )


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = [
    (re.compile(r"<style\b", re.I), "a <style> element"),
    (re.compile(r"\sstyle\s*=", re.I), "a style attribute"),
    (re.compile(r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>", re.I), "an inline script"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I), "an inline event handler"),
    (re.compile(r"javascript:", re.I), "a javascript: address"),
    (re.compile(r"(src|href)=\"(https?:)?//", re.I), None),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_carry_no_inline_script_or_style(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(), flags=re.S)
    found = [what for pattern, what in INLINE if what and pattern.search(text)]
    assert not found, f"{name_of(path)} has {', '.join(found)}"


def test_no_third_party_origin_is_loaded_by_any_template() -> None:
    loads = re.compile(r"<(script|img|link|iframe)[^>]+(src|href)=\"(https?:)?//", re.I)
    for path in TEMPLATES:
        hit = loads.search(path.read_text())
        assert not hit, f"{name_of(path)} loads from elsewhere: {hit}"
