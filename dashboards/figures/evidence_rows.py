"""The rows that a figure was read from: what each is, whose, from where, when, and how it was fetched."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from contributions.cell_rows import Line
from contributions.measures.cells import Place
from contributions.models import (
    Artifact,
    ArtifactLink,
    ContributionKind,
    LinkKind,
)
from dashboards.charts.figure import Column, Row, in_words
from grants.models import Draw, Lot

Key = tuple[str, int]
# Contributions, with the grades of their shares that fall to the place.
CONTRIBUTIONS = """
SELECT c.id, c.kind, c.happened_at, c.evidence_url, art.name, who.kind, who.login, share.grades, share.rule,
    coalesce(f.url, ''), coalesce(f.at, c.observed_at), coalesce(f.etag, ''), coalesce(f.query, ''),
    coalesce(f.cursor, '')
FROM contributions_contribution c
JOIN contributions_artifact art ON art.id = c.artifact_id
LEFT JOIN contributions_account who ON who.id = c.account_id
LEFT JOIN contributions_fetch f ON f.id = c.fetch_id
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(DISTINCT a.grade, ' ' ORDER BY a.grade) FILTER (WHERE a.grade <> ''), '')
            AS grades, coalesce(max(a.rule_version)::text, '') AS rule
    FROM contributions_attribution a WHERE a.contribution_id = c.id
        AND a.nation_id IS NOT DISTINCT FROM %(nation)s AND a.international = %(international)s
) share
WHERE c.id = ANY(%(ids)s)
"""
OF_AN_ARTIFACT = (  # which has two dozen columns
    "name", "url", "created_at", "observed_at", "owner__kind", "owner__login", "fetch__url", "fetch__etag",
    "fetch__query", "fetch__cursor", "fetch__at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row. `trace`: the ETag or cursor it was read with; `asked`: the address that was asked."""

    what: str
    url: str = ""
    who: str = ""
    at: datetime.date | None = None
    asked: str = ""
    read_at: datetime.datetime | None = None
    trace: str = ""
    grade: str = ""
    rule: str = ""


def columns(once: Container[str] = ()) -> tuple[Column, ...]:
    """`once`: keys of columns of which `said_once` tells, so that the table need not say it in every row."""
    return (
        Column("what", _("What"), names=True),
        Column("who", _("Who")),
        Column("grade", _("Evidence"), in_table="grade" not in once),
        Column("day", _("When")),
        Column("read", _("Read"), in_table="read" not in once),
        Column("trace", _("ETag or cursor")),
        Column("rule", _("Rule"), in_table="rule" not in once),
        Column("share", _("Share"), number=True, decimals=2, bounded=True),
        Column("evidence_url", _("Address"), in_table=False),
        Column("asked_url", _("Address that was asked"), in_table=False),
        Column("row", _("Row"), in_table=False),
        Column("subject", _("Counted as"), in_table=False),
    )


def alike(found: Sequence[Row]) -> list[str]:
    """Keys of columns that say the same in every row, of three rows or more."""
    if len(found) < 3:
        return []
    first = found[0].cells
    return [
        key
        for key in ("grade", "read", "rule")
        if first[key] not in {"", None} and all(row.cells[key] == first[key] for row in found)
    ]


def said_once(found: Sequence[Row], once: Sequence[str]) -> str:
    """What those columns say, in one sentence; empty where there are none."""
    if not once:
        return ""
    names = {column.key: column.label for column in columns()}
    values = {key: in_words(found[0].cells[key]) for key in once}
    told = [_("%(name)s: %(value)s") % {"name": names[key], "value": value} for key, value in values.items()]
    return _("The same in every row shown here: %(list)s.") % {"list": _("; ").join(told)}


def evidence(lines: Sequence[Line], place: Place) -> dict[Key, Evidence]:
    """One query for each kind of row among the lines."""
    ids: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        ids[line.row_kind].append(line.row_id)
    found: dict[Key, Evidence] = {}
    for kind, wanted in ids.items():
        if kind in READ:
            found |= {(kind, pk): one for pk, one in READ[kind](wanted, place)}
    return found


