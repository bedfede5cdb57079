"""The same rows as CSV or JSON, from the address of the page."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse

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


def streamed(
    name: str, rows: "QuerySet[Any, Any]", row_of: Callable[[Any], Row], columns: Sequence[str]
) -> StreamingHttpResponse:
    """Every row of a query as CSV, however many there are: never more than a thousand in memory."""

    async def pieces() -> AsyncIterator[str]:
        held = io.StringIO()
        writer = csv.DictWriter(held, fieldnames=columns)
        writer.writeheader()
        async for row in rows.aiterator(chunk_size=1000):
            writer.writerow({key: safe(value) for key, value in row_of(row).items()})
            if held.tell() > 60_000:
                yield held.getvalue()
                held.seek(0)
                held.truncate()
        yield held.getvalue()

    answer = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
