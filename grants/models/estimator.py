"""How many GPU-hours a piece of work takes: operations, divided by what the hardware really does.

    GPU-hours = factor × parameters × tokens × runs / (peak × utilisation) / 3600

A forward pass takes about two floating-point operations for each parameter and token, a backward pass about
four: two for the gradients of the activations, two for those of the weights (Kaplan et al. 2020,
“Scaling Laws for Neural Language Models”, section 2.1, arXiv:2001.08361). An adapter such as LoRA leaves
the weights as they are, and saves the last two (Hu et al. 2021, arXiv:2106.09685).
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Work(models.TextChoices):
    TRAINING = "training", _("Training from the start, or going on with it")
    TUNING = "tuning", _("Fine-tuning all weights")
    ADAPTER = "adapter", _("Fine-tuning an adapter (LoRA)")
    INFERENCE = "inference", _("Inference: evaluating, generating data, embedding")


SOURCES = (  # who, what, where: for a page that shows the formula
    ("Kaplan et al. 2020", "Scaling Laws for Neural Language Models", "2001.08361"),
    ("Hu et al. 2021", "LoRA: Low-Rank Adaptation of Large Language Models", "2106.09685"),
    ("Chowdhery et al. 2022", "PaLM: Scaling Language Modeling with Pathways (utilisation)", "2204.02311"),
)
FACTORS = {Work.TRAINING: 6, Work.TUNING: 6, Work.ADAPTER: 4, Work.INFERENCE: 2}
# Good training runs reach 30 to 50 % of the peak; generating text token by token far less.
UTILISATION = {Work.TRAINING: 40, Work.TUNING: 40, Work.ADAPTER: 40, Work.INFERENCE: 10}


@dataclass(frozen=True)
class Hardware:
    """`teraflops`: the peak of dense BF16 (FP16 where it has no BF16), without sparsity."""

    key: str
    name: str
    teraflops: Decimal
    source: str


HARDWARE = tuple(
    Hardware(key, name, Decimal(teraflops), source)
    for key, name, teraflops, source in (
        ("b200", "NVIDIA B200", "2250", "NVIDIA DGX B200 datasheet"),
        ("h200", "NVIDIA H200 SXM", "989", "NVIDIA H200 datasheet"),
        ("h100", "NVIDIA H100 SXM", "989", "NVIDIA H100 datasheet"),
        ("h100-pcie", "NVIDIA H100 PCIe", "756", "NVIDIA H100 datasheet"),
        ("a100", "NVIDIA A100 80 GB", "312", "NVIDIA A100 datasheet"),
        ("l40s", "NVIDIA L40S", "362", "NVIDIA L40S datasheet"),
        ("a10", "NVIDIA A10", "125", "NVIDIA A10 datasheet"),
        ("l4", "NVIDIA L4", "121", "NVIDIA L4 datasheet"),
        ("v100", "NVIDIA V100 SXM2", "125", "NVIDIA V100 datasheet (FP16)"),
        ("t4", "NVIDIA T4", "65", "NVIDIA T4 datasheet (FP16)"),
        ("mi325x", "AMD Instinct MI325X", "1307", "AMD Instinct MI325X data sheet"),
        ("mi300x", "AMD Instinct MI300X", "1307", "AMD Instinct MI300X data sheet"),
        ("mi250x", "AMD Instinct MI250X", "383", "AMD Instinct MI250X data sheet"),
    )
)
BY_KEY = {hardware.key: hardware for hardware in HARDWARE}


@dataclass(frozen=True)
class Estimate:
    """`utilisation` in per cent of the peak; `runs`: how often the same is done."""

    work: Work
    parameters: Decimal
    tokens: Decimal
    hardware: Hardware
    utilisation: Decimal
    runs: int = 1

    @property
    def factor(self) -> int:
        return FACTORS[self.work]

    @property
    def operations(self) -> Decimal:
        return self.factor * self.parameters * self.tokens * self.runs

    @property
    def teraflops(self) -> Decimal:
        """What one of them does of it in a second."""
        return self.hardware.teraflops * self.utilisation / 100

    @property
    def exact_hours(self) -> Decimal:
        return self.operations / (self.teraflops * 10**12) / 3600

    @property
    def hours(self) -> Decimal:
        """GPU-hours, rounded up."""
        return rounded_up(self.exact_hours)

    def days_on(self, gpus: int) -> Decimal:
        return rounded_up(self.exact_hours / gpus / 24)


def rounded_up(number: Decimal) -> Decimal:
    """To three digits that count, and never finer than a tenth."""
    step = max(Decimal(1).scaleb(number.adjusted() - 2), Decimal("0.1"))
    return (number / step).to_integral_value(ROUND_CEILING) * step
