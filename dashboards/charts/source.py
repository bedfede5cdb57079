"""Below a figure: downloads of these very rows, where they are from, how to cite and how to contest them.

Joined here and not in a template: a page has nine of these, and a template takes five times as long. Every
word that is not written in this file goes through `escape`.
"""

import html
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mission import numerals


def source_markup(figure: Any, *, asked: str, permalink: str, embed: str, contest_about: str) -> SafeString:
    """What is asked of, see dashboards/addresses.py. Without a permalink nothing is told of how to cite, link
    and embed."""
    told = _source(figure, escape(asked), escape(contest_about))
    if permalink:
        lines = "\n".join(_cited(figure, escape(permalink), escape(embed)))
        summary = _("Cite, link or embed")
        told += f'\n<details class="source">\n<summary>{summary}</summary>\n<dl>\n{lines}\n</dl>\n</details>'
    return mark_safe(told)  # noqa: S308  (escaped)


def _source(figure: Any, asked: str, contest_about: str) -> str:
    slug, source = escape(figure.slug), figure.source
    kinds = ("csv", "json", "svg", "png") if figure.drawing else ("csv", "json")
    name = escape(source.name)
    metric = f"#{escape(figure.metric)}" if figure.metric else ""
    contest = f"{_address('contributions:contest', get_language())}?about={contest_about}%23{slug}"
    told = [
        *(
            f'<a href="{asked}figure={slug}&amp;format={kind}" rel="nofollow">{kind.upper()}</a>'
            for kind in kinds
        ),
        f"{_('Source:')} "
        + (f'<a href="{escape(source.url)}">{name}</a>' if source.url else name)
        + escape(source.terms),
        f'<a href="{_address("dashboards:methods", get_language())}{metric}">{_("Definitions")}</a>',
        f'<a href="{contest}" rel="nofollow" class="nowrap">{_("Wrong? Contest it")}</a>',
    ]
    if figure.revised:
        day = escape(numerals.date(figure.revised[0]))
        told.append(f"<strong>{_('Revised on %(day)s.') % {'day': day}}</strong>")
    return '<p class="source">\n' + "\n".join(told) + "\n</p>"


def _cited(figure: Any, permalink: str, embed: str) -> Iterator[str]:
    """Terms and what is said to each."""
    slug = escape(figure.slug)
    here = f"{permalink}#{slug}"
    frame = f'src="{embed}figure={slug}&amp;view=embed" title="{html.escape(escape(figure.title))}"'
    yield _said(_("Citation"), citation(figure, permalink))
    yield _said(_("Link to exactly this"), f'<a href="{here}">{here}</a>')
    yield _said(
        _("Embed"),
        f'<code>&lt;iframe {frame} width="100%" height="640" loading="lazy"&gt;&lt;/iframe&gt;</code>',
    )
    if figure.unit:
        yield _said(_("Unit"), escape(figure.unit))
    if figure.source.updates:
        yield _said(_("Next update"), escape(figure.source.updates.in_words))
    if figure.bounded:
        bounds = _(
            "From what is proven (evidence of grades A and B) to all there is evidence for. “Up to” stands "
            "where the lower one would tell of fewer than ten people."
        )
        yield _said(_("Two numbers"), bounds)
    if figure.revised:
        yield _said(_("Revised"), _(", ").join(escape(numerals.date(day)) for day in figure.revised))


def _said(term: str, told: str) -> str:
    return f"<dt>{term}</dt><dd>{told}</dd>"


def citation(figure: Any, permalink: str) -> str:
    """One line of text: title, site, source, the day the data were retrieved, and where. `permalink` is
    escaped already."""
    facts = {
        "title": escape(figure.title),
        "site_name": escape(settings.SITE_NAME),
        "source": escape(figure.source.name),
        "permalink": permalink,
        "slug": escape(figure.slug),
    }
    if figure.source.retrieved is None:
        return _("“%(title)s”, %(site_name)s; data: %(source)s. %(permalink)s#%(slug)s") % facts
    facts["day"] = escape(numerals.date(figure.source.retrieved, "DATE_FORMAT"))
    told = _("“%(title)s”, %(site_name)s; data: %(source)s, retrieved %(day)s. %(permalink)s#%(slug)s")
    return told % facts


@cache
def _address(name: str, _language: str | None) -> str:
    """In the language spoken now, which the caller names so that each is kept apart."""
    return reverse(name)
