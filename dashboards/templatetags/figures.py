"""`{% show figure %}`: a figure with its drawing, table, source and citation; `{% source figure %}`: the last
of these alone. Known to every template."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from dashboards.charts.figure import Figure
from dashboards.charts.mould import OPEN, filled
from dashboards.charts.source import source_markup

register = template.Library()


@register.simple_tag(takes_context=True)
def show(context: Context, figure: Figure, *, cited: bool = True) -> SafeString:
    return filled(figure.mould if cited else figure.mould_in_frame, _here(context))


@register.simple_tag(takes_context=True)
def source(context: Context, figure: Figure) -> SafeString:
    """What stands below it: see charts/source.py."""
    return source_markup(figure, **_here(context))


def _here(context: Context) -> dict[str, Any]:
    return {name: context.get(name, "") for name in OPEN}
