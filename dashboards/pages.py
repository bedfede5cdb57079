"""Long lists, page by page: fifty rows to read, a thousand as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from dashboards.exports import is_data

TO_READ, AS_DATA = 50, 1000


@dataclass(frozen=True)
class Paged:
    page: Page[Any]
    following: str


def paged(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]") -> Paged:
    """Two queries. A page that does not exist is not found, also when its number is no number."""
    paginator = Paginator(rows, AS_DATA if is_data(request) else TO_READ)
    asked = request.GET.get("page", "1")
    if not asked.isdecimal() or len(asked) > 9 or not 1 <= int(asked) <= paginator.num_pages:
        raise Http404
    page = paginator.page(int(asked))
    if not page.has_next():
        return Paged(page, "")
    query = request.GET.copy()
    query["page"] = str(page.next_page_number())
    return Paged(page, f"{request.path}?{query.urlencode()}")
