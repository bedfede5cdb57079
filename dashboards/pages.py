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

    @property
    def capped(self) -> bool:
        return bool(getattr(self.page.paginator, "capped", False))


def paged(
    request: HttpRequest,
    rows: "QuerySet[Any] | Sequence[Any]",
    *,
    to_read: int = TO_READ,
    endless: bool = False,
) -> Paged:
    """Two queries. A page that does not exist is not found, also when its number is no number. An `endless`
    list is counted up to COUNTED where people read it; as data it is counted in full, and all of it given."""
    data = is_data(request)
    kind = CappedPaginator if endless and not data else Paginator
    paginator = kind(rows, AS_DATA if data else to_read)
    asked = request.GET.get("page", "1")
    if not asked.isdecimal() or len(asked) > 9 or not 1 <= int(asked) <= paginator.num_pages:
        raise Http404
    page = paginator.page(int(asked))
    if not page.has_next():
        return Paged(page, "")
    query = request.GET.copy()
    query["page"] = str(page.next_page_number())
    return Paged(page, f"{request.path}?{query.urlencode()}")
