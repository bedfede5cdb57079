"""The state of the data in one word: it changes whenever a public figure may. And of parts of them, which
change less often: what is worked out from cells alone is remembered while artefacts come in."""

import datetime
import hashlib
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Max, Model, QuerySet, Sum, Value
from django.db.models.fields import CharField, DurationField
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.http import HttpRequest

from contributions.models import (
    Artifact,
    BaselineRelease,
    Exchange,
    Fetch,
    LanguageHolding,
    Reading,
    Rollup,
    Source,
    YearlyTable,
)
from grants.models import Call, Lot
from mission.models import AuditEntry, LanguageSpeakers, Nation
from mission.remembered import Subject, begin_anew, drop, tell

# Large tables: the newest of a column with an index, which PostgreSQL finds without reading the others.
NEWEST: tuple[tuple[Subject, type[Model], str], ...] = (
    (Subject.FIGURES, Rollup, "computed_at"),
    (Subject.FIGURES, Exchange, "computed_at"),
    (Subject.GRANTS, AuditEntry, "id"),  # whatever people do here leaves an entry
    (Subject.COMMONS, Fetch, "id"),  # whatever came from outside
    (Subject.COMMONS, Artifact, "id"),
    (Subject.COMMONS, Reading, "id"),
)

# Until when the desk accepts after a call has closed.
GRACE = F("grace_minutes") * Value(datetime.timedelta(minutes=1), output_field=DurationField())


@cache
def build() -> str:
    """Changes with every deployment: the newest time that code, templates or styles were written and when
    the file of boundaries was. What Python compiles, each process may write when it first needs it."""
    ours = ("dashboards", "grants", "contributions", "mission", "templates", "static", "locale")
    folders = [settings.BASE_DIR / name for name in ours]
    files = (path for folder in folders for path in folder.rglob("*.*") if path.suffix != ".pyc")
    written = max(path.stat().st_mtime_ns for path in files)
    own = Path(settings.BOUNDARIES_FILE).stat().st_mtime_ns if settings.BOUNDARIES_FILE else 0
    return f"{written} {own} {settings.WORLDVIEW}"


def _newest(model: type[Model], column: str) -> str:
    """No GROUP BY: with one, PostgreSQL reads every row there is."""
    return f'(SELECT max("{column}")::text FROM "{model._meta.db_table}")'  # noqa: S608  (our own names)


def _few(rows: "QuerySet[Any]", *facts: Any) -> tuple[str, tuple[Any, ...]]:
    """Of a small table, which may be read whole: the facts as text."""
    told = [Coalesce(Cast(fact, CharField()), Value("")) for fact in facts]
    parts = [piece for fact in told for piece in (fact, Value(" "))]
    grouped = rows.order_by().annotate(one=Value(1)).values("one")
    sql, params = grouped.annotate(told=Concat(*parts)).values_list("told").query.sql_with_params()
    return f"({sql})", params


@cache
def _parts() -> tuple[tuple[Subject, str, tuple[Any, ...]], ...]:
    """Written once: the narrowest subject that each fact is of, its SQL and parameters. Time alone changes
    pages too: the database's clock says which calls and lots are open; what day it is, since what is read
    from the register says of which day it is; and what month, since months begin."""
    open_calls = Call.objects.public().filter(opens_at__lte=Now(), closes_at__gt=Now())
    late_calls = Call.objects.public().filter(closes_at__lte=Now(), closes_at__gt=Now() - GRACE)
    open_lots = Lot.objects.filter(opens_at__lte=Now(), expires_at__gt=Now())
    nations, figures, holdings, grants, commons, _all = Subject
    return (
        (nations, "date_trunc('month', current_date)", ()),
        (grants, "current_date", ()),
        (nations, *_few(Nation.objects.all(), Count("pk"), Sum("population"))),
        (nations, *_few(LanguageSpeakers.objects.all(), Count("pk"), Sum("speakers"))),
        *((subject, _newest(model, column), ()) for subject, model, column in NEWEST),
        (figures, *_few(BaselineRelease.objects.all(), Count("pk"), Max("retrieved_at"))),
        (figures, *_few(YearlyTable.objects.all(), Count("pk"), Max("retrieved_at"))),
        (holdings, *_few(LanguageHolding.objects.all(), Count("pk"), Max("counted_at"))),
        (commons, *_few(Source.objects.all(), Max("synced_at"))),
        (grants, *_few(Lot.objects.all(), Count("pk"), Sum("used_ms"))),
        (grants, *_few(open_calls, Count("pk"), Sum("pk"), Sum("held_gpu_ms"))),
        (grants, *_few(late_calls, Count("pk"), Sum("pk"))),
        (grants, *_few(open_lots, Count("pk"), Sum("pk"))),
    )


@cache
def _stamp_sql() -> tuple[str, tuple[Any, ...]]:
    """One row: the facts of `_parts` as text."""
    told = ", ".join(f"coalesce({sql}::text, $$$$)" for _subject, sql, _params in _parts())
    return f"SELECT {told}", tuple(value for _subject, _sql, params in _parts() for value in params)


def _hashed(facts: Iterable[str]) -> str:
    return hashlib.sha256("|".join(facts).encode()).hexdigest()[:32]


class _Seen:
    """When this process read it last (seconds), and what: together, as every request has its own thread."""

    last = (-1e9, "")


_seen = _Seen()


def data_stamp() -> str:
    """One query, at most every STAMP_SECONDS: so long a page may stay as it was after the data changed."""
    at, stamp = _seen.last
    return read_stamp() if time.monotonic() - at >= settings.STAMP_SECONDS else stamp


def read_stamp() -> str:
    """As the data are now, for who may just have changed them. One query."""
    now = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(*_stamp_sql())
        facts = list(zip(_parts(), cursor.fetchone() or (), strict=True))
    stamp = _hashed(fact for _part, fact in facts)
    # Of two recounts at once the earlier may be stored last, and no newest time tells of it: what is
    # remembered grows old, so that the next page drawn finds it.
    age = str(time.time() // settings.REMEMBERED_SECONDS)
    states = {one: _hashed(fact for (of, *_sql), fact in facts if one.changes_with(of)) for one in Subject}
    tell(stamp, states, age)
    _seen.last = now, stamp
    return stamp


def stamp_of(request: HttpRequest) -> str:
    """Of the data as this request found them: asked for once, however often it is needed."""
    found: str = getattr(request, "stamp", "") or data_stamp()
    request.stamp = found  # type: ignore[attr-defined]
    return found


def forget(changed: Subject = Subject.NATIONS) -> None:
    """As after a change of a fact of this subject. For bench; and for tests, whose rows are rolled back, so
    that a state may come again."""
    _seen.last = _Seen.last
    drop(changed)


def forget_here() -> None:
    """As a process that has just begun, where others may have drawn before it. For bench and tests."""
    _seen.last = _Seen.last
    begin_anew()
