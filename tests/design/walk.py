"""Finds one page of every kind by following links, as a visitor would."""

import re
from collections import deque
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

LINK = re.compile(r"<a\s[^>]*?href=\"([^\"#]+)")
NOT_PAGES = {"schema", "healthz", "readyz", "metrics", "account_logout", "grants:file"}


def kind_of(path: str) -> str | None:
    """The name of the view behind a path; None for what is no page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    name = match.view_name
    download = name.endswith("_pdf") or name in NOT_PAGES
    return None if not name or download or path.startswith("/api/") else name


def walk(start: str, read: Callable[[str], str | None]) -> dict[str, str]:
    """`{view name: a path of it}`. `read(path)` gives the HTML, or None where it is none."""
    found: dict[str, str] = {}
    waiting = deque([start])
    seen = {start}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind is None or kind in found:
            continue
        html = read(path)
        if html is None:
            continue
        found[kind] = path
        for link in LINK.findall(html):
            target = urlsplit(urljoin(path, unescape(link)))
            if not target.netloc and target.path not in seen and "format=" not in target.query:
                seen.add(target.path)
                waiting.append(target.path)
    return found
