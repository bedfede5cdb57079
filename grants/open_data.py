"""The same rows as CSV or JSON, from the address of the page."""

import csv
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

Row = Mapping[str, Any]


def asked_for(request: HttpRequest) -> str:
    """csv, json, or empty for a page."""
    wanted = request.GET.get("format", "")
    return wanted if wanted in {"csv", "json"} else ""


def as_data(name: str, rows: Sequence[Row], form: str) -> HttpResponse:
    """`form` is csv or json; every row has the same keys."""
    if form == "json":
        return JsonResponse({name: list(rows)}, json_dumps_params={"ensure_ascii": False})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.DictWriter(answer, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows({key: safe(value) for key, value in row.items()} for row in rows)
    return answer


def safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
