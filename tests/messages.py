"""What public pages say, and what of it is not translated: `make messages`.

Reads the sources with Django's own parser, so that no gettext is needed. What the public never reads
(the rooms) is not asked for: there the English stands. See docs/translations.md.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("hi", "ar")
# Whatever words these files hold may stand on a public page.
PUBLIC = """
dashboards/**/*.py templates/base.html templates/40*.html templates/41*.html templates/500.html
templates/components/*.html templates/components/*.svg templates/dashboards/*.html
templates/grants/calls/*.html templates/contributions/corrections/new.html mission/settings.py
mission/context.py mission/errors.py mission/views/errors.py mission/models/organisations.py
contributions/measures/*.py
contributions/forms/corrections.py contributions/views/corrections.py contributions/actions/corrections.py
contributions/actions/correction_changes.py contributions/filing_limit.py contributions/bots.py
contributions/give_and_take.py contributions/opened.py contributions/open_steps.py contributions/proof.py
contributions/suppression.py contributions/openness*.py contributions/osaid.py contributions/likeness.py
contributions/sizes.py contributions/models/accounts.py contributions/models/artifacts.py
contributions/models/attribution.py contributions/models/baseline.py contributions/models/contested.py
contributions/models/contributions.py contributions/models/corrections.py contributions/models/lineage.py
contributions/models/readings.py contributions/models/rollups.py grants/views/calls.py
grants/models/calls.py grants/models/call_parts.py grants/models/awards.py grants/models/amounts.py
grants/models/compute.py grants/models/deliverables.py grants/models/eligibility.py
grants/models/gpu_time.py grants/models/moments.py grants/models/programmes.py grants/models/quantities.py
grants/forms/call_filters.py grants/models/routes.py grants/models/working_days.py
"""
# What /api/ answers programs is in English, like the names in it.
ENGLISH = {
    "dashboards/forms/api.py",
}
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "pgettext": 2, "pgettext_lazy": 2}
PLURALS = {"ngettext": 2, "ngettext_lazy": 2}
QUOTED = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext)\({QUOTED}(?:, ?{QUOTED})?", re.DOTALL)
Message = tuple[str, str, str]  # its context, itself, its plural


def messages() -> dict[Message, str]:
    """All of them, and the file where each was met first."""
    found: dict[Message, str] = {}
    for pattern in PUBLIC.split():
        for path in sorted(ROOT.glob(pattern)):
            name = str(path.relative_to(ROOT))
            in_one = in_python if path.suffix == ".py" else in_template
            for message in in_one(path.read_text()) if name not in ENGLISH else ():
                found.setdefault(message, name)
    return found


def in_python(text: str) -> Iterator[Message]:
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        words = [
            arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if call.func.id in PLURALS and len(words) >= 2:
            yield "", words[0], words[1]
        elif call.func.id in CALLS and len(words) == CALLS[call.func.id]:
            yield words[0] if len(words) == 2 else "", words[-1], ""


def in_template(text: str) -> Iterator[Message]:
    for name, first, second in IN_TEMPLATE.findall(templatize(text)):
        one, other = ast.literal_eval(first), ast.literal_eval(second) if second else ""
        yield (one, other, "") if name == "pgettext" else ("", one, other if name == "ngettext" else "")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def missing(language: str) -> list[Message]:
    """What a public page would say in English."""
    there = {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural)
        for entry in catalogue(language)
        if entry.translated() and not entry.obsolete
    }
    return [message for message in messages() if message not in there]


def compiled(language: str) -> bytes:
    return bytes(catalogue(language).to_binary())


def main() -> int:
    """Writes the .mo files from the .po files; lists what lacks, and says so by its exit code."""
    where, lacking = messages(), 0
    for language in LANGUAGES:
        folder = ROOT / "locale" / language / "LC_MESSAGES"
        (folder / "django.mo").write_bytes(compiled(language))
        for message in missing(language):
            print(f"{language} {where[message]}: {message[1]!r}")
            lacking += 1
    return min(lacking, 1)


if __name__ == "__main__":
    sys.exit(main())
