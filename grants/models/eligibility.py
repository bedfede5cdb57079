"""Who may apply, as data: rules on a call, each judged for an organisation with a reason a person can read.

A rule is `{"rule": name, …}`; the names and what each takes are in `RULES`.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models.gpu_time import gpu_ms
from mission.models import Nation, Organisation
from mission.models.organisations import OrganisationType

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Applicant:
    """What the rules look at. `requested_gpu_ms` is None while nothing has been asked for."""

    organisation: Organisation
    earlier_awards: int = 0
    requested_gpu_ms: int | None = None


@dataclass(frozen=True)
class Finding:
    """One rule, judged. `ok` is None where it cannot be known yet."""

    ok: bool | None
    rule: str
    reason: str


Judge = Callable[[Rule, Applicant, datetime.date], Finding]


def _types(rule: Rule) -> str:
    labels = dict(OrganisationType.choices)
    return ", ".join(str(labels.get(kind, kind)) for kind in rule["any_of"])


def _nations(rule: Rule) -> str:
    return ", ".join(str(nation) for nation in Nation.objects.filter(code__in=rule["any_of"]))


def judge_type(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    organisation = applicant.organisation
    return Finding(
        organisation.type in rule["any_of"],
        describe(rule),
        _("%(name)s is registered here as: %(type)s.")
        % {"name": organisation.name, "type": organisation.get_type_display()},
    )


def judge_nation(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    organisation = applicant.organisation
    return Finding(
        organisation.nation_id in rule["any_of"],
        describe(rule),
        _("%(name)s is registered in %(nation)s.")
        % {"name": organisation.name, "nation": organisation.nation},
    )


def judge_age(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    founded, years = applicant.organisation.founded_on, rule["years"]
    if founded is None:
        return Finding(False, describe(rule), _("Say when your organisation was founded."))
    oldest = today.replace(year=today.year - years, day=min(today.day, 28))
    return Finding(
        founded >= oldest,
        describe(rule),
        _("%(name)s was founded in %(year)s.")
        % {"name": applicant.organisation.name, "year": str(founded.year)},
    )


def judge_registered(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    number = applicant.organisation.registry_id
    reason = (
        _("Its registration number is %(number)s.") % {"number": number}
        if number
        else _("Its registration number is missing.")
    )
    return Finding(bool(number), describe(rule), reason)


def judge_size(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    asked = applicant.requested_gpu_ms
    if not asked:
        return Finding(None, describe(rule), _("Looked at once you say how many GPU-hours you ask for."))
    ok = asked <= gpu_ms(rule["hours"])
    reason = _("You ask for no more than that.") if ok else _("You ask for more. Ask for less.")
    return Finding(ok, describe(rule), reason)


def judge_earlier(rule: Rule, applicant: Applicant, today: datetime.date) -> Finding:
    had = applicant.earlier_awards
    return Finding(
        had <= rule["count"],
        describe(rule),
        ngettext("%(n)d award so far.", "%(n)d awards so far.", had) % {"n": had},
    )


RULES: Mapping[str, tuple[Judge, Callable[[Rule], str], str]] = {
    # name: (judge, sentence for the public page, the parameter it takes)
    "organisation_type": (judge_type, lambda r: _("Open to: %(types)s.") % {"types": _types(r)}, "any_of"),
    "nation": (
        judge_nation,
        lambda r: _("Registered in: %(nations)s.") % {"nations": _nations(r)},
        "any_of",
    ),
    "founded_within_years": (
        judge_age,
        lambda r: _("Founded within the last %(years)d years.") % {"years": r["years"]},
        "years",
    ),
    "registered": (judge_registered, lambda r: _("Has a registration number."), ""),
    "gpu_hours_at_most": (
        judge_size,
        lambda r: _("Asks for at most %(hours)s GPU-hours.") % {"hours": f"{r['hours']:,}"},
        "hours",
    ),
    "earlier_awards_at_most": (
        judge_earlier,
        lambda r: _("Has received at most %(n)d awards before.") % {"n": r["count"]},
        "count",
    ),
}


def describe(rule: Rule) -> str:
    """The rule as a sentence on the call's page."""
    return RULES[rule["rule"]][1](rule)


def judge(rules: list[dict[str, Any]], applicant: Applicant, today: datetime.date) -> list[Finding]:
    return [RULES[rule["rule"]][0](rule, applicant, today) for rule in rules]


def validate_rules(value: Any) -> None:
    """For the JSON column: known rules with what each needs."""
    if not isinstance(value, list):
        raise ValidationError(_("Eligibility rules are a list."))
    for rule in value:
        name = str(rule.get("rule")) if isinstance(rule, dict) else ""
        if name not in RULES:
            raise ValidationError(_("There is no rule called “%(name)s”.") % {"name": name})
        needs = RULES[name][2]
        right = list if needs == "any_of" else int
        if needs and (not isinstance(rule.get(needs), right) or isinstance(rule.get(needs), bool)):
            raise ValidationError(_("The rule “%(name)s” needs “%(what)s”.") % {"name": name, "what": needs})
