"""What the house holds itself to, and what it keeps about people: as tables, so that both can be compared."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.updates import Updates

HELD = (
    (
        _("Every public page and every room behind the sign-in"),
        _("axe finds nothing, wide and narrow"),
    ),
    (
        _("Headings and titles"),
        _("one heading of the first level, a title of its own on each page"),
    ),
    (_("Keyboard"), _("a link to skip to the content; every focus is seen")),
    (
        _("Colours of text and charts"),
        _("enough contrast, on light and on dark ground"),
    ),
    (_("Narrow screens"), _("nothing scrolls sideways at 320 pixels")),
    (_("Without JavaScript"), _("every form, table and drawing is there")),
    (
        _("Drawings"),
        _("the same numbers stand in a table; dashes, hatches and labels beside colour"),
    ),
    (_("Slow lines"), _("a first visit takes 45 kilobytes or less")),
)
KEPT = (
    (
        _("Your account here: name, e-mail address, roles"),
        _("to let you in and write to you"),
        _("the desk"),
    ),
    (
        _("Password"),
        _("only as a digest that cannot be read back"),
        _("nobody"),
    ),
    (
        _("Applications, files, messages"),
        _("to decide on them"),
        _("you, the desk, its reviewers"),
    ),
    (
        _("Reviews, decisions, appeals"),
        _("to show that they were fair"),
        _("the desk; you, what concerns you"),
    ),
    (
        _("Who did what here, and when"),
        _("so that nobody can change a decision in silence"),
        _("auditors"),
    ),
    (
        _("Awards to people: name, nation, title, summary, amount"),
        _("they are public money"),
        _("everybody"),
    ),
    (
        _("Accounts on GitHub and Hugging Face: name, and what they published"),
        _("to count what nations add"),
        _("everybody sees sums of ten people or more"),
    ),
    (
        _("Where an account belongs, with its evidence and dates"),
        _("to attribute what it adds; you may take your word back"),
        _("you, and the desk"),
    ),
)


def _rows(told: Iterable[Iterable[Any]], *keys: str) -> tuple[Row, ...]:
    return tuple(Row(str(at), dict(zip(keys, map(str, words), strict=True))) for at, words in enumerate(told))


def checks_figure() -> Figure:
    """No query. What tests hold on every change, each a rule a machine can tell."""
    return Figure(
        slug="checks",
        title=str(_("What machines check on every change")),
        sentence=str(_("A change that fails one of these is not published.")),
        columns=(Column("what", str(_("What")), names=True), Column("rule", str(_("Rule")))),
        rows=tuple(
            Row(str(at), {"what": str(what), "rule": str(rule)}) for at, (what, rule) in enumerate(HELD)
        ),
        source=Source(str(_("This site's tests")), updates=Updates.AT_ONCE),
        open_table=True,
    )


def kept_figure() -> Figure:
    """No query. All that is kept about people, why, and who sees it."""
    return Figure(
        slug="kept",
        title=str(_("What is kept about people")),
        sentence="",
        columns=(
            Column("what", str(_("What")), names=True),
            Column("why", str(_("Why"))),
            Column("who", str(_("Who sees it"))),
        ),
        rows=_rows(KEPT, "what", "why", "who"),
        source=Source(str(_("This site")), updates=Updates.AT_ONCE),
        open_table=True,
    )
