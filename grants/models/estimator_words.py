"""An estimate in words: each step with its numbers, so that anybody can follow it with a pencil."""

from decimal import Decimal

from django.utils.translation import gettext as _

from grants.models.estimator import Estimate
from grants.models.quantities import in_short
from grants.models.questions.plain import grouped

RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
GPUS = (8, 64)


def in_words(estimate: Estimate) -> list[str]:
    words = {
        "factor": estimate.factor,
        "parameters": in_short(estimate.parameters),
        "tokens": in_short(estimate.tokens),
        "runs": estimate.runs,
        "operations": powers(estimate.operations),
        "hardware": estimate.hardware.name,
        "peak": grouped(estimate.hardware.teraflops),
        "utilisation": grouped(estimate.utilisation),
        "real": grouped(round(estimate.teraflops, 1)),
        "exact": grouped(round(estimate.exact_hours, 1)),
        "hours": grouped(estimate.hours),
    }
    runs = _(" × %(runs)d runs") % words if estimate.runs > 1 else ""
    return [
        _("%(factor)d × %(parameters)s parameters × %(tokens)s tokens%(many)s = %(operations)s operations.")
        % {**words, "many": runs},
        _(
            "One %(hardware)s does at most %(peak)s × 10¹² operations a second; at %(utilisation)s per cent "
            "of that, %(real)s × 10¹²."
        )
        % words,
        _(
            "%(operations)s ÷ (%(real)s × 10¹²) ÷ 3,600 seconds = %(exact)s GPU-hours. "
            "Rounded up: %(hours)s GPU-hours."
        )
        % words,
        *(
            _("On %(n)d at once that takes about %(days)s days.")
            % {"n": gpus, "days": grouped(estimate.days_on(gpus))}
            for gpus in GPUS
        ),
    ]


def powers(number: Decimal) -> str:
    """1.26 × 10²²: three digits that count."""
    power = number.adjusted()
    if power < 6:
        return grouped(number)
    return f"{grouped(round(number.scaleb(-power), 2))} × 10{str(power).translate(RAISED)}"
