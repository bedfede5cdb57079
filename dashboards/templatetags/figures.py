"""`{% show figure %}`: a figure with its drawing, table, source and citation. Known to every template."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from dashboards.charts.figure import Figure
from dashboards.charts.mould import OPEN, filled

register = template.Library()


@register.simple_tag(takes_context=True)
def show(context: Context, figure: Figure, *, cited: bool = True) -> SafeString:
    here = {name: context.get(name, "") for name in OPEN}
    return filled(figure.mould if cited else figure.mould_in_frame, here)
