"""Give and take is recomputed after the steps of lineage it is made of, never incremented."""

import datetime

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from contributions.give_and_take import RULE_VERSION, STEP, recount
from contributions.models import Exchange, Rollup


def recompute_exchange(*, month: datetime.date) -> int:
    """All pairs of nations of one month, from rows. Two at once wait for each other. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('exchange'), %s)", [month.year * 12 + month.month]
        )
        now = timezone.now()  # before counting: what changes meanwhile is newer
        rows = [
            Exchange(
                month=month,
                kind=given.kind,
                giver_id=given.pair.giver[0],
                giver_international=given.pair.giver[1],
                taker_id=given.pair.taker[0],
                taker_international=given.pair.taker[1],
                lower=given.lower,
                upper=given.upper,
                suppressed=given.suppressed,
                rule_version=RULE_VERSION,
                computed_at=now,
            )
            for given in recount(month)
        ]
        Exchange.objects.filter(month=month).delete()
        Exchange.objects.bulk_create(rows)
    return len(rows)


def due() -> list[datetime.date]:
    """Months whose steps of lineage were recomputed since, came in, or are there no more."""
    steps = Rollup.objects.fresh().filter(metric=STEP.slug).order_by()
    wanted = dict(steps.values_list("month").annotate(at=Max("computed_at")))
    done = dict(Exchange.objects.order_by().values_list("month").annotate(at=Min("computed_at")))
    late = {month for month, at in wanted.items() if month not in done or (at and done[month] < at)}
    return sorted(late | (done.keys() - wanted.keys()))


def recompute_due(*, limit: int = 1000) -> int:
    """Returns how many months were done."""
    waiting = due()[:limit]
    for month in waiting:
        recompute_exchange(month=month)
    return len(waiting)
