"""What awards to a nation's organisations have produced so far."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.figures.places import Place
from grants.models import Award, Deliverable
from grants.models.deliverables import DeliverableStatus


def produced(place: Place) -> str:
    """One query. A sentence; empty where no award asks for anything."""
    awards = Award.objects.filter(nation=place.code).order_by()
    found = Deliverable.objects.filter(award__in=awards.values("pk")).aggregate(
        asked=Count("pk"),
        shown=Count("pk", filter=Q(status=DeliverableStatus.SUBMITTED)),
        confirmed=Count("pk", filter=Q(status=DeliverableStatus.CONFIRMED)),
    )
    if not found["asked"]:
        return ""
    facts = {name: words.number(count) for name, count in found.items()}
    return (
        _("They ask for %(asked)s deliverables: %(confirmed)s published and confirmed, %(shown)s submitted.")
        % facts
    )
