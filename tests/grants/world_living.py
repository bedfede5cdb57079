"""Many applications for lists and counts: rows as the actions leave them, without walking each."""

import datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils import timezone

from grants.models import Application, Call, Passage
from grants.models.gpu_time import gpu_ms
from mission.models import Organisation, User
from tests.world import nation

DAY = datetime.timedelta(days=1)


def many(call: Call, count: int, *, start: int = 0, **more: Any) -> list[Application]:
    """`count` applications of as many organisations, submitted an hour apart, each with a passage."""
    now, code = timezone.now(), more.pop("code", "IN")
    of = Organisation.objects.bulk_create(
        Organisation(name=f"Org {n}", type=more.get("type", "startup"), nation=nation(code))
        for n in range(start, start + count)
    )
    more.pop("type", None)
    author = User.objects.get_or_create(email="author@example.org", defaults={"name": "Author"})[0]
    values: dict[str, Any] = {"status": "submitted", "first_step": "review", "reviews_needed": 2} | more
    made = Application.objects.bulk_create(
        Application(
            call=call,
            organisation=organisation,
            started_by=author,
            title=f"Project {start + n}",
            requested_gpu_ms=gpu_ms(100 + n),
            submitted_at=now - datetime.timedelta(hours=start + n),
            **values,
        )
        for n, organisation in enumerate(of)
    )
    Passage.objects.bulk_create(
        Passage(application=a, status=a.status, entered_at=a.submitted_at or now) for a in made
    )
    index(made)
    return made


def index(made: list[Application]) -> None:
    for application in made:
        words = SearchVector(Value(f"{application.title} {application.organisation.name}"), config="simple")
        Application.objects.filter(pk=application.pk).update(search=words)


def passed(application: Application, status: str, days: float, ago: float = 30) -> None:
    """The application was in a state for so many days."""
    entered = timezone.now() - DAY * ago
    Passage.objects.create(
        application=application, status=status, entered_at=entered, left_at=entered + DAY * days
    )
