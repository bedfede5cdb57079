"""GPU time: whole GPU-milliseconds in every column and sum; GPU-hours only where people read or type."""

from decimal import Decimal

GPU_MS_PER_HOUR = 3_600_000
LARGEST_HOURS = Decimal(10) ** 9  # beyond every machine there is; keeps sums inside 64 bits


def gpu_ms(hours: Decimal | int | str) -> int:
    """GPU-hours as GPU-milliseconds, rounded down to a whole one."""
    return int(Decimal(hours) * GPU_MS_PER_HOUR)


def plain_hours(ms: int) -> str:
    """GPU-hours as people type them: 500, or 0.25."""
    return format(gpu_hours(ms).normalize(), "f")


def gpu_hours(ms: int) -> Decimal:
    """GPU-milliseconds as GPU-hours, to a hundredth."""
    return (Decimal(ms) / GPU_MS_PER_HOUR).quantize(Decimal("0.01"))
