"""What awards to a nation's organisations have produced so far."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.figures.places import Place
from grants.models import Award, Deliverable
from grants.models.deliverables import DeliverableStatus
from mission.written import written_once


def produced(place: Place) -> str:
    """One query. A sentence; empty where no award asks for anything."""
    found = dict(_by_status(place.code))
    if not found:
        return ""
    facts = {
        "asked": words.number(sum(found.values())),
        "shown": words.number(found.get(DeliverableStatus.SUBMITTED, 0)),
        "confirmed": words.number(found.get(DeliverableStatus.CONFIRMED, 0)),
    }
    return (
        _("They ask for %(asked)s deliverables: %(confirmed)s published and confirmed, %(shown)s submitted.")
        % facts
    )


@written_once
def _by_status(code: str) -> "QuerySet[Deliverable, tuple[str, int]]":
    rows = Deliverable.objects.filter(award__in=Award.objects.filter(nation=code).order_by().values("pk"))
    return rows.order_by().values_list("status").annotate(n=Count("pk"))
