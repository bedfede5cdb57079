"""`{{ call.budget_gpu_ms|gpu_time }}`: an amount of GPU time in words."""

from django import template

from grants.models.compute import in_words

register = template.Library()


@register.filter
def gpu_time(gpu_ms: int | None) -> str:
    return "" if gpu_ms is None else in_words(gpu_ms)
