"""Finds one page of every kind by following links, as a visitor would."""

import re
from collections import Counter, deque
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

LINK = re.compile(r"<a\s[^>]*?href=\"([^\"#]+)")
NOT_PAGES = {"schema", "healthz", "readyz", "metrics", "account_logout", "grants:file"}

# Rows of these are in many states, and lead to other pages in each: this many of them are followed.
IN_MANY_STATES = {
    "grants:application_section",
    "grants:application",
    "grants:desk_application",
    "grants:desk_call",
    "grants:desk_reviews",
    "grants:review",
}
STATES = 14


def kind_of(path: str) -> str | None:
    """The name of the view behind a path; None for what is no page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    name = match.view_name
    download = name.endswith("_pdf") or name in NOT_PAGES
    return None if not name or download or (path.startswith("/api/") and path != "/api/") else name


def walk(*starts: str, read: Callable[[str], str | None]) -> dict[str, str]:
    """`{view name: a path of it}`. `read(path)` gives the HTML, or None where it is none."""
    found: dict[str, str] = {}
    read_so_far: Counter[str] = Counter()
    waiting = deque(starts)
    seen = set(starts)
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind is None or read_so_far[kind] >= (STATES if kind in IN_MANY_STATES else 1):
            continue
        html = read(path)
        if html is None:
            continue
        found.setdefault(kind, path)
        read_so_far[kind] += 1
        for link in LINK.findall(html):
            target = urlsplit(urljoin(path, unescape(link)))
            if not target.netloc and target.path not in seen and "format=" not in target.query:
                seen.add(target.path)
                waiting.append(target.path)
    return found
