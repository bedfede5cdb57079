"""The officer's page for a call: the form, its routes, and rows for questions, criteria and deliverables."""

import datetime
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.forms.call_form import LOCAL, MOMENTS, PARTS, PLAIN, CallForm
from grants.forms.call_questions import QuestionForm, earlier_choices, lines, question_initial
from grants.forms.call_rows import CriterionForm, DeliverableForm, rows_of, typed_rows
from grants.forms.eligibility import EligibilityFields
from grants.forms.routes import route_forms
from grants.models.calls import Applicants, Call
from grants.models.gpu_time import gpu_ms, plain_hours

ROWS: dict[str, Any] = {
    "questions": rows_of(QuestionForm, most=80),
    "criteria": rows_of(CriterionForm, most=20),
    "deliverables": rows_of(DeliverableForm, most=20),
}
STANDING = {"title", "summary", "gpu_hours", "money", "version", "next", "declarations", "check", "save"}


class CallPage:
    """The form, its routes and its rows, read and judged together.

    `start`: fields of a call to begin from (a starter's, or another call's). `typed`: what was typed so
    far, to be shown again unjudged, with some of its rows replaced.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        call: Call | None = None,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        fields = {**BLANK, **(start or {}), **(stored(call) if call else {})}
        self.form = CallForm(data, initial=form_initial(fields, call))
        self.routes = route_forms(data, fields["routes"])
        rows = {name: row_initial(name, fields[name]) for name in ROWS}
        self.rows = {name: draw(name, data, rows[name]) for name in ROWS}
        self.open_row = ""

    @classmethod
    def again(cls, typed: Any, part: str, rows: list[dict[str, Any]], at: int) -> "CallPage":
        """Everything as typed, and one part's rows in their new order; nothing is judged yet."""
        page = cls()
        page.form = CallForm(initial=as_typed(typed, CallForm().fields))
        page.routes = route_forms(None, [])
        for form in page.routes:
            form.initial = as_typed(typed, form.fields, f"{form.prefix}-")
        found = {name: rows if name == part else typed_rows(typed, name) for name in ROWS}
        page.rows = {name: draw(name, None, found[name]) for name in ROWS}
        page.open_row = f"{part}-{at}"
        return page

    def parts(self) -> dict[str, list[forms.BoundField]]:
        return {name: [self.form[field] for field in fields] for name, fields in PARTS.items()}

    def troubles(self) -> Iterator[tuple[str, str]]:
        """(where on the page, what) of every error in a row or route."""
        for name, rows in self.rows.items():
            for number, row in enumerate(rows if rows.is_bound else []):
                for field, errors in row.errors.items():
                    what = row.heading() or f"{number + 1}"
                    yield f"{name}-{number}", f"{what}: {label_of(row, field)}: {errors[0]}"
        for form in self.routes:
            for field, errors in form.errors.items():
                yield form.prefix or "", f"{form.label}: {label_of(form, field)}: {errors[0]}"

    def is_valid(self) -> bool:
        """Every part is judged, so that every error shows at once."""
        judged = [self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())]
        judged += [form.is_valid() for form in self.routes]
        if self.form.is_valid() and not all(judged):
            self.form.add_error(None, _("Look at the questions, criteria, routes and deliverables below."))
        return all(judged)

    def values(self) -> dict[str, Any]:
        """As `actions.calls.create_call` takes them."""
        data = self.form.cleaned_data
        made = {name: data[name] for name in (*PLAIN, *MOMENTS)}
        made["budget_gpu_ms"] = gpu_ms(data["budget_hours"] or 0)
        made["budget_money"] = data["budget_money"] or 0
        made["applicants"] = data["applicants"] or Applicants.ORGANISATIONS
        made["appeal_days"] = data["appeal_days"] or 0
        made["declarations"] = lines(data["declarations"])
        made["eligibility"] = self.form.rules()
        made["routes"] = [route for route in (form.as_data() for form in self.routes) if route]
        for name, rows in self.rows.items():
            made[name] = rows.as_data(set(STANDING))
        return made

    def revision(self) -> int:
        return int(self.form.cleaned_data.get("revision") or 0)

    def add_refused(self, field: str | None, sentence: str) -> None:
        known = {"budget_gpu_ms": "budget_hours"}.get(field or "", field)
        self.form.add_error(known if known in self.form.fields else None, sentence)


BLANK: dict[str, list[Any]] = {
    name: [] for name in ("questions", "criteria", "deliverables", "declarations", "routes", "eligibility")
}


def label_of(form: forms.Form, field: str) -> str:
    return str(form.fields[field].label) if field in form.fields else ""


def draw(name: str, data: Mapping[str, Any] | None, rows: list[dict[str, Any]]) -> Any:
    """The rows of a part; without its count in the data (an older page), as none were sent."""
    if data is not None and f"{name}-TOTAL_FORMS" not in data:
        data = {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    said = typed_rows(data, name) if data is not None else rows
    more = {"form_kwargs": {"earlier": earlier_choices(said)}} if name == "questions" else {}
    return ROWS[name](data, prefix=name, initial=rows, **more)


def as_typed(typed: Any, fields: Mapping[str, forms.Field], prefix: str = "") -> dict[str, Any]:
    return {
        name: typed.getlist(prefix + name)
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        else typed.get(prefix + name)
        for name, field in fields.items()
    }


def stored(call: Call) -> dict[str, Any]:
    """What a call holds, by field."""
    return {name: getattr(call, name) for name in (*PLAIN, *MOMENTS, *BLANK, "budget_gpu_ms")}


def form_initial(fields: Mapping[str, Any], call: Call | None) -> dict[str, Any]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    initial: dict[str, Any] = {
        "opens_at": now,
        "closes_at": now.replace(hour=17, minute=0) + datetime.timedelta(days=42),
        "time_zone": timezone.get_default_timezone_name(),
        **{name: fields[name] for name in PLAIN if name in fields},
        "declarations": "\n".join(fields["declarations"]),
        **EligibilityFields.initial_of(fields["eligibility"]),
        "revision": call.revision if call else None,
    }
    if fields.get("budget_gpu_ms"):
        initial["budget_hours"] = plain_hours(fields["budget_gpu_ms"])
    zone = zoneinfo.ZoneInfo(initial["time_zone"])
    for name in MOMENTS:
        if fields.get(name):
            initial[name] = fields[name].astimezone(zone).strftime(LOCAL)
    return initial


def row_initial(name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if name == "questions":
        return [question_initial(item) for item in items]
    if name == "criteria":
        said = [{f"anchor_{n}": words for n, words in item.get("anchors", {}).items()} for item in items]
        return [{**item, **anchors} for item, anchors in zip(items, said, strict=True)]
    return items
