"""How a question is drawn, and read back as typed. Everything works without a script, and loses nothing."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _

from grants.models.estimator import HARDWARE
from grants.models.open_licences import OPEN
from grants.models.questions import QuestionKind
from grants.models.questions.kinds import Question, says_something
from grants.models.questions.plain import grouped
from grants.models.questions.tables import columns_of, rows_of, total_hours
from grants.models.questions.words import attached
from mission.models import Language

SPARE = 2  # empty rows or lines that a page offers
SPARE_AFTER_ADDING = 6
MOST_ROWS_READ = 200
NUMERIC = frozenset({QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.GPU_HOURS})
TYPES = {QuestionKind.URL: "url", QuestionKind.EMAIL: "email"}
PLAIN_NAMES = frozenset(
    {QuestionKind.GITHUB, QuestionKind.HUGGINGFACE, QuestionKind.ORCID, QuestionKind.LICENCE}
)
# In this order before all others, with names people know.
LICENCES = {
    "Apache-2.0": "Apache License 2.0",
    "MIT": "MIT License",
    "BSD-3-Clause": "BSD, three clauses",
    "MPL-2.0": "Mozilla Public License 2.0",
    "GPL-3.0-or-later": "GNU GPL 3 or later",
    "AGPL-3.0-or-later": "GNU Affero GPL 3 or later",
    "CC-BY-4.0": "Creative Commons Attribution 4.0",
    "CC-BY-SA-4.0": "Creative Commons Attribution-ShareAlike 4.0",
    "CC0-1.0": "Creative Commons Zero (public domain)",
    "ODbL-1.0": "Open Data Commons Open Database License",
    "CDLA-Permissive-2.0": "Community Data License Agreement, permissive",
    "OpenMDW-1.0": "Open Model, Data and Weights License",
}


def attributes_of(question: Question, value: Any = "") -> dict[str, str]:
    """Type and keyboard of a one-line field. A date that is none stays readable as text."""
    if question.kind == QuestionKind.DATE and is_day(value):
        return {"type": "date"}
    if question.kind in NUMERIC:
        return {"type": "text", "inputmode": "decimal", "class": "num"}
    if question.kind in PLAIN_NAMES:
        return {"type": "text", "autocapitalize": "none", "spellcheck": "false"}
    return {"type": TYPES.get(QuestionKind(question.kind), "text")}


def is_day(value: Any) -> bool:
    """Empty, or what a date field of a browser can show."""
    try:
        return not value or datetime.date.fromisoformat(str(value)).isoformat() == str(value)
    except ValueError:
        return False


class Line(forms.TextInput):
    """One line, of the type its question asks for."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        own = attributes_of(self.question, value)
        context = super().get_context(name, value, {**(attrs or {}), **own})
        context["widget"]["type"] = own["type"]
        context["widget"]["attrs"].pop("type", None)
        return context


class LicenceLine(Line):
    """A text, with the open licences offered while one types."""

    template_name = "grants/answers/licence_line.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        others = {key: "" for key in sorted(OPEN - LICENCES.keys()) if not key.startswith("LicenseRef-")}
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_known"
        return {**context, "known": {**LICENCES, **others}.items()}


class KeepsAnswer(ChoiceWidget):
    """Shows what was chosen also where the call does not offer it any more."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        offered = list(self.choices)
        known = {str(key) for key, _label in offered}
        gone = [key for key in value if key and key not in known]
        self.choices = [*offered, *((key, _("%(name)s (not offered)") % {"name": key}) for key in gone)]
        groups = super().optgroups(name, value, attrs)
        self.choices = offered
        return list(groups)


class Radios(KeepsAnswer, forms.RadioSelect):
    pass


class Menu(KeepsAnswer, forms.Select):
    pass


class Boxes(KeepsAnswer, forms.CheckboxSelectMultiple):
    """With a mark that it was asked: a browser sends nothing of boxes that are not ticked."""

    template_name = "grants/answers/boxes.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return listed(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-asked" not in data


class LanguageLines(forms.Widget):
    """One language a line, offered by its names while one types; more lines by a button."""

    template_name = "grants/answers/language_lines.html"
    use_fieldset = True
    spare = SPARE

    def __init__(self, *, draws_list: bool) -> None:
        super().__init__()
        self.draws_list = draws_list

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        lines = [*(value if isinstance(value, list) else []), *[""] * self.spare]
        known = Language.objects.order_by("name").values_list("name", "autonym", "code")
        invalid = "aria-invalid" in context["widget"]["attrs"]
        return {**context, "lines": lines, "invalid": invalid, "known": known if self.draws_list else ()}

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [line for line in listed(data, name) if says_something(line)]


class Rows(forms.Widget):
    """A table, row by row, with rows to spare; more of them by a button."""

    template_name = "grants/answers/rows.html"
    use_fieldset = True
    spare = SPARE

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self.columns = columns_of(question.kind)
        self.wrong: set[tuple[int, str]] = set()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = rows_of(value if isinstance(value, list) else [])
        measured = self.question.kind == QuestionKind.GPU_TABLE
        return {
            **context,
            "rows": [self.cells(name, number, row) for number, row in enumerate([*rows, *[{}] * self.spare])],
            "total": grouped(total_hours(value)) if measured else "",
            "hardware": [hardware.name for hardware in HARDWARE] if measured else (),
        }

    def cells(self, name: str, number: int, row: Mapping[str, str]) -> list[dict[str, Any]]:
        made = []
        for place, column in enumerate(self.columns):
            value = row.get(column.key, "")
            made.append(
                {
                    "column": column,
                    "name": f"{name}-{number}-{column.key}",
                    "id": f"id_{name}_{number * len(self.columns) + place}",
                    "value": value,
                    "attributes": attributes_of(column, value),
                    "wrong": (number, column.key) in self.wrong,
                    "list": f"id_{name}_hardware" if column.key == "hardware" else "",
                }
            )
        return made

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """The rows in which something is written, in their order, each cell as it was typed."""
        if isinstance(data.get(name), list):
            return list(data[name])
        rows: dict[int, dict[str, str]] = {}
        for key in data:
            cell = re.fullmatch(rf"{re.escape(name)}-([0-9]{{1,3}})-([a-z_]+)", key)
            if cell and int(cell[1]) < MOST_ROWS_READ and cell[2] in {column.key for column in self.columns}:
                rows.setdefault(int(cell[1]), {})[cell[2]] = data[key]
        return [row for _number, row in sorted(rows.items()) if says_something(row)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and not any(key.startswith(f"{name}-") for key in data)


GROWING = (LanguageLines, Rows)


class Files(forms.Widget):
    """The files handed in so far, and the way to the page that takes more; nothing of it is typed here."""

    template_name = "grants/answers/files.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        return {**context, "attachments": attached(value)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def listed(data: Any, name: str) -> list[str]:
    """All values of one name: of a form that was sent, or of a mapping of answers."""
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
    return (
        [str(value) for value in values]
        if isinstance(values, Iterable) and not isinstance(values, str)
        else []
    )
