"""Machines, listed in public: which accounts, by which rule, and what counting without them leaves out."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.bots import explain
from contributions.models import Account, AccountKind, Contribution, ContributionKind, Platform
from contributions.models.accounts import AccountQuerySet
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source

MONTHS = 24


def machines(*, q: str = "", kind: str = "", platform: str = "") -> AccountQuerySet:
    """By name. `q` is looked for in the name and in the rule."""
    found = Account.objects.machines().order_by("login", "pk")
    if kind:
        found = found.filter(kind=kind)
    if platform:
        found = found.filter(platform=platform)
    for word in q.split():
        found = found.filter(Q(login__icontains=word) | Q(kind_rule__icontains=word))
    return found


def since() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=round(MONTHS * 30.4375))


def removed(accounts: Iterable[Account]) -> dict[int, dict[str, int]]:
    """Of each of these, contributions of the last 24 months by kind. One query, bounded by an index."""
    counted: dict[int, dict[str, int]] = {}
    rows = Contribution.objects.filter(account__in=[each.pk for each in accounts], happened_at__gte=since())
    kinds = rows.order_by().values_list("account", "kind")
    for account, kind, count in kinds.annotate(count=Count("pk")):
        counted.setdefault(account, {})[kind] = count
    return counted


def machines_figure(accounts: Iterable[Account], title: str) -> Figure:
    """One query: what they did."""
    found = list(accounts)
    counts = removed(found)
    return Figure(
        slug="bots",
        title=title,
        sentence=_("None of what they do is counted in any figure here."),
        columns=(
            Column("account", _("Account"), names=True),
            Column("platform", _("Platform")),
            Column("kind", _("Kind")),
            Column("rule", _("Rule")),
            Column("rule_name", _("Name of the rule"), in_table=False),
            Column("rule_url", _("Where its maker says so"), in_table=False),
            Column("left_out", _("Left out, last 24 months")),
            *(Column(kind.value, str(kind.label), number=True, in_table=False) for kind in ContributionKind),
            Column("contest", _("Contest it"), in_table=False),
        ),
        rows=tuple(_row(each, counts.get(each.pk, {})) for each in found),
        source=Source(
            _("GitHub and Hugging Face"), retrieved=max((each.observed_at for each in found), default=None)
        ),
        open_table=True,
        empty=Empty(
            _("No machine matches"),
            _("Accounts are listed here as they come in with what they did. Choose fewer filters."),
        ),
    )


def _row(account: Account, counts: dict[str, int]) -> Row:
    rule = explain(account.kind_rule) if account.kind_rule else explain("platform-bot")
    labels = dict(ContributionKind.choices)
    told = [f"{words.number(count)} × {str(labels[kind]).lower()}" for kind, count in sorted(counts.items())]
    contest = f"{reverse('contributions:contest')}?about=account:{account.pk}"
    return Row(
        str(account.pk),
        {
            "account": account.login,
            "platform": str(Platform(account.platform).label),
            "kind": str(AccountKind(account.kind).label),
            "rule": str(rule.words),
            "rule_name": account.kind_rule,
            "rule_url": rule.url,
            "left_out": _(", ").join(told) or _("nothing"),
            **{kind.value: Reading.of(counts.get(kind.value, 0)) for kind in ContributionKind},
            "contest": contest,
        },
        url=contest,
    )
