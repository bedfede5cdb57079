"""Rows of the officer's form for a call, added and moved without a script."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.call_parts import HIGHEST_POINTS
from grants.models.deliverables import DeliverableKind

ANCHORED = [0, 1, 3, 5]  # a word for every second step is enough; those between are in between


class RowForm(forms.Form):
    """A row of the form. One in which nothing is typed is left out, also where something stood before."""

    typed: tuple[str, ...] = ("label",)
    template_name_row = "grants/desk/row_plain.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "use_required_attribute": False})
        self.empty_permitted = True

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.typed)

    def heading(self) -> str:
        """What the closed row shows."""
        return str(self[self.typed[0]].value() or "")

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


class KeyedForm(RowForm):
    """Its key stays when its words change."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)

    def keyed(self, taken: set[str]) -> str:
        return free_key(self.cleaned_data.get("key") or "", self.cleaned_data["label"], taken)


def free_key(key: str, label: str, taken: set[str]) -> str:
    """The key there is, or one from the label; numbered where another row has it."""
    stem = key or slugify(label).replace("-", "_")[:30]
    stem = stem if stem[:1].isalpha() else f"q_{stem}"
    key = next(k for k in (stem, *(f"{stem}_{n}" for n in range(2, 999))) if k not in taken)
    taken.add(key)
    return key


class CriterionForm(KeyedForm):
    typed = ("label", "weight")
    template_name_row = "grants/desk/row_criterion.html"

    label = forms.CharField(label=gettext_lazy("Criterion"), max_length=120)
    weight = forms.IntegerField(
        label=gettext_lazy("Weight"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("Beside the others: all weights together are the whole score."),
    )
    help = forms.CharField(
        label=gettext_lazy("What reviewers look at"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for points in ANCHORED:
            self.fields[f"anchor_{points}"] = forms.CharField(
                label=_("%(points)d of %(highest)d points mean")
                % {"points": points, "highest": HIGHEST_POINTS},
                required=False,
                max_length=300,
                widget=forms.Textarea({"rows": 2}),
            )

    def anchors(self) -> list[forms.BoundField]:
        return [self[f"anchor_{points}"] for points in ANCHORED]

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        data = self.cleaned_data
        made = {"key": self.keyed(taken), "label": data["label"], "weight": data["weight"]}
        said = {str(points): data[f"anchor_{points}"].strip() for points in ANCHORED}
        anchors = {points: words for points, words in said.items() if words}
        return {
            **made,
            **({"help": data["help"]} if data["help"] else {}),
            **({"anchors": anchors} if anchors else {}),
        }


class DeliverableForm(RowForm):
    typed = ("title", "due_days")

    title = forms.CharField(label=gettext_lazy("What"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=DeliverableKind.choices, initial=DeliverableKind.MODEL
    )
    due_days = forms.IntegerField(label=gettext_lazy("Days after the award"), min_value=1, max_value=3650)
    description = forms.CharField(label=gettext_lazy("What counts"), required=False, max_length=500)


class BaseRows(forms.BaseFormSet[RowForm]):
    def as_data(self, taken: set[str]) -> list[dict[str, Any]]:
        return [row.as_data(taken) for row in self.forms if row.has_changed()]


def rows_of(form: type[RowForm], *, most: int) -> Any:
    return forms.formset_factory(form, BaseRows, extra=0, max_num=most)


KEYED = ("questions", "criteria")  # a row that moves has its key at once: another question may hang on it
Typed = Mapping[str, Any]  # a QueryDict


def rearranged(typed: Typed, wish: str) -> tuple[str, list[dict[str, Any]], int]:
    """The rows of one part as typed, after the wish: (part, rows, which one is to be looked at).

    A wish is what the pressed button says: "questions:add", "questions:up:3", "criteria:out:0".
    """
    part, _colon, rest = wish.partition(":")
    act, _colon, place = rest.partition(":")
    rows = typed_rows(typed, part)
    taken = {row["key"] for row in rows if row.get("key")}
    for row in rows:
        if part in KEYED and row.get("label", "").strip() and not row.get("key"):
            row["key"] = free_key("", row["label"], taken)
    at = int(place) if place.isdigit() and int(place) < len(rows) else len(rows)
    if act == "add":
        rows.append({})
        return part, rows, len(rows) - 1
    if at == len(rows) or act not in {"up", "down", "copy", "out"}:
        return part, rows, 0
    row = rows.pop(at)
    if act == "copy":
        rows[at:at] = [row, {**row, "key": ""}]
    to = max(0, min({"up": at - 1, "down": at + 1, "copy": at + 1}.get(act, at), len(rows)))
    if act in {"up", "down"}:
        rows.insert(to, row)
    return part, rows, to


def typed_rows(typed: Typed, part: str) -> list[dict[str, Any]]:
    """What stands in each row of the form sent, right or wrong; lists where a field takes several."""
    total = str(typed.get(f"{part}-TOTAL_FORMS", "0"))
    count = min(int(total), 200) if total.isdigit() else 0
    rows: list[dict[str, Any]] = [{} for _n in range(count)]
    for name in typed:
        place, _dash, field = name.removeprefix(f"{part}-").partition("-")
        if name.startswith(f"{part}-") and place.isdigit() and int(place) < count:
            rows[int(place)][field] = one_or_all(typed, name, field)
    return rows


def one_or_all(typed: Typed, name: str, field: str) -> Any:
    several: Sequence[str] = typed.getlist(name)  # type: ignore[attr-defined]
    return list(several) if field == "accepts" else several[-1]
