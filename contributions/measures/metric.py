"""What a metric is: words for people, and one SELECT that gives the rows a figure is made of.

The same SELECT makes the rollup and opens it: a figure is nothing but an amount over its facts, so every
published number can be taken apart and put together again.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

EVER = 12_000  # months
PEOPLE_FLOOR = 10  # cells about fewer people are suppressed: absent, which is not zero


class Amount(StrEnum):
    """How the facts of a cell come to one number."""

    SUM = "sum"  # of upper, and of lower
    SUBJECTS = "subjects"  # how many different subjects: with any fact (upper), with sure ones (lower)
    HALF = "half"  # the smallest number of people who together make half of the sum
    TOP_SHARE = "top_share"  # of the largest subject in the sum, 0 to 1
    RATIO = "ratio"  # the sum of upper (of lower) by the sum of per, 0 to 1


class Touch(StrEnum):
    """What kind of change makes a month's cells stale."""

    CONTRIBUTIONS = "contributions"  # of `kinds`, in their month
    READINGS = "readings"  # of the month
    ARTIFACTS = "artifacts"  # licence, class, languages, size, lineage: months of publishing
    OWNERS = "owners"  # an account that owns artefacts came to a nation or left it: the months of that time
    LEDGER = "ledger"  # compute, on a floor above this one


@dataclass(frozen=True)
class Metric:
    """`facts` is a SELECT with the parameters %(first)s and %(after)s (moments: the month) and %(kinds)s.

    Its columns, by name: nation_id, international; subject (text: what is counted); person (bigint, the
    same for all accounts of one human, negative where there is an identity; NULL where the row is not
    about a person: an organisation's account, or an address nobody knows); upper, lower (numeric, the
    share of the fact that falls to the cell, under all evidence and under grades A and B); row_kind
    (contribution, artifact, link, draw, lot) and row_id: the row it can be opened to; only for acts,
    happened_at, in whose order a large cell is opened (contributions/cell_rows.py), each act with one
    subject; and, only for RATIO, per (numeric). `cumulative`: a state at the end of the month, never to
    be added over months. `reach`: for how many later months a change of a month makes the cells stale
    too, because they look back at it; EVER for all that there are. `part_of`: a metric of the same months
    among whose rows all of this one's are, so that the difference of the two tells something too; see
    contributions/suppression.py. `rows`: the same rows in the same cells as cheaply as they can be had,
    above zero where the facts are: for whoever counts heads only. With `within`, those of them for which
    that holds. Empty: the facts. `each_one`: the facts are facts.people of these rows, so that each
    person comes to one. `swings`: a counter that can jump, so its largest subject's share and its spikes
    are told beside it.
    """

    slug: str
    label: Any
    unit: Any
    definition: Any
    source: Any
    gaming: Any
    facts: str
    kinds: tuple[str, ...] = ()
    amount: Amount = Amount.SUM
    touched_by: frozenset[Touch] = field(default_factory=lambda: frozenset({Touch.CONTRIBUTIONS}))
    people: bool = False  # heads are what is counted
    cumulative: bool = False
    reach: int = 0
    part_of: "Metric | None" = None
    rows: str = ""
    within: str = "true"
    each_one: bool = False
    swings: bool = False
    group: str = "acts"  # the heading on /methods/ and on a nation's page
    rule_version: int = 1


def month_of(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(datetime.UTC).date().replace(day=1)


def moments_of(month: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the month, and the first after it."""
    first = datetime.datetime(month.year, month.month, 1, tzinfo=datetime.UTC)
    return first, (first + datetime.timedelta(days=32)).replace(day=1)


def later(month: datetime.date, months: int) -> datetime.date:
    """The first day of the month that many after (before, where negative)."""
    index = month.year * 12 + month.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)
