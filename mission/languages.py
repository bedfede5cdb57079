"""The language of a page is in its address: /nations/ is English, /hi/nations/ Hindi, /ar/nations/ Arabic.

Only the address decides, never what a browser prefers: so a link shows everybody the same, and one copy of
a page serves all who ask for it. Rooms and machines have one address, and speak English.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from django.utils import translation

OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PREFIX = re.compile(rf"/({'|'.join(OTHERS)})(?=/|$)")


class Version(NamedTuple):
    """The page being looked at, in one of the languages. `name` is the language's own."""

    code: str
    name: str
    url: str
    current: bool
    direction: str


def in_every_language(*pages: URLPattern | URLResolver) -> URLResolver:
    """Public pages: these addresses in English, and with /hi and /ar before them. Django's `i18n_patterns` is
    for a root list only; ours stands inside the list of a floor whose own path is empty, which comes to the
    same, and its names stay in that floor's namespace."""
    prefixed = URLResolver(LocalePrefixPattern(prefix_default_language=False), list(pages))
    return URLResolver(RoutePattern(""), [prefixed])


def spoken_in(path: str) -> str:
    """The code of the language that a path asks for."""
    found = PREFIX.match(path)
    return found[1] if found else settings.LANGUAGE_CODE


def bare(path: str) -> str:
    """The same address in English."""
    return PREFIX.sub("", path, count=1)


class LanguageMiddleware:
    """Speaks the language that the address names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = spoken_in(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


@cache
def names_in_every_language() -> frozenset[str]:
    """Names of the pages whose address may name a language."""
    with translation.override(settings.LANGUAGE_CODE):
        return frozenset(_names(get_resolver(), "", within=False))


def _names(resolver: URLResolver, namespace: str, *, within: bool) -> set[str]:
    within = within or isinstance(resolver.pattern, LocalePrefixPattern)
    found = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found |= _names(entry, entry.namespace or namespace, within=within)
        elif within:
            found.add(f"{namespace}:{entry.name}")
    return found


def versions(request: HttpRequest) -> list[Version]:
    """The page in every language, by its full address, or the first page where the address leads nowhere;
    empty where it has only one language."""
    match = request.resolver_match
    if match is None:
        path, query = "/", ""
    elif match.view_name in names_in_every_language():
        path, query = bare(request.path), request.META.get("QUERY_STRING", "")
    else:
        return []
    current = translation.get_language()
    return [
        Version(
            code,
            translation.get_language_info(code)["name_local"],
            ("" if code == settings.LANGUAGE_CODE else f"/{code}") + path + (f"?{query}" if query else ""),
            code == current,
            "rtl" if translation.get_language_info(code)["bidi"] else "ltr",
        )
        for code, _name in settings.LANGUAGES
    ]
