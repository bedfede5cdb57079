"""One address of every public kind of page of a running house."""

import urllib.error
import urllib.request

from tests.design.walk import walk


def public_pages(base: str) -> dict[str, str]:
    """`{view name: path}`, found by following links from the front and from the home nation."""

    def read(path: str) -> str | None:
        try:
            with urllib.request.urlopen(base + path) as answer:
                same = answer.url == base + path
                html = "text/html" in answer.headers["Content-Type"]
                return answer.read().decode() if same and html else None
        except urllib.error.HTTPError:
            return None

    return walk("/", "/nations/IN/", read=read)
