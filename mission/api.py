"""What the read API's lists have in common: filters that are checked, pages that are fast however far in.

A page is asked for by `after`, which the answer before it gave: the place of its last row in the order of
an index. Nothing is skipped over, so the thousandth page costs what the first does.
"""

import base64
import binascii
import datetime
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from mission.errors import Refused

USUAL, MOST = 100, 1000  # rows a page
COUNTED = 10_000  # rows; more are not counted
Shape = Callable[[Any], dict[str, Any]]


class Filters(forms.Form):
    """What may be asked of a list. A field's help text is its description in the schema."""

    limit = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, help_text=gettext_lazy("rows a page; 100 unless told")
    )
    after = forms.CharField(
        required=False, max_length=400, help_text=gettext_lazy("where the page begins: `next` has it")
    )


F_ = TypeVar("F_", bound=forms.Form)


def asked(request: Request, kind: type[F_]) -> dict[str, Any]:
    """The filters, checked. What is wrong or unknown is refused with its name, never passed over."""
    query = request.query_params
    refuse_strange(query, list(kind.base_fields))
    form = kind(query)
    if form.errors:
        field, messages = next(iter(form.errors.items()))
        raise Refused(str(messages[0]), field=field, code="invalid", status=422)
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}


def refuse_strange(query: QueryDict, known: Sequence[str]) -> None:
    strange = next((name for name in query if name not in {"format", *known}), None)
    if strange is not None:
        names = ", ".join(known) or "–"
        sentence = _("There is no parameter “%(name)s” here. There are: %(names)s.")
        raise Refused(
            sentence % {"name": strange[:40], "names": names}, field=strange[:40], code="unknown", status=422
        )


def keyset(
    request: Request,
    rows: "QuerySet[Any]",
    order: Sequence[str],
    said: dict[str, Any],
    shape: Shape,
    *,
    counted: bool = True,
) -> Response:
    """`{"count", "next", "results"}`. `order`: columns that together name a row, all up or all down ("-")."""
    names = [name.removeprefix("-") for name in order]
    limit = said.get("limit") or USUAL
    count = bounded(rows) if counted else None
    if said.get("after"):
        compare = TupleLessThan if order[0].startswith("-") else TupleGreaterThan
        place = read_place(said["after"], rows, names)
        rows = rows.filter(compare(Tuple(*(F(name) for name in names)), place))
    found = list(rows.order_by(*order)[: limit + 1])
    following = ""
    if len(found) > limit:
        query = request.query_params.copy()
        query["after"] = place_of(found[limit - 1], names)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return listed([shape(row) for row in found[:limit]], count, following)


def listed(results: list[dict[str, Any]], count: int | None, following: str = "") -> Response:
    response = Response({"count": count, "next": following or None, "results": results})
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def bounded(rows: "QuerySet[Any]") -> int | None:
    """How many there are, where that is quickly told; None where there are more than COUNTED."""
    count = rows.order_by()[: COUNTED + 1].count()
    return count if count <= COUNTED else None


def place_of(row: Any, names: list[str]) -> str:
    values = [plain(getattr(row, name)) for name in names]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def read_place(said: str, rows: "QuerySet[Any]", names: list[str]) -> tuple[Any, ...]:
    """The values of the columns, as of the row that `place_of` was asked for."""
    try:
        values = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError(said)
        if any(type(value) not in {str, int} or "\0" in str(value) for value in values):
            raise ValueError(said)
        fields = [rows.model._meta.get_field(name.removesuffix("_id")) for name in names]
        pairs = zip(fields, values, strict=True)
        read = tuple(field.to_python(value) for field, value in pairs)
        if any(isinstance(value, int) and abs(value) >= 2**63 for value in read):
            raise ValueError(said)
    except (ValueError, binascii.Error, forms.ValidationError, OverflowError, RecursionError) as wrong:
        sentence = _("`after` is none that this list gave. Begin without it, and follow `next`.")
        raise Refused(sentence, field="after", code="invalid", status=422) from wrong
    return read