def whose(kind: str | None, login: str | None) -> str:
    """Organisations by name; people not: who opens the evidence sees on the platform who it was."""
    if kind is None:
        return _("an address nobody knows")
    return "" if kind == "person" else login or ""


def trace(etag: str, query: str, cursor: str) -> str:
    """What a fetch was told or asked with."""
    return f"ETag {etag}" if etag else f"{query} {cursor}".strip()


def _contributions(ids: Iterable[int], place: Place) -> Iterable[tuple[int, Evidence]]:
    nation, international = place
    labels = {str(kind): str(kind.label) for kind in ContributionKind}
    what = _("%(kind)s: %(artifact)s")
    with connection.cursor() as cursor:
        asked = {"nation": nation, "international": international, "ids": list(ids)}
        cursor.execute(CONTRIBUTIONS, asked)
        for pk, kind, at, url, name, who, login, grades, rule, asked_url, read_at, *told in cursor.fetchall():
            yield (
                pk,
                Evidence(
                    what=what % {"kind": labels[kind], "artifact": name},
                    url=url,
                    who=whose(who, login),
                    at=at.astimezone(datetime.UTC).date(),
                    asked=asked_url,
                    read_at=read_at,
                    trace=trace(*told),
                    grade=grades,
                    rule=rule,
                ),
            )


def _artifacts(ids: Iterable[int], place: Place) -> Iterable[tuple[int, Evidence]]:
    rows = Artifact.objects.filter(pk__in=ids).select_related("owner", "fetch").only(*OF_AN_ARTIFACT)
    for row in rows.order_by():
        yield row.pk, _of_artifact(row, row.name)


def _links(ids: Iterable[int], place: Place) -> Iterable[tuple[int, Evidence]]:
    rows = ArtifactLink.objects.filter(pk__in=ids).select_related("child__owner", "child__fetch")
    told = ["kind", "parent_name", *(f"child__{name}" for name in OF_AN_ARTIFACT)]
    for row in rows.only(*told).order_by():
        words = {"child": row.child.name, "how": str(LinkKind(row.kind).label), "parent": row.parent_name}
        yield row.pk, _of_artifact(row.child, _("%(child)s, %(how)s %(parent)s") % words)


def _of_artifact(artifact: Artifact, what: str) -> Evidence:
    fetch, owner = artifact.fetch, artifact.owner
    return Evidence(
        what=what,
        url=artifact.url,
        who=whose(owner.kind, owner.login) if owner else whose(None, None),
        at=artifact.created_at.astimezone(datetime.UTC).date(),
        asked=fetch.url if fetch else "",
        read_at=(fetch and fetch.at) or artifact.observed_at,
        trace=trace(fetch.etag, fetch.query, fetch.cursor) if fetch else "",
    )


def _lots(ids: Iterable[int], place: Place) -> Iterable[tuple[int, Evidence]]:
    for row in Lot.objects.filter(pk__in=ids).select_related("award__organisation").order_by():
        yield (
            row.pk,
            Evidence(
                what=_("Promised to award %(reference)s") % {"reference": row.award.reference},
                url=row.award.get_absolute_url(),
                who=row.award.organisation.public_name,
                at=row.created_at.astimezone(datetime.UTC).date(),
                read_at=row.created_at,
            ),
        )


def _draws(ids: Iterable[int], place: Place) -> Iterable[tuple[int, Evidence]]:
    for row in Draw.objects.filter(pk__in=ids).select_related("lot__award__organisation").order_by():
        award = row.lot.award
        yield (
            row.pk,
            Evidence(
                what=_("Drawn by award %(reference)s") % {"reference": award.reference},
                url=award.get_absolute_url(),
                who=award.organisation.public_name,
                at=row.day,
                read_at=row.recorded_at,
                trace=row.external_id,
            ),
        )


READ: dict[str, Callable[[Iterable[int], Place], Iterable[tuple[int, Evidence]]]] = {
    "contribution": _contributions,
    "artifact": _artifacts,
    "link": _links,
    "lot": _lots,
    "draw": _draws,
}
