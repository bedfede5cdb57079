"""Long lists, page by page: fifty rows to read, a thousand as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from dashboards.exports import is_data

TO_READ, AS_DATA = 50, 1000
COUNTED = 10_000  # rows of a list without end are counted up to here, for people


class CappedPaginator(Paginator[Any]):
    """Counts no further than COUNTED, so that counting costs the same in a list of any length. `capped`:
    there are more, which are reached by narrower filters."""

    @cached_property
    def looked_at(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().prefetch_related(None)[: COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.looked_at, COUNTED)

    @property
    def capped(self) -> bool:
        return self.looked_at > COUNTED


@dataclass(frozen=True)
class Paged:
    page: Page[Any]
    following: str


def is_capped(page: Page[Any]) -> bool:
    """Whether there are more than were counted."""
    return bool(getattr(page.paginator, "capped", False))


def paged(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", *, to_read: int = TO_READ) -> Paged:
    """As `turned_to` the page that was asked for."""
    return followed(request, turned_to(rows, *page_asked(request), to_read=to_read))


def page_asked(request: HttpRequest) -> tuple[str, bool]:
    """Which page, as it was said, and whether as data."""
    return request.GET.get("page", "1"), is_data(request)


def turned_to(
    rows: "QuerySet[Any] | Sequence[Any]",
    asked: str,
    data: bool,
    *,
    to_read: int = TO_READ,
    endless: bool = False,
) -> Page[Any]:
    """Two queries. A page that does not exist is not found, also when its number is no number. An `endless`
    list is counted up to COUNTED where people read it; as data it is counted in full, and all of it given."""
    kind = CappedPaginator if endless and not data else Paginator
    paginator = kind(rows, AS_DATA if data else to_read)
    if not asked.isdecimal() or len(asked) > 9 or not 1 <= int(asked) <= paginator.num_pages:
        raise Http404
    return paginator.page(int(asked))


def followed(request: HttpRequest, page: Page[Any]) -> Paged:
    """With the address of the page after it."""
    if not page.has_next():
        return Paged(page, "")
    query = request.GET.copy()
    query["page"] = str(page.next_page_number())
    return Paged(page, f"{request.path}?{query.urlencode()}")
