"""How the house stands today: what works, how fresh its sources are, what they cost, what comes next.

Sums by platform only: which source is watched for whom, and whose credential asks, is the desk's.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import redis
from django.core.cache import cache
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions import budgets
from contributions.models import BaselineRelease, Exchange, Platform, Rollup
from contributions.models import Source as Watched
from contributions.models.freshness import condition
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.updates import Updates, lasting
from mission import numerals
from mission.remembered import remembered
from mission.tasks import HEARTBEAT_KEY

SILENT = 60  # seconds without a word from a worker
LATE = 24  # hours after which a source that is due counts as late


class Worker(NamedTuple):
    """Whether one was heard of lately; `silent`: else for how many minutes not, None where never. `store`:
    whether Valkey answered."""

    lives: bool
    silent: int | None
    store: bool


def worker() -> Worker:
    try:
        beaten = cache.get(HEARTBEAT_KEY)
    except redis.RedisError:
        return Worker(lives=False, silent=None, store=False)
    age = None if beaten is None else timezone.now().timestamp() - float(beaten)  # seconds
    lives = age is not None and age <= SILENT
    return Worker(lives, None if age is None or lives else int(age // 60), store=True)


def moment(at: datetime.datetime | None) -> str:
    """To the minute, and in which zone."""
    return _("%(moment)s UTC") % {"moment": numerals.date(at, "DATETIME_FORMAT")} if at else _("never yet")


@remembered
def status_figures(seen: Worker) -> list[Figure]:
    """All of the page. Who calls says for how long it stays."""
    return [working_figure(seen), sources_figure(), updates_figure()]


def working_figure(seen: Worker) -> Figure:
    """No query: that the page is there tells that the database answers."""
    works, silent = _("Works"), _("Does not answer")
    waits = _("Pages show what was counted last; nothing new comes in until it answers.")
    since = "" if seen.lives else waits
    if seen.silent is not None:
        since = _("Last heard of %(time)s ago.") % {"time": lasting(60 * seen.silent)}
    rows = (
        ("pages", _("Pages and downloads"), works, ""),
        ("database", _("Database"), works, ""),
        ("store", _("Cache"), works if seen.store else silent, "" if seen.store else waits),
        ("worker", _("Work in the background"), works if seen.lives else silent, since),
    )
    well = seen.lives and seen.store
    return Figure(
        slug="working",
        title=_("Everything works") if well else _("Something does not answer"),
        sentence="",
        columns=(
            Column("part", _("Part"), names=True),
            Column("state", _("State")),
            Column("about", _("Remark")),
        ),
        rows=tuple(
            Row(key, {"part": part, "state": state, "about": about}) for key, part, state, about in rows
        ),
        source=Source(_("This site"), retrieved=timezone.now(), updates=Updates.AT_ONCE),
        open_table=True,
    )


def sources_figure() -> Figure:
    """One query, and what Valkey holds of the budgets. No source and no credential is named."""
    now = timezone.now()
    late = Q(due_at__lt=now - datetime.timedelta(hours=LATE))
    rows = Watched.objects.filter(due_at__isnull=False).order_by("platform").values("platform")
    found = rows.annotate(
        watched=Count("pk"),
        well=Count("pk", filter=condition("waiting", now)),
        late=Count("pk", filter=late),
        trouble=Count("pk", filter=condition("trouble", now) | condition("missing", now)),
        last=Max("synced_at"),
        asked=Sum("requests"),
        free=Sum("requests_free"),
    )
    left = left_by_platform()
    told = list(found)
    return Figure(
        slug="sources",
        title=_sources_title(sum(one["late"] for one in told)) if told else _("Sources"),
        sentence=_("A request that is answered with “nothing new” costs nothing.") if told else "",
        columns=_columns(),
        rows=tuple(_source_row(one, left) for one in told),
        source=Source(_("This site"), retrieved=now if told else None, updates=Updates.SYNC),
        open_table=True,
        empty=Empty(
            _("No source is watched yet"), _("Whoever runs this site adds some with: manage.py sync")
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("platform", _("Platform"), names=True),
        Column("last", _("Last look finished")),
        Column("left", _("Of the hourly limit left")),
        Column("watched", _("Watched"), number=True),
        Column("well", _("Up to date"), number=True),
        Column("late", _("Late by a day"), number=True),
        Column("trouble", _("In trouble"), number=True),
        Column("requests", _("Requests so far"), number=True),
        Column("free", _("Of them free"), number=True),
    )


def _source_row(one: Mapping[str, Any], left: Mapping[str, str]) -> Row:
    numbers = {key: Reading.of(one[key]) for key in ("watched", "well", "late", "trouble", "free")}
    told = {
        "platform": str(Platform(one["platform"]).label),
        "last": moment(one["last"]),
        "left": left.get(one["platform"], _("not told yet")),
    }
    return Row(one["platform"], {**told, **numbers, "requests": Reading.of(one["asked"])})


def _sources_title(late: int) -> str:
    if not late:
        return _("Sources: none is late by a day")
    text = ngettext("Sources: %(n)s is late by a day", "Sources: %(n)s are late by a day", late)
    return text % {"n": words.number(late)}


def left_by_platform() -> dict[str, str]:
    """The share of what the platforms allow that is left, over all credentials together."""
    limits: dict[str, int] = defaultdict(int)
    remaining: dict[str, int] = defaultdict(int)
    for one in budgets.standing() or []:
        if one.limit and one.left is not None:
            limits[one.platform] += one.limit
            remaining[one.platform] += one.left
    return {name: words.share(remaining[name], limit) for name, limit in limits.items()}


def updates_figure() -> Figure:
    """Four queries, each the newest of an index or of few rows."""
    waiting = Rollup.objects.stale().count()
    text = ngettext(
        "%(n)s figure waits to be counted anew.", "%(n)s figures wait to be counted anew.", waiting
    )
    release = BaselineRelease.objects.order_by("-retrieved_at").first()
    rows = (
        ("rollups", _("What nations add"), _last(Rollup), Updates.ROLLUPS,
         text % {"n": words.number(waiting)} if waiting else _("Nothing waits.")),
        ("exchange", _("Give and take"), _last(Exchange), Updates.EXCHANGE, ""),
        ("baseline", _("The baseline"), release.retrieved_at if release else None, Updates.RELEASE,
         release.name if release else ""),
    )  # fmt: skip
    return Figure(
        slug="updates",
        title=_("When figures were counted last, and when next"),
        sentence="",
        columns=(
            Column("figures", _("Figures"), names=True),
            Column("last", _("Last")),
            Column("next", _("Next")),
            Column("about", _("Remark")),
        ),
        rows=tuple(
            Row(key, {"figures": name, "last": moment(last), "next": updates.in_words, "about": about})
            for key, name, last, updates, about in rows
        ),
        source=Source(_("This site"), retrieved=timezone.now(), updates=Updates.AT_ONCE),
        open_table=True,
    )


def _last(model: type[Rollup] | type[Exchange]) -> datetime.datetime | None:
    last: datetime.datetime | None = model.objects.aggregate(last=Max("computed_at"))["last"]
    return last
